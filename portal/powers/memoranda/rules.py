"""What a memorandum says, whole or not, in plain sentences. Pure (Y-3: S2.4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

LONGEST_SENTENCE = 500
MOST_DAYS = 366
_MOBILE = re.compile(r"(?<!\d)(?:(?:00)?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)")


class Party(StrEnum):
    """One of the two bodies."""

    BUREAU = "bureau"
    DEPARTMENT = "department"

    @property
    def other(self) -> Party:
        """The one across the table."""
        return Party.DEPARTMENT if self is Party.BUREAU else Party.BUREAU


class Support(StrEnum):
    """The steps for which S2.4 wants it said who does them (技术支撑)."""

    SITE_VISIT = "site_visit"
    TECHNICAL_REVIEW = "technical_review"
    TESTING = "testing"
    HEARING = "hearing"


class Doer(StrEnum):
    """Who does such a step; none where the matters have no such step."""

    BUREAU = "bureau"
    DEPARTMENT = "department"
    BOTH = "both"
    NOBODY = "nobody"


class Unit(StrEnum):
    """What a term of a push is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class Lack(StrEnum):
    """What a memorandum must still say before it may be put forward."""

    BOUNDARY = "boundary"
    PUSHES_TO_DEPARTMENT = "pushes_to_department"
    PUSHES_TO_BUREAU = "pushes_to_bureau"
    SUPPORTS = "supports"
    MATTERS = "matters"
    OVER = "over"


@dataclass(frozen=True)
class Push:
    """What one body pushes to the other, within how many days of having it; 0 is the same day."""

    what: str
    sender: Party
    days: int
    unit: Unit = Unit.WORKING_DAYS
    clause: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Push:
        """From the form in which it is kept."""
        return cls(
            stored["what"],
            Party(stored["sender"]),
            stored["days"],
            Unit(stored["unit"]),
            stored["clause"],
        )

    def stored(self) -> dict[str, Any]:
        """The form in which it is kept."""
        return asdict(self)


@dataclass(frozen=True)
class Share:
    """Who does a step, with a sentence on how."""

    doer: Doer
    sentence: str = ""


@dataclass(frozen=True)
class Wording:
    """All that the two bodies agree on, but which matters it covers one by one."""

    boundary: str = ""
    pushes: tuple[Push, ...] = ()
    supports: Mapping[Support, Share] = field(default_factory=dict)
    every_matter: bool = True
    valid_from: date | None = None
    valid_until: date | None = None
    bureau_contact: str = ""
    department_contact: str = ""

    @property
    def texts(self) -> Iterator[str]:
        """Whatever is written freely in it, and so made public, but the two contacts."""
        yield self.boundary
        for push in self.pushes:
            yield from (push.what, push.clause)
        yield from (share.sentence for share in self.supports.values())


def lacks(wording: Wording, matters: int, day: date) -> list[Lack]:
    """What is still missing: S2.4 wants the boundary, pushes both ways and each kind of support said."""
    senders = {push.sender for push in wording.pushes}
    wanted = (
        (Lack.BOUNDARY, not wording.boundary),
        (Lack.PUSHES_TO_DEPARTMENT, Party.BUREAU not in senders),
        (Lack.PUSHES_TO_BUREAU, Party.DEPARTMENT not in senders),
        (Lack.SUPPORTS, any(each not in wording.supports for each in Support)),
        (Lack.MATTERS, not wording.every_matter and not matters),
        (Lack.OVER, over(wording.valid_until, day)),
    )
    return [lack for lack, missing in wanted if missing]


def holds(valid_from: date | None, valid_until: date | None, day: date) -> bool:
    """Whether a memorandum of that term holds on a day, first and last day included."""
    return (valid_from is None or valid_from <= day) and (valid_until is None or day <= valid_until)


def over(valid_until: date | None, day: date) -> bool:
    """Whether its last day has passed, so that it holds no longer unless it is renewed."""
    return valid_until is not None and valid_until < day


def names_a_person(text: str) -> bool:
    """Whether a text holds a mobile number: those are somebody's own and are not made public (R-1)."""
    return bool(_MOBILE.search(unicodedata.normalize("NFKC", text)))
