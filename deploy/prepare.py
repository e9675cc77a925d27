"""Before the doors open: migrate, load the shipped data, make the demo accounts. Run by deploy.run.

Standard output is the accounts alone; how it goes on is told on standard error.
"""

from __future__ import annotations

import sys
from contextlib import redirect_stdout

import flask_migrate
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import ArgumentError, DBAPIError

from deploy.refusal import CannotStartError
from portal.config import SettingsError
from portal.db import db


def main() -> int:
    """Do all of it in one process, so that the application is loaded once; 0, or 1 after one line."""
    try:
        prepare()
    except (CannotStartError, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def prepare() -> None:
    """Bring database and data up to date.

    Raises CannotStartError when the database cannot be used, SettingsError when a setting cannot be.
    """
    try:
        from wsgi import app

        bring_up(app)
    except ArgumentError as error:
        raise CannotStartError(
            "DATABASE_URL 写得不对，应像 postgresql://用户:密码@主机/库",
            "DATABASE_URL is not an address such as postgresql://user:password@host/name",
        ) from error
    except DBAPIError as error:
        raise CannotStartError(
            f"数据库用不了：请检查 DATABASE_URL（{reason(error)}）",
            "the database cannot be used: check DATABASE_URL",
        ) from error


def bring_up(app: Flask) -> None:
    """Migrate; in a trial installation also load the shipped data and give the demo accounts new passwords."""
    with app.app_context():
        with db.engine.connect():
            pass
        flask_migrate.upgrade()
        # The loader opens connections of its own.
        db.engine.dispose()
    if app.config["REMIT"].demo:
        script = ScriptInfo(create_app=lambda: app)
        with redirect_stdout(sys.stderr):
            app.cli.main(args=["demo", "load"], obj=script, standalone_mode=False)
        app.cli.main(args=["demo", "accounts"], obj=script, standalone_mode=False)


def reason(error: DBAPIError) -> str:
    """The driver's own words on one line, without the address, which may hold a password."""
    lines = str(error.orig).strip().splitlines()
    return lines[-1].strip() if lines else type(error.orig).__name__


if __name__ == "__main__":
    sys.exit(main())
