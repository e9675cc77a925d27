"""An act on many people: their posts end on a day (R-3). Accounts stand below this slice, which therefore says it."""

from __future__ import annotations

from collections.abc import Mapping

from portal import clock
from portal.db import db
from portal.errors import NotFound, Refused
from portal.foundation.accounts.models import Account, Post
from portal.foundation.accounts.service import end_post
from portal.foundation.imports.rows.naming import day_of
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.rules import Column
from portal.foundation.rights.rules import Right
from portal.i18n import mark

COLUMNS = (
    Column("login", ("登录名", "Login")),
    Column("name", ("姓名", "Name")),
    Column("posts", ("任职", "Posts")),
    Column("until", ("最后一天", "Last day")),
)


def _left(account: Account) -> list[Post]:
    """Posts that are not over yet; those that stand in for others end with theirs."""
    today = clock.today()
    return [
        post
        for post in sorted(account.posts, key=lambda each: each.id)
        if post.standing_in_for_id is None and (post.until is None or post.until >= today)
    ]


def chosen(values: Mapping[str, str], by: Account) -> Account:
    """The person who was chosen on the list."""
    del by  # whoever keeps accounts keeps everybody's
    account = db.session.get(Account, int(values["id"]))
    if account is None:
        raise NotFound("这条记录已经没有了，或者不归您办。")
    return account


def text(account: Account) -> dict[str, str]:
    """The person, with the posts that are not over and when each ends."""
    posts = _left(account)
    return {
        "login": account.login,
        "name": account.name,
        "posts": "；".join(_where(post) for post in posts),
        "until": "；".join(post.until.isoformat() if post.until else "—" for post in posts),
    }


def _where(post: Post) -> str:
    return next((each.name for each in (post.organisation, post.place) if each is not None), "—")


def _ended(found: Account | None, values: Mapping[str, str], by: Account) -> Account:
    """Every post that would last longer ends on the day. Refused where none is left, and as `end_post` is."""
    account, last_day = found or chosen(values, by), day_of(values["day"])
    posts = _left(account)
    if last_day is None or not posts:
        raise Refused("这个人没有还在任的职务。")
    for post in posts:
        if post.until is None or post.until > last_day:
            end_post(post, last_day=last_day, by=by)
    return account


ENDING = RowKind(
    name="accounts-end",
    label=mark("任职到某一天为止"),
    right=Right.MANAGE_ACCOUNTS,
    columns=COLUMNS,
    find=chosen,
    text=text,
    save=_ended,
)
