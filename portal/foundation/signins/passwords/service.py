"""Verbs on passwords: checking, changing, giving one to another person."""

from __future__ import annotations

import gzip
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from sqlalchemy import select

from portal.config import Settings
from portal.db import db
from portal.errors import Forbidden, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import end_sessions, require
from portal.foundation.rights.rules import Right
from portal.foundation.signins.passwords.rules import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    PasswordFault,
    password_fault,
)
from portal.foundation.signins.tries import service as tries

_hasher = PasswordHasher()
DATA = Path(__file__).parent / "data"


@cache
def _decoy() -> str:
    # Checked where there is no account or no password, so that it takes as long as a wrong password.
    return _hasher.hash(token_urlsafe())


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def check_password(login: str, password: str, at: datetime, address: str = "") -> Account | None:
    """The account when login and password are right and nothing rests; else None, and the failure is kept.

    `address` is the network address that asks. The caller commits in both cases: a failure not written down would
    cost the guesser nothing. The work and the answer are the same for an unknown login, a wrong password, while
    it rests, and for a closed account. Failures are forgotten by `tries.service.succeeded`, not here: a second
    factor may be still to come.
    """
    account = db.session.scalar(
        select(Account).where(Account.login == login.strip().lower()).with_for_update()
    )
    stored = account.password_hash if account is not None else ""
    right = _matches(stored or _decoy(), password[: LONGEST_PASSWORD + 1])
    if account is None or tries.resting(account, address, at):
        return None
    if not right or not stored:
        tries.failed(account, address, at)
        return None
    if not account.held:
        return None
    if _hasher.check_needs_rehash(stored):
        account.password_hash = _hasher.hash(password)
        db.session.flush()
    return account


def prove_password(account: Account, password: str, at: datetime, address: str = "") -> bool:
    """Whether somebody signed in shows the own password again; wrong ones count like those at the door."""
    right = _matches(account.password_hash or _decoy(), password[: LONGEST_PASSWORD + 1])
    if tries.resting(account, address, at):
        return False
    if not right or not account.password_hash:
        tries.failed(account, address, at)
        return False
    return True


def change_password(account: Account, old: str, new: str) -> None:
    """Change one's own password, after `prove_password`; every session ends, the caller opens a new one.

    Raises Refused when the new one is not fit.
    """
    if old == new:
        raise Refused("新密码不能和现在的一样。", "same_password")
    _set_password(account, new)


def choose_password(account: Account, new: str) -> None:
    """Set the password of a person who has shown by a link who it is; every session ends. Refused when not fit."""
    _set_password(account, new)


def set_password(by: Account | None, account: Account, new: str) -> None:
    """Give another person a new password and lift every pause; all its sessions end. Administrators only.

    `by` is None only for the command line, where whoever may run it owns the machine.
    """
    if by is not None:
        require(by, Right.MANAGE_ACCOUNTS)
    _set_password(account, new)
    tries.forgive(account)


def set_demo_password(account: Account, new: str) -> None:
    """Give a demo account a new password from the command line; refused for any other account."""
    if not account.demo:
        raise Forbidden("“%(login)s”不是演示账号。", "no_demo", login=account.login)
    set_password(None, account, new)


def _set_password(account: Account, new: str) -> None:
    _check_new_password(new, account)
    account.password_hash = _hasher.hash(new)
    end_sessions(account)
    db.session.flush()


@cache
def _common() -> frozenset[str]:
    """The words that many people use for passwords; see data/README.md."""
    lists = (gzip.decompress((DATA / "common.txt.gz").read_bytes()), (DATA / "chinese.txt").read_bytes())
    return frozenset(word for words in lists for word in words.decode().split())


def _known_of(account: Account) -> set[str]:
    """What others know of the person and of this site."""
    settings: Settings = current_app.config["REMIT"]
    parts = re.split(r"[\W_]+", f"{account.login} {account.email} {settings.site.name}")
    return {account.name, settings.site.name, *parts}


def _check_new_password(password: str, account: Account) -> None:
    fault = password_fault(password, account.login, _common(), _known_of(account))
    if fault is PasswordFault.SHORT:
        raise Refused("密码至少要有 %(count)d 个字符。", "password", count=SHORTEST_PASSWORD)
    if fault is PasswordFault.LONG:
        raise Refused("密码最多 %(count)d 个字符。", "password", count=LONGEST_PASSWORD)
    if fault is PasswordFault.LIKE_LOGIN:
        raise Refused("密码里不能有登录名。", "password")
    if fault is PasswordFault.COMMON:
        raise Refused("这个密码太常见，别人很容易猜到。请换一个，例如几个不相干的词连起来。", "password")
