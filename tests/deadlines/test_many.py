"""Many deadlines at once: urged or given more time after a look at each, with what the single act refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobs.runs import work_off
from portal.db import db
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.rules import Terms
from portal.foundation.deadlines.urging.queries import urged_on
from portal.foundation.imports.rows.models import RowTable
from tests.deadlines.conftest import MONDAY

ACTS = "/staff/deadline-acts/"


@pytest.fixture
def owed(world, session):
    """Two that are late, one of the office's own, one that is not due yet."""
    past, ahead = (Terms.fixed(MONDAY + timedelta(days=days)) for days in (-5, 30))
    made = [world.owe(number, terms=past) for number in (1, 2)]
    made += [world.owe(3, terms=past, owed_by=world.office), world.owe(4, terms=ahead)]
    session.commit()
    return made


def looked_at(visitor, address, **said):
    answer = visitor.post(f"{ACTS}?{address}", data=said)
    assert answer.status_code == 302, answer.text
    work_off()
    table = db.session.query(RowTable).order_by(RowTable.id.desc()).first()
    return table, visitor.get(answer.location)


def test_all_that_were_found_are_urged_but_what_the_single_act_refuses(enter, world, owed):
    editor = enter(world.editor)
    board = editor.get("/staff/deadlines/?rows=all").text
    assert f'form="acts" name="id" value="{owed[0].id}"' in board
    table, page = looked_at(editor, "act=deadlines-urge&all=1&rows=all")
    assert sorted(row["fate"] for row in table.report) == ["change", "change", "wrong", "wrong"]
    assert "贵单位自己的时限" in page.text
    assert "没有逾期" in page.text
    assert urged_on([each.id for each in owed]) == {}
    editor.post(f"{ACTS}{table.id}/write")
    work_off()
    assert set(urged_on([each.id for each in owed])) == {each.id for each in owed[:2]}


def test_those_ticked_get_more_time_with_one_reason(enter, world, owed):
    editor = enter(world.editor)
    address = f"act=deadlines-extend&id={owed[0].id}&id={owed[3].id}"
    assert editor.post(f"{ACTS}?{address}", data={"days": "3"}).status_code == 422
    until = (MONDAY + timedelta(days=10)).isoformat()
    table, page = looked_at(editor, address, until=until, reason="汛期", granted_by="市政府")
    assert [row["fate"] for row in table.report] == ["change", "wrong"]
    assert "要晚于现在的到期日" in page.text
    editor.post(f"{ACTS}{table.id}/write")
    work_off()
    db.session.expire_all()
    extended = db.session.get_one(Deadline, owed[0].id)
    assert extended.due_on == MONDAY + timedelta(days=10)
    assert [(each.reason, each.granted_by) for each in extended.extensions] == [("汛期", "市政府")]
    assert db.session.get_one(Deadline, owed[3].id).due_on == MONDAY + timedelta(days=30)


def test_nothing_chosen_an_unknown_act_and_whoever_has_no_right(enter, world, owed):
    editor = enter(world.editor)
    assert editor.get(f"{ACTS}?act=deadlines-urge").status_code == 422
    assert editor.get(f"{ACTS}?act=points-withdraw&all=1").status_code == 404
    done = editor.get("/staff/deadlines/?part=done").text
    assert 'id="acts"' not in done
    officer = enter(world.officer)
    assert 'id="acts"' not in officer.get("/staff/deadlines/").text
    assert officer.get(f"{ACTS}?act=deadlines-urge&id={owed[0].id}").status_code in (403, 404)
