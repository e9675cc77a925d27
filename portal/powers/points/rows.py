"""Service points as rows of a table: a place hands in many at once (G-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.rules import Column, folded
from portal.foundation.organisations import queries as organisations
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.powers.points import service
from portal.powers.points.models import PointKind, ServicePoint

KINDS = {
    PointKind.CENTRE: "政务服务中心",
    PointKind.STATION: "审批服务所",
    PointKind.TOWN_HALL: "镇街便民服务中心",
    PointKind.VILLAGE: "村居便民服务站",
    PointKind.KIOSK: "自助机",
    PointKind.BANK: "银行网点",
    PointKind.COUNTER: "窗口",
}
"""What the kinds are called in files."""

COLUMNS = (
    Column("place", ("地方", "所属地方", "Place"), needed=True),
    Column("name", ("名称", "办事点名称", "办事点", "Name"), needed=True),
    Column("kind", ("种类", "类型", "Kind")),
    Column("organisation", ("管理单位", "Managed by")),
    Column("address", ("地址", "Address")),
    Column("hours", ("办公时间", "Office hours")),
    Column("phone", ("电话", "联系电话", "Phone")),
)


def _place(text: str, by: Account) -> Place:
    """The place of that name or code where the person may enter service points; another's is as none (R-3)."""
    own = places_of(by, Right.EDIT_PLACE)
    wanted = select(Place).where(or_(Place.name == text, Place.code == text), Place.ended_on.is_(None))
    found: Sequence[Place] = db.session.scalars(
        wanted if own is None else wanted.where(Place.id.in_(own))
    ).all()
    if not text or not found:
        raise Refused("没有“%(place)s”这个地方，或者不归您填。请写全称或者代码。", place=text)
    if len(found) > 1:
        raise Refused("叫“%(place)s”的地方不止一个，请改写代码。", place=text)
    return found[0]


def find(values: Mapping[str, str], by: Account) -> ServicePoint | None:
    """The point of that name at that place."""
    place = _place(values["place"], by)
    wanted = select(ServicePoint).where(
        ServicePoint.place_id == place.id, ServicePoint.name == values["name"]
    )
    found = db.session.scalars(wanted.order_by(ServicePoint.id).limit(2)).all()
    if len(found) > 1:
        raise Refused(
            "这里叫“%(name)s”的办事点不止一个，请先在“办事点”里改成不同的名称。", name=values["name"]
        )
    return found[0] if found else None


def text(point: ServicePoint) -> dict[str, str]:
    """The point as a row says it. The place by its code, which names one alone, where it has any."""
    return {
        "place": point.place.code or point.place.name,
        "name": point.name,
        "kind": KINDS[point.kind],
        "organisation": point.organisation.name if point.organisation else "",
        "address": point.address,
        "hours": point.hours,
        "phone": point.phone,
    }


def save(point: ServicePoint | None, values: Mapping[str, str], by: Account) -> ServicePoint:
    """Enter the point or change it; what the file has no column for stays as it is. Refused as `service.save` is."""
    place = _place(values["place"], by)
    stands = text(point) if point is not None else {}
    said = {column.name: values.get(column.name, stands.get(column.name, "")) for column in COLUMNS}
    # A body that stands there already stays, also when it has ended since.
    body = (
        point.organisation if point is not None and said["organisation"] == stands["organisation"] else None
    )
    if said["organisation"] and body is None:
        body = organisations.named(place, said["organisation"])
    if said["organisation"] and body is None:
        raise Refused("%(place)s没有登记“%(name)s”。", place=place.name, name=said["organisation"])
    return service.save(
        point,
        place=place,
        kind=_kind(said["kind"] or stands.get("kind", "")),
        name=said["name"],
        address=said["address"],
        hours=said["hours"],
        phone=said["phone"],
        organisation=body,
        by=by,
    )


def _kind(said: str) -> PointKind:
    if not said:
        return PointKind.CENTRE
    words = {folded(word): kind for kind, word in KINDS.items()} | {each.value: each for each in PointKind}
    kind = words.get(folded(said))
    if kind is None:
        raise Refused("没有“%(kind)s”这一种。请写：%(kinds)s。", kind=said, kinds="、".join(KINDS.values()))
    return kind


def every(by: Account) -> Sequence[ServicePoint]:
    """The points of the places where the person may enter them."""
    own = places_of(by, Right.EDIT_PLACE)
    wanted = select(ServicePoint).options(
        joinedload(ServicePoint.place), joinedload(ServicePoint.organisation)
    )
    if own is not None:
        wanted = wanted.where(ServicePoint.place_id.in_(own))
    return db.session.scalars(wanted.order_by(ServicePoint.place_id, ServicePoint.id)).all()


POINTS = RowKind(
    name="points",
    label=mark("办事点"),
    right=Right.EDIT_PLACE,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    title=lambda values: values.get("name", ""),
    every=every,
)
