"""Choices of mode as rows of a table: what a list leaves open at a place, to fill in by file (D-2, D-10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_, select

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.naming import fitting, own_place
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.remembering import once
from portal.foundation.imports.rows.rules import Column
from portal.foundation.organisations.rules import fold
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Head, Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.powers.lists.models import Delegation, PowerList, PublishedMatter
from portal.powers.lists.naming import called, list_among, mode_said
from portal.powers.matters.models import Matter
from portal.powers.uptakes import queries, service
from portal.powers.uptakes.models import Choice

MODES = {mode: mode.label for mode in service.CHOOSABLE}
"""What files call the modes that can be chosen."""

COLUMNS = (
    Column("place", ("地方", "所属地方", "Place"), needed=True, place=True),
    Column("power_list", (mark("清单"), "List"), needed=True),
    Column("matter", ("事项", "事项名称", "Matter"), needed=True),
    Column("code", ("编码", "事项编码", "Code")),
    Column("department", ("部门", "市直部门", "Department")),
    Column("mode", (mark("方式"), "放权方式", "Mode"), needed=True),
    Column("basis", ("依据", "Basis")),
)
LONGEST_BASIS = 255


@dataclass(frozen=True)
class Slot:
    """Where something is, or can be, chosen: a matter of a list at a place; with the choice that stands."""

    place: Place
    power_list: PowerList
    matter: Matter
    choice: Choice | None

    @property
    def id(self) -> tuple[int, int, int]:
        """What tells it from every other."""
        return self.place.id, self.power_list.id, self.matter.id


def find(values: Mapping[str, str], by: Account) -> Slot:
    """Where a row chooses. Refused for places, lists and matters that are another's, or nobody's."""
    place = own_place(values["place"], by, Right.EDIT_PLACE)
    power_list = list_among(values["power_list"], _lists(by))
    matter = _matter(values, power_list, by)
    return Slot(place, power_list, matter, _chosen(place, power_list, matter))


def _chosen(place: Place, power_list: PowerList, matter: Matter) -> Choice | None:
    choice: Choice | None = db.session.scalar(
        select(Choice).where(
            Choice.place_id == place.id, Choice.list_id == power_list.id, Choice.matter_id == matter.id
        )
    )
    return choice


def _lists(by: Account) -> Sequence[PowerList]:
    """The lists that the person may know of: those that were published, and its own places' (P-1)."""
    return once(("lists", by.id), lambda: _known_lists(by))


def _known_lists(by: Account) -> Sequence[PowerList]:
    own = places_of(by)
    wanted = select(PowerList).where(PowerList.earlier_of_id.is_(None))
    wanted = wanted.order_by(PowerList.position, PowerList.id)
    if own is not None:
        public = select(Head.subject_id).where(Head.subject == Subject.LIST, Head.number > 0)
        wanted = wanted.where(or_(PowerList.id.in_(public), PowerList.place_id.in_(own)))
    return db.session.scalars(wanted).all()


def _matters(power_list: PowerList, by: Account) -> Mapping[str, list[Matter]]:
    """The matters of a list's working copy that the person may know of (P-1), by name."""
    return once(("matters", by.id, power_list.id), lambda: _known_matters(power_list, by))


def _known_matters(power_list: PowerList, by: Account) -> Mapping[str, list[Matter]]:
    own = places_of(by)
    held = select(Delegation.matter_id).where(Delegation.list_id == power_list.id)
    wanted = select(Matter).where(Matter.id.in_(held))
    if own is not None:
        published = select(PublishedMatter.matter_id).join(PublishedMatter.revision)
        public = published.where(Revision.state == RevisionState.PUBLISHED)
        wanted = wanted.where(or_(Matter.id.in_(public), Matter.place_id.in_(own)))
    named: dict[str, list[Matter]] = {}
    for matter in db.session.scalars(wanted.order_by(Matter.id)):
        named.setdefault(matter.name, []).append(matter)
    return named


def _matter(values: Mapping[str, str], power_list: PowerList, by: Account) -> Matter:
    code, department = values.get("code", ""), fold(values.get("department", ""))
    found = [
        each
        for each in _matters(power_list, by).get(values["matter"], ())
        if code in ("", each.code) and department in ("", fold(_department(each)))
    ]
    if not found:
        raise Refused("没有“%(matter)s”这个事项，或者不归您填。请写清单里的全称。", matter=values["matter"])
    if len(found) > 1:
        raise Refused("叫“%(matter)s”的事项不止一个，请写上编码或者部门。", matter=values["matter"])
    return found[0]


def _department(matter: Matter) -> str:
    return matter.organisation.name if matter.organisation else ""


def text(slot: Slot) -> dict[str, str]:
    """What is chosen there as a row says it; no mode where nothing is."""
    return {
        "place": slot.place.code or slot.place.name,
        "power_list": called(slot.power_list),
        "matter": slot.matter.name,
        "code": slot.matter.code,
        "department": _department(slot.matter),
        "mode": slot.choice.mode.label if slot.choice else "",
        "basis": slot.choice.basis if slot.choice else "",
    }


def save(slot: Slot | None, values: Mapping[str, str], by: Account) -> Slot:
    """Choose, or choose again; an empty cell takes a choice back. Refused as `service.choose` is."""
    here = slot or find(values, by)
    basis = fitting(values.get("basis", here.choice.basis if here.choice else ""), LONGEST_BASIS)
    mode = mode_said(values["mode"], MODES) if values["mode"] else None
    choice = service.choose(here.place, here.power_list, here.matter, mode, by=by, basis=basis)
    return replace(here, choice=choice)


def every(by: Account) -> Sequence[Slot]:
    """What the lists leave open at the person's places, chosen or not, and what is chosen for their towns."""
    own = places_of(by, Right.EDIT_PLACE)
    found: list[Slot] = []
    for power_list in _known_lists(by):
        known = {matter.id for matters in _known_matters(power_list, by).values() for matter in matters}
        for place in queries.choosing(power_list):
            if place.ended_on is None and (own is None or place.id in own):
                slots = _slots(power_list, place)
                found += [each for each in slots if each.matter.id in known and each.place.ended_on is None]
    return found


def _slots(power_list: PowerList, place: Place) -> list[Slot]:
    """One place's, matter by matter in the list's order: its own, then its towns' where these have one."""
    chosen: dict[int, list[Choice]] = {}
    for choice in queries.choices_of(place):
        if choice.list_id == power_list.id:
            chosen.setdefault(choice.matter_id, []).append(choice)
    found: list[Slot] = []
    for matter in queries.left_open(power_list, place):
        here = chosen.get(matter.id, [])
        own = next((each for each in here if each.place_id == place.id), None)
        found.append(Slot(place, power_list, matter, own))
        found += [Slot(each.place, power_list, matter, each) for each in here if each is not own]
    return found


CHOICES = RowKind(
    name="choices",
    label=mark("方式选择"),
    right=Right.EDIT_PLACE,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    every=every,
)
