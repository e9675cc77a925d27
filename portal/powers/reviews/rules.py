"""When a review is due, what a department says of a matter, and where a review stands. Pure (P-9)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

USUAL_MONTHS = 12
LONGEST_MONTHS = 60
NOTICE = timedelta(days=30)
"""Nobody is given less than this by a date that is set anew."""


class ReviewState(StrEnum):
    """Where a review stands; that it is late follows from its deadline and is stored nowhere.

    DROPPED: it ended without a form, as its matters left the list, or its date was set anew, met or waived by hand.
    """

    DUE = "due"
    FILED = "filed"
    DROPPED = "dropped"


class Outcome(StrEnum):
    """What a department wants for a matter: leave it as it is, hand it down in another way, or take it back."""

    KEEP = "keep"
    CHANGE = "change"
    TAKE_BACK = "take_back"


@dataclass(frozen=True)
class Said:
    """What is said of one matter; `volume` is how many cases there were, None when nobody counted."""

    outcome: Outcome = Outcome.KEEP
    volume: int | None = None
    problems: str = ""
    note: str = ""

    @property
    def explained(self) -> bool:
        """Whether there are words for whatever is not to stay as it is."""
        return self.outcome is Outcome.KEEP or bool(self.problems.strip() or self.note.strip())


def reason_of(said: Said) -> str:
    """Why a matter is adjusted, as its review says it; empty where it says nothing."""
    wants = {Outcome.CHANGE: "评估建议调整", Outcome.TAKE_BACK: "评估建议收回"}.get(said.outcome, "")
    words = [text for text in (said.problems.strip(), said.note.strip()) if text]
    if said.volume is not None:
        words.append(f"办件{said.volume}件")
    return f"{wants}：{'；'.join(words)}。" if wants and words else wants


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has none: 31 January, 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def anew(begin: date, months: int, today: date) -> tuple[date, date]:
    """The first and last day of a review whose interval has changed; not sooner than in 30 days."""
    due = months_after(begin, months)
    return (begin, due) if due >= today + NOTICE else (today, today + NOTICE)
