"""A published list as the pages read it: one revision with its frame put into words of the domain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy import select

from portal import clock
from portal.clock import HOME
from portal.db import db
from portal.foundation.deadlines.rules import LONG_PAST
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place
from portal.foundation.policies.models import Policy
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.foundation.reorganisations.queries import former_names_of_places
from portal.powers.lists import queries as lists
from portal.powers.lists.cube import queries as cubes
from portal.powers.lists.profiles.rules import Profile, build_profile
from portal.powers.lists.rules import Mode
from portal.powers.lists.transfers.rules import usual_labels

DIGEST = 16


@dataclass(frozen=True)
class PlaceName:
    """A place as the revision froze it, or a town below one: `within` is then the place that the list reaches."""

    id: int
    code: str
    name: str
    kind: str
    within: PlaceName | None = None

    @property
    def reached(self) -> PlaceName:
        """The place whose answers the revision holds: a town is answered by the place above it (D-10)."""
        return self.within or self


class Lines:
    """Places with those above them, each looked up once: editions that are shown together share one."""

    def __init__(self) -> None:
        self._known: dict[str, Sequence[Place]] = {}

    def of(self, code: str) -> Sequence[Place]:
        """The place of a code and those above it, nearest first; empty for an unknown code."""
        if code not in self._known:
            self._known[code] = places.lineage(code)
        return self._known[code]


@dataclass(frozen=True)
class Edition:
    """One revision of one list."""

    slug: str
    revision: Revision
    lines: Lines = field(default_factory=Lines, compare=False, repr=False)

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes at the foot of the list, as printed."""
        return tuple(map(str, self.revision.content["frame"]["notes"]))

    @property
    def cross_border(self) -> str:
        """The clause by which what crosses borders stays with the issuing side (D-5); empty without one."""
        return str(self.revision.content["frame"].get("cross_border", ""))

    @property
    def list_id(self) -> int:
        """The list's key."""
        return self.revision.subject_id

    @property
    def frame(self) -> Mapping[str, object]:
        """The list's own facts as they were published."""
        framed: Mapping[str, object] = self.revision.content["frame"]
        return framed

    @property
    def title(self) -> str:
        """The list's title, as printed."""
        return str(self.frame["title"])

    @property
    def annex(self) -> str:
        """The annex of the policy, e.g. 附件1."""
        return str(self.frame["annex"])

    @property
    def bureau(self) -> str:
        """The approval bureau to which a transfer list moves its matters; empty for any other list (Y-1)."""
        framed: Mapping[str, str] = self.revision.content["frame"].get("bureau", {})
        return framed.get("name", "")

    def taker(self, mode: Mode) -> str:
        """Who has a matter without any place's saying so: the bureau, of what a transfer list moves."""
        return "" if mode is Mode.UNDELEGATED else self.bureau

    @property
    def policy_number(self) -> str:
        """The document number, e.g. 济政字〔2021〕30号."""
        return str(self.frame["policy"])

    @property
    def issuer_code(self) -> str:
        """That place's code."""
        return str(self.revision.content["frame"]["issuer"]["code"])

    @property
    def issuer(self) -> str:
        """The place whose powers the list hands on."""
        return str(self.revision.content["frame"]["issuer"]["name"])

    @property
    def number(self) -> int:
        """The revision's number."""
        return self.revision.number

    @cached_property
    def oldest(self) -> int:
        """The number of the list's first revision that can still be read: a closed one is compared with nothing."""
        subject_id = self.revision.subject_id
        return publishing.oldest(Subject.LIST, subject_id) or self.number

    @property
    def date(self) -> dt.date:
        """The day from which the revision holds."""
        return self.revision.effective_on

    @property
    def published(self) -> dt.date:
        """The day on which the revision was made public, in China."""
        when = self.revision.published_at
        return when.astimezone(HOME).date() if when else self.date

    @property
    def backfilled(self) -> bool:
        """Whether it was entered long after it began to hold (补录): what followed from it then is history (T-7)."""
        return backfilled(self.revision)

    @property
    def issued(self) -> dt.date | None:
        """The day of the document that the list rests on, where it is known."""
        return self.policy.issued_on if self.policy else None

    @property
    def unchecked(self) -> bool:
        """Whether today's validity of the document has not been checked, so that the pages must say so (M-5)."""
        return bool(self.policy and self.policy.issued_on and self.policy.validity == "unverified")

    @property
    def digest(self) -> str:
        """The beginning of the hash, in two groups for reading aloud."""
        half = DIGEST // 2
        return f"{self.revision.hash[:half]} {self.revision.hash[half:DIGEST]}"

    @cached_property
    def places(self) -> tuple[PlaceName, ...]:
        """The places that the list reaches, in its order."""
        ids = {each["code"]: each["id"] for each in self.revision.content["place_ids"]}
        return tuple(
            PlaceName(ids[each["code"]], each["code"], each["name"], each["kind"])
            for each in self.revision.content["frame"]["places"]
        )

    @cached_property
    def _by_code(self) -> Mapping[str, PlaceName]:
        return {each.code: each for each in self.places}

    def place(self, code: str | None) -> PlaceName | None:
        """One of its places by code, or a town below one (D-10); None when the list does not reach it."""
        if not code:
            return None
        return self._by_code.get(code) or _below(self._by_code, self.lines.of(code))

    def towns(self, place: PlaceName, day: dt.date) -> list[PlaceName]:
        """The towns below a place on a day; one that the list names itself answers for itself in it."""
        return [self._by_code.get(town.code, town) for town in towns(place, day)]

    @cached_property
    def profiles(self) -> Mapping[Mode, Profile]:
        """What each mode means in this list (D-3)."""
        said: Mapping[str, Mapping[str, Mapping[str, str]]] = self.revision.content["frame"]["profile"]
        return {
            Mode(mode): build_profile(
                Mode(mode), [(name, entry["value"], entry["source"]) for name, entry in fields.items()]
            )
            for mode, fields in said.items()
        }

    @cached_property
    def labels(self) -> Mapping[Mode, str]:
        """Each mode as this list prints it (D-1); a mode that only exceptions name goes by its usual name."""
        printed = {Mode(mode): label for mode, label in cubes.labels(self.revision.id).items()}
        return usual_labels(transfer=bool(self.bureau)) | printed

    @cached_property
    def policy(self) -> Policy | None:
        """The document that the list rests on."""
        return db.session.scalar(select(Policy).where(Policy.number == self.policy_number))


