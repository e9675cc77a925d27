"""What a reorganisation is, and which name stood on a day. Pure (G-1, G-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Change(StrEnum):
    """What becomes of a place or body; all but the first end it."""

    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    ENDED = "ended"


_OWN_BODIES = (
    ("街道", "人民政府", "办事处"),
    ("镇", "办事处", "人民政府"),
    ("乡", "办事处", "人民政府"),
)
"""How a town's name ends, and which ending of its own body becomes which."""


@dataclass(frozen=True)
class FormerName:
    """A name that stood until a day, that day not included."""

    name: str
    until: date


def change_of(successors: int) -> Change:
    """What it is called to end with so many successors."""
    if successors == 0:
        return Change.ENDED
    return Change.MERGED if successors == 1 else Change.SPLIT


def name_on(today: str, former: Iterable[FormerName], day: date) -> str:
    """The name that stood on a day: the first of the former ones that was given up after it, else today's."""
    later = [each for each in former if each.until > day]
    return min(later, key=lambda each: each.until).name if later else today


def called_after(body: str, former: str, name: str) -> str:
    """What a body may be called when its place gets another name; as it is where the place's name is not in it.

    A town's own body follows the kind of town: 朝城镇人民政府 becomes 朝城街道办事处, and the other way round.
    """
    called = body.replace(former, name)
    for town, was, becomes in _OWN_BODIES:
        if called == f"{name}{was}" and name.endswith(town):
            return f"{name}{becomes}"
    return called
