"""Reminders go out once for each step, rise, and never for what was history before it was entered (T-5, T-7)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import event, select

from jobs.deadlines import RemindersBroken, remind
from portal import clock
from portal.db import db
from portal.foundation.deadlines import queries, service
from portal.foundation.deadlines.reminding import service as reminding
from portal.foundation.deadlines.rules import EventKind, PauseCause, Terms
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.texts import said
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from tests.deadlines.conftest import KIND, MONDAY

IN_TEN_DAYS = Terms.fixed(MONDAY + timedelta(days=10))


def told():
    """Everything that was sent so far: to whom, and its title."""
    notices = db.session.scalars(select(Notice).order_by(Notice.id))
    return [(each.organisation.name, said(each)[0]) for each in notices]


def to(frozen, day):
    frozen.shift(day - clock.today())


def test_one_of_which_no_reminder_can_be_made_keeps_none_of_the_others_back(world, frozen, monkeypatch):
    deadlines = [world.owe(number, IN_TEN_DAYS) for number in range(5)]
    bad, whole = deadlines[1].id, reminding._letters

    def letters(deadline, *rest):
        if deadline.id == bad:
            raise RuntimeError
        return whole(deadline, *rest)

    monkeypatch.setattr(reminding, "_letters", letters)
    to(frozen, MONDAY + timedelta(days=3))
    db.session.commit()
    with pytest.raises(RemindersBroken):
        remind()
    assert sorted(title for _body, title in told()) == [f"还有 7 天到期：第 {n} 件" for n in (0, 2, 3, 4)]
    monkeypatch.setattr(reminding, "_letters", whole)
    assert remind() == 1


def test_each_step_goes_out_once_and_rises(world, frozen):
    deadline = world.owe(terms=IN_TEN_DAYS)
    sent = []
    for day in range(26):
        sent += [day] * remind()
        assert remind() == 0
        frozen.shift(timedelta(days=1))
    # Seven and one day before, on the day, one week late, two weeks late.
    assert sent == [3, 9, 10, 17, 24]
    assert told() == [
        ("市商务局", "还有 7 天到期：第 1 件"),
        ("市商务局", "还有 1 天到期：第 1 件"),
        ("市商务局", "今天到期：第 1 件"),
        ("市商务局", "已过期 7 天：第 1 件"),
        ("市商务局", "已过期 14 天：第 1 件"),
        ("市政府办公室", "已过期 14 天：第 1 件"),
    ]
    assert deadline.reminded_to.name == "OFFICE"
    kinds = [each.kind for each in queries.events(deadline)]
    assert kinds.count(EventKind.REMINDED) == 5


def test_after_days_without_a_scheduler_the_newest_step_goes_out_once_and_says_so(world, frozen):
    world.owe(terms=IN_TEN_DAYS)
    frozen.shift(timedelta(days=12))
    assert remind() == 1
    assert told() == [("市商务局", "（逾期补发）已过期 2 天：第 1 件")]
    frozen.shift(timedelta(days=1))
    assert remind() == 0


def test_steps_before_the_opening_are_skipped(world):
    world.owe(terms=Terms.fixed(MONDAY + timedelta(days=5)))
    assert remind() == 0


def test_nobody_is_reminded_of_history_of_what_is_done_or_paused(world, frozen):
    world.owe(1, begin=date(2021, 6, 15))
    done, paused = world.owe(2), world.owe(3)
    service.fulfil(done, on=MONDAY, by=None)
    service.pause(paused, cause=PauseCause.HEARING, on=MONDAY, by=None)
    frozen.shift(timedelta(days=40))
    assert remind() == 0
    assert told() == []


def test_history_that_a_person_opens_again_reminds_from_then_on(world, frozen):
    deadline = world.owe(terms=Terms.fixed(date(2021, 6, 30)))
    service.reopen(deadline, reason="还没有交", by=world.editor)
    assert remind() in (0, 1)
    frozen.shift(timedelta(days=7))
    assert remind() == 1
    assert told()[-1][0] == "市政府办公室"


def test_a_named_officer_is_told_first_then_the_whole_unit(world, frozen):
    world.officer.posts[0].organisation = world.bureau
    world.owe(terms=IN_TEN_DAYS, owed_by=world.bureau, person=world.officer, owed_to=world.office)
    to(frozen, MONDAY + timedelta(days=10))
    remind()
    (first,) = db.session.scalars(select(Notice))
    assert first.account_id == world.officer.id
    frozen.shift(timedelta(days=7))
    remind()
    later = list(db.session.scalars(select(Notice).order_by(Notice.id)))[1:]
    assert [(each.organisation_id, each.account_id) for each in later] == [
        (world.bureau.id, world.officer.id),
        (world.bureau.id, None),
    ]


def test_an_officer_who_has_left_is_not_told(world, frozen):
    world.owe(terms=IN_TEN_DAYS, owed_by=world.bureau, person=world.officer)
    to(frozen, MONDAY + timedelta(days=10))
    remind()
    (notice,) = db.session.scalars(select(Notice))
    assert notice.account_id is None


def test_a_step_is_given_up_when_the_date_has_moved_meanwhile(world, frozen):
    deadline = world.owe(terms=IN_TEN_DAYS)
    to(frozen, MONDAY + timedelta(days=10))
    coming = reminding.coming(clock.today())
    assert len(coming) == 1
    service.extend(deadline, days=10, reason="甲", granted_by="乙", by=world.editor)
    assert reminding.remind(coming, clock.today()) == 0
    assert told() == []
    # The new date has steps of its own.
    frozen.shift(timedelta(days=3))
    assert remind() == 1
    assert told() == [("市商务局", "还有 7 天到期：第 1 件")]


@pytest.mark.parametrize("hours", [-2, -9])
def test_nobody_is_woken(world, frozen, hours):
    world.owe(terms=IN_TEN_DAYS)
    frozen.shift(timedelta(days=3, hours=hours))
    assert remind() == 0


def test_two_schedulers_at_once_send_each_reminder_once(live):
    """Both find the same steps; the database lets one of them have each."""
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=clock.HOME), tick=False):
        body = Organisation(name="市商务局", place=Place(code="370800", name="济宁市", kind=PlaceKind.CITY))
        db.session.add(body)
        db.session.flush()
        for number in range(20):
            service.open(
                KIND,
                subject=("test", number),
                owed_by=body,
                title=f"第 {number} 件",
                begin=MONDAY,
                terms=Terms.fixed(MONDAY),
                by=None,
            )
        db.session.commit()
        db.session.remove()
        sent, begun = [], Barrier(3)

        def schedule():
            with live.app_context():
                begun.wait(timeout=30)
                sent.append(remind())
                db.session.remove()

        threads = [Thread(target=schedule) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sum(sent) == 20
    assert len(sent) == 3
    assert len(told()) == 20


def test_many_reminders_cost_no_more_statements_than_few(world, frozen):
    counts = []
    for number in (2, 20):
        for each in range(number):
            body = Organisation(name=f"{number} 之 {each}", place=world.weishan)
            db.session.add(body)
            db.session.flush()
            world.owe(
                1000 * number + each, terms=Terms.fixed(clock.today()), begin=clock.today(), owed_by=body
            )
        # Two weeks late they rise to the office, which is looked for once.
        frozen.shift(timedelta(days=14))
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest, seen=seen):
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        coming = [each for each in reminding.coming(clock.today()) if each[1].late == 14]
        assert reminding.remind(coming, clock.today()) == number
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[1] <= counts[0]
