"""Circulars by the clock: a draft a month, made up once, that waits for a person."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from jobs.circulars import draft_circulars
from portal import clock
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.texts import said
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.oversight.circulars import monthly, papers, queries, rules, service
from portal.oversight.circulars.models import Circular, CircularPlan
from portal.oversight.tasks import service as tasks

FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))
MARCH, APRIL = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 3, 4), []),
        (date(2026, 3, 5), [FEBRUARY]),
        (date(2026, 4, 4), [FEBRUARY]),
        (date(2026, 5, 6), [FEBRUARY, MARCH, APRIL]),
    ],
)
def test_a_month_is_due_from_its_day_of_the_next(today, due):
    assert rules.months_due(date(2026, 1, 31), 5, today) == due


def test_a_long_standstill_is_made_up_for_a_year_at_most():
    found = rules.months_due(date(2019, 12, 31), 1, date(2026, 3, 2))
    assert (len(found), found[-1]) == (12, FEBRUARY)
    assert found[0] == (date(2025, 3, 1), date(2025, 3, 31))


def test_months_follow_one_another_over_the_year_and_a_leap_day():
    found = rules.months_due(date(2027, 11, 30), 28, date(2028, 3, 28))
    assert [end for _begin, end in found] == [date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29)]


def at(frozen, day):
    frozen.move_to(datetime(day.year, day.month, day.day, 7, tzinfo=clock.HOME))


def test_the_month_that_runs_is_the_first_and_each_is_drafted_once(world, session, frozen):
    world.task(date(2026, 3, 20))
    monthly.order(world.policy, day=3, by=world.editor)
    assert draft_circulars() == 0
    at(frozen, date(2026, 4, 2))
    assert draft_circulars() == 0
    at(frozen, date(2026, 4, 3))
    assert (draft_circulars(), draft_circulars()) == (1, 0)
    made = session.query(Circular).one()
    assert ((made.begins_on, made.ends_on), made.by_clock, made.made_by) == (MARCH, True, world.editor)
    assert {each.format for each in made.files if each.file_id} == {"pdf", "docx"}
    (notice,) = session.query(Notice).filter(Notice.event == f"circular:{made.id}")
    assert notice.organisation_id == world.office.id
    assert said(notice)[0] == "请核对：聊政字〔2026〕1号调度通报第1期编好了"


def test_missed_months_are_made_up_and_one_with_nothing_to_tell_is_passed_over(world, session, frozen):
    monthly.order(world.policy, day=1, by=world.editor)
    at(frozen, date(2026, 4, 1))
    assert draft_circulars() == 0
    assert session.query(CircularPlan).one().through == date(2026, 3, 31)
    world.task(date(2026, 6, 30))
    at(frozen, date(2026, 6, 2))
    assert draft_circulars() == 2
    made = session.query(Circular).order_by(Circular.id)
    assert [each.ends_on for each in made] == [date(2026, 4, 30), date(2026, 5, 31)]


def test_who_ordered_it_does_not_publish_it_and_what_nobody_wants_is_set_aside(world, session, frozen):
    tasks.publish(world.task(date(2026, 3, 20)), by=world.editor)
    monthly.order(world.policy, day=1, by=world.approver)
    at(frozen, date(2026, 4, 1))
    draft_circulars()
    made = session.query(Circular).one()
    assert queries.waiting() == [made]
    with pytest.raises(Conflict, match="另一个人"):
        service.publish(made, by=world.approver)
    with pytest.raises(Forbidden):
        service.set_aside(made, by=world.clerk)
    service.set_aside(made, by=world.editor)
    assert queries.waiting() == []
    for verb in (service.set_aside, service.publish):
        with pytest.raises(Conflict):
            verb(made, by=world.editor if verb is service.set_aside else world.approver)


def test_an_order_is_changed_and_stopped_by_who_keeps_the_ledger(world, session, frozen):
    first = monthly.order(world.policy, day=1, by=world.editor)
    assert monthly.order(world.policy, day=28, by=world.approver) is first
    assert (first.day, first.set_by) == (28, world.approver)
    for day in (0, 29, -1):
        with pytest.raises(Refused):
            monthly.order(world.policy, day=day, by=world.editor)
    with pytest.raises(Forbidden):
        monthly.order(world.policy, day=1, by=world.clerk)
    with pytest.raises(Forbidden):
        monthly.stop(world.policy.id, by=world.clerk)
    monthly.stop(world.policy.id, by=world.editor)
    assert session.query(CircularPlan).count() == 0
    with pytest.raises(NotFound):
        monthly.stop(world.policy.id, by=world.editor)


def test_two_bodies_of_one_name_are_told_apart(world, session):
    county = Place(code="371521", name="阳谷县", kind=PlaceKind.COUNTY, parent=world.office.place)
    namesake = Organisation(name=world.commerce.name, place=county)
    session.add(namesake)
    session.flush()
    world.task(date(2026, 2, 26))
    world.task(date(2026, 2, 27), leads=[namesake])
    world.task(leads=[namesake])
    made = service.make(world.policy, begin=date(2026, 2, 1), end=clock.today(), by=world.editor)
    units = rules.units_of(made.content)
    assert {each.name: each.late for each in units} == {"市商务局（聊城市）": 1, "市商务局（阳谷县）": 1}


def test_quotation_marks_within_quotation_marks_are_single(world):
    task = world.task(date(2026, 2, 26))
    tasks.amend(task, title="推行“市县同办”", text="", responsible="", by=world.editor)
    made = service.make(world.policy, begin=date(2026, 2, 1), end=clock.today(), by=world.editor)
    assert "K1“推行‘市县同办’”（市商务局）" in papers.sections(made)[3][1]


def test_the_day_of_making_is_one_of_china(world, frozen):
    world.task(date(2026, 3, 20))
    frozen.move_to(datetime(2026, 3, 3, 0, 30, tzinfo=clock.HOME))
    made = service.make(world.policy, begin=date(2026, 2, 1), end=date(2026, 3, 3), by=world.editor)
    assert made.made_at.astimezone(clock.HOME).date() == made.ends_on
    assert ("编制", "市政府办公室，2026年3月3日") in papers.paper(made).facts
    with pytest.raises(Refused):
        service.make(world.policy, begin=date(2026, 2, 1), end=date(2026, 3, 4), by=world.editor)
    assert timedelta(0) == made.made_at.utcoffset()
