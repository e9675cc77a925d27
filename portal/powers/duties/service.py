"""Verbs on duties: by hand, for many at once, from a list's note (Y-2, D-8, D-9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.organisations import queries as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import ADMINISTRATIVE
from portal.foundation.places.models import Place
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.lists.models import Delegation, PowerList
from portal.powers.lists.rules import Mode
from portal.powers.lists.scopes import mode_at
from portal.powers.matters.models import Matter

NOT_HERE = mark("“%(name)s”不是%(place)s的单位，不能在这里担任这个角色。")
MISFITS = {
    DutyRole.REGULATOR_CITY: mark("“%(name)s”不是%(place)s上级的单位；上级监管单位要从%(place)s的上级里选。"),
    DutyRole.ENFORCEMENT: mark(
        "“%(name)s”既不是%(place)s的单位，也不是它上级的单位，不能在这里担任这个角色。"
    ),
}
NO_ORGAN = mark(
    "“%(matter)s”是委托办理的，按《行政许可法》第二十四条只能由行政机关承接，“%(name)s”不是行政机关。"
)


def set_duty(
    place: Place,
    matter: Matter,
    role: DutyRole,
    organisation: Organisation,
    *,
    by: Account,
    from_on: date | None = None,
    basis: str = "",
    origin: str = "hand",
) -> Duty:
    """Name a body for a role at a place; saying it again changes day and basis.

    There is one receiver for a matter at a place: a new one takes the other's stead. The receiver and the
    place's regulator are bodies of that place (an entrusted power is not passed on, D-8); the city's
    regulator is a body above it.
    """
    require(by, Right.EDIT_DUTIES, place.id, matter.organisation)
    bound(Subject.UPTAKE, place.id)
    _fitting(place, role, organisation)
    if role is DutyRole.RECEIVER:
        _may_receive(place, matter, organisation)
    wanted = select(Duty).where(Duty.place_id == place.id, Duty.matter_id == matter.id, Duty.role == role)
    present = list(db.session.scalars(wanted))
    duty = next((each for each in present if each.organisation_id == organisation.id), None)
    if role is DutyRole.RECEIVER:
        for other in present:
            if other is not duty:
                db.session.delete(other)
    if duty is None:
        duty = Duty(place=place, matter=matter, role=role, organisation=organisation)
        db.session.add(duty)
    duty.from_on, duty.basis, duty.origin = from_on, basis.strip(), origin
    db.session.flush()
    return duty


def set_many(
    power_list: PowerList,
    place: Place,
    role: DutyRole,
    organisation: Organisation,
    *,
    by: Account,
    department: Organisation | None = None,
    from_on: date | None = None,
    basis: str = "",
    only_missing: bool = True,
) -> int:
    """One rule for many: all matters of a list (or of one of its departments) at a place; gives how many changed.

    With `only_missing` what somebody already entered stays.
    """
    require(by, Right.EDIT_DUTIES, place.id, department)
    filled = set(
        db.session.scalars(select(Duty.matter_id).where(Duty.place_id == place.id, Duty.role == role))
    )
    count = 0
    for matter in _matters(power_list, department):
        if only_missing and matter.id in filled:
            continue
        set_duty(place, matter, role, organisation, by=by, from_on=from_on, basis=basis, origin="rule")
        count += 1
    return count


def take_from_note(power_list: PowerList, receivers: Iterable[str], basis: str, *, by: Account) -> int:
    """Receivers that a list's note names (承接单位分别为…): each at the place it belongs to; gives how many duties.

    A name is a body of one of the list's places, or a place whose own government is meant. Refused for a
    name that is neither.
    """
    count = 0
    for name in receivers:
        place, body = _named_receiver(power_list, name)
        for matter in _matters(power_list, None):
            set_duty(place, matter, DutyRole.RECEIVER, body, by=by, basis=basis, origin="note")
            count += 1
    return count


def remove(duty: Duty, *, by: Account) -> None:
    """Take a duty back."""
    require(by, Right.EDIT_DUTIES, duty.place_id, duty.matter.organisation)
    bound(Subject.UPTAKE, duty.place_id)
    db.session.delete(duty)
    db.session.flush()


def _fitting(place: Place, role: DutyRole, organisation: Organisation) -> None:
    above = set()
    higher = place.parent
    while higher is not None:
        above.add(higher.id)
        higher = higher.parent
    if role is DutyRole.REGULATOR_CITY:
        fits = organisation.place_id in above
    elif role is DutyRole.ENFORCEMENT:
        fits = organisation.place_id in above | {place.id}
    else:
        fits = organisation.place_id == place.id
    if not fits:
        raise Refused(MISFITS.get(role, NOT_HERE), name=organisation.name, place=place.name)


def _may_receive(place: Place, matter: Matter, organisation: Organisation) -> None:
    """Only an administrative organ takes over a power that a list of today entrusts (D-8, AL 24)."""
    entrusted = (
        select(Delegation)
        .join(Delegation.power_list)
        .where(Delegation.matter_id == matter.id, PowerList.earlier_of_id.is_(None))
    )
    held = any(mode_at(delegation, place) is Mode.ENTRUSTED for delegation in db.session.scalars(entrusted))
    if held and organisation.kind not in ADMINISTRATIVE:
        raise Refused(
            NO_ORGAN,
            matter=matter.name,
            name=organisation.name,
        )


def _matters(power_list: PowerList, department: Organisation | None) -> Iterable[Matter]:
    wanted = (
        select(Matter)
        .join(Delegation, Delegation.matter_id == Matter.id)
        .where(Delegation.list_id == power_list.id)
        .order_by(Delegation.position)
    )
    if department is not None:
        wanted = wanted.where(Matter.organisation_id == department.id)
    return db.session.scalars(wanted).all()


def _named_receiver(power_list: PowerList, name: str) -> tuple[Place, Organisation]:
    for place in power_list.scope.members:
        body = organisations.named(place, name)
        if body is not None:
            return place, body
    raise Refused("注里写的承接单位“%(name)s”还没有登记，请先在“机构”里登记。", name=name)
