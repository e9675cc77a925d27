"""States of proposals and revisions; which revision holds on a day. Pure (P-1 to P-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Subject(StrEnum):
    """What can be published: a power list, what one place says of itself, what two bodies agreed on (Y-3)."""

    LIST = "list"
    UPTAKE = "uptake"
    MEMORANDUM = "memorandum"


class Nature(StrEnum):
    """What a publication is: a change, or a correction of words that leaves every power as it was (勘误)."""

    ADJUSTMENT = "adjustment"
    ERRATUM = "erratum"


class ProposalState(StrEnum):
    """Where a proposal stands; the last three are ends."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PUBLISHED = "published"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"

    @property
    def open(self) -> bool:
        """Whether the working copy is still bound by it."""
        return self in (ProposalState.PROPOSED, ProposalState.APPROVED)


class RevisionState(StrEnum):
    """A revision is prepared unseen, then published for good; a grave error can be closed (P-3)."""

    PREPARING = "preparing"
    PUBLISHED = "published"
    CLOSED = "closed"


@dataclass(frozen=True)
class Issue:
    """The part of a revision that decides when it holds."""

    number: int
    effective_on: date
    closed: bool = False
    rank: int | None = None
    """Behind which decision an older state stands that was entered afterwards (补录), 0 for none; else None."""

    @property
    def order(self) -> tuple[int, date, int]:
        """Which of two goes before on a day when both have begun: the greater one."""
        return (self.number if self.rank is None else self.rank, self.effective_on, self.number)


class Unfit(StrEnum):
    """Why no older state can be entered for a day."""

    TAKEN = "taken"
    TODAY = "today"


def begins_on(wanted: date, proposed_on: date, today: date, *, past: bool) -> date:
    """From which day a revision holds that is made public today: as wanted, but what held before is not rewritten.

    Only where it may lie in the `past` does it date back: a first revision, where a day was chosen that was over when
    it was put forward, and an older state that is entered afterwards (补录).
    """
    return wanted if past and wanted < proposed_on else max(wanted, today)


def entered_after(issues: Iterable[Issue], day: date, today: date) -> int | Unfit:
    """The rank of an older state that is entered to hold from a past day until the next one begins (补录).

    It is that of what holds on the day, 0 for nothing: of a decision its number, of another older state the rank that
    it was given, even if the decision was closed since behind which that one stands.
    Unfit where one begins on that very day already, and where none has taken over since by today: then it would change
    what holds now, which is an adjustment and no history.
    """
    known = list(issues)
    held = in_force(known, day)
    if held is not None and held.effective_on == day:
        return Unfit.TAKEN
    later = sorted(each.effective_on for each in known if day < each.effective_on <= today)
    if all(in_force(known, each) == held for each in later):
        return Unfit.TODAY
    return held.order[0] if held is not None else 0


def in_force(issues: Iterable[Issue], day: date) -> Issue | None:
    """The revision that holds on a day: the highest number already effective and not closed, or None.

    The highest number, not the latest effective day: a later decision replaces an earlier one that was to begin later.
    What was entered afterwards stands behind the decision before it in time (Issue.order).
    """
    return max(
        (issue for issue in issues if issue.effective_on <= day and not issue.closed),
        key=lambda issue: issue.order,
        default=None,
    )
