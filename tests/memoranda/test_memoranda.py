from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts.models import Account, Post
from portal.foundation.notifications.models import Notice
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import queries as publishing_queries
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.memoranda import pairs, queries, rules, service, telling
from portal.powers.memoranda.rules import Doer, Lack, Party, Push, Share, Support, Unit, Wording
from tests.lists.making import account, make_city, make_list, publish, row, take_over

SAID = Wording(
    boundary="审批局负责审批，商务局负责批后监管。",
    pushes=(
        Push("准予许可的决定", Party.BUREAU, 1, Unit.WORKING_DAYS, "二（四）"),
        Push("处罚和撤销的结果", Party.DEPARTMENT, 5, Unit.CALENDAR_DAYS),
    ),
    supports={
        Support.SITE_VISIT: Share(Doer.BOTH, "审批局召集，商务局派人。"),
        Support.TECHNICAL_REVIEW: Share(Doer.DEPARTMENT),
        Support.TESTING: Share(Doer.NOBODY),
        Support.HEARING: Share(Doer.BUREAU, "审批局组织。"),
    },
)


@pytest.fixture
def city(session):
    return make_city()


@pytest.fixture
def shen(city):
    return city.county("莘县")


@pytest.fixture
def bureau(shen):
    return organisations.add(shen, "莘县行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)


@pytest.fixture
def department(shen):
    return organisations.add(shen, "莘县商务局", by=None)


@pytest.fixture
def officer(shen):
    return account(Role.COUNTY_OFFICER, shen)


@pytest.fixture
def other(department):
    """An officer of the department."""
    made = Account(login="commerce-of-shen", name="乙")
    made.posts = [Post(role=Role.DEPARTMENT_OFFICER, organisation=department, since=date(2000, 1, 1))]
    db.session.add(made)
    db.session.flush()
    return made


@pytest.fixture
def memorandum(bureau, department, officer):
    return service.write(service.found(bureau, department, by=officer), SAID, by=officer)


def say(memorandum, party, **said):
    return service.answer(memorandum, party, version=memorandum.version, **said)


def agree(memorandum, officer, other):
    say(memorandum, Party.BUREAU, agrees=True, by=officer)
    say(memorandum, Party.DEPARTMENT, agrees=True, by=other)


def make_public(city, memorandum, by):
    proposal = publishing.propose(Subject.MEMORANDUM, memorandum.id, by=by)
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    return publishing_queries.newest(Subject.MEMORANDUM, memorandum.id)


# The way from the first word to the public


def test_both_agree_and_a_second_person_makes_it_public(city, memorandum, officer, other):
    with pytest.raises(Refused, match="还没有同意"):
        publishing.propose(Subject.MEMORANDUM, memorandum.id, by=officer)
    agree(memorandum, officer, other)
    revision = make_public(city, memorandum, officer)
    assert (revision.number, revision.title) == (1, "莘县行政审批服务局与莘县商务局审管衔接备忘录")
    found = queries.published(memorandum.id, clock.today())
    assert found.wording == queries.wording_of(memorandum)
    assert found.wording.pushes[1] == SAID.pushes[1]
    told = db.session.scalars(select(Notice).where(Notice.title == telling.PUBLISHED.title)).all()
    assert {each.organisation.name for each in told} == {"莘县行政审批服务局", "莘县商务局"}


def test_a_change_asks_both_anew_and_saying_the_same_does_not(city, memorandum, officer, other):
    agree(memorandum, officer, other)
    service.write(memorandum, SAID, by=other)
    assert len(queries.answers(memorandum)) == 2
    service.write(
        memorandum, Wording(boundary="另一种说法", pushes=SAID.pushes, supports=SAID.supports), by=other
    )
    assert queries.answers(memorandum) == {}


def test_what_is_put_forward_is_not_changed_and_a_return_says_why(memorandum, officer, other):
    with pytest.raises(Refused):
        say(memorandum, Party.DEPARTMENT, agrees=False, by=other, note=" ")
    say(memorandum, Party.DEPARTMENT, agrees=False, by=other, note="五日太短")
    assert queries.answers(memorandum)[Party.DEPARTMENT].note == "五日太短"
    agree(memorandum, officer, other)
    publishing.propose(Subject.MEMORANDUM, memorandum.id, by=officer)
    for verb in (
        lambda: service.write(memorandum, Wording(), by=officer),
        lambda: say(memorandum, Party.BUREAU, agrees=True, by=officer),
        lambda: service.attach(memorandum, BytesIO(b"%PDF-1.4"), name="a.pdf", by=officer),
        lambda: service.end(memorandum, "事项划回部门", by=officer),
    ):
        with pytest.raises(Conflict):
            verb()


def test_a_wording_that_was_not_read_is_not_agreed_to(memorandum, officer, other):
    read = memorandum.version
    service.write(memorandum, Wording(boundary="另一种说法"), by=officer)
    with pytest.raises(Conflict):
        service.answer(memorandum, Party.DEPARTMENT, version=read, agrees=True, by=other)


def test_who_has_agreed_does_not_agree_again_later(memorandum, officer, other):
    agree(memorandum, officer, other)
    first = queries.answers(memorandum)[Party.DEPARTMENT].id
    with pytest.raises(Conflict, match="已经同意过"):
        say(memorandum, Party.DEPARTMENT, agrees=True, by=other)
    assert queries.answers(memorandum)[Party.DEPARTMENT].id == first


def test_one_person_does_not_agree_for_both(memorandum, officer, other):
    say(memorandum, Party.BUREAU, agrees=True, by=officer)
    with pytest.raises(Forbidden):
        say(memorandum, Party.DEPARTMENT, agrees=True, by=officer)
    with pytest.raises(Forbidden):
        say(memorandum, Party.BUREAU, agrees=True, by=other)


def test_others_neither_found_nor_write(city, bureau, department, memorandum):
    stranger = account(Role.COUNTY_OFFICER, city.county("临清市"))
    for verb in (
        lambda: service.found(bureau, city.departments["市商务局"], by=stranger),
        lambda: service.write(memorandum, SAID, by=stranger),
        lambda: service.end(memorandum, "事项划回部门", by=stranger),
        lambda: publishing.propose(Subject.MEMORANDUM, memorandum.id, by=stranger),
    ):
        with pytest.raises(Forbidden):
            verb()


def test_two_bodies_have_one_that_lasts(city, shen, bureau, department, memorandum, officer):
    with pytest.raises(Conflict):
        service.found(bureau, department, by=officer)
    service.end(memorandum, "事项划回部门", by=officer)
    assert service.found(bureau, department, by=officer).id != memorandum.id
    elsewhere = organisations.add(city.county("临清市"), "临清市商务局", by=None)
    for wrong in ((department, bureau), (bureau, bureau), (bureau, elsewhere)):
        with pytest.raises(Refused):
            service.found(*wrong, by=city.editor)
    assert service.found(bureau, city.departments["市商务局"], by=officer)


@pytest.mark.parametrize(
    "more",
    [
        {"bureau_contact": "张某 138 0000-0000"},
        {"bureau_contact": "0537-2345678 13812345678"},
        {"department_contact": "+86 13812345678"},
        {"department_contact": "008613812345678"},
        {"boundary": "有事找张某，１３８１２３４５６７８"},
        {"pushes": (Push("决定，发给13812345678", Party.BUREAU, 1),)},
        {"supports": {Support.HEARING: Share(Doer.BUREAU, "电话13812345678 13912345678")}},
        {"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 1)},
        {"pushes": (Push("", Party.BUREAU, 1),)},
        {"pushes": (Push("决定", Party.BUREAU, -1),)},
    ],
)
def test_unsound_wordings_are_refused(memorandum, officer, more):
    with pytest.raises(Refused):
        service.write(memorandum, Wording(**{"boundary": "甲", **more}), by=officer)


@pytest.mark.parametrize("field", ["bureau_contact", "department_contact", "boundary"])
def test_a_mobile_number_is_refused_with_its_field(memorandum, officer, field):
    said = {"boundary": "甲", field: "张某 13800000000"}
    with pytest.raises(Refused, match="科室和办公电话") as refused:
        service.write(memorandum, Wording(**said), by=officer)
    assert refused.value.code == field


def test_an_office_s_number_is_no_person_s(memorandum, officer):
    said = Wording(boundary="甲", bureau_contact="审批科 0537-2345678，0537-2312345")
    service.write(memorandum, said, by=officer)
    assert queries.wording_of(memorandum).bureau_contact == said.bureau_contact


def test_an_end_says_why_and_both_are_told(memorandum, officer):
    with pytest.raises(Refused, match="为什么"):
        service.end(memorandum, " ", by=officer)
    service.end(memorandum, "事项划回部门", by=officer)
    told = db.session.scalars(select(Notice).where(Notice.title == telling.ENDED.title)).all()
    assert {each.organisation.name for each in told} == {"莘县行政审批服务局", "莘县商务局"}


def test_one_person_who_came_through_for_both_is_found_before_it_is_put_forward(memorandum, officer, other):
    agree(memorandum, officer, other)
    queries.answers(memorandum)[Party.DEPARTMENT].by = officer
    db.session.flush()
    with pytest.raises(Refused, match="同一个人"):
        publishing.propose(Subject.MEMORANDUM, memorandum.id, by=officer)


def test_only_a_scan_is_a_signed_paper(memorandum, officer, other):
    agree(memorandum, officer, other)
    with pytest.raises(Refused):
        service.attach(memorandum, BytesIO(b"MZ..."), name="a.pdf", by=officer)
    service.attach(memorandum, BytesIO(b"%PDF-1.4 x"), name="签字.pdf", by=officer)
    assert len(queries.answers(memorandum)) == 2


def test_a_term_that_is_over_before_the_day_of_effect_holds_it_back(memorandum, officer, other):
    until = clock.today() + timedelta(10)
    service.write(memorandum, replace(SAID, valid_until=until), by=officer)
    agree(memorandum, officer, other)
    late = until + timedelta(1)
    with pytest.raises(Refused, match="有效期"):
        publishing.propose(Subject.MEMORANDUM, memorandum.id, by=officer, effective_on=late)
    assert publishing.propose(Subject.MEMORANDUM, memorandum.id, by=officer, effective_on=until)


# Rules


def test_what_is_missing_is_said():
    day = date(2026, 1, 5)
    assert rules.lacks(SAID, 0, day) == []
    assert set(rules.lacks(Wording(), 0, day)) == set(Lack) - {Lack.MATTERS, Lack.OVER}
    chosen = Wording(
        SAID.boundary, SAID.pushes, SAID.supports, every_matter=False, valid_until=date(2026, 1, 4)
    )
    assert rules.lacks(chosen, 0, day) == [Lack.MATTERS, Lack.OVER]
    assert rules.lacks(chosen, 1, date(2026, 1, 4)) == []


def test_first_and_last_day_are_included():
    begins, ends = date(2026, 1, 1), date(2026, 12, 31)
    days = [begins - timedelta(1), begins, ends, ends + timedelta(1)]
    assert [rules.holds(begins, ends, day) for day in days] == [False, True, True, False]
    assert rules.holds(None, None, begins)


# Pairs without one, and the public pages


def test_pairs_come_from_duties_and_go_with_a_public_memorandum(
    city, shen, bureau, department, memorandum, officer, other
):
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "甲"), row(2, "乙", department="市公安局")])
    first, second = (each.matter for each in power_list.delegations)
    for matter in (first, second):
        duties.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=city.editor)
    duties.set_duty(shen, first, DutyRole.REGULATOR_PLACE, department, by=city.editor)

    def missing():
        return {
            (each.department.name, each.matters, each.memorandum_id)
            for each in pairs.lacking(clock.today(), None, None)
        }

    assert missing() == {("莘县商务局", 1, memorandum.id), ("市公安局", 1, None)}
    agree(memorandum, officer, other)
    make_public(city, memorandum, officer)
    assert missing() == {("市公安局", 1, None)}


