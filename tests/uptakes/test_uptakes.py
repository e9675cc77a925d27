from datetime import date, timedelta

import pytest
from sqlalchemy import select

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.notifications.models import Notice
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import queries as publishing_queries
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.lists import service as lists
from portal.powers.lists.rules import Mode
from portal.powers.points import service as points
from portal.powers.points.models import PointKind
from portal.powers.uptakes import queries, service
from tests.lists.making import PROFILE, account, exception, make_list, publish, row, take_over


@pytest.fixture
def power_list(city):
    made = make_list(city)
    open_here = [exception("undetermined", places=["莘县"])]
    rows = [row(1, "甲", mode="undetermined"), row(2, "乙"), row(3, "丙", exceptions=open_here)]
    take_over(city, made, rows)
    return made


@pytest.fixture
def matters(power_list):
    return [each.matter for each in power_list.delegations]


@pytest.fixture
def shen(city):
    return city.county("莘县")


@pytest.fixture
def bureau(shen):
    return organisations.add(shen, "莘县行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)


def make_public(city, place, by=None, day=None):
    proposal = publishing.propose(Subject.UPTAKE, place.id, by=by or city.editor, effective_on=day)
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    return publishing_queries.newest(Subject.UPTAKE, place.id)


# The choice of mode (D-2, D-10)


def test_a_place_chooses_where_the_list_leaves_it_open(city, shen, power_list, matters):
    officer = account(Role.COUNTY_OFFICER, shen)
    chosen = service.choose(shen, power_list, matters[0], Mode.WINDOW, by=officer, basis=" 莘政发1号 ")
    again = service.choose(shen, power_list, matters[0], Mode.DIRECT, by=officer)
    assert again is chosen
    assert (again.mode, again.basis) == (Mode.DIRECT, "")
    assert service.choose(shen, power_list, matters[2], Mode.REVIEW, by=officer).mode is Mode.REVIEW
    service.choose(shen, power_list, matters[0], None, by=officer)
    assert [each.matter.name for each in queries.choices_of(shen)] == ["丙"]
    assert service.choose(shen, power_list, matters[0], None, by=officer) is None


def test_a_place_does_not_choose_where_the_list_has_decided(city, shen, power_list, matters):
    with pytest.raises(Conflict):
        service.choose(shen, power_list, matters[1], Mode.WINDOW, by=city.editor)
    with pytest.raises(Conflict):
        service.choose(city.county("临清市"), power_list, matters[2], Mode.WINDOW, by=city.editor)


@pytest.mark.parametrize("mode", [Mode.UNDETERMINED, Mode.UNDELEGATED])
def test_not_handing_over_is_no_choice(city, shen, power_list, matters, mode):
    with pytest.raises(Refused):
        service.choose(shen, power_list, matters[0], mode, by=city.editor)


def unsay(power_list, mode, by, *fields):
    for field in fields or PROFILE[mode.value]:
        lists.set_profile(power_list, mode, field, "", "", by=by)


@pytest.mark.parametrize("fields", [(), ("respondent",), ("decide",)])
def test_a_mode_that_the_list_does_not_explain_is_not_chosen(city, shen, power_list, matters, fields):
    """Else the public would read that the mode was chosen, and not where to go (Y-5)."""
    unsay(power_list, Mode.WINDOW, city.editor, *fields)
    for verb in (
        lambda: service.choose(shen, power_list, matters[0], Mode.WINDOW, by=city.editor),
        lambda: service.choose_many(power_list, [shen], matters[:1], Mode.WINDOW, by=city.editor),
    ):
        with pytest.raises(Refused, match="没有写明“窗口前移”"):
            verb()
    assert service.choose(shen, power_list, matters[0], Mode.REVIEW, by=city.editor)


def test_entrusting_is_chosen_only_where_the_list_names_its_law(city, shen, power_list, matters):
    lists.set_profile(power_list, Mode.ENTRUSTED, "decide", "place", "二（一）", by=city.editor)
    with pytest.raises(Refused, match="没有写明“委托下放”"):
        service.choose(shen, power_list, matters[0], Mode.ENTRUSTED, by=city.editor)


def test_a_choice_waits_until_the_list_that_explains_it_is_public(city, shen, power_list, matters):
    unsay(power_list, Mode.WINDOW, city.editor)
    publish(city, power_list)
    lists.load_profile(power_list, {"window": PROFILE["window"]}, by=city.editor)
    service.choose(shen, power_list, matters[0], Mode.WINDOW, by=city.editor)
    with pytest.raises(Refused, match="清单公布的内容里没有写明"):
        publishing.propose(Subject.UPTAKE, shen.id, by=city.editor)
    publish(city, power_list)
    assert publishing.propose(Subject.UPTAKE, shen.id, by=city.editor)


def test_only_places_and_matters_of_the_list_are_chosen_for(city, shen, power_list, matters):
    zones = make_list(city, "zones-only", scope="zones")
    take_over(city, zones, [row(1, "丁", mode="undetermined")])
    with pytest.raises(Refused):
        service.choose(shen, zones, zones.delegations[0].matter, Mode.WINDOW, by=city.editor)
    with pytest.raises(Refused):
        service.choose(shen, power_list, zones.delegations[0].matter, Mode.WINDOW, by=city.editor)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR, Role.COUNTY_OFFICER])
