"""What a body can say of a change it is asked about, and how its answer stands. Pure (P-5)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Stance(StrEnum):
    """What a body says: yes, no, or yes with something to mend."""

    AGREE = "agree"
    OBJECT = "object"
    SUGGEST = "suggest"

    @property
    def needs_words(self) -> bool:
        """Whether it says nothing without a text."""
        return self is not Stance.AGREE


class Standing(StrEnum):
    """How an opinion stands: given, still waited for, or not given by its day (未回复)."""

    GIVEN = "given"
    WAITED = "waited"
    SILENT = "silent"


def standing(stance: Stance | None, due_on: date, today: date) -> Standing:
    """How an opinion stands on a day; the last day still counts."""
    if stance is not None:
        return Standing.GIVEN
    return Standing.WAITED if today <= due_on else Standing.SILENT
