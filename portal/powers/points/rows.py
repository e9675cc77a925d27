"""Service points as rows of a table: a place hands in many at once (G-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.errors import NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.naming import body_at, own_place, word_of
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.rules import Column
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
    Column("place", ("地方", "所属地方", "Place"), needed=True, place=True),
    Column("name", ("名称", "办事点名称", "办事点", "Name"), needed=True),
    Column("kind", ("种类", "类型", "Kind")),
    Column("organisation", ("管理单位", "Managed by")),
    Column("address", ("地址", "Address")),
    Column("hours", ("办公时间", "Office hours")),
    Column("phone", ("电话", "联系电话", "Phone")),
)


def find(values: Mapping[str, str], by: Account) -> ServicePoint | None:
    """The point of that name at that place."""
    place = own_place(values["place"], by, Right.EDIT_PLACE)
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
    place = own_place(values["place"], by, Right.EDIT_PLACE)
    stands = text(point) if point is not None else {}
    said = {column.name: values.get(column.name, stands.get(column.name, "")) for column in COLUMNS}
    # A body that stands there already stays, also when it has ended since.
    body = (
        point.organisation if point is not None and said["organisation"] == stands["organisation"] else None
    )
    if said["organisation"] and body is None:
        body = body_at([place], said["organisation"])
    return service.save(
        point,
        place=place,
        kind=word_of(said["kind"] or stands.get("kind") or KINDS[PointKind.CENTRE], KINDS),
        name=said["name"],
        address=said["address"],
        hours=said["hours"],
        phone=said["phone"],
        organisation=body,
        by=by,
    )


def every(by: Account) -> Sequence[ServicePoint]:
    """The points of the places where the person may enter them."""
    own = places_of(by, Right.EDIT_PLACE)
    wanted = select(ServicePoint).options(
        joinedload(ServicePoint.place), joinedload(ServicePoint.organisation)
    )
    # What a place that ended has left is nobody's to hand in again.
    wanted = wanted.where(ServicePoint.place.has(Place.ended_on.is_(None)))
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
    every=every,
)


def chosen(values: Mapping[str, str], by: Account) -> ServicePoint:
    """The point that was chosen on the list."""
    own, point = places_of(by, Right.EDIT_PLACE), db.session.get(ServicePoint, int(values["id"]))
    if point is None or (own is not None and point.place_id not in own):
        raise NotFound("这条记录已经没有了，或者不归您办。")
    return point


def _withdrawn(point: Any, _values: Mapping[str, str], by: Account) -> None:
    service.remove(point, by=by)


WITHDRAWING = RowKind(
    name="points-withdraw",
    label=mark("撤掉办事点"),
    right=Right.EDIT_PLACE,
    columns=COLUMNS,
    find=chosen,
    text=text,
    save=_withdrawn,
)
