"""The ledger: dates are deadlines of the unit that answers, units report on their own, history alarms nobody."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import event

from portal import clock
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines.reminding.service import coming
from portal.foundation.deadlines.rules import State
from portal.foundation.files.service import path_of
from portal.foundation.notifications.models import Notice
from portal.foundation.siteversion import queries as version
from portal.oversight.tasks import queries, service
from portal.oversight.tasks.milestones import service as milestones
from portal.oversight.tasks.reporting import service as reporting
from portal.oversight.tasks.reporting.service import Handed, Progress
from portal.oversight.tasks.rules import Dating, TaskState

TODAY = date(2026, 3, 2)
SOON, GONE = date(2026, 3, 31), date(2026, 2, 26)


def entry(task):
    (found,) = queries.entries([task], clock.today())
    return found


def said(percent=50, on=TODAY, files=()):
    return Progress(on, percent, "已经开了两次会。", files)


def test_a_date_is_owed_by_the_lead_named_first_to_the_office(world):
    task = world.task(SOON, leads=[world.commerce, world.housing])
    (step,) = entry(task).steps
    owed = step.deadline
    assert (owed.owed_by, owed.owed_to, owed.due_on) == (world.commerce, world.office, SOON)
    assert owed.title == "K1 第 1 项任务：做成第 1 件"
    assert owed.basis == "聊政字〔2026〕1号第1条"
    assert entry(task).state is TaskState.UNDER_WAY


def test_where_the_document_names_no_lead_the_office_answers_and_nobody_is_made_one(world):
    task = world.task(SOON, leads=[])
    (step,) = entry(task).steps
    assert (step.deadline.owed_by, step.deadline.owed_to) == (world.office, None)
    assert task.leads == []


def test_late_is_told_in_working_days_and_done_late_stays_late(world):
    task = world.task(GONE)
    assert (entry(task).state, entry(task).late) == (TaskState.LATE, 2)
    milestones.reach(task.milestones[0], on=date(2026, 2, 27), note="", by=world.editor)
    assert (entry(task).state, entry(task).late) == (TaskState.DONE_LATE, 1)
    assert entry(task).done_on == date(2026, 2, 27)


def test_a_task_is_done_when_the_last_of_its_milestones_is(world):
    task = world.task(SOON, date(2026, 4, 30))
    milestones.reach(task.milestones[0], on=TODAY, note="验收过", by=world.editor)
    assert (entry(task).state, entry(task).due_on) == (TaskState.UNDER_WAY, date(2026, 4, 30))
    milestones.drop(task.milestones[1], reason="并入别的任务", by=world.editor)
    assert entry(task).state is TaskState.DONE


def test_what_is_entered_long_after_its_day_is_history_until_somebody_opens_it(world):
    task = world.task(date(2026, 1, 31))
    assert entry(task).state is TaskState.LATE
    milestones.add_milestone(task, text="去年的", on=date(2026, 1, 10), by=world.editor, history=True)
    old = task.milestones[1]
    assert queries.deadline_of(old).history
    assert queries.deadline_of(old).id not in [key for key, _step in coming(clock.today())]
    with pytest.raises(Conflict, match="重新打开"):
        milestones.reach(old, on=TODAY, note="", by=world.editor)
    milestones.reopen(old, reason="还要做", by=world.approver)
    assert not queries.deadline_of(old).history
    milestones.reach(old, on=TODAY, note="", by=world.editor)


def test_an_undated_task_goes_by_its_reports_and_takes_no_date(world):
    task = world.task()
    assert entry(task).state is TaskState.SILENT
    reporting.report(task, said(30), by=world.clerk)
    reporting.report(task, said(100), by=world.clerk)
    assert (entry(task).state, entry(task).percent, entry(task).done_on) == (TaskState.DONE, 100, TODAY)
    with pytest.raises(Refused, match="写明日期"):
        milestones.add_milestone(task, text="甲", on=SOON, by=world.editor)
    service.set_dating(task, Dating.FIXED, by=world.editor)
    milestones.add_milestone(task, text="甲", on=SOON, by=world.editor)
    with pytest.raises(Conflict):
        service.set_dating(task, Dating.STANDING, by=world.editor)
    assert entry(task).state is TaskState.UNDER_WAY


def test_the_newest_report_holds_whatever_order_they_came_in(world):
    task = world.task(SOON)
    reporting.report(task, said(60, TODAY), by=world.clerk)
    reporting.report(task, said(40, date(2026, 2, 1)), by=world.clerk)
    assert entry(task).percent == 60
    assert queries.newest_reports([task.id], by=date(2026, 2, 10))[task.id].percent == 40


def test_a_unit_reports_on_its_own_task_with_files_and_the_office_is_told_at_the_end(world, session):
    task = world.task(SOON)
    made = reporting.report(task, said(100, files=[Handed(BytesIO(b"minutes"), "纪要.docx")]), by=world.clerk)
    (kept,) = made.evidence
    assert path_of(kept.file).read_bytes() == b"minutes"
    assert queries.evidence(task, kept.file_id) is kept.file
    assert queries.evidence(world.task(), kept.file_id) is None
    (notice,) = session.query(Notice).filter(Notice.event == f"task-report:{made.id}")
    assert notice.organisation_id == world.office.id
    # What a unit says of itself closes nothing: the office signs off.
    assert entry(task).state is TaskState.UNDER_WAY
    with pytest.raises(Forbidden):
        reporting.report(task, said(), by=world.stranger)


@pytest.mark.parametrize(
    "progress",
    [
        Progress(TODAY, 101, "甲"),
        Progress(TODAY, -1, "甲"),
        Progress(TODAY, 50, " "),
        Progress(date(2026, 3, 3), 50, "甲"),
        Progress(date(2026, 1, 4), 50, "甲"),
        Progress(TODAY, 50, "甲", [Handed(b"", "空.txt")]),
        Progress(TODAY, 50, "甲", [Handed(b"x", "a.txt")] * 11),
    ],
)
def test_reports_that_cannot_be_are_refused(world, progress):
    with pytest.raises(Refused):
        reporting.report(world.task(), progress, by=world.editor)


def test_only_who_keeps_the_ledger_changes_it(world):
    task = world.task(SOON)
    part = task.milestones[0]
    for verb in (
        lambda: milestones.add_milestone(task, text="甲", on=SOON, by=world.clerk),
        lambda: milestones.reach(part, on=TODAY, note="", by=world.clerk),
        lambda: milestones.reopen(part, reason="甲", by=world.clerk),
        lambda: milestones.drop(part, reason="甲", by=world.clerk),
        lambda: service.entrust(task, leads=[], partners=[], reason="甲", by=world.clerk),
        lambda: service.amend(task, title="甲", text="", responsible="", by=world.clerk),
        lambda: service.publish(task, by=world.clerk),
        lambda: service.withdraw(task, by=world.clerk),
        lambda: service.set_dating(task, Dating.FIXED, by=world.clerk),
    ):
        with pytest.raises(Forbidden):
            verb()


def test_a_task_passes_to_another_unit_and_back_with_its_date(world):
    task = world.task(SOON, date(2026, 4, 30))
    milestones.reach(task.milestones[0], on=TODAY, note="", by=world.editor)
    first = queries.deadline_of(task.milestones[1])
    service.entrust(
        task, leads=[world.housing], partners=[world.commerce], reason="职责调整", by=world.editor
    )
    second = queries.deadline_of(task.milestones[1])
    assert (first.state, second.owed_by, second.due_on) == (State.CANCELLED, world.housing, first.due_on)
    assert queries.deadline_of(task.milestones[0]).owed_by is world.commerce
    assert (task.leads, task.partners) == ([world.housing], [world.commerce])
    service.entrust(task, leads=[world.commerce], partners=[], reason="调回来", by=world.editor)
    assert queries.deadline_of(task.milestones[1]) is first
    assert first.state is State.OPEN
    assert len(deadlines.of("milestone", task.milestones[1].id)) == 2


def test_a_code_stands_once_in_a_document(world):
    task = world.task()
    draft = service.Draft(task.code, "甲", Dating.UNSTATED, TODAY, world.office, text="乙")
    with pytest.raises(Conflict):
        service.add(world.policy, draft, by=world.editor)
    with pytest.raises(Refused):
        service.add(
            world.policy, service.Draft("N1", "甲", Dating.UNSTATED, TODAY, world.office), by=world.editor
        )


def test_words_are_put_right_but_never_taken_away(world):
    task = world.task(SOON)
    service.amend(task, title=" 新名称 ", text="只办一半。", responsible="", by=world.editor)
    assert (task.title, task.words, task.responsible) == ("新名称", "只办一半。", "")
    service.amend(task, title="新名称", text="", responsible="", by=world.editor)
    assert task.words == "1．简化流程。各部门照办。"
    with pytest.raises(Refused):
        service.amend(task, title=" ", text="", responsible="", by=world.editor)


def test_the_public_page_is_made_anew_when_a_date_of_a_task_changes(world, session):
    task = world.task(SOON)
    session.commit()
    before = version.number()
    milestones.reach(task.milestones[0], on=TODAY, note="", by=world.editor)
    session.commit()
    assert version.number() > before


def test_a_ledger_costs_the_same_statements_whatever_its_length(world, session):
    said_to = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note := lambda _c, _u, text, *_rest: said_to.append(text))
    try:
        counts = []
        for more in (1, 6):
            for _number in range(more):
                reporting.report(world.task(SOON, date(2026, 4, 30)), said(), by=world.editor)
            session.expire_all()
            said_to.clear()
            assert queries.ledger(world.policy.id, TODAY)
            counts.append(len(said_to))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert counts[1] <= counts[0] + 1


@pytest.mark.parametrize("begins_on", [date(1, 1, 1), date(202, 6, 1), date(9999, 12, 31)])
def test_a_mistyped_beginning_is_refused_while_it_can_be_put_right(world, begins_on):
    draft = service.Draft("N1", "甲", Dating.UNSTATED, begins_on, world.office, text="乙")
    with pytest.raises(Refused, match="1949"):
        service.add(world.policy, draft, by=world.editor)
