"""Verbs on accounts: who may do what, and keeping the accounts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts import queries
from portal.foundation.accounts.models import Account
from portal.foundation.places.models import Place
from portal.foundation.rights import service as rights
from portal.foundation.rights.rules import Right, Role

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


def create_account(by: Account | None, person: Person, *, demo: bool = False) -> Account:
    """A new account, still without a password.

    `by` is None only for the command line, where whoever may run it owns the machine.
    Raises Forbidden, Refused (login, county officer without a place) or Conflict (login taken).
    """
    if by is not None:
        require(by, Right.MANAGE_ACCOUNTS)
    _check_person(person)
    if queries.by_login(person.login) is not None:
        raise Conflict("登录名“%(login)s”已经有人用了。", "login_taken", login=person.login)
    account = Account(demo=demo)
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
        end_sessions(account)
    _write(account, person)
    db.session.flush()


def end_sessions(account: Account) -> None:
    """End every session of the account, wherever: those opened until now belong to a generation that is over.

    Part of verbs that have asked for the right; a session opened at the same moment waits for the row.
    """
    account.generation += 1


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
