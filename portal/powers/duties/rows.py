"""Duties as rows of a table, and acts on many of them: who takes over, regulates, enforces (Y-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.db import db
from portal.errors import NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.naming import body_at, day_of, fitting, place_among, word_of
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.remembering import once
from portal.foundation.imports.rows.rules import Column
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import fold
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.i18n import mark
from portal.powers.duties import service
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.lists.models import PublishedMatter
from portal.powers.matters.models import Matter

ROLES = {
    DutyRole.RECEIVER: "承接单位",
    DutyRole.REGULATOR_CITY: "市级监管",
    DutyRole.REGULATOR_PLACE: "本地监管",
    DutyRole.ENFORCEMENT: "执法",
}
"""What the roles are called in files."""

COLUMNS = (
    Column("place", ("地方", "所属地方", "Place"), needed=True, place=True),
    Column("matter", ("事项", "事项名称", "Matter"), needed=True),
    Column("code", ("编码", "事项编码", "Code")),
    Column("department", ("部门", "市直部门", "Department")),
    Column("role", ("角色", "职责", "Role"), needed=True),
    Column("organisation", ("单位", "承接单位", "监管单位", "Body"), needed=True),
    Column("from_on", ("从哪一天起", "起始日期", "From")),
    Column("basis", ("依据", "Basis")),
)
LONGEST_BASIS = 255


def find(values: Mapping[str, str], by: Account) -> Duty | None:
    """The duty that a row means: the receiver of a matter at a place, whoever that is; else the body in its role."""
    role = word_of(values["role"], ROLES)
    strange = _from_outside(values, role, by)
    if strange is not None:
        return strange
    place, matter = _about(values, by)
    wanted = select(Duty).where(Duty.place_id == place.id, Duty.matter_id == matter.id, Duty.role == role)
    if role is not DutyRole.RECEIVER:
        # Whoever stands there is meant, also one of a place above with the name of one here, or that has ended since.
        named = [
            each
            for each in db.session.scalars(wanted)
            if fold(each.organisation.name) == fold(values["organisation"])
        ]
        if len(named) > 1:
            raise Refused(
                "这里有两个叫“%(name)s”的单位担任这个角色，请到“职责”里改。", name=values["organisation"]
            )
        if named:
            return named[0]
        wanted = wanted.where(Duty.organisation_id == _body(values["organisation"], place, role).id)
    return db.session.scalars(wanted.order_by(Duty.id).limit(1)).first()


def text(duty: Duty) -> dict[str, str]:
    """The duty as a row says it."""
    matter = duty.matter
    return {
        "place": duty.place.code,
        "matter": matter.name,
        "code": matter.code,
        "department": matter.organisation.name if matter.organisation else "",
        "role": ROLES[duty.role],
        "organisation": duty.organisation.name,
        "from_on": duty.from_on.isoformat() if duty.from_on else "",
        "basis": duty.basis,
    }


def save(duty: Duty | None, values: Mapping[str, str], by: Account) -> Duty:
    """Name the body, or say day and basis anew. Refused as `service.set_duty` is."""
    place, matter = (duty.place, duty.matter) if duty is not None else _about(values, by)
    role = word_of(values["role"], ROLES)
    stands = text(duty) if duty is not None else {}
    said = {column.name: values.get(column.name, stands.get(column.name, "")) for column in COLUMNS}
    same = duty is not None and fold(said["organisation"]) == fold(stands["organisation"])
    # A body that stands there already stays, also when it has ended since.
    body = duty.organisation if duty is not None and same else _body(said["organisation"], place, role)
    return service.set_duty(
        place,
        matter,
        role,
        body,
        by=by,
        from_on=day_of(said["from_on"]),
        basis=fitting(said["basis"], LONGEST_BASIS),
    )


def every(by: Account) -> Sequence[Duty]:
    """The duties that the person may set, by place and matter."""
    own = places_of(by, Right.EDIT_DUTIES)
    wanted = select(Duty).options(
        joinedload(Duty.place),
        joinedload(Duty.matter).joinedload(Matter.organisation),
        joinedload(Duty.organisation),
    )
    if own is not None:
        theirs = select(Matter.id).where(Matter.organisation_id.in_(by.unit_ids))
        wanted = wanted.where(or_(Duty.place_id.in_(own), Duty.matter_id.in_(theirs)))
    # What a place that ended has left is nobody's to hand in again.
    wanted = wanted.where(Duty.place.has(Place.ended_on.is_(None)))
    found = db.session.scalars(wanted.order_by(Duty.place_id, Duty.matter_id, Duty.role, Duty.id)).all()
    return [duty for duty in found if may(by, Right.EDIT_DUTIES, duty.place, duty.matter.organisation)]


def _about(values: Mapping[str, str], by: Account) -> tuple[Place, Matter]:
    """Where, and what; a matter whose duties there are another's is as none (R-3)."""
    said = tuple(values.get(name, "") for name in ("place", "matter", "code", "department"))
    return once(("about", by.id, *said), lambda: _looked_up(values, by))


def _looked_up(values: Mapping[str, str], by: Account) -> tuple[Place, Matter]:
    place = place_among(values["place"], None)
    found = [
        each for each in _called(values, place, by) if may(by, Right.EDIT_DUTIES, place, each.organisation)
    ]
    if not found:
        raise Refused("没有“%(matter)s”这个事项，或者不归您填。请写清单里的全称。", matter=values["matter"])
    if len(found) > 1:
        raise Refused("叫“%(matter)s”的事项不止一个，请写上编码或者部门。", matter=values["matter"])
    return place, found[0]


