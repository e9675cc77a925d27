"""Many tasks at once: led by other units, dated otherwise, after a look at each; what the single act refuses stays."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.runs import work_off
from portal.db import db
from portal.foundation.imports.rows.models import RowTable
from portal.oversight.tasks import service
from portal.oversight.tasks.models import Task
from portal.oversight.tasks.rules import Dating

ACTS = "/staff/task-acts/"


@pytest.fixture
def tasks(world, session):
    """One with a date, one without, one that the bureau of housing takes part in."""
    made = [world.task(date(2026, 3, 31)), world.task(), world.task(partners=[world.housing])]
    session.commit()
    return made


def looked_at(visitor, address, **said):
    answer = visitor.post(f"{ACTS}?{address}", data=said)
    assert answer.status_code == 302, answer.text
    work_off()
    table = db.session.query(RowTable).order_by(RowTable.id.desc()).first()
    return table, visitor.get(answer.location)


def test_all_that_were_found_get_another_lead_with_one_reason(enter, world, tasks):
    editor = enter(world.editor)
    assert f'form="acts" name="id" value="{tasks[0].id}"' in editor.get("/staff/tasks/").text
    assert (
        editor.post(f"{ACTS}?act=tasks-lead&all=1", data={"leads": " ", "reason": "机构调整"}).status_code
        == 422
    )
    assert editor.post(f"{ACTS}?act=tasks-lead&all=1", data={"leads": "市住建局"}).status_code == 422
    ids = [each.id for each in tasks]
    table, page = looked_at(
        editor, f"act=tasks-lead&all=1&lead={world.commerce.id}", leads="市住建局", reason="机构调整"
    )
    assert [row["fate"] for row in table.report] == ["change"] * 3
    assert "市住建局" in page.text
    assert db.session.get_one(Task, ids[0]).leads == [world.commerce]
    editor.post(f"{ACTS}{table.id}/write")
    work_off()
    db.session.expire_all()
    now = [db.session.get_one(Task, each) for each in ids]
    assert [[body.name for body in each.leads + each.partners] for each in now] == [["市住建局"]] * 3
    again, _page = looked_at(editor, f"act=tasks-lead&id={ids[0]}", leads="市住建局", reason="机构调整")
    assert [row["fate"] for row in again.report] == ["same"]


def test_those_ticked_are_dated_otherwise_but_what_has_dates(enter, world, tasks):
    editor = enter(world.editor)
    dated, undated, other = (each.id for each in tasks)
    table, page = looked_at(editor, f"act=tasks-dating&id={undated}&id={dated}", dating="standing")
    assert [row["fate"] for row in table.report] == ["wrong", "change"]
    assert "不能改成没有日期" in page.text
    editor.post(f"{ACTS}{table.id}/write")
    work_off()
    db.session.expire_all()
    assert [db.session.get_one(Task, each).dating for each in (dated, undated, other)] == [
        Dating.FIXED,
        Dating.STANDING,
        Dating.UNSTATED,
    ]


def test_nothing_chosen_an_unknown_act_and_whoever_only_reports(enter, world, tasks, session):
    editor = enter(world.editor)
    assert editor.get(f"{ACTS}?act=tasks-lead").status_code == 422
    assert editor.get(f"{ACTS}?act=tasks-lead&id=99999999&state=late").status_code == 422
    assert editor.get(f"{ACTS}?act=deadlines-urge&all=1").status_code == 404
    service.publish(tasks[0], by=world.editor)
    session.commit()
    clerk = enter(world.clerk)
    assert 'id="acts"' not in clerk.get("/staff/tasks/").text
    assert clerk.get(f"{ACTS}?act=tasks-lead&id={tasks[0].id}").status_code in (403, 404)