def backfilled(revision: Revision) -> bool:
    """Whether a revision was entered between others, or long after it began to hold (补录)."""
    when = revision.published_at
    published = when.astimezone(HOME).date() if when else revision.effective_on
    return revision.entered or published - revision.effective_on > LONG_PAST


def current(day: dt.date) -> Sequence[Edition]:
    """Every list with the revision that holds on the day, in the order of the lists."""
    lines = Lines()
    return [Edition(each.power_list.slug, each.revision, lines) for each in lists.published(day)]


def current_of(slug: str, day: dt.date) -> Edition | None:
    """One list with the revision that holds on the day."""
    found = lists.published_list(slug, day)
    return Edition(slug, found.revision) if found else None


@dataclass(frozen=True)
class Reach:
    """All places that the lists of one issuing place reach."""

    issuer: str
    places: tuple[PlaceName, ...]

    @cached_property
    def towns(self) -> Mapping[str, tuple[PlaceName, ...]]:
        """The towns below each of the places today, by the place's code; read when they are asked for, at once.

        A town that a list names itself is one of the places.
        """
        known = {place.id: place for place in self.places}
        found: dict[str, list[PlaceName]] = {place.code: [] for place in self.places}
        for town in places.below(known, clock.today()):
            if town.id in known:
                continue
            above = known[town.parent_id or 0]
            found[above.code].append(named_today(town, above))
        return {code: tuple(towns) for code, towns in found.items()}


def towns(place: PlaceName, day: dt.date) -> list[PlaceName]:
    """The towns below a place on a day, in the order in which they were entered."""
    return [named_today(town, place) for town in places.below([place.id], day)]


def reaches(editions: Sequence[Edition]) -> list[Reach]:
    """The places to choose from, by issuing place, in the order of the lists."""
    found: dict[str, dict[str, PlaceName]] = {}
    for each in editions:
        known = found.setdefault(each.issuer, {})
        known.update({place.code: place for place in each.places if place.code not in known})
    today = {
        each.code: each for each in renamed([each for known in found.values() for each in known.values()])
    }
    return [Reach(issuer, tuple(today[code] for code in known)) for issuer, known in found.items()]


def renamed(found: Sequence[PlaceName]) -> list[PlaceName]:
    """The places by their names of today, where they were renamed since the list named them (G-1)."""
    former = former_names_of_places({each.id for each in found}, clock.today())
    changed = {
        key for key, names in former.items() if any(each.id == key and each.name in names for each in found)
    }
    names = {place.id: place.name for place in places.of_ids(changed)} if changed else {}
    return [replace(each, name=names.get(each.id, each.name)) for each in found]


def named_today(place: Place, within: PlaceName | None = None) -> PlaceName:
    """A place that no list in force names, by its name of today; what was published under it stays (G-1)."""
    return PlaceName(place.id, place.code, place.name, place.kind.value, within)


def _below(reached: Mapping[str, PlaceName], line: Sequence[Place]) -> PlaceName | None:
    """The first of a line of places as a town of the nearest one above it that is reached."""
    above = next((reached[each.code] for each in line[1:] if each.code in reached), None)
    return named_today(line[0], above) if above else None


def ended_on(place: Place | None, day: dt.date) -> dt.date | None:
    """The day on which a place ended, once it has."""
    return place.ended_on if place and place.ended_on and place.ended_on <= day else None


def place_named(editions: Sequence[Edition], code: str | None) -> PlaceName | None:
    """The place of a code among all that the lists reach; one that a list names goes before a town below one.

    Of lists that reach it from above the one that comes nearest counts: a town is its county's, not its city's.
    """
    found = [place for each in editions if (place := each.place(code))]
    line = [above.code for above in editions[0].lines.of(code)] if code and len(found) > 1 else []
    return min(found, key=lambda place: line.index(place.reached.code) if line else 0, default=None)