def test_the_matter_s_page_says_who_does_what(
    client, city, shen, bureau, department, memorandum, officer, other
):
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "甲"), row(2, "乙", department="市公安局")])
    publish(city, power_list)
    first, second = (each.matter for each in power_list.delegations)
    for matter in (first, second):
        duties.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=city.editor)
    duties.set_duty(shen, first, DutyRole.REGULATOR_PLACE, department, by=city.editor)
    proposal = publishing.propose(Subject.UPTAKE, shen.id, by=city.editor)
    publishing.approve(proposal.id, by=city.approver)
    agree(memorandum, officer, other)
    make_public(city, memorandum, officer)

    def matter_page(matter, code=shen.code):
        return client.get(f"/lists/{power_list.slug}/matters/{matter.id}?at={code}").text

    assert f'href="/memoranda/{memorandum.id}?at={shen.code}"' in matter_page(first)
    assert "审批局召集，商务局派人。" in matter_page(first)
    assert "/memoranda/" not in matter_page(second)
    assert "/memoranda/" not in matter_page(first, "371581")
    shown = client.get(f"/memoranda/{memorandum.id}").text
    assert "1 个工作日内" in shown
    assert "准予许可的决定" in shown
    assert f"/memoranda/{memorandum.id}" in client.get(f"/memoranda?place={shen.code}").text
    assert f"/memoranda/{memorandum.id}" not in client.get("/memoranda?place=371581").text
    (record,) = client.get("/memoranda.json").get_json()
    assert (record["审批局"], record["听证论证"]) == (
        "莘县行政审批服务局",
        "莘县行政审批服务局，审批局组织。",
    )
    assert "审批局负责审批" in client.get("/memoranda.csv?lang=en").text
    assert client.get("/memoranda.xlsx").status_code == 200
    service.end(memorandum, "事项划回部门", by=officer)
    db.session.commit()
    assert client.get(f"/memoranda/{memorandum.id}").status_code == 410
    assert client.get(f"/memoranda/{memorandum.id}/revisions/1").status_code == 200
    assert "/memoranda/" not in matter_page(first)
