"""Kinds of deadline and the records they are about: an upper slice declares its own in a few lines (T-1).

A lower floor knows a record by (kind, id) alone; what people call it and where they find it is asked for here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from portal.foundation.deadlines.reminding.rules import USUAL, Steps
from portal.foundation.organisations.models import Organisation


@dataclass(frozen=True)
class DeadlineKind:
    """A kind of thing owed: its name in the database, its label (a text of the catalogue), when it reminds.

    `shown`: public pages read the dates of this kind, so each change of one counts for the page cache (siteversion).
    """

    name: str
    label: str
    steps: Steps = USUAL
    shown: bool = False


@dataclass(frozen=True)
class Record:
    """What people call a record and the path where staff find it; `address` may be empty.

    `public`: the public knows of the record, so that it may see how the dates of a shown kind were counted.
    """

    title: str
    address: str = ""
    public: bool = False


Finder = Callable[[int], Record | None]

Sharers = Callable[[Collection[int]], Mapping[int, Sequence[Organisation]]]

_kinds: dict[str, DeadlineKind] = {}
_finders: dict[str, Finder] = {}
_sharers: dict[str, Sharers] = {}


def register_kind(kind: DeadlineKind) -> DeadlineKind:
    """Declare a kind of deadline, once, when its slice is loaded; gives it back."""
    _kinds[kind.name] = kind
    return kind


def register_subject(name: str, find: Finder) -> None:
    """Say how a kind of record is called and linked, by its id; the finder gives None when it is gone."""
    _finders[name] = find


def kinds() -> Mapping[str, DeadlineKind]:
    """Every kind by its name, in the order of declaration."""
    return dict(_kinds)


def kind_named(name: str) -> DeadlineKind:
    """The kind of that name; one whose slice is gone keeps its name for a label."""
    return _kinds.get(name) or DeadlineKind(name, name)


def record_of(subject_kind: str, subject_id: int) -> Record | None:
    """The record that a deadline is about; None when nobody knows it any more."""
    find = _finders.get(subject_kind)
    return find(subject_id) if find else None


def register_sharers(name: str, find: Sharers) -> None:
    """Say which units answer together for records of a kind, by their ids; one of them owes, all are reminded."""
    _sharers[name] = find


def sharers(subject_kind: str, subject_ids: Collection[int]) -> Mapping[int, Sequence[Organisation]]:
    """The units that answer together for each of these records; nothing for kinds that have one alone."""
    find = _sharers.get(subject_kind)
    return find(subject_ids) if find and subject_ids else {}
