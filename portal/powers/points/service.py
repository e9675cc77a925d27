"""Verbs on service points (G-5)."""

from __future__ import annotations

import re

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound
from portal.foundation.rights.rules import Right
from portal.powers.points.models import PointKind, ServicePoint

PHONE = re.compile(r"[0-9+()（）\-—－ 、，,转]{5,64}")


def save(
    point: ServicePoint | None,
    *,
    place: Place,
    kind: PointKind,
    name: str,
    address: str,
    hours: str,
    phone: str,
    organisation: Organisation | None,
    by: Account,
) -> ServicePoint:
    """Enter a service point, or change one. A name is needed; address, hours and phone may come later.

    Refused for a phone number that has letters in it, and for a body of another place.
    """
    require(by, Right.EDIT_PLACE, place.id)
    if point is not None and point.place_id != place.id:
        require(by, Right.EDIT_PLACE, point.place_id)
        bound(Subject.UPTAKE, point.place_id)
    bound(Subject.UPTAKE, place.id)
    if not name.strip():
        raise Refused("请填写办事点的名称，例如“微山县为民服务中心”。")
    for said, most in ((name, 128), (address, 255), (hours, 1000)):
        if len(said.strip()) > most:
            raise Refused("“%(said)s…”太长，最多 %(most)s 个字。", said=said.strip()[:20], most=most)
    if phone.strip() and not PHONE.fullmatch(phone.strip()):
        raise Refused("电话“%(phone)s”看起来不对，请只填号码，多个号码用顿号隔开。", phone=phone.strip())
    if organisation is not None and organisation.place_id != place.id:
        raise Refused("“%(name)s”不是%(place)s的单位。", name=organisation.name, place=place.name)
    if point is None:
        point = ServicePoint(place=place)
        db.session.add(point)
    point.place, point.kind, point.organisation = place, kind, organisation
    point.name, point.address = name.strip(), address.strip()
    point.hours, point.phone = hours.strip(), phone.strip()
    db.session.flush()
    return point


def remove(point: ServicePoint, *, by: Account) -> None:
    """Take a service point out; what was published keeps it until the next publication."""
    require(by, Right.EDIT_PLACE, point.place_id)
    bound(Subject.UPTAKE, point.place_id)
    db.session.delete(point)
    db.session.flush()
