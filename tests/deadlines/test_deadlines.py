"""The verbs: what they change, what they write down, whom they refuse."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries, service
from portal.foundation.deadlines.models import Deadline, DeadlineEvent
from portal.foundation.deadlines.rules import LONGEST, EventKind, PauseCause, State, Terms
from portal.foundation.organisations.models import Organisation
from tests.deadlines.conftest import KIND, MONDAY
from tests.fixtures.people import somebody

HEARING = PauseCause.HEARING


def kinds(deadline):
    return [each.kind for each in reversed(queries.events(deadline))]


def test_it_is_counted_when_it_is_opened(world):
    deadline = world.owe(basis="《条例》第一条", owed_to=world.office)
    assert (deadline.due_on, deadline.expected, deadline.state) == (date(2026, 3, 9), True, State.OPEN)
    assert (deadline.opened_on, deadline.place, deadline.history) == (MONDAY, world.city, False)
    (event,) = queries.events(deadline)
    assert (event.kind, event.by, event.new_due) == (EventKind.OPENED, world.editor, date(2026, 3, 9))
    assert list(queries.of("test", 1)) == [deadline]


def test_the_same_is_owed_once(world):
    first = world.owe()
    assert world.owe(title="又一次", terms=Terms.working(9)) is first
    assert (first.title, len(queries.events(first))) == ("第 1 件", 1)
    assert world.owe(owed_by=world.bureau) is not first


def test_entered_long_after_its_day_it_is_history(world):
    assert world.owe(1, begin=date(2021, 6, 15)).history
    assert not world.owe(2, begin=date(2026, 1, 5)).history
    assert not world.owe(3, begin=date(2021, 6, 15), history=False).history


def test_a_pause_moves_the_date_once_it_ends(world, frozen):
    deadline = world.owe()
    service.pause(deadline, cause=HEARING, on=MONDAY, by=world.editor, reason="须听证")
    assert deadline.state is State.PAUSED
    frozen.shift(timedelta(days=4))
    service.resume(deadline, on=clock.today(), by=None)
    assert (deadline.state, deadline.due_on) == (State.OPEN, date(2026, 3, 13))
    assert kinds(deadline) == [EventKind.OPENED, EventKind.PAUSED, EventKind.RESUMED]
    event = queries.events(deadline)[0]
    assert (event.old_due, event.new_due) == (date(2026, 3, 9), date(2026, 3, 13))
    assert deadline.reminds_from == clock.today()
    with pytest.raises(Conflict):
        service.resume(deadline, on=clock.today(), by=None)


@pytest.mark.parametrize("day", [MONDAY - timedelta(days=1), MONDAY + timedelta(days=1), date(2026, 3, 10)])
def test_only_a_day_of_the_running_period_pauses(world, day):
    with pytest.raises(Refused):
        service.pause(world.owe(), cause=HEARING, on=day, by=None)


def test_a_fixed_day_is_not_paused_but_extended(world):
    deadline = world.owe(terms=Terms.fixed(date(2026, 6, 30)))
    with pytest.raises(Refused):
        service.pause(deadline, cause=HEARING, on=MONDAY, by=None)
    service.extend(
        deadline, until=date(2026, 7, 15), reason="刻制排期", granted_by="市政府", by=world.approver
    )
    assert deadline.due_on == date(2026, 7, 15)


def test_an_extension_says_why_and_who_granted_it(world):
    deadline = world.owe()
    said = {"reason": "材料复杂", "granted_by": "分管副市长", "by": world.editor}
    for wrong in (
        {**said, "days": 5, "reason": " "},
        {**said, "days": 5, "granted_by": ""},
        said,
        {**said, "days": 5, "until": date(2026, 4, 1)},
        {**said, "days": -1},
        {**said, "until": deadline.due_on},
    ):
        with pytest.raises(Refused):
            service.extend(deadline, **wrong)
    service.extend(deadline, days=5, **said)
    assert deadline.due_on == date(2026, 3, 16)
    (extension,) = deadline.extensions
    assert (extension.days, extension.granted_by) == (5, "分管副市长")
    with pytest.raises(Forbidden):
        service.extend(deadline, days=5, reason="甲", granted_by="乙", by=world.officer)


def test_a_slip_of_the_pen_is_not_explained_for_centuries(world):
    with pytest.raises(Refused):
        world.owe(terms=Terms.fixed(date(9999, 12, 31)))
    far = {"reason": "甲", "granted_by": "乙", "by": world.editor}
    with pytest.raises(Refused):
        service.extend(world.owe(), until=date(9999, 12, 31), **far)
    service.extend(world.owe(), days=LONGEST - 5, **far)
    with pytest.raises(Refused) as more:
        service.extend(world.owe(), days=1, **far)
    assert more.value.code == "far"


def test_done_once_late_or_not(world, frozen):
    deadline = world.owe()
    with pytest.raises(Refused):
        service.fulfil(deadline, on=MONDAY + timedelta(days=1), by=None)
    frozen.shift(timedelta(days=10))
    service.fulfil(deadline, on=clock.today(), by=world.officer)
    assert (deadline.state, deadline.done_on) == (State.FULFILLED, clock.today())
    for verb in (service.fulfil, service.settle):
        with pytest.raises(Conflict):
            verb(deadline, on=clock.today(), by=world.editor)
    with pytest.raises(Conflict):
        service.cancel(deadline, reason="没有了", by=None)


def test_done_while_paused_ends_the_pause(world, frozen):
    deadline = world.owe()
    service.pause(deadline, cause=HEARING, on=MONDAY, by=None)
    frozen.shift(timedelta(days=3))
    service.fulfil(deadline, on=clock.today(), by=None)
    assert [each.ends_on for each in deadline.pauses] == [clock.today()]
    service.reopen(deadline, reason="办错了", by=world.editor)
    assert (deadline.state, deadline.done_on) == (State.OPEN, None)


def test_by_hand_takes_the_right(world):
    deadline = world.owe()
    for by in (world.officer, world.stranger):
        with pytest.raises(Forbidden):
            service.settle(deadline, on=MONDAY, by=by)
        with pytest.raises(Forbidden):
            service.waive(deadline, reason="免", by=by)
    with pytest.raises(Refused):
        service.settle(deadline, on=MONDAY - timedelta(days=1), by=world.editor)
    with pytest.raises(Refused):
        service.waive(deadline, reason="", by=world.editor)
    service.waive(deadline, reason="事项已取消", by=world.editor)
    assert deadline.state is State.WAIVED


def test_a_person_opens_history_again(world):
    deadline = world.owe(begin=date(2021, 6, 15))
    with pytest.raises(Forbidden):
        service.reopen(deadline, reason="还没有办", by=world.officer)
    with pytest.raises(Refused):
        service.reopen(deadline, reason="", by=world.editor)
    service.reopen(deadline, reason="还没有办", by=world.editor)
    assert (deadline.history, deadline.state, deadline.reminds_from) == (False, State.OPEN, MONDAY)
    with pytest.raises(Conflict):
        service.reopen(deadline, reason="再来一次", by=world.editor)


def test_the_explanation_is_of_the_date_on_the_row(world, frozen):
    deadline = world.owe()
    service.pause(deadline, cause=HEARING, on=MONDAY, by=None)
    frozen.shift(timedelta(days=4))
    service.resume(deadline, on=clock.today(), by=None)
    service.extend(deadline, days=3, reason="甲", granted_by="乙", by=world.editor)
    from portal.foundation.workdays import queries as workdays

    assert queries.explained(deadline, workdays.calendar())[-1].day == deadline.due_on


def test_of_two_who_open_the_same_one_does(live, world_live):
    """Two processes at once: one row, one event."""
    begun, found = Barrier(2), []

    def open_one():
        with live.app_context():
            # On SQLite a transaction keeps the other one waiting: both begin theirs after this.
            begun.wait(timeout=30)
            body = db.session.get(Organisation, world_live["body"])
            by = db.session.get(Account, world_live["by"])
            deadline = service.open(
                KIND,
                subject=("test", 1),
                owed_by=body,
                title="同时",
                begin=MONDAY,
                terms=Terms.working(5),
                by=by,
            )
            db.session.commit()
            found.append(deadline.id)
            db.session.remove()

    threads = [Thread(target=open_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 2
    assert len(db.session.scalars(select(Deadline)).all()) == 1
    assert len(db.session.scalars(select(DeadlineEvent)).all()) == 1


@pytest.fixture
def world_live(live):
    from portal.foundation.places.models import Place
    from portal.foundation.places.rules import PlaceKind
    from portal.foundation.rights.rules import Role

    body = Organisation(name="市商务局", place=Place(code="370800", name="济宁市", kind=PlaceKind.CITY))
    by = somebody(Role.EDITOR, login="editor", organisation=body)
    db.session.add_all([body, by])
    db.session.commit()
    return {"body": body.id, "by": by.id}
