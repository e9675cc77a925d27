"""The first page after signing in: for each role what it may act on, and nothing of another city."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event, select

from admin.home.desk import FIRST
from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.rules import Terms
from portal.foundation.notifications.service import notify
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.publishing.models import Proposal
from portal.foundation.publishing.opinions.duty import OPINION
from portal.foundation.publishing.rules import ProposalState, Subject
from portal.foundation.rights.rules import Role
from tests.home.conftest import Office

MOST = 25
"""Questions that the page may ask, whatever there is."""
MANY = 30


def section(page: str, name: str) -> str:
    """One panel of the page, without its markup."""
    found = re.search(rf'<section[^>]*aria-labelledby="{name}".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split()) if found else ""


@pytest.mark.parametrize(
    ("role", "there", "missing"),
    [
        (Role.EDITOR, [], ["批准或退回", "承接方案", "评估"]),
        (Role.APPROVER, ["批准或退回", "清单 here", "还有"], ["承接方案"]),
        (Role.DEPARTMENT_OFFICER, ["评估", "市商务局"], ["市公安局", "批准", "承接方案"]),
        (Role.COUNTY_OFFICER, ["报送", "承接方案", "填写并公布", "莘县"], ["临清市", "评估", "批准"]),
        (Role.REGULATOR, ["没有等您办的事"], ["评估", "批准"]),
        (Role.AUDITOR, ["审计不用办事"], ["评估", "批准"]),
        (Role.ADMINISTRATOR, ["要处理"], ["评估", "批准"]),
    ],
)
def test_what_waits_is_what_the_role_may_act_on(office, role, there, missing):
    said = section(office.home(role), "waiting")
    assert [each for each in there if each not in said] == []
    assert [each for each in missing if each in said] == []


def test_what_one_has_put_forward_is_not_forgotten(office):
    """By the side that put it forward; whoever decides it finds it among what waits."""
    for role in Role:
        said = section(office.home(role), "sent")
        assert ("清单 here" in said, "there" in said) == (role is Role.EDITOR, False), role


@pytest.mark.parametrize("role", Role)
def test_nothing_of_another_city_waits(office, role):
    said = section(office.home(role), "waiting")
    assert "there" not in said
    assert "宁阳县" not in said


@pytest.mark.parametrize(
    ("role", "wishes", "not_these"),
    [
        (
            Role.EDITOR,
            ["要改清单里的一项", "要把改好的清单送审", "谁改、谁批的"],
            ["要批准公布", "谁改了什么"],
        ),
        (Role.APPROVER, ["要批准公布", "要马上停办"], ["要改清单里的一项"]),
        (
            Role.DEPARTMENT_OFFICER,
            ["要回复征求意见", "要订审管衔接备忘录", "谁监管"],
            ["要批准公布", "要登一份新清单"],
        ),
        (Role.COUNTY_OFFICER, ["要写明本地由谁承接", "要报承接方案"], ["要批准公布", "要登一份新清单"]),
        (Role.REGULATOR, ["要看谁还欠什么"], ["要回复征求意见"]),
        (Role.AUDITOR, ["要知道谁改了什么", "要看谁还欠什么"], ["要批准公布"]),
        (Role.ADMINISTRATOR, ["要知道谁改了什么", "要请一个人进来"], ["要批准公布", "要看谁还欠什么"]),
    ],
)
def test_nobody_stands_before_a_dead_end(office, role, wishes, not_these):
    page = office.home(role)
    said = section(page, "starts")
    assert [each for each in wishes if each not in said] == []
    assert [each for each in not_these if each in said] == []
    starts = page.split('class="starts"')[1].split("</ul>")[0]
    addresses = [each.replace("&amp;", "&") for each in re.findall(r'href="([^"]+)"', starts)]
    assert addresses
    for address in addresses:
        assert office.visitors[role].get(address).status_code == 200, address


@pytest.mark.parametrize("role", Role)
def test_everything_that_waits_leads_to_a_page_of_one_s_own(office, role):
    page = office.home(role)
    if 'class="items waiting"' not in page:
        return
    waiting = page.split('class="items waiting"')[1].split("</ul>")[0]
    for address in re.findall(r'href="([^"]+)"', waiting):
        assert office.visitors[role].get(address).status_code == 200, address


def test_what_was_made_public_is_told_to_whom_it_concerns(office):
    editor = office.home(Role.EDITOR)
    assert "清单 here" in section(editor, "published")
    assert "there" not in section(editor, "published") + section(editor, "changed")
    for role in (Role.DEPARTMENT_OFFICER, Role.COUNTY_OFFICER, Role.REGULATOR):
        said = section(office.home(role), "changed")
        assert "清单 here 第 1 版" in said
        assert "there" not in said
    assert "there" in section(office.home(Role.AUDITOR), "changed")


def _crowd(office: Office) -> None:
    """Many of everything that waits, all in the first city."""
    city = db.session.scalars(select(Place).where(Place.code == "371500")).one()
    body = db.session.scalars(select(Organisation).where(Organisation.name == "市商务局")).first()
    maker = db.session.scalars(select(Account).where(Account.login.like("editor-%"))).first()
    people = [db.session.get_one(Account, key) for key in office.people.values()]
    towns = [Place(name=f"第{n}镇", kind=PlaceKind.TOWN, parent=city, code="") for n in range(MANY)]
    for number, town in enumerate(towns):
        town.code = f"371500{900 + number}"
    db.session.add_all(towns)
    db.session.flush()
    for town in towns:
        db.session.add(
            Proposal(
                subject=Subject.UPTAKE,
                subject_id=town.id,
                state=ProposalState.PROPOSED,
                title=f"{town.name}的说明",
                effective_on=clock.today(),
                base_number=0,
                content_hash="0" * 64,
                proposed_by=maker,
            )
        )
        deadlines.open(
            OPINION,
            subject=("opinion", town.id),
            owed_by=body,
            place=city,
            title=f"对{town.name}的意见",
            begin=clock.today(),
            terms=Terms.working(5),
            basis="测试",
            by=None,
        )
        for person in people:
            if person.unit is not None:
                notify(person.unit, key=f"{town.id}-{person.id}", title="通知", body="通知")
    db.session.commit()


def test_the_page_asks_as_little_whatever_there_is(office):
    db.session.remove()
    point, asked = office.connection.begin_nested(), []
    _crowd(office)
    counts, pages = {}, {}

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for role in Role:
            asked.clear()
            pages[role] = office.home(role)
            counts[role] = len(
                [each for each in asked if not each.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]
            )
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        db.session.remove()
        point.rollback()
    assert max(counts.values()) <= MOST, counts
    assert f"批准或退回 {MANY + 1 - FIRST} 件" in section(pages[Role.APPROVER], "waiting")
    assert "回复 " in section(pages[Role.DEPARTMENT_OFFICER], "waiting")
    assert pages[Role.DEPARTMENT_OFFICER].count("对第") == FIRST + 1


def test_a_notice_is_confirmed_on_the_spot(office):
    db.session.remove()
    point = office.connection.begin_nested()
    person = db.session.get_one(Account, office.people[Role.COUNTY_OFFICER])
    notify(person.unit, key="spot", title="看这里", body="通知")
    db.session.commit()
    visitor = office.visitors[Role.COUNTY_OFFICER]
    before = office.home(Role.COUNTY_OFFICER)
    address = re.findall(r'action="([^"]*/read)"', before)[0]
    answer = visitor.post(address, data={"back": "/staff/?lang=en#inbox"})
    assert answer.location == "/staff/?lang=en#inbox"
    assert visitor.post(address, data={"back": "//evil.example/"}).location == "/staff/inbox/"
    assert address not in office.home(Role.COUNTY_OFFICER)
    db.session.remove()
    point.rollback()