def _from_outside(values: Mapping[str, str], role: DutyRole, by: Account) -> Duty | None:
    """The duty a row means, where one stands in a matter that neither the place nor one above it issues.

    Such a duty was taken along with the others and comes back with them; no row makes one. None for any other row.
    """
    place = place_among(values["place"], None)
    code, department = values.get("code", ""), fold(values.get("department", ""))
    found = [
        duty
        for duty in once(("outside", place.id), lambda: _outside(place))
        if duty.role is role
        and duty.matter.name == values["matter"]
        and fold(duty.organisation.name) == fold(values["organisation"])
        and code in ("", duty.matter.code)
        and department in ("", fold(duty.matter.organisation.name) if duty.matter.organisation else "")
        and may(by, Right.EDIT_DUTIES, place, duty.matter.organisation)
    ]
    if len(found) > 1:
        raise Refused("叫“%(matter)s”的事项不止一个，请写上编码或者部门。", matter=values["matter"])
    return found[0] if found else None


def _outside(place: Place) -> Sequence[Duty]:
    """The duties at a place in matters of other lines than its own: left by what was merged, or entered by others."""
    wanted = (
        select(Duty)
        .join(Duty.matter)
        .where(Duty.place_id == place.id, Matter.place_id.not_in(_line(place)))
        .options(contains_eager(Duty.matter).joinedload(Matter.organisation), joinedload(Duty.organisation))
    )
    return db.session.scalars(wanted.order_by(Duty.id)).all()


def _line(place: Place) -> list[int]:
    """The ids of the place and of those above it, whose matters may have duties there."""
    return [place.id, *(each.id for each in _above(place))]


def _called(values: Mapping[str, str], place: Place, by: Account) -> Sequence[Matter]:
    """Matters of that name, code and department as far as these are said, that the person may know of (P-1).

    These are what is public, what its bodies or places issue, and what has duties at the place already.
    """
    # A place has duties in what its own government and those above it issue; another city's matter may be called alike.
    wanted = (
        select(Matter)
        .where(Matter.name == values["matter"], Matter.place_id.in_(_line(place)))
        .options(joinedload(Matter.organisation))
    )
    code, department = values.get("code", ""), fold(values.get("department", ""))
    if code:
        wanted = wanted.where(Matter.code == code)
    own = places_of(by)
    if own is not None:
        published = select(PublishedMatter.matter_id).join(PublishedMatter.revision)
        public = published.where(Revision.state == RevisionState.PUBLISHED)
        there = select(Duty.matter_id).where(Duty.place_id == place.id)
        wanted = wanted.where(
            or_(
                Matter.id.in_(public),
                Matter.place_id.in_(own),
                Matter.organisation_id.in_(by.unit_ids),
                Matter.id.in_(there),
            )
        )
    found = db.session.scalars(wanted.order_by(Matter.id)).all()
    return [
        each
        for each in found
        if not department or (each.organisation is not None and fold(each.organisation.name) == department)
    ]


def _above(place: Place) -> list[Place]:
    """The places that it lies in, the nearest first."""
    above: list[Place] = []
    while (higher := (above[-1] if above else place).parent) is not None:
        above.append(higher)
    return above


def _body(name: str, place: Place, role: DutyRole) -> Organisation:
    """The body in the role: of the place itself, or of one above where the role is the city's."""
    above = _above(place)
    if role is DutyRole.REGULATOR_CITY:
        return body_at(above or [place], name)
    return body_at([place, *above] if role is DutyRole.ENFORCEMENT else [place], name)


def chosen(values: Mapping[str, str], by: Account) -> Duty:
    """The duty that was chosen on the list."""
    duty = db.session.get(Duty, int(values["id"]))
    if duty is None or not may(by, Right.EDIT_DUTIES, duty.place, duty.matter.organisation):
        raise NotFound("这条记录已经没有了，或者不归您办。")
    return duty


def _dated(duty: Any, values: Mapping[str, str], by: Account) -> Duty:
    """The same body, from another day or on another basis; what the act leaves empty stays."""
    return service.set_duty(
        duty.place,
        duty.matter,
        duty.role,
        duty.organisation,
        by=by,
        from_on=day_of(values["day"]) or duty.from_on,
        basis=fitting(values["on_basis"] or duty.basis, LONGEST_BASIS),
    )


def _handed(duty: Any, values: Mapping[str, str], by: Account) -> Duty:
    """Another body in the stead of this one, with the same day and basis unless a day is said."""
    body = db.session.get(Organisation, int(values["body"]))
    if body is None or body.ended_on is not None:
        raise Refused("这个单位已经撤并，请另选一个。")
    place, matter, role, basis = duty.place, duty.matter, duty.role, duty.basis
    from_on = day_of(values["day"]) or duty.from_on
    if body is not duty.organisation:
        there = select(Duty.id).where(
            Duty.place_id == place.id,
            Duty.matter_id == matter.id,
            Duty.role == role,
            Duty.organisation_id == body.id,
        )
        if db.session.scalar(there) is not None:
            raise Refused("“%(name)s”在这里已经担任这个角色。请把这一条收回，或者单独改。", name=body.name)
        service.remove(duty, by=by)
    return service.set_duty(place, matter, role, body, by=by, from_on=from_on, basis=basis)


def _taken_back(duty: Any, _values: Mapping[str, str], by: Account) -> None:
    service.remove(duty, by=by)


DUTIES = RowKind(
    name="duties",
    label=mark("职责"),
    right=Right.EDIT_DUTIES,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    every=every,
)

ACTS = tuple(
    RowKind(name, label, Right.EDIT_DUTIES, COLUMNS, chosen, text, verb)
    for name, label, verb in (
        ("duties-date", mark("改日期和依据"), _dated),
        ("duties-hand", mark("换一个单位"), _handed),
        ("duties-remove", mark("收回职责"), _taken_back),
    )
)
