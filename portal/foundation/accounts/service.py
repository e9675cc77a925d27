"""Verbs on accounts: who may do what, signing in and out, passwords, and keeping the accounts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select

from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts import queries
from portal.foundation.accounts.models import Account, SignIn
from portal.foundation.accounts.rules import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    PasswordFault,
    password_fault,
    pause_after,
    session_ends,
)
from portal.foundation.places.models import Place
from portal.foundation.rights import service as rights
from portal.foundation.rights.rules import Right, Role

_hasher = PasswordHasher()
WORTH_A_WRITE = timedelta(minutes=1)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


@dataclass(frozen=True)
class Person:
    """What an account says of a person: everything that the administrator keeps except the password."""

    login: str
    name: str
    role: Role
    email: str = ""
    organisation_id: int | None = None
    place_id: int | None = None
    active: bool = True


def require(by: Account, right: Right, place_id: int | None = None) -> None:
    """Let it pass or raise Forbidden; the place whose record is changed is given by its key (rights.service).

    A key that no place has is somebody else's (R-3).
    """
    place = db.session.get(Place, place_id) if place_id is not None else None
    if place_id is not None and place is None:
        raise Forbidden("这是别的地方的记录，您只能改本地的。", "other_place")
    rights.require(by, right, place)


@cache
def _decoy() -> str:
    # Checked where there is no account, so that an unknown login takes as long as a wrong password.
    return _hasher.hash(token_urlsafe())


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def check_password(login: str, password: str, at: datetime) -> Account | None:
    """The account when login and password are right and it is not resting; else None, and the failure is kept.

    The caller commits in both cases: a failure not written down would cost the guesser nothing. The work and
    the answer are the same for an unknown login, a wrong password, a resting and a closed account.
    """
    account = db.session.scalar(
        select(Account).where(Account.login == login.strip().lower()).with_for_update()
    )
    right = _matches(account.password_hash if account else _decoy(), password[: LONGEST_PASSWORD + 1])
    if account is None:
        return None
    if account.locked_until is not None and account.locked_until > at:
        return None
    if not right:
        account.failures += 1
        pause = pause_after(account.failures)
        account.locked_until = at + pause if pause else None
        db.session.flush()
        return None
    if not account.active:
        return None
    account.failures = 0
    account.locked_until = None
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(password)
    db.session.flush()
    return account


def open_session(account: Account, at: datetime) -> str:
    """Begin a session; the token goes into the cookie and is not kept here. Ended sessions are cleared away."""
    db.session.execute(delete(SignIn).where(SignIn.expires_at <= at))
    token = token_urlsafe(32)
    db.session.add(
        SignIn(
            token_hash=queries.token_hash(token),
            account_id=account.id,
            created_at=at,
            expires_at=session_ends(at, at),
        )
    )
    db.session.flush()
    return token


def keep_session(session: SignIn, at: datetime) -> bool:
    """Push the end of a session that is in use further away, never beyond its longest life.

    Returns whether there is something to commit: less than a minute is not worth a write.
    """
    ends = session_ends(session.created_at, at)
    if ends - session.expires_at < WORTH_A_WRITE:
        return False
    session.expires_at = ends
    db.session.flush()
    return True


def close_session(token: str) -> None:
    """End a session for good: a copied cookie is worth nothing afterwards."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == queries.token_hash(token)))


def close_sessions(account: Account) -> None:
    """End every session of an account, on every machine."""
    db.session.execute(delete(SignIn).where(SignIn.account_id == account.id))


def change_password(account: Account, old: str, new: str) -> None:
    """Change one's own password; every session ends, the caller opens a new one.

    Raises Refused when the old one is wrong or the new one is not fit.
    """
    if not _matches(account.password_hash, old[: LONGEST_PASSWORD + 1]):
        raise Refused("现在的密码不对。", "old_password")
    if old == new:
        raise Refused("新密码不能和现在的一样。", "same_password")
    _set_password(account, new)


