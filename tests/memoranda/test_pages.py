"""The staff pages of memoranda, by the officer of a county, of its department, and of another county (Y-3, R-3)."""

from __future__ import annotations

import html
import re

import pytest

from jobs.runs import work_off
from portal.db import db
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import approve
from portal.foundation.rights.rules import Role
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.memoranda import queries
from portal.powers.memoranda.models import MemorandumMatter
from portal.powers.memoranda.rules import Doer, Party, Support
from tests.admin.conftest import enter, fresh_limits, person
from tests.lists.making import make_city, make_list, publish, row, take_over

__all__ = ["fresh_limits"]

SAID = {
    "boundary": "审批局审批，商务局监管。",
    "site_visit-doer": "both",
    "site_visit-sentence": "审批局召集。",
    "technical_review-doer": "department",
    "testing-doer": "nobody",
    "hearing-doer": "bureau",
    "pushes-0-what": "准予许可的决定",
    "pushes-0-sender": "bureau",
    "pushes-0-days": "1",
    "pushes-0-unit": "working_days",
    "pushes-1-what": "处罚的结果",
    "pushes-1-sender": "department",
    "pushes-1-days": "0",
    "pushes-1-unit": "calendar_days",
    "every_matter": "y",
}


def signed_in(app, role, login, place=None, organisation=None):
    account = person(role, login=login, place=place)
    account.posts[0].organisation = organisation
    db.session.flush()
    visitor = app.test_client()
    assert enter(visitor, account.login) == 302
    return visitor


@pytest.fixture
def city(session):
    return make_city()


def opened(page):
    """What the form carries of the moment at which it was opened."""
    return page.split('name="opened" value="', 1)[1].split('"', 1)[0]


@pytest.fixture
def pair(city):
    """An approval bureau and the department that regulates the one matter that it took over."""
    shen = city.county("莘县")
    bureau = organisations.add(shen, "莘县行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)
    department = organisations.add(shen, "莘县商务局", by=None)
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "甲")])
    publish(city, power_list)
    matter = power_list.delegations[0].matter
    duties.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=city.editor)
    duties.set_duty(shen, matter, DutyRole.REGULATOR_PLACE, department, by=city.editor)
    db.session.commit()
    return bureau, department


@pytest.fixture
def officer(app, client, city):
    return signed_in(app, Role.COUNTY_OFFICER, "of-shen", place=city.county("莘县"))


@pytest.fixture
def other(app, client, pair):
    return signed_in(app, Role.DEPARTMENT_OFFICER, "of-commerce", organisation=pair[1])


@pytest.fixture
def stranger(app, client, city):
    return signed_in(app, Role.COUNTY_OFFICER, "of-linqing", place=city.county("临清市"))


@pytest.fixture
def memorandum(pair, officer):
    """Founded from the form, still empty."""
    both = {"bureau": "莘县行政审批服务局", "department": "莘县商务局"}
    assert officer.post("/staff/memoranda/new", data=both).status_code == 302
    return queries.between(*(body.id for body in pair))


def test_who_lacks_one_is_led_to_the_form(pair, officer, stranger):
    bureau, department = pair
    new = f"/staff/memoranda/new?bureau={bureau.id}&amp;department={department.id}"
    assert new in officer.get("/staff/").text
    assert new in officer.get("/staff/memoranda/").text
    assert new not in stranger.get("/staff/memoranda/").text
    both = {"bureau": bureau.name, "department": department.name}
    assert stranger.post("/staff/memoranda/new", data=both).status_code == 403


def test_the_wording_is_written_and_whoever_is_late_is_told(memorandum, officer, other, stranger):
    here = f"/staff/memoranda/{memorandum.id}/"
    assert stranger.get(here).status_code == 404
    form = {"opened": opened(officer.get(f"{here}edit").text)}
    half = officer.post(f"{here}edit", data={**SAID, **form, "pushes-0-days": ""})
    assert half.status_code == 422
    assert officer.post(f"{here}edit", data={**SAID, **form, "matters": "没有这一项"}).status_code == 422
    assert officer.post(f"{here}edit", data={**SAID, **form}).status_code == 302
    assert other.post(f"{here}edit", data={**SAID, **form, "boundary": "别的"}).status_code == 409
    db.session.expire_all()
    assert queries.wording_of(memorandum).supports[Support.SITE_VISIT].doer is Doer.BOTH