def test_another_place_or_role_chooses_and_publishes_nothing(city, shen, power_list, matters, role):
    stranger = account(role, city.county("临清市"))
    service.choose(shen, power_list, matters[0], Mode.WINDOW, by=city.editor)
    verbs = [
        lambda: service.choose(shen, power_list, matters[0], Mode.DIRECT, by=stranger),
        lambda: service.choose(shen, power_list, matters[0], None, by=stranger),
        lambda: publishing.propose(Subject.UPTAKE, shen.id, by=stranger),
    ]
    for verb in verbs:
        with pytest.raises(Forbidden):
            verb()
    proposal = publishing.propose(Subject.UPTAKE, shen.id, by=account(Role.COUNTY_OFFICER, shen))
    with pytest.raises(Forbidden):
        publishing.withdraw(proposal.id, by=stranger)
    with pytest.raises(Conflict):
        service.choose(shen, power_list, matters[0], None, by=city.editor)


# What a place makes public


def test_a_statement_is_public_when_a_second_person_approved_it(
    city, shen, bureau, power_list, matters, frozen
):
    officer = account(Role.COUNTY_OFFICER, shen)
    duties.set_duty(
        shen, matters[1], DutyRole.RECEIVER, bureau, by=officer, from_on=date(2026, 4, 1), basis="第2条"
    )
    service.choose(shen, power_list, matters[0], Mode.WINDOW, by=officer)
    said = {
        "kind": PointKind.CENTRE,
        "address": "振兴街1号",
        "hours": "",
        "phone": "",
        "organisation": bureau,
    }
    points.save(None, place=shen, name="莘县为民服务中心", by=officer, **said)
    assert queries.statement(shen.id, clock.today()) is None
    revision = make_public(city, shen, officer)
    found = queries.statement(shen.id, clock.today())
    assert found.revision is revision
    receiver = found.receiver(matters[1].id)
    assert (receiver.name, receiver.basis) == ("莘县行政审批服务局", "第2条")
    assert not receiver.begun(date(2026, 3, 31))
    assert receiver.begun(date(2026, 4, 1))
    assert found.receiver(matters[0].id) is None
    assert found.choice(power_list.id, matters[0].id) is Mode.WINDOW
    assert found.choice(power_list.id, matters[1].id) is None
    (point,) = found.points
    assert (point.name, point.organisation, point.address) == (
        "莘县为民服务中心",
        "莘县行政审批服务局",
        "振兴街1号",
    )
    assert queries.statements(clock.today()).keys() == {shen.id}


def test_a_statement_for_later_holds_from_its_day(city, shen, bureau, matters, frozen):
    duties.set_duty(shen, matters[1], DutyRole.RECEIVER, bureau, by=city.editor)
    later = clock.today() + timedelta(days=7)
    make_public(city, shen, day=later)
    assert queries.statement(shen.id, clock.today()) is None
    assert queries.statement(shen.id, later).receiver(matters[1].id).name == "莘县行政审批服务局"


def test_an_empty_first_statement_is_none_but_all_can_be_taken_back_later(city, shen, bureau, matters):
    with pytest.raises(Refused):
        publishing.propose(Subject.UPTAKE, shen.id, by=city.editor)
    duty = duties.set_duty(shen, matters[1], DutyRole.RECEIVER, bureau, by=city.editor)
    make_public(city, shen)
    duties.remove(duty, by=city.editor)
    revision = make_public(city, shen)
    assert (revision.number, revision.difference["withdrawn"]) == (2, 1)
    assert queries.statement(shen.id, clock.today()).receiver(matters[1].id) is None


