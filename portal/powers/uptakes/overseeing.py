"""Telling regulators what they now oversee, and the office what nobody does (J12).

A list's revision tells the regulators of both levels of the matters that it brings or changes; a place's statement
tells those whom it newly names. Each is told exactly its own matters, with the places and from when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import aliased

from portal.db import db
from portal.foundation.notifications import texts
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.texts import Text
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.queries import of_place
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.registry import Told
from portal.foundation.publishing.rules import Subject
from portal.i18n import mark
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.lists import queries as lists
from portal.powers.lists.models import Answer, PowerList, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.lists.telling import revision_address

REGULATORS = (DutyRole.REGULATOR_CITY, DutyRole.REGULATOR_PLACE)
MOST = 200
"""So many matters without a regulator are named to the office; of more it is said how many there are."""

_EXAMPLE = {
    "list": "济宁市市级行政权力事项清单",
    "place": "微山县",
    "number": 2,
    "day": date(2021, 6, 15),
    "count": 2,
    "matters": "1. 企业投资项目备案：微山县、泗水县（2021-07-01）\n2. 房地产估价机构备案：微山县",
}
BY_LIST = Text(
    NoticeKind.PUBLICATION,
    mark("由贵单位监管的事项：《%(list)s》第%(number)s版"),
    mark(
        "《%(list)s》第%(number)s版已公布，自%(day)s起执行。其中由贵单位监管的有%(count)s项；地方后面写了日期的，"
        "从那一天起由当地办理：\n%(matters)s\n请核对；不属于贵单位监管的，请告诉清单的编辑人员。"
    ),
    _EXAMPLE,
)
BY_PLACE = Text(
    NoticeKind.PUBLICATION,
    mark("由贵单位监管的事项：%(place)s"),
    mark(
        "%(place)s第%(number)s版本地公布自%(day)s起执行，其中写明由贵单位监管的有%(count)s项：\n%(matters)s\n"
        "请核对；不属于贵单位监管的，请告诉%(place)s。"
    ),
    _EXAMPLE,
)
NOBODY = Text(
    NoticeKind.PUBLICATION,
    mark("还没有监管单位的事项：《%(list)s》第%(number)s版"),
    mark(
        "《%(list)s》第%(number)s版已公布，自%(day)s起执行。有%(count)s项还没有写明当地的监管单位，"
        "括号里是缺少的地方数：\n%(matters)s\n请各地补充职责。"
    ),
    _EXAMPLE | {"matters": "1. 企业投资项目备案（3）\n2. 房地产估价机构备案（14）"},
)
texts.register(BY_LIST, BY_PLACE, NOBODY)


@dataclass
class Overseen:
    """One matter that a regulator oversees: its number and name, the places, some with the day it begins there."""

    number: int
    name: str
    places: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """As the notice says it. Days are ISO dates: the line stands in notices of both languages."""
        return f"{self.number}. {self.name}：{'、'.join(self.places)}"


def tell_regulators(revision: Revision) -> Iterator[Told]:
    """What a publication means for regulators, and for the office where nobody regulates."""
    if revision.subject is Subject.LIST:
        power_list = db.session.get_one(PowerList, revision.subject_id)
        yield from _by_list(power_list, revision)
        yield from _nobody(power_list, revision)
    elif revision.subject is Subject.UPTAKE:
        yield from _by_place(revision)


def _by_list(power_list: PowerList, revision: Revision) -> Iterator[Told]:
    overseen: dict[int, dict[int, Overseen]] = {}
    for row in db.session.execute(_regulated(revision)):
        own = overseen.setdefault(row.organisation_id, {})
        matter = own.setdefault(row.matter_id, Overseen(row.seq, row.name))
        place = _from(row, revision.effective_on)
        if place not in matter.places:
            matter.places.append(place)
    for body in _bodies(overseen):
        own = overseen[body.id]
        yield _told(
            body,
            BY_LIST,
            "oversees",
            revision_address(power_list, revision),
            {"list": power_list.title, **_values(revision, [each.line for each in own.values()])},
        )


def _regulated(revision: Revision) -> Any:
    """Rows of the revision that are touched and handed down, with their regulators, in the list's order."""
    receiver = aliased(Duty)
    shown = (
        Duty.organisation_id,
        PublishedMatter.matter_id,
        PublishedMatter.seq,
        PublishedMatter.name,
        Place.name.label("place"),
    )
    answered = and_(Answer.published_matter_id == PublishedMatter.id, Answer.place_id == Duty.place_id)
    received = and_(
        receiver.place_id == Duty.place_id,
        receiver.matter_id == Duty.matter_id,
        receiver.role == DutyRole.RECEIVER,
    )
    return (
        select(*shown, func.min(receiver.from_on).label("from_on"))
        .join(PublishedMatter, PublishedMatter.matter_id == Duty.matter_id)
        .join(Answer, answered)
        .join(Place, Place.id == Duty.place_id)
        .outerjoin(receiver, received)
        .where(
            PublishedMatter.revision_id == revision.id,
            PublishedMatter.matter_id.in_(lists.touched_matters(revision)),
            Duty.role.in_(REGULATORS),
            Answer.mode != Mode.UNDELEGATED,
        )
        .group_by(*shown[:-1], PublishedMatter.position, Place.id, Place.name)
        .order_by(PublishedMatter.position, Place.id)
    )


