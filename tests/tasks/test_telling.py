"""Whoever has to do with a task is told when it is given, dated and taken away, and reminded of its dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.board import queries as board
from portal.foundation.deadlines.reminding.service import coming, remind
from portal.foundation.deadlines.rules import State
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.texts import said
from portal.oversight.tasks import queries, service
from portal.oversight.tasks.milestones import service as milestones
from portal.oversight.tasks.reporting import service as reporting
from portal.oversight.tasks.reporting.service import Progress
from portal.oversight.tasks.rules import Dating, TaskState

TODAY, SOON = date(2026, 3, 2), date(2026, 3, 31)


def told(session, body, event=""):
    """Titles of what the body was told of, the oldest first."""
    found = session.query(Notice).filter(Notice.organisation_id == body.id).order_by(Notice.id)
    return [said(each)[0] for each in found if each.event.startswith(event)]


def test_leads_and_partners_are_told_what_they_are_when_a_task_is_given(world, session):
    world.task(leads=[world.commerce], partners=[world.housing])
    assert told(session, world.commerce) == ["请牵头：K1 第 1 项任务"]
    assert told(session, world.housing) == ["请配合：K1 第 1 项任务"]
    assert told(session, world.office) == []
    assert {each.kind for each in session.query(Notice)} == {NoticeKind.TASK}
    (led,) = session.query(Notice).filter(Notice.organisation_id == world.commerce.id)
    assert "聊政字〔2026〕1号第1条" in said(led)[1]


def test_when_a_task_goes_to_others_only_those_for_whom_it_changes_are_told(world, session):
    task = world.task(leads=[world.commerce], partners=[world.housing])
    both = {"leads": [world.housing, world.commerce], "partners": []}
    service.entrust(task, **both, reason="职责调整", by=world.editor)
    assert told(session, world.commerce) == ["请牵头：K1 第 1 项任务"]
    assert told(session, world.housing) == ["请配合：K1 第 1 项任务", "请牵头：K1 第 1 项任务"]
    service.entrust(task, leads=[world.housing], partners=[], reason="并入", by=world.editor)
    assert told(session, world.commerce)[1:] == ["不再由贵单位承担：K1 第 1 项任务"]
    assert len(told(session, world.housing)) == 2
    service.entrust(task, **both, reason="又要两家", by=world.editor)
    assert told(session, world.commerce)[2:] == ["请牵头：K1 第 1 项任务"]


def test_leads_are_told_of_a_new_date_but_not_of_history(world, session):
    task = world.task(leads=[world.commerce, world.housing], dating=Dating.FIXED)
    milestones.add_milestone(task, text="开通", on=SOON, by=world.editor)
    for body in (world.commerce, world.housing):
        assert told(session, body, "task-dated") == ["有了期限：K1 第 1 项任务"]
    milestones.add_milestone(task, text="旧的", on=date(2026, 1, 6), by=world.editor, history=True)
    assert len(told(session, world.commerce, "task-dated")) == 1


def test_every_lead_is_reminded_and_may_read_how_the_day_was_counted(world, session):
    milestone = world.task(SOON, leads=[world.commerce, world.housing]).milestones[0]
    owed = queries.deadline_of(milestone)
    today = SOON - timedelta(days=7)
    assert remind(coming(today), today) == 1
    for body in (world.commerce, world.housing):
        assert told(session, body, f"deadline:{owed.id}") == ["还有 7 天到期：K1 第 1 项任务：做成第 1 件"]
    assert told(session, world.office, "deadline") == []
    assert board.sees(board.seen_by(world.stranger), owed)
    outsider = Account(login="x", name="x", active=True)
    assert not board.sees(board.seen_by(outsider), owed)


def test_a_lead_with_a_named_officer_gets_no_second_copy_and_the_office_leads_only_once(world, session):
    milestone = world.task(SOON, leads=[world.commerce, world.office]).milestones[0]
    owed = queries.deadline_of(milestone)
    owed.person = world.clerk
    session.flush()
    today = SOON + timedelta(days=14)
    assert remind(coming(today), today) == 1
    keys = [
        each.key.rpartition(":")[2] for each in session.query(Notice) if each.event.startswith("deadline")
    ]
    assert sorted(keys) == sorted([f"a{world.clerk.id}", f"o{world.commerce.id}", f"o{world.office.id}"])


def test_a_partner_tells_of_its_share_and_closes_nothing(world, session):
    task = world.task(leads=[world.commerce], partners=[world.housing])
    reporting.report(task, Progress(TODAY, 30, "一半"), by=world.clerk)
    reporting.report(task, Progress(TODAY, 100, "我们这边好了"), by=world.stranger)
    (entry,) = queries.entries([task], TODAY)
    assert (entry.percent, entry.state) == (30, TaskState.UNDER_WAY)
    assert told(session, world.office) == []
    assert len(queries.reports(task)) == 2


def test_an_office_that_takes_part_itself_still_speaks_for_the_whole(world):
    task = world.task(leads=[world.commerce], partners=[world.office])
    reporting.report(task, Progress(TODAY, 100, "验收过"), by=world.editor)
    (entry,) = queries.entries([task], TODAY)
    assert entry.state is TaskState.DONE


def test_a_day_put_off_while_another_unit_had_it_holds_when_the_task_comes_back(world):
    task = world.task(SOON)
    (part,) = task.milestones
    service.entrust(task, leads=[world.housing], partners=[], reason="调整", by=world.editor)
    later = date(2026, 4, 30)
    deadlines.extend(
        queries.deadline_of(part), until=later, reason="难", granted_by="王市长", by=world.editor
    )
    service.entrust(task, leads=[world.commerce], partners=[], reason="调回来", by=world.editor)
    owed = queries.deadline_of(part)
    assert (owed.owed_by, owed.due_on, owed.state) == (world.commerce, later, State.OPEN)


@pytest.mark.parametrize("back", [False, True])
def test_history_alarms_nobody_when_its_task_passes_on_and_is_owed_by_the_new_unit_once_opened(world, back):
    task = world.task(dating=Dating.FIXED)
    part = milestones.add_milestone(task, text="旧的", on=date(2026, 1, 6), by=world.editor, history=True)
    service.entrust(task, leads=[world.housing], partners=[], reason="调整", by=world.editor)
    if back:
        service.entrust(task, leads=[world.commerce], partners=[], reason="调回来", by=world.editor)
    assert queries.deadline_of(part).history
    assert coming(TODAY) == []
    owed = milestones.reopen(part, reason="还要做", by=world.editor)
    assert owed.owed_by is (world.commerce if back else world.housing)
    assert (queries.deadline_of(part), owed.history, owed.due_on) == (owed, False, date(2026, 1, 6))


def test_a_part_done_by_one_unit_and_opened_again_is_owed_by_who_answers_now(world):
    task = world.task(SOON)
    (part,) = task.milestones
    milestones.reach(part, on=TODAY, note="", by=world.editor)
    service.entrust(task, leads=[world.housing], partners=[], reason="调整", by=world.editor)
    assert queries.deadline_of(part).state is State.FULFILLED
    milestones.reopen(part, reason="没有做完", by=world.editor)
    owed = queries.deadline_of(part)
    assert (owed.owed_by, owed.state) == (world.housing, State.OPEN)
