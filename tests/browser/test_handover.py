"""One handover plan from publication through reminders and escalation to acceptance, with the clock moved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from jobs.deadlines import remind
from jobs.runs import work_off
from portal import auth
from portal.db import db
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Role
from tests.admin.conftest import PASSWORD, person
from tests.fixtures.doors import Application
from tests.lists.making import City, make_city, make_list, put_forward, row, take_over

# A walk takes half a minute: this one goes over one database, others over SQLite; the verbs are tried on both.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["postgresql"], indirect=True)]

PAPER = "承接方案"
SignIn = Callable[[str], Page]


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def city(live: Application, valkey: object, frozen: object) -> City:
    """A city with its reform office, and one county with its government and officer."""
    made = make_city()
    shen = made.county("莘县")
    office = organisations.add(made.place, "市政府办公室", OrganisationKind.GOVERNMENT_OFFICE, by=None)
    government = organisations.add(shen, "莘县人民政府", OrganisationKind.GOVERNMENT, by=None)
    people: tuple[tuple[Role, Organisation, Place | None], ...] = (
        (Role.EDITOR, office, None),
        (Role.APPROVER, office, None),
        (Role.COUNTY_OFFICER, government, shen),
    )
    for role, body, place in people:
        person(role, place=place).posts[0].organisation = body
    db.session.commit()
    return made


@pytest.fixture
def sign_in(live: Application, city: City, profiles: Callable[..., BrowserContext]) -> Iterator[SignIn]:
    """`sign_in("editor")`: the first page of a fresh browser, served by this process, whose clock stands."""
    auth.limiter.reset()
    server = make_server("127.0.0.1", 0, live, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()

    def entered(login: str) -> Page:
        page: Page = profiles(base_url=f"http://127.0.0.1:{server.server_port}").new_page()
        page.goto("/staff/")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("今天是")
        return page

    yield entered
    server.shutdown()
    thread.join()
    server.server_close()


def ask_for_a_plan(editor: Page) -> None:
    """Within 30 days of its publication every place of the list files its plan."""
    editor.goto("/staff/handovers/terms/new")
    editor.get_by_label("清单", exact=True).fill("liaocheng-2020")
    editor.get_by_label("报送什么").fill(PAPER)
    editor.get_by_label("期限怎么定").select_option(label="多少天")
    editor.get_by_label("多少天", exact=False).last.fill("30")
    editor.get_by_label("从哪天数起").select_option(label="清单公布那天")
    editor.get_by_label("依据").fill("聊政字〔2020〕8号二：30日内报送")
    editor.get_by_role("button", name="保存").click()
    expect(editor.locator(".alert-success")).to_contain_text("已经保存")


def publish(approver: Page, city: City) -> None:
    """The list is put forward, approved at the door by a second person, and made public."""
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "甲事项许可"), row(2, "乙事项备案")])
    db.session.commit()
    ask_for_a_plan(approver)
    put_forward(city, power_list)
    db.session.commit()
    approver.goto("/staff/proposals/")
    approver.get_by_role("link", name=power_list.title).first.click()
    approver.get_by_role("button", name="批准并公布").click()
    expect(approver.get_by_role("main")).to_contain_text("已批准")
    work_off()
    # What this process has read holds SQLite's lock until it is let go.
    db.session.rollback()


def let_days_pass(days: int, frozen: Any) -> None:
    """The schedule's reminding, once a day."""
    for _day in range(days):
        remind()
        frozen.shift(timedelta(days=1))
    remind()
    db.session.rollback()


def file(officer: Page, content: bytes) -> None:
    """From the board to the deadline, from there to the plan, and hand the paper in."""
    officer.goto("/staff/deadlines/")
    officer.get_by_role("main").get_by_role("link", name=PAPER).first.click()
    officer.get_by_role("link", name="看这件事").click()
    paper = {"name": "莘县承接方案.pdf", "mimeType": "application/pdf", "buffer": content}
    officer.get_by_label("方案文件").set_input_files(paper)
    officer.get_by_role("button", name="报送").click()
    expect(officer.locator(".alert-success")).to_contain_text("已经报送，等审核")


def decide(approver: Page, words: str, button: str) -> None:
    """From the first page to what waits for review."""
    approver.goto("/staff/")
    approver.get_by_role("main").get_by_role("link", name=PAPER).first.click()
    approver.get_by_label("意见或者退回的理由").fill(words)
    approver.get_by_role("button", name=button).click()


def test_from_publication_through_escalation_to_acceptance(city: City, sign_in: SignIn, frozen: Any) -> None:
    publish(sign_in("approver"), city)
    officer = sign_in("county-officer")
    officer.goto("/staff/handovers/")
    expect(officer.get_by_role("main")).to_contain_text("还有 30 天")

    let_days_pass(45, frozen)
    officer = sign_in("county-officer")
    officer.goto("/staff/inbox/")
    for said in ("请报送", "还有 30 天", "还有 7 天", "还有 1 天", "今天到期", "已过期 7 天", "已过期 14 天"):
        expect(officer.get_by_role("main")).to_contain_text(said)
    approver = sign_in("approver")
    approver.goto("/staff/inbox/")
    expect(approver.get_by_role("main")).to_contain_text("已过期 14 天")
    expect(approver.get_by_role("main")).not_to_contain_text("已过期 7 天")
    approver.goto("/staff/deadlines/?part=late")
    late = approver.get_by_role("row").filter(has_text=PAPER)
    expect(late).to_contain_text("莘县人民政府")
    expect(late).to_contain_text("逾期 15 天")
    expect(late).to_contain_text("改革主管部门")
    approver.goto("/staff/handovers/")
    expect(approver.get_by_role("link", name="莘县：逾期")).to_be_visible()

    file(officer, b"the first")
    decide(approver, "没有写明承接单位", "退回")
    officer.reload()
    expect(officer.get_by_role("main")).to_contain_text("上次退回的理由：没有写明承接单位")
    file(officer, b"the second")
    decide(approver, "", "认可")
    expect(approver.get_by_role("main")).to_contain_text("已经认可")

    approver.goto("/staff/deadlines/?part=late")
    expect(approver.get_by_role("main")).not_to_contain_text(PAPER)
    approver.goto("/staff/deadlines/?part=done_late")
    expect(approver.get_by_role("row").filter(has_text=PAPER)).to_contain_text("莘县人民政府")
    officer.goto("/staff/inbox/")
    expect(officer.get_by_role("main")).to_contain_text(f"{PAPER}已认可")
