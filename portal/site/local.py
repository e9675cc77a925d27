"""What lies over a list's answers: what places made public of themselves, what is stopped (D-2, D-9 to D-11, P-3).

The one way from a published row to what holds at a place today: every page goes it, so no two pages differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Protocol

from portal.powers.lists import queries as lists
from portal.powers.lists.rules import Mode
from portal.powers.suspensions import queries as suspensions
from portal.powers.suspensions.models import Suspension
from portal.powers.uptakes.queries import Chosen, Statement, statement, statements
from portal.site.editions import Edition, PlaceName
from portal.site.situations import Situation


class Row(Protocol):
    """As much of a list's row as an answer needs."""

    @property
    def id(self) -> int:
        """The published row's key."""

    @property
    def matter_id(self) -> int:
        """The matter's key."""

    @property
    def department(self) -> str:
        """The issuing side's body, as printed."""


class Local:
    """The statements of places that hold on a day; each is read when it is asked for, once."""

    def __init__(self, day: date) -> None:
        self.day = day
        self._read: dict[int, Statement | None] = {}
        self._open: dict[tuple[int, int], frozenset[int]] = {}

    def of(self, place_id: int) -> Statement | None:
        """One place's statement; None while it has published nothing."""
        if place_id not in self._read:
            self._read[place_id] = statement(place_id, self.day)
        return self._read[place_id]

    @cached_property
    def _everywhere(self) -> Mapping[int, Statement]:
        return statements(self.day)

    @cached_property
    def _stopped(self) -> Mapping[tuple[int, int], Suspension]:
        return suspensions.by_matter(self.day)

    def stopped(self, edition: Edition, matter_id: int) -> Suspension | None:
        """The suspension of a matter in a list on the day, if it is stopped (P-3); places have no say in it."""
        return self._stopped.get((edition.list_id, matter_id))

    def mode(self, edition: Edition, matter_id: int, place: PlaceName, printed: Mode) -> Mode:
        """The list's answer, or the published choice where the list leaves the mode open.

        `printed` is the answer at the place that the list reaches (`place.reached`); for a town below it the
        choice is the one for this town, else the one for all (D-10).
        """
        if printed is not Mode.UNDETERMINED:
            return printed
        return _chosen(self.of(place.reached.id), edition, matter_id, _town(place))

    def chosen(self, edition: Edition, matter_id: int, place: PlaceName) -> Chosen | None:
        """What was chosen for a matter at a place, with its basis; None where nobody has made a choice public."""
        local = self.of(place.reached.id)
        return local.chosen(edition.list_id, matter_id, _town(place)) if local else None

    def answers(self, edition: Edition, matter_id: int, printed: Mapping[int, Mode]) -> dict[int, Mode]:
        """The same for every place of a list, by place id."""
        if Mode.UNDETERMINED not in printed.values():
            return dict(printed)
        return {
            place_id: _chosen(self._everywhere.get(place_id), edition, matter_id)
            if mode is Mode.UNDETERMINED
            else mode
            for place_id, mode in printed.items()
        }

    def choices(self, edition: Edition, place: PlaceName) -> dict[int, Mode]:
        """What was chosen at a place, by matter; it holds where the list leaves the mode open (`mode`)."""
        said = self.of(place.reached.id)
        return said.choices(edition.list_id, _town(place)) if said else {}

    def choices_everywhere(self, edition: Edition) -> dict[int, dict[int, Mode]]:
        """The same for every place that has published anything, by place id."""
        return {key: said.choices(edition.list_id) for key, said in self._everywhere.items()}

    def left_open(self, edition: Edition, row: Row, place: PlaceName) -> bool:
        """Whether the list leaves the mode of a row open at the place, or at the one that it reaches above it."""
        key = (edition.revision.id, place.reached.id)
        if key not in self._open:
            self._open[key] = lists.left_open(edition.revision, place.reached.id)
        return row.id in self._open[key]

    def answering(self, edition: Edition, row: Row, place: PlaceName) -> PlaceName:
        """The place that the answer is for: a town only for what the list leaves open, else the one above it."""
        if place.within is None or self.left_open(edition, row, place):
            return place
        return place.within

    def situation(
        self, edition: Edition, row: Row, place: PlaceName, mode: Mode, *, remark: str = ""
    ) -> Situation:
        """What holds for a row at a place under the mode that `mode()` or `answers()` gave.

        A town is answered by the place above it, and by that place's name, unless the list leaves the mode open.
        """
        here = self.answering(edition, row, place)
        local = self.of(here.id)
        receiver = local.receiver(row.matter_id) if local else None
        return Situation(
            mode=mode,
            label=edition.labels[mode],
            profile=edition.profiles.get(mode),
            place=here.name,
            issuer=edition.issuer,
            department=row.department,
            receiver=receiver.name if receiver else edition.taker(mode),
            from_on=receiver.from_on if receiver else None,
            taken_over=receiver is None or receiver.begun(self.day),
            remark=remark,
            cross_border=edition.cross_border,
            chooser=here.within.name if here.within else "",
            bureau=edition.bureau,
        )


def _town(place: PlaceName) -> str:
    """The code by which a statement names the place; empty for the one that made the statement."""
    return place.code if place.within else ""


def _chosen(local: Statement | None, edition: Edition, matter_id: int, town: str = "") -> Mode:
    choice = local.choice(edition.list_id, matter_id, town) if local else None
    return choice or Mode.UNDETERMINED
