"""A city with two units, people, and a calendar that was announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import service
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.registry import DeadlineKind
from portal.foundation.deadlines.rules import Terms
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from tests.fixtures.passwords import enter, quick_passwords
from tests.fixtures.people import somebody

__all__ = ["enter", "quick_passwords"]

KIND = DeadlineKind("test", "测试")
MONDAY = date(2026, 3, 2)
"""The day on which the clock of `frozen` stands."""


@dataclass
class World:
    """Places, bodies and people; `owe` opens a deadline from today."""

    city: Place
    weishan: Place
    office: Organisation
    commerce: Organisation
    bureau: Organisation
    editor: Account
    approver: Account
    officer: Account
    stranger: Account

    def owe(self, number: int = 1, terms: Terms | None = None, **said: Any) -> Deadline:
        """What the city's bureau of commerce owes about record `number`: five working days, unless told otherwise."""
        given = {
            "subject": ("test", number),
            "owed_by": self.commerce,
            "title": f"第 {number} 件",
            "begin": MONDAY,
            "by": self.editor,
            **said,
        }
        return service.open(KIND, terms=terms or Terms.working(5), **given)


@pytest.fixture
def world(session: Session, frozen: object) -> World:
    city = Place(code="370800", name="济宁市", kind=PlaceKind.CITY)
    weishan = Place(code="370826", name="微山县", kind=PlaceKind.COUNTY, parent=city)
    yutai = Place(code="370827", name="鱼台县", kind=PlaceKind.COUNTY, parent=city)
    office = Organisation(name="市政府办公室", place=city, kind=OrganisationKind.GOVERNMENT_OFFICE)
    commerce = Organisation(name="市商务局", place=city)
    bureau = Organisation(name="微山县行政审批服务局", place=weishan, kind=OrganisationKind.APPROVAL_BUREAU)
    people = [
        somebody(role, login=login, name=login, organisation=body, place=place)
        for login, role, body, place in (
            ("editor", Role.EDITOR, office, city),
            ("approver", Role.APPROVER, office, city),
            ("officer", Role.COUNTY_OFFICER, None, weishan),
            ("stranger", Role.COUNTY_OFFICER, None, yutai),
        )
    ]
    session.add_all([yutai, office, commerce, bureau, *people])
    session.flush()
    return World(city, weishan, office, commerce, bureau, *people)
