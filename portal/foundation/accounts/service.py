"""Verbs on accounts: who may do what, keeping the accounts, giving posts and ending them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts import queries
from portal.foundation.accounts.models import Account, Post
from portal.foundation.accounts.standing import service as standing
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.rights import service as rights
from portal.foundation.rights.rules import NEEDED, Needs, Right, Role, living
from portal.i18n import TAGS

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


@dataclass(frozen=True)
class Person:
    """What an account says of a person: everything that the administrator keeps except password and posts."""

    login: str
    name: str
    email: str = ""
    active: bool = True


@dataclass(frozen=True)
class Appointment:
    """A post as it is to be given: `since` is today unless said, `until` the last day, if one is known."""

    role: Role
    organisation: Organisation | None = None
    place: Place | None = None
    since: date | None = None
    until: date | None = None


def require(
    by: Account, right: Right, place_id: int | None = None, organisation: Organisation | None = None
) -> None:
    """Let it pass or raise Forbidden; the place whose record is changed is given by its key (rights.service).

    A key that no place has is somebody else's (R-3).
    """
    place = db.session.get(Place, place_id) if place_id is not None else None
    if place_id is not None and place is None:
        raise Forbidden("这是别的地方的记录，您只能改本地的。", "other_place")
    rights.require(by, right, place, organisation)


def create_account(by: Account | None, person: Person, *posts: Appointment, demo: bool = False) -> Account:
    """A new account with its first posts, still without a password.

    `by` is None only for the command line, where whoever may run it owns the machine.
    Raises Forbidden, Refused (login, a post that does not say what its role needs) or Conflict (login taken).
    """
    if by is not None:
        require(by, Right.MANAGE_ACCOUNTS)
    _check_person(person)
    if queries.by_login(person.login) is not None:
        raise Conflict("登录名“%(login)s”已经有人用了。", "login_taken", login=person.login)
    standing.wait_for_mergers((each.place for each in posts), (each.organisation for each in posts))
    account = Account(demo=demo, posts=[])
    _write(account, person)
    db.session.add(account)
    db.session.flush()
    for each in posts:
        _give(account, each, by)
    db.session.flush()
    return account


def change_account(by: Account, account: Account, person: Person) -> None:
    """Change what an account says of its person. Suspending it ends its sessions; its posts stay.

    Raises Forbidden, Refused (oneself, the last administrator) or Conflict (login taken).
    """
    require(by, Right.MANAGE_ACCOUNTS)
    _check_person(person)
    standing.keep(account)
    namesake = queries.by_login(person.login)
    if namesake is not None and namesake is not account:
        raise Conflict("登录名“%(login)s”已经有人用了。", "login_taken", login=person.login)
    if not person.active and account.active:
        if Role.ADMINISTRATOR in account.roles:
            _still_administered(account, by)
        end_sessions(account)
    _write(account, person)
    db.session.flush()
    standing.fitted(account)


def appoint(account: Account, given: Appointment, *, by: Account) -> Post:
    """Give a person one more post.

    Raises Forbidden; Refused when the role needs a place or a body, for one that has ended, for days that make no
    sense; Conflict when the person holds or will hold the same post on one of these days.
    """
    require(by, Right.MANAGE_ACCOUNTS)
    standing.wait_for_mergers([given.place], [given.organisation])
    standing.keep(account)
    post = _give(account, given, by)
    db.session.flush()
    standing.fitted(account)
    return post


def end_post(post: Post, *, last_day: date | None, by: Account) -> Post:
    """Say on which day a post is held for the last time; None takes an end that lies ahead back.

    With a day before today the person loses it at once: all sessions end. Raises Forbidden, Refused (a day before
    yesterday, one's own administrator's post, the last administrator, a stand-in's that is to last longer) or Conflict
    (it is over already). Whoever stands in for or by the person does so no longer than the posts allow.
    """
    require(by, Right.MANAGE_ACCOUNTS)
    standing.keep(post.account)
    today = clock.today()
    if post.until is not None and post.until < today:
        raise Conflict("这个任职已经结束了。")
    if last_day is not None and last_day < today - timedelta(days=1):
        raise Refused("最后一天不能早于昨天：已经做过的事不能改成没有权限做的。", "until")
    if last_day is not None and post.role is Role.ADMINISTRATOR and post.account.active:
        _still_administered(post.account, by)
    if post.standing_in_for_id is not None:
        standing.shorten(post, last_day)
        return post
    held = post in post.account.held
    post.until = last_day
    if held and post not in living([post], today):
        end_sessions(post.account)
    db.session.flush()
    standing.fitted(post.account)
    return post


def end_sessions(account: Account) -> None:
    """End every session of the account, wherever: those opened until now belong to a generation that is over.

    Part of verbs that have asked for the right; a session opened at the same moment waits for the row.
    """
    account.generation += 1


def _still_administered(account: Account, by: Account) -> None:
    if account is by:
        raise Refused("您不能停用自己或取消自己的管理员身份，请由另一位管理员办理。", "oneself")
    if queries.other_administrators(account) == 0:
        raise Refused("这是最后一位管理员，不能停用。", "last_administrator")


def _give(account: Account, given: Appointment, by: Account | None) -> Post:
    since = given.since or clock.today()
    needed = NEEDED.get(given.role)
    if needed is Needs.PLACE and given.place is None:
        raise Refused("这个身份要写明是哪个地方的。", "place")
    if needed is Needs.ORGANISATION and given.organisation is None:
        raise Refused("这个身份要写明是哪个单位的。", "organisation")
    for field, there in (("place", given.place), ("organisation", given.organisation)):
        if there is not None and there.ended_on is not None:
            raise Refused("“%(name)s”已经撤销，请选现在的地方或者单位。", field, name=there.name)
    if by is not None and since < clock.today():
        raise Refused("任职不能从过去的日期开始。", "since")
    if given.until is not None and given.until < since:
        raise Refused("最后一天不能早于第一天。", "until")
    wanted = Post(
        role=given.role,
        organisation=given.organisation,
        place=given.place,
        since=since,
        until=given.until,
        given_by=by,
    )
    if any(_same(each, wanted) for each in account.posts):
        raise Conflict("这个人这段时间已经有这个任职了。", "twice")
    account.posts.append(wanted)
    return wanted


def _same(one: Post, other: Post) -> bool:
    """Whether two posts are one and the same on some day; a stand-in's is another than one's own."""
    if one.standing_in_for_id is not None:
        return False
    alike = (one.role, one.organisation, one.place) == (other.role, other.organisation, other.place)
    last = min(one.until or date.max, other.until or date.max)
    return alike and max(one.since, other.since) <= last


def _check_person(person: Person) -> None:
    if not _LOGIN.fullmatch(person.login):
        raise Refused("登录名要用 2—64 个小写字母、数字、点、横线或下划线。", "login")
    if not person.name.strip():
        raise Refused("请填写姓名。", "name")


def _write(account: Account, person: Person) -> None:
    account.login = person.login
    account.name = person.name.strip()
    account.email = person.email
    account.active = person.active


def choose_language(account: Account, language: str) -> None:
    """Keep the language that a person works in: `zh_CN` or `en`. Refused for any other."""
    if language not in TAGS:
        raise Refused("没有这种语言。", "language")
    account.language = language
    db.session.flush()
