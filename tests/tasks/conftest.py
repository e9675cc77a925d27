"""A document of a made-up city with an office, two departments, people, and tasks of every kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.foundation.accounts.models import Account
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.policies import service as policies
from portal.foundation.policies.models import Policy
from portal.foundation.policies.rules import ClauseText
from portal.foundation.rights.rules import Role
from portal.oversight.tasks import service
from portal.oversight.tasks.milestones import service as milestones
from portal.oversight.tasks.models import Task
from portal.oversight.tasks.rules import Dating
from tests.fixtures.passwords import enter, quick_passwords
from tests.fixtures.people import somebody

__all__ = ["enter", "quick_passwords"]

ISSUED = date(2026, 1, 5)


@dataclass
class World:
    """A city; `task` enters a task led by the bureau of commerce, with milestones due on these days."""

    policy: Policy
    office: Organisation
    commerce: Organisation
    housing: Organisation
    editor: Account
    approver: Account
    clerk: Account
    stranger: Account
    count: int = field(default=0)

    def task(
        self,
        *due: date,
        leads: list[Organisation] | None = None,
        partners: list[Organisation] | None = None,
        dating: Dating | None = None,
    ) -> Task:
        self.count += 1
        draft = service.Draft(
            code=f"K{self.count}",
            title=f"第 {self.count} 项任务",
            dating=dating or (Dating.FIXED if due else Dating.UNSTATED),
            begins_on=ISSUED,
            office=self.office,
            clause=self.policy.clauses[0],
            responsible="市商务局牵头，各县（市、区）。",
            leads=[self.commerce] if leads is None else leads,
            partners=partners or [],
        )
        task = service.add(self.policy, draft, by=self.editor)
        for number, day in enumerate(due, 1):
            milestones.add_milestone(
                task, text=f"做成第 {number} 件", on=day, printed=f"{day.month}月底前", by=self.editor
            )
        return task


@pytest.fixture
def world(session: Session, frozen: object) -> World:
    city = Place(code="371500", name="聊城市", kind=PlaceKind.CITY)
    office = Organisation(name="市政府办公室", place=city, kind=OrganisationKind.GOVERNMENT_OFFICE)
    commerce = Organisation(name="市商务局", place=city)
    housing = Organisation(name="市住建局", place=city)
    people = [
        somebody(role, login=login, name=login, organisation=body, place=city)
        for login, role, body in (
            ("editor", Role.EDITOR, office),
            ("approver", Role.APPROVER, office),
            ("clerk", Role.COUNTY_OFFICER, commerce),
            ("stranger", Role.COUNTY_OFFICER, housing),
        )
    ]
    session.add_all([city, office, commerce, housing, *people])
    session.flush()
    policy = policies.add(
        city,
        by=None,
        number="聊政字〔2026〕1号",
        title="关于深化改革的意见",
        issuer="聊城市人民政府",
        issued_on=ISSUED,
        clauses=[ClauseText("1", "第1条", "1．简化流程。各部门照办。")],
    )
    return World(policy, office, commerce, housing, *people)