def test_sixty_pushes_are_as_many_as_there_can_be(memorandum, officer):
    here = f"/staff/memoranda/{memorandum.id}/edit"
    form = {"opened": opened(officer.get(here).text)}
    for number in range(60):
        form |= {
            f"pushes-{number}-what": f"第{number}项",
            f"pushes-{number}-sender": "bureau",
            f"pushes-{number}-days": "1",
            f"pushes-{number}-unit": "working_days",
        }
    odd = officer.post(here, data=SAID | form | {"pushes-0-days": "1.5"})
    assert odd.status_code == 422
    assert "0 到 366 之间的整数" in odd.text
    assert officer.post(here, data=SAID | form).status_code == 302
    shown = officer.get(here)
    assert shown.status_code == 200
    assert officer.post(here, data=SAID | form | {"opened": opened(shown.text)}).status_code == 302


def test_what_is_chosen_stands_for_whoever_could_not_choose_it(memorandum, other, city, session):
    unpublished = make_list(city, "another")
    take_over(city, unpublished, [row(1, "长" * 300)])
    matter = unpublished.delegations[0].matter
    queries.get(memorandum.id).chosen.append(MemorandumMatter(matter=matter))
    session.commit()
    here = f"/staff/memoranda/{memorandum.id}/edit"
    page = other.get(here).text
    line = html.unescape(re.search(r'<textarea[^>]* name="matters"[^>]*>([^<]*)', page)[1]).strip()
    said = {key: value for key, value in SAID.items() if key != "every_matter"} | {"matters": line}
    assert other.post(here, data=said | {"opened": opened(page)}).status_code == 302
    session.expire_all()
    assert [each.matter for each in queries.get(memorandum.id).chosen] == [matter]


def test_both_agree_and_the_county_puts_it_forward(memorandum, officer, other, city):
    here = f"/staff/memoranda/{memorandum.id}/"
    form = {"opened": opened(officer.get(f"{here}edit").text)}
    officer.post(f"{here}edit", data={**SAID, **form})
    assert officer.post(f"{here}propose").status_code == 422
    db.session.expire_all()
    said = {"version": str(memorandum.version)}
    assert other.post(f"{here}bureau/agree", data=said).status_code == 403
    assert other.post(f"{here}department/return", data=said).status_code == 422
    assert officer.post(f"{here}bureau/agree", data={"version": "1"}).status_code == 409
    assert officer.post(f"{here}bureau/agree", data=said).status_code == 302
    assert here in other.get("/staff/").text
    assert other.post(f"{here}department/agree", data=said).status_code == 302
    db.session.expire_all()
    assert {party: each.agrees for party, each in queries.answers(memorandum).items()} == dict.fromkeys(
        Party, True
    )
    assert other.post(f"{here}propose").status_code == 403
    assert officer.post(f"{here}propose").status_code == 302
    title = "莘县行政审批服务局与莘县商务局审管衔接备忘录"
    assert title in officer.get("/staff/proposals/?lang=en").text
    assert "我单位公布的" not in other.get("/staff/").text
    proposal = publishing.open_proposal(Subject.MEMORANDUM, memorandum.id)
    approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    home = other.get("/staff/").text.partition('aria-labelledby="published"')[2].partition("</section>")[0]
    assert title in home
    assert f'href="{here}"' in home
    assert other.get("/staff/memoranda/").status_code == 200


def test_a_paper_that_is_refused_leaves_the_other_forms_their_drafts(memorandum, officer):
    here = f"/staff/memoranda/{memorandum.id}/"
    refused = officer.post(f"{here}paper", data={"drafted_at": here})
    assert refused.status_code == 422
    assert f'name="drafted_at" value="{here}"' in refused.text
    assert f'value="{here}paper"' not in refused.text
    kept = officer.post(f"{here}propose", data={"reason": "甲", "drafted_at": here, "draft": "asked"})
    assert kept.location.startswith(f"{here}?draft=")
