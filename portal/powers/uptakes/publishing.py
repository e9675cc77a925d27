"""How a place's own statement is published: the same proposal, second person and revision as for lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, and_, select

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import ADMINISTRATIVE
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.queries import newest
from portal.foundation.publishing.registry import Difference, Told
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.foundation.runs.work import Work
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.lists import queries as lists
from portal.powers.lists.models import PowerList
from portal.powers.lists.publishing import notice_text, revision_address
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.uptakes import snapshot
from portal.powers.uptakes.models import Choice

PARTS = ("duties", "points", "choices")


class UptakePublishing:
    """What a place makes public of its receivers, service points and choices."""

    def title(self, subject_id: int) -> str:
        """The place's name and what it is about."""
        return f"{_place(subject_id).name}的承接单位、办事点和方式选择"

    def require(self, by: Account, subject_id: int) -> None:
        """Whoever may change the place's records."""
        require(by, Right.EDIT_PLACE, subject_id)

    def blockers(self, subject_id: int) -> list[str]:
        """An empty first statement says nothing to anybody; entrusting takes an administrative organ (D-8)."""
        said = snapshot.statement(_place(subject_id))
        if not any(said[part] for part in PARTS) and newest(Subject.UPTAKE, subject_id) is None:
            return [_("还没有填写承接单位、办事点或方式选择。")]
        return [
            _(
                "“%(matter)s”选了委托下放，承接单位“%(name)s”不是行政机关，不能受委托。",
                matter=matter,
                name=name,
            )
            for matter, name in db.session.execute(_wrongly_entrusted(subject_id))
        ]

    def document(self, subject_id: int) -> Iterator[bytes]:
        """The working copy as a document."""
        yield snapshot.render(snapshot.statement(_place(subject_id)))

    def difference(self, subject_id: int, base: Revision | None) -> Difference:
        """Entries {"change", "part", "was", "is"} by part, an item at a time."""
        said = snapshot.statement(_place(subject_id))
        before = base.content if base else {part: [] for part in PARTS}
        entries: list[dict[str, Any]] = []
        for part in PARTS:
            old = {_key(part, item): item for item in before[part]}
            for item in said[part]:
                was = old.pop(_key(part, item), None)
                if was is None:
                    entries.append({"change": "added", "part": part, "is": item})
                elif was != item:
                    entries.append({"change": "changed", "part": part, "was": was, "is": item})
            entries.extend({"change": "withdrawn", "part": part, "was": item} for item in old.values())
        return Difference(
            added=_count(entries, "added"),
            changed=_count(entries, "changed"),
            withdrawn=_count(entries, "withdrawn"),
            entries=entries,
        )

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
        """The bodies that the statement names, and those it names no longer."""
        name = revision.content["place"]["name"]
        named = {duty["organisation_id"] for duty in revision.content["duties"]}
        for entry in revision.difference.get("entries", ()):
            if entry["part"] == "duties":
                named.add(entry.get("is", entry.get("was"))["organisation_id"])
        for body in db.session.scalars(select(Organisation).where(Organisation.id.in_(named))):
            yield Told(
                body,
                title=f"{name}公布了承接单位和办事点",
                body=f"{revision.title}已公布第{revision.number}版，其中写到贵单位。请核对职责是否属实。",
                address=f"/places/{revision.content['place']['code']}",
            )

    def after(self, revision: Revision) -> None:
        """Nothing follows."""


def tell_duty_holders(revision: Revision) -> Iterator[Told]:
    """Receivers and regulators known from duties for the matters that a list's revision changes."""
    if revision.subject is not Subject.LIST:
        return
    power_list = db.session.get_one(PowerList, revision.subject_id)
    holders: dict[int, set[int]] = {}
    rows = db.session.execute(
        select(Duty.organisation_id, Duty.matter_id).where(
            Duty.matter_id.in_(lists.touched_matters(revision))
        )
    )
    for body_id, matter_id in rows:
        holders.setdefault(body_id, set()).add(matter_id)
    for body in db.session.scalars(select(Organisation).where(Organisation.id.in_(holders))):
        title, text = notice_text(power_list, revision, len(holders[body.id]))
        yield Told(body, title, text, address=revision_address(power_list, revision))


def _wrongly_entrusted(place_id: int) -> Select[str, str]:
    """Matters that the place chose to take by entrustment, with receivers that are no administrative organs."""
    return (
        select(Matter.name, Organisation.name)
        .join(Duty, Duty.matter_id == Matter.id)
        .join(Organisation, Organisation.id == Duty.organisation_id)
        .join(Choice, and_(Choice.matter_id == Matter.id, Choice.place_id == Duty.place_id))
        .where(
            Duty.place_id == place_id,
            Duty.role == DutyRole.RECEIVER,
            Choice.mode == Mode.ENTRUSTED,
            Organisation.kind.not_in(ADMINISTRATIVE),
        )
        .order_by(Matter.id)
    )


def _place(place_id: int) -> Place:
    return db.session.get_one(Place, place_id)


def _key(part: str, item: dict[str, Any]) -> tuple[Any, ...]:
    if part == "duties":
        return (item["matter_id"], item["role"], item["organisation_id"])
    return (item["name"],) if part == "points" else (item["list_id"], item["matter_id"])


def _count(entries: list[dict[str, Any]], change: str) -> int:
    return sum(1 for entry in entries if entry["change"] == change)
