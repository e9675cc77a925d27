"""The composition root: the public portal, the staff door and the background door in one application."""

import os
import sys

from flask import Flask
from sqlalchemy import inspect
from werkzeug.middleware.proxy_fix import ProxyFix

import admin
from jobs import commands
from portal.app import create_app
from portal.config import Settings, SettingsError
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import demo_accounts


def compose(settings: Settings | None = None) -> Flask:
    """The whole application; SettingsError when a setting is not fit for its environment."""
    whole = create_app(settings)
    admin.init_app(whole)
    commands.init_app(whole)
    proxies = whole.config["REMIT"].proxies
    if proxies:
        # Who asks and by which scheme is what the last of our own proxies says; anybody may send such headers.
        whole.wsgi_app = ProxyFix(whole.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    return whole


def refuse_demo_accounts(whole: Flask) -> None:
    """Production does not serve a database that was used for trying out: its passwords were printed somewhere."""
    if not whole.config["REMIT"].production:
        return
    with whole.app_context():
        if inspect(db.engine).has_table(Account.__tablename__) and demo_accounts():
            raise SettingsError("正式环境的数据库里有演示账号：请换一个没有用来演示过的数据库")


try:
    app = compose()
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        # Commands are not served to anybody, and some need no database.
        refuse_demo_accounts(app)
except SettingsError as error:
    sys.exit(str(error))
