"""Who may stand in for an approver, and for how long. Pure (P-2, P-5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from portal.foundation.rights.rules import Held, Reach, Right, Role, Territory, carries, reach_of, within

LONGEST_DAYS = 60
DAY = timedelta(days=1)


class News(StrEnum):
    """What both are told of."""

    NAMED = "named"
    ENDED = "ended"


class Placed(Held, Protocol):
    """A post with the place that it is bound to."""

    @property
    def place(self) -> Territory | None:
        """That place, if any."""


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


def stands_against(post: Placed, place: Territory) -> bool:
    """Whether who holds this post may not stand in at the place.

    An administrator has no say in the business, an auditor changes nothing, and nobody both edits lists and
    approves them: an approver's post reaches the place and all below it, so no list in there may be theirs to edit.
    """
    if post.role in (Role.ADMINISTRATOR, Role.AUDITOR) or carries(post, Right.EDIT_LISTS, place, None):
        return True
    return reach_of(post.role, Right.EDIT_LISTS) is not Reach.NONE and within(post.place, place.id)
