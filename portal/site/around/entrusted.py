"""Entrusted bodies: who may do what in whose name, list by list and place by place (P-8: L3, AL 24)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from flask import abort, request, url_for
from sqlalchemy import func, select

from portal import clock
from portal.address import knows, place_code
from portal.db import db
from portal.i18n import gettext as _
from portal.powers.lists import queries as lists
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.lists.profiles.rules import Field
from portal.powers.lists.rules import Mode
from portal.powers.uptakes.queries import statements
from portal.site import departments, editions
from portal.site.blueprint import page, site
from portal.site.clauses import Citer
from portal.site.departments import Department
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local
from portal.site.steps import Clause

PAGE = 20
"""So many matters stand on one page; each may name many places."""
LONGEST_PAGE = 5
"""Digits of a page number that are read."""


@dataclass(frozen=True)
class Body:
    """One place's entrusted body: `name` is empty while the place has not made it public (D-11)."""

    place: str
    name: str
    from_on: date | None
    begun: bool


@dataclass(frozen=True)
class Entrusted:
    """One matter that is done in another body's name: by whom at which places, and where that is written."""

    edition: Edition
    row: PublishedMatter
    entruster: Department | None
    clauses: Sequence[Clause]
    bodies: Sequence[Body]

    @property
    def href(self) -> str:
        """The matter's page."""
        return url_for("site.matter", slug=self.edition.slug, matter_id=self.row.matter_id)

    @property
    def named(self) -> list[Body]:
        """The bodies that are public."""
        return [body for body in self.bodies if body.name]

    @property
    def unnamed(self) -> list[Body]:
        """The places whose body is not public yet."""
        return [body for body in self.bodies if not body.name]


@dataclass(frozen=True)
class Light:
    """As much of an entrusted row as filtering and paging need."""

    edition: Edition
    id: int
    matter_id: int
    department: str


class Register:
    """Everything that is entrusted on a day at a place, or at any, in the lists in force."""

    def __init__(self, current: Sequence[Edition], code: str | None, local: Local) -> None:
        self.local = local
        self.code = code
        self.rows = [row for edition in current for row in self._rows(edition)]

    def departments(self) -> dict[str, int]:
        """How many matters each body entrusts, by its printed name."""
        found: dict[str, int] = {}
        for row in self.rows:
            if row.department:
                found[row.department] = found.get(row.department, 0) + 1
        return found

    def of(self, department: str) -> list[Light]:
        """The rows of one body, or of all."""
        return [row for row in self.rows if not department or row.department == department]

    def whole(self, lights: Sequence[Light]) -> list[Entrusted]:
        """Some rows with everything that the page says of them."""
        ids = [light.id for light in lights]
        full = {
            row.id: row
            for row in db.session.scalars(select(PublishedMatter).where(PublishedMatter.id.in_(ids)))
        }
        printed = lists.answers(ids)
        return [self._entrusted(light.edition, full[light.id], printed[light.id]) for light in lights]

    def _rows(self, edition: Edition) -> list[Light]:
        """One list's rows in its order; a list without an entrusted matter costs one look at its answers."""
        here = edition.place(self.code)
        if self.code and here is None:
            return []
        certain = _answered(edition, here, Mode.ENTRUSTED)
        left_open = _answered(edition, here, Mode.UNDETERMINED)
        # What places say of themselves is read only where a list leaves them something to choose.
        chosen = (
            {matter for list_id, matter in self._chosen if list_id == edition.list_id} if left_open else set()
        )
        if not certain and not chosen:
            return []
        found = db.session.execute(
            select(PublishedMatter.id, PublishedMatter.matter_id, PublishedMatter.department)
            .where(PublishedMatter.revision_id == edition.revision.id)
            .order_by(PublishedMatter.position)
        ).all()
        doubtful = [row for row in found if row.matter_id in chosen and row.id in left_open - certain]
        printed = lists.answers([row.id for row in doubtful])
        settled = certain | {
            row.id for row in doubtful if self._places(edition, row.matter_id, printed[row.id])
        }
        return [Light(edition, *row) for row in found if row.id in settled]

    @cached_property
    def _chosen(self) -> Mapping[tuple[int, int], frozenset[str]]:
        """Where a place chose to take a matter entrusted: the codes of its towns, "" for the place as a whole."""
        found: dict[tuple[int, int], set[str]] = {}
        for statement in statements(self.local.day).values():
            for each in statement.revision.content["choices"]:
                if each["mode"] == Mode.ENTRUSTED.value:
                    key = (each["list_id"], each["matter_id"])
                    found.setdefault(key, set()).add(each.get("town_code", ""))
        return {key: frozenset(codes) for key, codes in found.items()}

    def _places(self, edition: Edition, matter_id: int, printed: Mapping[int, Mode]) -> list[PlaceName]:
        """The places where a matter is entrusted: by the list, or by the place's choice where it is left open."""
        if here := edition.place(self.code):
            open_ = printed[here.reached.id] is Mode.UNDETERMINED and not here.within
            if self.local.mode(edition, matter_id, here, printed[here.reached.id]) is Mode.ENTRUSTED:
                return [here]
            return self._towns(edition, matter_id, here) if open_ else []
        given = self.local.answers(edition, matter_id, printed)
        found = []
        for place in edition.places:
            if given[place.id] is Mode.ENTRUSTED:
                found.append(place)
            elif printed[place.id] is Mode.UNDETERMINED:
                found += self._towns(edition, matter_id, place)
        return found

    def _towns(self, edition: Edition, matter_id: int, place: PlaceName) -> list[PlaceName]:
        codes = self._chosen.get((edition.list_id, matter_id), frozenset()) - {""}
        if not codes:
            return []
        return [
            town
            for town in edition.towns(place, self.local.day)
            # One that the list names itself answers for itself, among the places.
            if town.within
            and town.code in codes
            and self.local.mode(edition, matter_id, town, Mode.UNDETERMINED) is Mode.ENTRUSTED
        ]

    def _entrusted(self, edition: Edition, row: PublishedMatter, printed: Mapping[int, Mode]) -> Entrusted:
        places = self._places(edition, row.matter_id, printed)
        return Entrusted(
            edition=edition,
            row=row,
            entruster=departments.of(edition, row.department) if row.department else None,
            clauses=_clauses(edition),
            bodies=[self._body(edition, row, place) for place in places],
        )

    def _body(self, edition: Edition, row: PublishedMatter, place: PlaceName) -> Body:
        at = self.local.situation(edition, row, place, Mode.ENTRUSTED)
        return Body(_(at.place), at.receiver, at.from_on, at.taken_over)