def _from(row: Row[Any], effective_on: date) -> str:
    """The place, with the day on which its receiver begins where that is later than the revision's."""
    later = row.from_on is not None and row.from_on > effective_on
    return f"{row.place}（{row.from_on.isoformat()}）" if later else str(row.place)


def _nobody(power_list: PowerList, revision: Revision) -> Iterator[Told]:
    office = next(iter(of_place(power_list.place, OrganisationKind.GOVERNMENT_OFFICE)), None)
    if office is None:
        return
    named = (
        select(Duty.id)
        .where(
            Duty.place_id == Answer.place_id,
            Duty.matter_id == PublishedMatter.matter_id,
            Duty.role == DutyRole.REGULATOR_PLACE,
        )
        .exists()
    )
    lacking = (
        select(PublishedMatter.seq, PublishedMatter.name, func.count(Answer.place_id).label("places"))
        .join(Answer, Answer.published_matter_id == PublishedMatter.id)
        .where(
            PublishedMatter.revision_id == revision.id,
            PublishedMatter.matter_id.in_(lists.touched_matters(revision)),
            Answer.mode != Mode.UNDELEGATED,
            ~named,
        )
        .group_by(PublishedMatter.id, PublishedMatter.seq, PublishedMatter.name, PublishedMatter.position)
        .order_by(PublishedMatter.position)
    )
    lines = [f"{row.seq}. {row.name}（{row.places}）" for row in db.session.execute(lacking)]
    if lines:
        values = _values(revision, lines)
        values["matters"] = "\n".join([*lines[:MOST], *(["……"] if len(lines) > MOST else [])])
        address = revision_address(power_list, revision)
        yield _told(office, NOBODY, "unregulated", address, {"list": power_list.title, **values})


def _by_place(revision: Revision) -> Iterator[Told]:
    """A statement's new or changed regulators, as it words them."""
    own: dict[int, dict[int, str]] = {}
    for entry in revision.difference.get("entries", ()):
        duty = entry.get("is") if entry["part"] == "duties" else None
        if duty and duty["role"] in REGULATORS:
            own.setdefault(duty["organisation_id"], {})[duty["matter_id"]] = duty["matter"]
    place = revision.content["place"]
    for body in _bodies(own):
        lines = [f"{number}. {name}" for number, name in enumerate(own[body.id].values(), 1)]
        values = {"place": place["name"], **_values(revision, lines)}
        yield _told(body, BY_PLACE, "oversees", f"/places/{place['code']}", values)


def _values(revision: Revision, lines: list[str]) -> dict[str, Any]:
    return {
        "number": revision.number,
        "day": revision.effective_on,
        "count": len(lines),
        "matters": "\n".join(lines),
    }


def _told(body: Organisation, said: Text, topic: str, address: str, values: Mapping[str, Any]) -> Told:
    return Told(body, said.title, said.body, address=address, values=values, topic=topic)


def _bodies(ids: Iterable[int]) -> Iterable[Organisation]:
    return db.session.scalars(
        select(Organisation).where(Organisation.id.in_(list(ids))).order_by(Organisation.id)
    )
