"""A county with everything that can hang on a place, and another that it may go into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account, Post
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places import service as places
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.reorganisations.service import Decision
from portal.foundation.rights.rules import Role
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.lists.models import Delegation
from portal.powers.points.models import ServicePoint
from tests.fixtures import worlds
from tests.lists.making import City, account, make_city, make_list, row, take_over


@dataclass
class World:
    """`xin` (莘县) goes, `guan` (茌平区) and `lin` (临清市) stay; both have a bureau of the same name."""

    city: City
    xin: Place
    guan: Place
    lin: Place
    bureau: Organisation
    namesake: Organisation
    police: Organisation
    town: Place
    officer: Account
    duty: Duty
    point: ServicePoint

    @property
    def editor(self) -> Account:
        return self.city.editor

    @property
    def today(self) -> date:
        return clock.today()

    def decided(self, **said: object) -> Decision:
        given = {"on": self.today, "reason": "区划调整", "basis": "国函〔2026〕1号", **said}
        return Decision(**given)  # type: ignore[arg-type]


@pytest.fixture
@worlds.kept
def world(session: Session) -> World:
    city = make_city()
    xin, guan, lin = (city.county(name) for name in ("莘县", "茌平区", "临清市"))
    bureau = organisations.add(xin, "行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)
    namesake = organisations.add(guan, "行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)
    police = organisations.add(xin, "莘县公安局", by=None)
    town = places.add(xin, "朝城镇", PlaceKind.TOWN, by=None)
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "甲"), row(2, "乙")])
    officer = account(Role.COUNTY_OFFICER, xin)
    officer.posts[0].organisation = bureau
    officer.posts[0].since = clock.today() - timedelta(days=400)
    matter_id = session.query(Delegation).order_by(Delegation.id).first().matter_id
    duty = Duty(place_id=xin.id, matter_id=matter_id, role=DutyRole.RECEIVER, organisation_id=bureau.id)
    point = ServicePoint(place_id=xin.id, organisation_id=police.id, name="公安大厅")
    session.add_all([duty, point])
    session.flush()
    return World(city, xin, guan, lin, bureau, namesake, police, town, officer, duty, point)


@pytest.fixture
def held(session: Session) -> Callable[[Account], list[tuple[int | None, int | None]]]:
    """`held(person)`: body and place of each post of today."""

    def posts(person: Account) -> list[tuple[int | None, int | None]]:
        db.session.flush()
        every = session.query(Post).filter_by(account_id=person.id).order_by(Post.id)
        return [
            (each.organisation_id, each.place_id)
            for each in every
            if each.until is None or each.until >= clock.today()
        ]

    return posts
