"""How a place's own statement is published: the same proposal, second person and revision as for lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.queries import of_place
from portal.foundation.organisations.rules import ADMINISTRATIVE, OrganisationKind
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.queries import newest
from portal.foundation.publishing.registry import Difference, Owed, Told
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.foundation.runs.work import Work
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.lists import queries as lists
from portal.powers.lists.models import PowerList
from portal.powers.lists.rules import ENTRUSTED_AGAIN, Mode
from portal.powers.lists.telling import told_of
from portal.powers.matters.rules import fold_name
from portal.powers.uptakes import queries, snapshot, telling
from portal.powers.uptakes.models import Choice
from portal.powers.uptakes.overseeing import REGULATORS
from portal.powers.uptakes.rules import compare_items

PARTS = ("duties", "points", "choices")
ANSWERING = (
    OrganisationKind.APPROVAL_BUREAU,
    OrganisationKind.GOVERNMENT_OFFICE,
    OrganisationKind.GOVERNMENT,
)
"""Who answers for a place's own statement, the nearest to it first."""


class UptakePublishing:
    """What a place makes public of its receivers, service points and choices."""

    def title(self, subject_id: int) -> str:
        """The place's name and what it is about."""
        return f"{_place(subject_id).name}的承接单位、办事点和方式选择"

    def require(self, by: Account, subject_id: int) -> None:
        """Whoever may change the place's records."""
        require(by, Right.EDIT_PLACE, subject_id)

    def owes(self, subject_id: int) -> Owed:
        """The place's own bureau or government, from the day on which it is put forward."""
        place = _place(subject_id)
        own = {body.kind: body for body in reversed(of_place(place))}
        return Owed(place, next((own[kind] for kind in ANSWERING if kind in own), None))

    def becomes(self, subject_id: int) -> None:
        """Always a place's own: older ones are entered by none."""

    def places(self, subject_ids: Collection[int]) -> dict[int, Place]:
        """The places themselves."""
        return {each.id: each for each in db.session.scalars(select(Place).where(Place.id.in_(subject_ids)))}

    def blockers(self, subject_id: int, day: date | None = None) -> list[str]:  # noqa: ARG002  the same on every day
        """An empty first statement says nothing to anybody; a chosen mode is one that its list explains (Y-5).

        Entrusting takes an administrative organ, and what is held by entrustment is not entrusted again (D-8).
        """
        place = _place(subject_id)
        said = snapshot.statement(place)
        if not any(said[part] for part in PARTS) and newest(Subject.UPTAKE, subject_id) is None:
            return [_("还没有填写承接单位、办事点或方式选择。")]
        unexplained = [
            _(
                "“%(matter)s”选了%(mode)s，清单公布的内容里没有写明这种方式由谁办、谁负责。",
                matter=each.matter.name,
                mode=each.mode.label,
            )
            for each in _unexplained(place)
        ]
        entrusted = [
            _(
                "“%(matter)s”选了委托下放，承接单位“%(name)s”不是行政机关，不能受委托。",
                matter=duty.matter.name,
                name=duty.organisation.name,
            )
            for duty in _wrongly_entrusted(place)
        ]
        again = [_(ENTRUSTED_AGAIN, name=each.matter.name) for each in _entrusted_again(place)]
        return unexplained + entrusted + again

    def document(self, subject_id: int) -> Iterator[bytes]:
        """The working copy as a document."""
        yield snapshot.render(snapshot.statement(_place(subject_id)))

    def difference(self, subject_id: int, base: Revision | None) -> Difference:
        """Entries {"change", "part", "was", "is"} by part, an item at a time."""
        said = snapshot.statement(_place(subject_id))
        before = base.content if base else {part: [] for part in PARTS}
        entries = [
            {"change": change, "part": part, **items}
            for part in PARTS
            for change, items in compare_items(before[part], said[part], partial(_key, part))
        ]
        return Difference(
            added=_count(entries, "added"),
            changed=_count(entries, "changed"),
            withdrawn=_count(entries, "withdrawn"),
            entries=entries,
        )

    def only_words(self, difference: Difference) -> bool:  # noqa: ARG002  a statement says who and where, no words
        """A place's statement has no errata: what it says is all that people go by."""
        return False

    def prepare(self, revision: Revision, work: Work) -> None:
        """The statement is small enough to be the revision's content."""
        revision.content = snapshot.statement(_place(revision.subject_id))
        work.step(1, 1)

    def published_document(self, revision: Revision) -> Iterator[bytes]:
        """The same from the revision."""
        yield snapshot.render(revision.content)

    def forget(self, revision: Revision) -> None:
        """There are no rows beside the revision."""

    def told(self, revision: Revision) -> Iterable[Told]:
        """The bodies that the statement names, those it names no longer, and the towns that it chose for (D-10)."""
        values = {"place": revision.content["place"]["name"], "number": revision.number}
        named = {duty["organisation_id"] for duty in revision.content["duties"]}
        for entry in revision.difference.get("entries", ()):
            if entry["part"] == "duties":
                named.add(entry.get("is", entry.get("was"))["organisation_id"])
        for body in db.session.scalars(select(Organisation).where(Organisation.id.in_(named))):
            yield Told(
                body,
                telling.NAMED.title,
                telling.NAMED.body,
                address=f"/places/{revision.content['place']['code']}",
                values=values,
            )
        for body in _towns_chosen_for(revision):
            yield Told(
                body,
                telling.CHOSEN_FOR.title,
                telling.CHOSEN_FOR.body,
                address=f"/places/{body.place.code}",
                values=values,
            )

    def after(self, revision: Revision) -> None:
        """Nothing follows."""


