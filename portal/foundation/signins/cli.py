"""flask accounts add: the first administrator of an installation, or one more when nobody can sign in."""

from __future__ import annotations

import secrets

import click
from flask.cli import AppGroup

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.service import Appointment, Person, create_account
from portal.foundation.rights.rules import Role
from portal.foundation.signins.passwords.service import set_password

accounts_cli = AppGroup("accounts", help="账号：在命令行里建管理员。")


@accounts_cli.command("add", help="建一个系统管理员，登录名 LOGIN，姓名 NAME；密码随机生成，只显示这一次。")
@click.argument("login")
@click.argument("name")
def add(login: str, name: str) -> None:
    """Make an administrator with a password made up now, and print it once."""
    password = secrets.token_urlsafe(12)
    try:
        account = create_account(None, Person(login, name), Appointment(Role.ADMINISTRATOR))
        set_password(None, account, password)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    db.session.commit()
    click.echo(f"{login}\t{password}")
