"""Who may stand in for an approver, and for how long. Pure (P-2, P-5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from portal.foundation.rights.rules import Held, Right, Role, Territory, carries

LONGEST_DAYS = 60
DAY = timedelta(days=1)


class News(StrEnum):
    """What both are told of."""

    NAMED = "named"
    ENDED = "ended"


def held_through(posts: Iterable[Held], first: date, last: date) -> date:
    """The last day up to `last` through which one of the posts is held from `first` on without a gap.

    The day before `first` when none is held then.
    """
    reached = first - DAY
    for post in sorted(posts, key=lambda each: each.since):
        if post.since - DAY <= reached:
            reached = max(reached, post.until or last)
    return min(reached, last)


def free_through(posts: Iterable[Held], first: date, last: date) -> date:
    """The last day up to `last` before any of the posts begins; the day before `first` when one is held then."""
    begins = (max(each.since, first) for each in posts if each.until is None or each.until >= first)
    return min((day - DAY for day in begins if day <= last), default=last)


def stands_against(post: Held, place: Territory) -> bool:
    """Whether who holds this post may not stand in at the place.

    An administrator has no say in the business, an auditor changes nothing, and nobody both edits lists and
    approves them.
    """
    barred = post.role in (Role.ADMINISTRATOR, Role.AUDITOR)
    return barred or carries(post, Right.EDIT_LISTS, place, None)
