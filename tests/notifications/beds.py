"""Units, people and channels for tests of notices."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import select

from portal.config import Outbound
from portal.db import db
from portal.foundation.notifications import service
from portal.foundation.notifications.models import Delivery
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from tests.fixtures.people import somebody

LOOPBACK = Outbound(allow=("127.0.0.0/8",), loopback=True)


def organisation(name="微山县行政审批服务局", email="wsx@example.cn"):
    place = db.session.scalars(select(Place).where(Place.code == "370826")).first()
    place = place or Place(code="370826", name="微山县", kind=PlaceKind.COUNTY)
    made = Organisation(name=name, place=place, email=email)
    db.session.add(made)
    db.session.flush()
    return made


def account(role, body=None, login=""):
    made = somebody(role, login=login or f"{role}{body.id if body else ''}", organisation=body)
    db.session.add(made)
    db.session.flush()
    return made


def tell(body, key="k", title="清单已公布", text="请看。", **more):
    return service.notify(body, key=key, title=title, body=text, **{"kind": NoticeKind.PUBLICATION, **more})


def deliveries():
    db.session.flush()
    db.session.expire_all()
    return db.session.scalars(select(Delivery).order_by(Delivery.id)).all()


@contextmanager
def settings(app, **changes):
    """The application with some of its settings changed for a while; by default it may speak to this machine."""
    before = app.config["REMIT"]
    app.config["REMIT"] = replace(before, **{"outbound": LOOPBACK, **changes})
    try:
        yield
    finally:
        app.config["REMIT"] = before