def test_the_bodies_that_a_statement_names_are_told_once_and_those_it_drops_too(city, shen, bureau, matters):
    other = organisations.add(shen, "莘县商务局", by=None)
    duty = duties.set_duty(shen, matters[1], DutyRole.RECEIVER, bureau, by=city.editor)
    duties.set_duty(shen, matters[0], DutyRole.RECEIVER, bureau, by=city.editor)
    make_public(city, shen)
    assert [each.organisation.name for each in db.session.scalars(select(Notice))] == ["莘县行政审批服务局"]
    duties.set_duty(shen, matters[1], DutyRole.RECEIVER, other, by=city.editor)
    duties.set_duty(shen, matters[0], DutyRole.RECEIVER, other, by=city.editor)
    make_public(city, shen)
    told = [each.organisation.name for each in db.session.scalars(select(Notice).order_by(Notice.id))]
    assert sorted(told[1:]) == ["莘县商务局", "莘县行政审批服务局"]
    assert duty not in db.session


def test_regulators_and_receivers_are_told_of_a_lists_revision_that_touches_them(
    city, shen, bureau, power_list, matters
):
    police = city.departments["市公安局"]
    duties.set_duty(shen, matters[1], DutyRole.RECEIVER, bureau, by=city.editor)
    duties.set_duty(shen, matters[1], DutyRole.REGULATOR_CITY, police, by=city.editor)
    duties.set_duty(shen, matters[1], DutyRole.ENFORCEMENT, city.departments["市商务局"], by=city.editor)
    publish(city, power_list)
    told = [each.organisation.name for each in db.session.scalars(select(Notice))]
    # 市商务局 is department of all three and enforces one: told once
    assert sorted(told) == ["市公安局", "市商务局", "莘县行政审批服务局"]
    lists.remove_delegation(power_list.delegations[0], by=city.editor)
    db.session.expire(power_list)
    publish(city, power_list)
    told = [each.organisation.name for each in db.session.scalars(select(Notice).order_by(Notice.id))]
    assert told[3:] == ["市商务局"], "the second revision leaves the others' matter as it was"


def test_what_a_place_takes_by_entrustment_goes_to_an_administrative_organ(city, shen, power_list, matters):
    centre = organisations.add(shen, "莘县为民服务中心", OrganisationKind.SERVICE_CENTRE, by=None)
    duties.set_duty(shen, matters[0], DutyRole.RECEIVER, centre, by=city.editor)
    service.choose(shen, power_list, matters[0], Mode.ENTRUSTED, by=city.editor)
    with pytest.raises(Refused) as caught:
        publishing.propose(Subject.UPTAKE, shen.id, by=city.editor)
    assert "不是行政机关" in str(caught.value)
    service.choose(shen, power_list, matters[0], Mode.WINDOW, by=city.editor)
    assert publishing.propose(Subject.UPTAKE, shen.id, by=city.editor).title.startswith("莘县")


def test_the_difference_of_two_statements_names_each_part(city, shen, bureau, power_list, matters):
    duties.set_duty(shen, matters[1], DutyRole.RECEIVER, bureau, by=city.editor)
    service.choose(shen, power_list, matters[0], Mode.WINDOW, by=city.editor)
    make_public(city, shen)
    duties.set_duty(shen, matters[1], DutyRole.RECEIVER, bureau, by=city.editor, basis="第2条")
    service.choose(shen, power_list, matters[0], None, by=city.editor)
    entries = make_public(city, shen).difference["entries"]
    assert [(entry["part"], entry["change"]) for entry in entries] == [
        ("duties", "changed"),
        ("choices", "withdrawn"),
    ]
    assert (entries[0]["was"]["basis"], entries[0]["is"]["basis"]) == ("", "第2条")


def test_what_a_place_holds_by_entrustment_is_entrusted_by_no_choice_of_it(city, shen, power_list, matters):
    other = make_list(city, "entrusting")
    take_over(city, other, [row(1, matters[0].name, mode="entrusted")])
    publish(city, other)
    with pytest.raises(Refused, match="不能再委托"):
        service.choose(shen, power_list, matters[0], Mode.ENTRUSTED, by=city.editor)
    with pytest.raises(Refused, match="不能再委托"):
        service.choose_many(power_list, [shen], matters, Mode.ENTRUSTED, by=city.editor)
    service.choose(shen, power_list, matters[0], Mode.WINDOW, by=city.editor).mode = Mode.ENTRUSTED
    publish(city, power_list)
    with pytest.raises(Refused, match="不能再委托"):
        publishing.propose(Subject.UPTAKE, shen.id, by=city.editor)
