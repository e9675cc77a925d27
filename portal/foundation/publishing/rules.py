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


def begins_on(wanted: date, proposed_on: date, today: date, *, first: bool) -> date:
    """From which day a revision holds that is made public today: as wanted, but what held before is not rewritten.

    A first revision alone dates back, where a day was chosen that was over when it was put forward (补录).
    """
    return wanted if first and wanted < proposed_on else max(wanted, today)


def in_force(issues: Iterable[Issue], day: date) -> Issue | None:
    """The revision that holds on a day: the highest number already effective and not closed, or None.

    The highest number, not the latest effective day: a later decision replaces an earlier one that was
    to begin later.
    """
    return max(
        (issue for issue in issues if issue.effective_on <= day and not issue.closed),
        key=lambda issue: issue.number,
        default=None,
    )
