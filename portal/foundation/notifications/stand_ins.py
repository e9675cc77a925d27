"""Telling two people that one stands in for the other, or no longer (P-5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.foundation.accounts.models import Account, Post
from portal.foundation.accounts.standing.rules import News
from portal.foundation.notifications.service import notify
from portal.i18n import mark

TITLES = {News.NAMED: mark("%(person)s代%(absent)s批准"), News.ENDED: mark("%(person)s不再代%(absent)s批准")}
NAMED = mark("%(since)s至%(until)s，%(person)s代%(absent)s批准%(place)s的送审。原因：%(reason)s。")
ENDED = mark("%(person)s代%(absent)s批准%(place)s的送审，最后一天是%(until)s。")
TAKEN_BACK = mark("%(person)s代%(absent)s批准%(place)s的送审，还没有开始就收回了。")


def tell(post: Post, news: News) -> None:
    """One notice to each of both, in the name of a body of theirs; who has none reads it on the first page."""
    absent, place = post.standing_in_for, post.place
    if absent is None or place is None:
        return
    values = {
        "person": post.account.name,
        "absent": absent.name,
        "place": place.name,
        "since": post.since,
        "until": post.until,
        "reason": post.reason,
    }
    body = NAMED if news is News.NAMED else ENDED
    if post.until is not None and post.until < post.since:
        body = TAKEN_BACK
    for account in (absent, post.account):
        _notice(account, post, news, body, values)


def _notice(account: Account, post: Post, news: News, body: str, values: Mapping[str, Any]) -> None:
    unit = account.unit or post.organisation
    if unit is None or unit.id not in account.unit_ids:
        return
    notify(
        unit,
        key=f"stand-in-{post.id}-{news}-{post.until}-{account.id}",
        title=TITLES[news],
        body=body,
        address="/staff/standing/",
        values=values,
        account=account,
    )