def set_password(by: Account, account: Account, new: str) -> None:
    """Give another person a new password and lift the pause; all its sessions end. Administrators only."""
    require(by, Right.MANAGE_ACCOUNTS)
    _set_password(account, new)
    account.failures = 0
    account.locked_until = None
    db.session.flush()


def set_demo_password(account: Account, new: str) -> None:
    """Give a demo account a new password from the command line; refused for any other account."""
    if not account.demo:
        raise Forbidden("“%(login)s”不是演示账号。", "no_demo", login=account.login)
    _set_password(account, new)
    account.failures = 0
    account.locked_until = None
    db.session.flush()


def _set_password(account: Account, new: str) -> None:
    _check_new_password(new, account.login)
    account.password_hash = _hasher.hash(new)
    close_sessions(account)
    db.session.flush()


def _check_new_password(password: str, login: str) -> None:
    fault = password_fault(password, login)
    if fault is PasswordFault.SHORT:
        raise Refused("密码至少要有 %(count)d 个字符。", "password", count=SHORTEST_PASSWORD)
    if fault is PasswordFault.LONG:
        raise Refused("密码最多 %(count)d 个字符。", "password", count=LONGEST_PASSWORD)
    if fault is PasswordFault.LIKE_LOGIN:
        raise Refused("密码里不能有登录名。", "password")
    if fault is PasswordFault.MONOTONOUS:
        raise Refused("密码里重复的字符太多。", "password")


def create_account(by: Account | None, person: Person, password: str, *, demo: bool = False) -> Account:
    """A new account. `by` is None only for the command line, where whoever may run it owns the machine.

    Raises Forbidden, Refused (login, password, county officer without a place) or Conflict (login taken).
    """
    if by is not None:
        require(by, Right.MANAGE_ACCOUNTS)
    _check_person(person)
    if queries.by_login(person.login) is not None:
        raise Conflict("登录名“%(login)s”已经有人用了。", "login_taken", login=person.login)
    _check_new_password(password, person.login)
    account = Account(password_hash=_hasher.hash(password), demo=demo)
    _write(account, person)
    db.session.add(account)
    db.session.flush()
    return account


def change_account(by: Account, account: Account, person: Person) -> None:
    """Change what an account says of its person. Losing a role or being closed ends its sessions.

    Raises Forbidden, Refused (oneself, the last administrator) or Conflict (login taken).
    """
    require(by, Right.MANAGE_ACCOUNTS)
    _check_person(person)
    namesake = queries.by_login(person.login)
    if namesake is not None and namesake is not account:
        raise Conflict("登录名“%(login)s”已经有人用了。", "login_taken", login=person.login)
    steps_down = account.role is Role.ADMINISTRATOR and (
        person.role is not Role.ADMINISTRATOR or not person.active
    )
    if steps_down and account is by:
        raise Refused("您不能停用自己或取消自己的管理员身份，请由另一位管理员办理。", "oneself")
    if steps_down and queries.other_administrators(account) == 0:
        raise Refused("这是最后一位管理员，不能停用。", "last_administrator")
    if account.role is not person.role or account.place_id != person.place_id or not person.active:
        close_sessions(account)
    _write(account, person)
    db.session.flush()


def _check_person(person: Person) -> None:
    if not _LOGIN.fullmatch(person.login):
        raise Refused("登录名要用 2—64 个小写字母、数字、点、横线或下划线。", "login")
    if not person.name.strip():
        raise Refused("请填写姓名。", "name")
    if person.role is Role.COUNTY_OFFICER and person.place_id is None:
        raise Refused("县（市、区）经办人要写明是哪个地方的。", "place")


def _write(account: Account, person: Person) -> None:
    account.login = person.login
    account.name = person.name.strip()
    account.role = person.role
    account.email = person.email
    account.organisation_id = person.organisation_id
    account.place_id = person.place_id
    account.active = person.active