def _answered(edition: Edition, here: PlaceName | None, mode: Mode) -> frozenset[int]:
    """Ids of the rows that a list itself answers so, at one place or at any; other revisions' rows may be among them.

    No join: right after a long list is published PostgreSQL knows nothing of the new rows.
    """
    rows = PublishedMatter.revision_id == edition.revision.id
    first = select(func.min(PublishedMatter.id)).where(rows).scalar_subquery()
    last = select(func.max(PublishedMatter.id)).where(rows).scalar_subquery()
    wanted = select(Answer.published_matter_id).where(
        Answer.mode == mode, Answer.published_matter_id.between(first, last)
    )
    if here:
        wanted = wanted.where(Answer.place_id == here.reached.id)
    return frozenset(db.session.scalars(wanted.distinct()))


def _clauses(edition: Edition) -> list[Clause]:
    """Where it is written that the mode is an entrusting one: the clauses on who decides and who answers for it."""
    profile = edition.profiles.get(Mode.ENTRUSTED)
    if profile is None:
        return []
    fields = (profile.fields.get(name) for name in (Field.DECIDE, Field.RESPONDENT))
    sources: Iterable[str] = (source for entry in fields if entry for source in entry.sources)
    return list(map(Citer(edition.policy), dict.fromkeys(sources)))


def _page_number() -> int:
    """The page that the address asks for; answers 404 for what is no number."""
    number = request.args.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_PAGE):
        abort(404)
    return int(number)


def _neighbour(department: str, number: int) -> str:
    return url_for("site.entrusted", department=department or None, page=number)


@site.get("/entrusted")
@knows("department", "page")
def entrusted() -> str:
    """Who may do what in whose name, narrowed to the chosen place and to one entrusting body."""
    current = editions.current(clock.today())
    register = Register(current, place_code(), Local(clock.today()))
    department, number = request.args.get("department", ""), _page_number()
    rows = register.of(department)
    last = max(1, -(-len(rows) // PAGE))
    if not 1 <= number <= last:
        abort(404)
    here = rows[(number - 1) * PAGE : number * PAGE]
    return page(
        "site/entrusted.html",
        current,
        groups=[
            (edition, list(some))
            for edition, some in groupby(register.whole(here), lambda each: each.edition)
        ],
        total=len(rows),
        department=department,
        departments=register.departments(),
        pages={
            "previous": _neighbour(department, number - 1) if number > 1 else None,
            "next": _neighbour(department, number + 1) if number < last else None,
        },
    )
