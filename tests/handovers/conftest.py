"""A city with its office, a county with its government and officer, and a list that asks for a plan in 30 days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.foundation.accounts.models import Account
from portal.foundation.deadlines.rules import Terms
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Role
from portal.powers.handovers import queries, service
from portal.powers.handovers.models import HandoverFiling, HandoverPlan, HandoverTerms
from portal.powers.handovers.rules import Begin
from portal.powers.lists.models import PowerList
from tests.fixtures import worlds
from tests.lists.making import City, account, exception, make_city, make_list, publish, row, take_over

PAPER = "承接方案"


@dataclass
class World:
    """Everybody concerned; `plan()` is the county's, `file()` hands a paper in for it."""

    city: City
    power_list: PowerList
    shen: Place
    office: Organisation
    government: Organisation
    officer: Account
    stranger: Account

    @property
    def editor(self) -> Account:
        return self.city.editor

    @property
    def approver(self) -> Account:
        return self.city.approver

    def publish(self) -> None:
        publish(self.city, self.power_list)

    def ask(self, terms: Terms | None = None, **said: Any) -> HandoverTerms:
        given = {"counts_from": Begin.PUBLISHED, "basis": "《通知》二", "by": self.editor, **said}
        return service.set_terms(self.power_list, PAPER, terms or Terms.calendar(30), **given)

    def plan(self, place: Place | None = None) -> HandoverPlan:
        terms = queries.terms_of(self.power_list.id)[0]
        return queries.plans_of(terms)[(place or self.shen).id]

    def file(self, content: bytes = b"plan", by: Account | None = None, **said: Any) -> HandoverFiling:
        return service.file(self.plan(), BytesIO(content), name="承接方案.pdf", by=by or self.officer, **said)


@pytest.fixture
@worlds.kept
def world(session: Session, frozen: object) -> World:
    city = make_city()
    shen = city.county("莘县")
    office = organisations.add(city.place, "市政府办公室", OrganisationKind.GOVERNMENT_OFFICE, by=None)
    government = organisations.add(shen, "莘县人民政府", OrganisationKind.GOVERNMENT, by=None)
    power_list = make_list(city)
    away = [exception("undelegated", places=["莘县"])]
    rows = [row(1, "甲"), row(2, "乙", department="市公安局"), row(3, "丙", exceptions=away)]
    take_over(city, power_list, rows)
    officer = account(Role.COUNTY_OFFICER, shen)
    officer.posts[0].organisation = government
    stranger = account(Role.COUNTY_OFFICER, city.county("临清市"))
    session.flush()
    return World(city, power_list, shen, office, government, officer, stranger)


@pytest.fixture
@worlds.kept
def owing(world: World) -> World:
    """The list asks for the plan and is public: the county has until 1 April 2026."""
    world.ask()
    world.publish()
    return world


Notices = Callable[[Organisation], list[str]]


@pytest.fixture
def told(session: Session) -> Notices:
    """`told(body)`: the titles of its notices about plans, the oldest first, filled in."""
    from portal.foundation.notifications.models import Notice
    from portal.foundation.notifications.rules import NoticeKind
    from portal.foundation.notifications.texts import said

    def titles(body: Organisation) -> list[str]:
        found = session.query(Notice).filter_by(organisation_id=body.id, kind=NoticeKind.HANDOVER)
        return [said(each, "zh_CN")[0] for each in found.order_by(Notice.id)]

    return titles
