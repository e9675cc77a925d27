"""Encrypted columns: what a copy of the database must not tell, such as the secrets of a unit's channels (R-1).

The first key encrypts, every key decrypts, so that a new one is put in front and the old one taken away after
`flask secrets rotate`. Outside production a key is made up at its first use and kept in the data folder.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import click
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import Dialect, Text, bindparam, select, update
from sqlalchemy.types import TypeDecorator

from portal.config import Settings, SettingsError
from portal.db import Base, db
from portal.errors import Refused

KEPT = "field.key"
secrets_cli = AppGroup("secrets", help="加密字段的密钥。")


class Unreadable(str):
    """What is left of a text that no key fits, as after a lost key: nothing, and the knowledge that there was one."""

    __slots__ = ()


class Encrypted(TypeDecorator[str]):
    """Text that stands in the database encrypted; an empty text stays empty."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Encrypt with the newest key; Refused when production has none."""
        return keys().encrypt(value.encode()).decode() if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Decrypt with whichever key fits; Unreadable, which is empty, when none does."""
        if not value:
            return value
        try:
            return keys().decrypt(value).decode()
        except (InvalidToken, Refused):
            return Unreadable()


def init_app(app: Flask) -> None:
    """Read the keys of the settings; SettingsError for one that is none."""
    settings: Settings = app.config["REMIT"]
    app.extensions["remit_field_keys"] = _read(settings.field_keys)
    app.cli.add_command(secrets_cli)


def ready() -> bool:
    """Whether secrets can be kept: always, but for production without a key."""
    settings: Settings = current_app.config["REMIT"]
    return bool(settings.field_keys) or not settings.production


def keys() -> MultiFernet:
    """The keys of this installation."""
    if not ready():
        raise Refused("系统管理员还没有设置加密密钥（REMIT_FIELD_KEYS），密码和密钥现在不能保存。")
    found: MultiFernet | None = current_app.extensions["remit_field_keys"]
    if found is None:
        found = _read((_kept(current_app.config["REMIT"].data_dir / KEPT),))
        current_app.extensions["remit_field_keys"] = found
    assert found is not None  # noqa: S101  it was given one key
    return found


def rotate() -> int:
    """Encrypt every encrypted value anew with the newest key, and give how many. Flushes nothing, commits nothing."""
    count = 0
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, Encrypted):
                continue
            key = next(iter(table.primary_key.columns))
            # Nobody changes one meanwhile, only to find the former value there again.
            whole = select(key, column).where(column != "").with_for_update()
            rows = db.session.execute(whole).all()
            written = [{"of_row": row, "plain": plain} for row, plain in rows if plain]
            if written:
                again = update(table).where(key == bindparam("of_row")).values({column: bindparam("plain")})
                db.session.connection().execute(again, written)
            count += len(written)
    return count


@secrets_cli.command("new-key", help="生成一个新密钥；放到 REMIT_FIELD_KEYS 的最前面，旧的留在后面。")
def new_key() -> None:
    """Print a key that nobody has."""
    click.echo(Fernet.generate_key().decode())


@secrets_cli.command("rotate", help="把所有加密字段换成用最前面的密钥加密；以后可以去掉旧密钥。")
def rotate_all() -> None:
    """Encrypt everything anew."""
    count = rotate()
    db.session.commit()
    click.echo(f"重新加密了 {count} 处。")


def _read(written: tuple[str, ...]) -> MultiFernet | None:
    try:
        return MultiFernet([Fernet(key) for key in written]) if written else None
    except ValueError:
        raise SettingsError("REMIT_FIELD_KEYS 里有写错的密钥：请用 flask secrets new-key 生成") from None


def _kept(path: Path) -> str:
    """The key in the data folder; of several processes that look for it first, one makes it for all."""
    if not path.exists():
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
        with suppress(FileExistsError):
            os.link(name, path)
        Path(name).unlink()
    return path.read_text("ascii").strip()
