"""Who owes a plan, from when, and what never alarms (H-1, T-7)."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import event

from jobs.handovers import open_plans
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.rules import Counting, State, Terms
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places import queries as places
from portal.foundation.places import service as tree
from portal.foundation.policies import service as policies
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.reorganisations import service as reorganisations
from portal.foundation.reorganisations.service import Decision
from portal.powers.handovers import opening, queries, service
from portal.powers.handovers.models import HandoverPlan
from portal.powers.handovers.rules import Begin, Coverage
from tests.lists.making import change, make_list, publish, row, take_over


def owed():
    return db.session.query(Deadline).filter_by(kind="handover_plan").order_by(Deadline.id).all()


def scope(world):
    return places.group(world.city.place, "all")


def reach(world, members):
    """Let the list reach these places and make it public again."""
    tree.set_group(world.city.place, "all", scope(world).name, members, by=None)
    change(world.city, world.power_list, f"{len(members)}个地方")
    world.publish()


def test_every_place_has_a_plan_and_those_with_a_body_owe_it(owing, told):
    assert db.session.query(HandoverPlan).count() == len(scope(owing).members) == 6
    (deadline,) = owed()
    assert (deadline.owed_by, deadline.owed_to, deadline.place) == (
        owing.government,
        owing.office,
        owing.shen,
    )
    assert (deadline.begins_on, deadline.due_on) == (date(2026, 3, 2), date(2026, 4, 1))
    assert (deadline.list_id, deadline.history) == (owing.power_list.id, False)
    assert deadline.title == "承接方案：《清单 liaocheng-2020》"
    assert told(owing.government) == ["请报送承接方案"]
    nobody = queries.stands(owing.plan(owing.city.county("临清市")), None, date(2026, 3, 2))
    assert nobody.coverage is Coverage.NOBODY


def test_published_twice_it_is_owed_once(owing, told):
    change(owing.city, owing.power_list, "改了")
    owing.publish()
    assert open_plans() == 0
    assert len(owed()) == 1
    assert len(told(owing.government)) == 1


def test_a_body_entered_later_owes_from_the_next_turn_of_the_schedule(owing):
    linqing = owing.city.county("临清市")
    bureau = organisations.add(linqing, "临清市行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)
    government = organisations.add(linqing, "临清市人民政府", OrganisationKind.GOVERNMENT, by=None)
    assert open_plans() == 1
    assert owed()[-1].owed_by is government
    assert owed()[-1].begins_on == date(2026, 3, 2)
    organisations.change(
        government, by=None, name="别的", kind=OrganisationKind.DEPARTMENT, uscc="", email=""
    )
    assert open_plans() == 0, "what is owed already stays with whoever owes it"
    assert bureau not in [each.owed_by for each in owed()]


def test_a_revision_that_leaves_a_place_out_cancels_and_one_that_takes_it_in_opens_again(owing):
    members = list(scope(owing).members)
    reach(owing, [each for each in members if each is not owing.shen])
    (deadline,) = owed()
    assert deadline.state is State.CANCELLED
    assert queries.stands(owing.plan(), deadline, date(2026, 3, 2)).coverage is Coverage.RELEASED
    reach(owing, members)
    (deadline,) = owed()
    assert (deadline.state, deadline.due_on) == (State.OPEN, date(2026, 4, 1))


def test_history_is_left_alone_by_revisions(world):
    world.ask(Terms.fixed(date(2021, 6, 30)))
    world.publish()
    members = list(scope(world).members)
    reach(world, [each for each in members if each is not world.shen])
    reach(world, members)
    (deadline,) = owed()
    assert (deadline.state, deadline.history) == (State.OPEN, True)


def test_what_a_person_adds_stands_beside_what_ships_for_the_document(world):
    world.city.policy.number = "济政字〔2021〕30号"
    world.ask()
    world.publish()
    assert [each.paper for each in queries.terms_of(world.power_list.id)] == ["承接落实方案", "承接方案"]
    assert [each.history for each in owed()] == [True, False]


def test_a_place_taken_in_later_owes_from_the_first_terms(world):
    members = list(scope(world).members)
    tree.set_group(
        world.city.place,
        "all",
        scope(world).name,
        [each for each in members if each is not world.shen],
        by=None,
    )
    world.ask()
    world.publish()
    assert owed() == []
    reach(world, members)
    assert [each.place for each in owed()] == [world.shen]


def test_terms_written_for_a_published_list_are_owed_at_once(world):
    world.publish()
    assert owed() == []
    world.ask(Terms.fixed(date(2026, 6, 30)))
    assert [(each.due_on, each.counting) for each in owed()] == [(date(2026, 6, 30), Counting.FIXED_DAY)]
    with pytest.raises(Conflict):
        world.ask(Terms.calendar(3))
    with pytest.raises(Refused):
        world.ask(basis=" ")
    with pytest.raises(Forbidden):
        world.ask(by=world.officer)


def test_from_the_day_of_the_document_where_the_terms_say_so(world):
    world.city.policy.issued_on = date(2026, 2, 2)
    world.ask(Terms.working(5), counts_from=Begin.ISSUED)
    world.publish()
    assert owed()[0].begins_on == date(2026, 2, 2)


def test_what_a_document_set_long_ago_is_history(world, told):
    world.ask(Terms.fixed(date(2021, 6, 30)))
    world.publish()
    (deadline,) = owed()
    assert deadline.history
    assert queries.stands(world.plan(), deadline, date(2026, 3, 2)).coverage is Coverage.HISTORY
    assert told(world.government) == []


@pytest.mark.parametrize(
    ("number", "issued_on", "due"),
    [
        ("济政字〔2021〕30号", date(2021, 6, 15), {"承接落实方案": date(2021, 6, 30)}),
        ("山政办发〔2021〕12号", date(2021, 6, 28), {"承接方案、服务指南和业务手册": date(2021, 7, 19)}),
        (
            "另一份",
            date(2020, 6, 11),
            {"交接完成报告": date(2020, 8, 10), "衔接方案和落实情况": date(2020, 8, 12)},
        ),
        ("没有说过", date(2021, 1, 4), {}),
    ],
)
def test_terms_ship_for_the_documents_that_set_them(world, number, issued_on, due):
    policy = policies.add(
        world.city.place, number=number, title="通知", issuer="某政府", issued_on=issued_on, by=None
    )
    world.power_list.policy = policy
    world.publish()
    assert {each.title.split("：")[0]: each.due_on for each in owed()} == due
    assert all(each.history and each.basis for each in owed())


def test_another_list_has_plans_of_its_own(owing):
    other = make_list(owing.city, "another")
    take_over(owing.city, other, [row(1, "丁")])
    publish(owing.city, other)
    assert len(owed()) == 1
    assert deadlines.of(queries.SUBJECT, owing.plan().id)[0].list_id == owing.power_list.id


def test_what_was_returned_before_anybody_could_owe_it_is_owed_once_somebody_can(owing):
    linqing = owing.city.county("临清市")
    plan = owing.plan(linqing)
    filing = service.file(plan, BytesIO(b"x"), name="方案.pdf", by=owing.stranger)
    service.send_back(filing, reasons="不全", by=owing.approver)
    organisations.add(linqing, "临清市人民政府", OrganisationKind.GOVERNMENT, by=None)
    assert open_plans() == 1
    assert queries.deadline_of(plan).state is State.OPEN


def test_a_body_entered_after_another_revision_has_no_more_days_than_the_others(owing, frozen):
    frozen.shift(timedelta(days=20))
    change(owing.city, owing.power_list, "改了")
    owing.publish()
    linqing = owing.city.county("临清市")
    organisations.add(linqing, "临清市人民政府", OrganisationKind.GOVERNMENT, by=None)
    assert open_plans() == 1
    assert [each.due_on for each in owed()] == [date(2026, 4, 1)] * 2


@pytest.mark.parametrize("by_the_schedule", [False, True])
def test_neither_an_approver_who_has_left_nor_a_lost_turn_keeps_a_plan_closed(owing, by_the_schedule):
    members = list(scope(owing).members)
    reach(owing, [each for each in members if each is not owing.shen])
    revision = publishing.newest(Subject.LIST, owing.power_list.id)
    revision.content = {**revision.content, "place_ids": [{"id": each.id} for each in members]}
    owing.approver.active = False
    opening.open_for(revision, by=None if by_the_schedule else owing.approver)
    assert owed()[0].state is State.OPEN


def test_a_day_set_now_for_a_document_of_long_ago_is_a_day_like_any_other(world):
    world.city.policy.issued_on = date(2014, 1, 1)
    world.publish()
    world.ask(Terms.fixed(date(2026, 6, 30)), counts_from=Begin.ISSUED)
    (deadline,) = owed()
    assert (deadline.begins_on, deadline.due_on, deadline.history) == (
        date(2026, 3, 2),
        date(2026, 6, 30),
        False,
    )


def test_a_slip_of_the_pen_is_refused_when_it_is_written_not_when_the_list_is_published(world):
    with pytest.raises(Refused) as far:
        world.ask(Terms.fixed(date(2206, 6, 30)))
    assert far.value.code == "far"


def test_many_places_cost_no_more_statements_than_few(world):
    other = make_list(world.city, "another")
    take_over(world.city, other, [row(1, "丁")])
    world.publish()
    publish(world.city, other)
    few = statements(world.ask)
    for place in world.power_list.scope.members:
        if place is not world.shen:
            organisations.add(place, f"{place.name}人民政府", OrganisationKind.GOVERNMENT, by=None)
    world.power_list = other
    many = statements(world.ask)
    assert len(owed()) == 1 + 6
    assert many <= few


def statements(act):
    """How many statements the database is sent, with nothing loaded before."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    db.session.flush()
    db.session.expire_all()
    event.listen(db.engine, "before_cursor_execute", note)
    act()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_a_place_that_ended_owes_no_longer_and_what_it_went_into_owes_its_own(owing):
    (gone,) = owed()
    into, today = owing.city.county("临清市"), date(2026, 3, 2)
    decision = Decision(today, "区划调整", "国函〔2026〕1号")
    reorganisations.end(owing.shen, [into], decision, by=owing.city.editor)
    assert gone.state is State.CANCELLED
    assert open_plans() == 1
    (running,) = [each for each in owed() if each.state.running]
    assert (running.place, running.owed_by, running.owed_to) == (into, owing.government, owing.office)
    assert open_plans() == 0, "and the schedule brings the other back no more"
    assert gone.state is State.CANCELLED
