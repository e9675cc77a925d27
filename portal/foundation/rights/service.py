"""Asking for a right: the first line of every verb that changes something for a person."""

from __future__ import annotations

from portal import clock
from portal.errors import Forbidden
from portal.foundation.rights.rules import (
    Actor,
    Body,
    Held,
    Reach,
    Right,
    Territory,
    carries,
    living,
    reach_of,
)


def posts_of(by: Actor) -> list[Held]:
    """The posts that carry something today: none for a closed account, none that is over or yet to begin."""
    return living(by.posts, clock.today()) if by.active else []


def may(by: Actor, right: Right, place: Territory | None = None, organisation: Body | None = None) -> bool:
    """Whether one of the posts held today carries the right for the record of this place or body.

    With neither place nor body the right alone is asked for.
    """
    return any(carries(post, right, place, organisation) for post in posts_of(by))


def require(
    by: Actor, right: Right, place: Territory | None = None, organisation: Body | None = None
) -> None:
    """Let it pass or raise Forbidden: `may`, said as a refusal (DOMAIN R-3, D-10)."""
    if not may(by, right):
        raise Forbidden("您的账号没有这项权限，如需办理请联系系统管理员。", "no_right")
    if not may(by, right, place, organisation):
        reaches = {reach_of(post.role, right) for post in posts_of(by)} - {Reach.NONE}
        if organisation is not None and (place is None or reaches == {Reach.ORGANISATION}):
            raise Forbidden("这是别的单位的记录，您只能改本单位的。", "other_unit")
        raise Forbidden("这是别的地方的记录，您只能改本地的。", "other_place")
