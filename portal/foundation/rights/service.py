"""Asking for a right: the first line of every verb that changes something for a person."""

from __future__ import annotations

from portal.errors import Forbidden
from portal.foundation.rights.rules import Actor, Right, Role, Territory, may, within


def require(by: Actor, right: Right, place: Territory | None = None) -> None:
    """Let it pass or raise Forbidden: does `by` carry the right, and for this place?

    `place` is the place whose record is changed. A county officer changes only those of its own place and of
    the places below it (DOMAIN R-3, D-10); without a place the right alone is asked for.
    """
    if not by.active or not may(by.role, right):
        raise Forbidden("您的账号没有这项权限，如需办理请联系系统管理员。", "no_right")
    if by.role is Role.COUNTY_OFFICER and place is not None and not within(place, by.place_id):
        raise Forbidden("这是别的地方的记录，您只能改本地的。", "other_place")