def _towns_chosen_for(revision: Revision) -> list[Organisation]:
    """The governments and offices of the towns that choices changed for, also where one is for the whole place."""
    place = _place(revision.subject_id)
    entries = [each for each in revision.difference.get("entries", ()) if each["part"] == "choices"]
    changed = [each.get("is", each.get("was")) for each in entries]
    codes = {each["town_code"] for each in changed if "town_code" in each}
    for list_id in {each["list_id"] for each in changed if "town_code" not in each}:
        power_list = db.session.get_one(PowerList, list_id)
        codes |= {town.code for town in queries.chosen_for(power_list, place, clock.today())}
    wanted = (
        select(Organisation)
        .join(Organisation.place)
        .where(
            Place.code.in_(codes),
            Place.kind == PlaceKind.TOWN,
            Place.ended_on.is_(None),
            Organisation.kind == OrganisationKind.GOVERNMENT,
        )
        .order_by(Organisation.id)
    )
    return list(db.session.scalars(wanted))


def tell_duty_holders(revision: Revision) -> Iterator[Told]:
    """Receivers and enforcement known from duties for the matters that a list's revision changes.

    Regulators are told more exactly (overseeing.tell_regulators).
    """
    if revision.subject is not Subject.LIST:
        return
    power_list = db.session.get_one(PowerList, revision.subject_id)
    holders: dict[int, set[int]] = {}
    rows = db.session.execute(
        select(Duty.organisation_id, Duty.matter_id).where(
            Duty.matter_id.in_(lists.touched_matters(revision)), Duty.role.not_in(REGULATORS)
        )
    )
    for body_id, matter_id in rows:
        holders.setdefault(body_id, set()).add(matter_id)
    for body in db.session.scalars(select(Organisation).where(Organisation.id.in_(holders))):
        yield told_of(power_list, revision, body, len(holders[body.id]))


def _unexplained(place: Place) -> list[Choice]:
    """Choices of a mode that the list, as it was last published, does not explain: nobody could be told where to go."""
    known: dict[int, dict[str, Any] | None] = {}
    found = []
    for choice in queries.choices_of(place):
        if choice.list_id not in known:
            revision = newest(Subject.LIST, choice.list_id)
            known[choice.list_id] = revision.content["frame"]["profile"] if revision else None
        profile = known[choice.list_id]
        if profile is not None and choice.mode.value not in profile:
            found.append(choice)
    return found


def _entrusted_again(place: Place) -> list[Choice]:
    """Choices of entrustment for what the place itself holds by entrustment only (D-8, AL 24)."""
    chosen = [each for each in queries.choices_of(place) if each.mode is Mode.ENTRUSTED]
    held = lists.held_names(place.id, clock.today()) if chosen else frozenset()
    return [each for each in chosen if fold_name(each.matter.name) in held]


def _wrongly_entrusted(place: Place) -> list[Duty]:
    """Receivers that are no administrative organs, of matters that were chosen to be taken by entrustment (D-8).

    Those of the place and those of its towns: of two statements that only together say so, the later is stopped.
    """
    wanted = (
        select(Duty)
        .join(Duty.organisation)
        .where(
            Duty.place_id.in_(places.subtree([place.id])),
            Duty.role == DutyRole.RECEIVER,
            Organisation.kind.not_in(ADMINISTRATIVE),
        )
        .options(joinedload(Duty.place), joinedload(Duty.matter), joinedload(Duty.organisation))
        .order_by(Duty.matter_id, Duty.id)
    )
    duties = list(db.session.scalars(wanted))
    chosen = _chosen({duty.matter_id for duty in duties}) if duties else {}
    return [duty for duty in duties if _held_by_entrustment(duty, chosen)]


def _chosen(matter_ids: Iterable[int]) -> dict[tuple[PowerList, int, int], Mode]:
    """What was chosen for matters anywhere, by list, matter and place."""
    wanted = select(Choice).where(Choice.matter_id.in_(matter_ids)).options(joinedload(Choice.power_list))
    return {
        (each.power_list, each.matter_id, each.place_id): each.mode for each in db.session.scalars(wanted)
    }


def _held_by_entrustment(duty: Duty, chosen: Mapping[tuple[PowerList, int, int], Mode]) -> bool:
    """Whether the choice that holds for a duty is entrustment in any list: its place's own, else the one for all."""
    for power_list in {each for each, matter_id, _place_id in chosen if matter_id == duty.matter_id}:
        above = queries.chooser(power_list, duty.place)
        own = chosen.get((power_list, duty.matter_id, duty.place_id))
        if (own or chosen.get((power_list, duty.matter_id, above.id))) is Mode.ENTRUSTED:
            return True
    return False


def _place(place_id: int) -> Place:
    return db.session.get_one(Place, place_id)


def _key(part: str, item: dict[str, Any]) -> tuple[Any, ...]:
    if part == "duties":
        return (item["matter_id"], item["role"], item["organisation_id"])
    if part == "points":
        return (item["name"],)
    return (item["list_id"], item["matter_id"], item.get("town_code", ""))


def _count(entries: list[dict[str, Any]], change: str) -> int:
    return sum(1 for entry in entries if entry["change"] == change)
