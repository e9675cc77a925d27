"""The pages of background work and of the schedule: what people see of it and what they may do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs import schedule as scheduling
from portal import clock
from portal.foundation.accounts.models import Post
from portal.foundation.rights.rules import Role
from portal.foundation.runs import queries, service
from portal.foundation.runs.rules import RunKind, RunState
from portal.foundation.schedule import queries as schedule
from portal.foundation.schedule.service import bring_up, take
from portal.health import queueserver
from portal.health.queueserver import LivingWorker, QueueState
from portal.queue import Job

FAULT = "没有办法"


@pytest.fixture
def mine(as_role):
    return as_role(Role.EDITOR)


@pytest.fixture
def administrator(as_role):
    return as_role(Role.ADMINISTRATOR)


def owner(session):
    return session.scalar(select(Post.account_id).where(Post.role == Role.EDITOR))


def start(session, *, by=None, kind=RunKind.EXPORT, subject=1, failed=False):
    run = service.start(kind, subject, by=by)
    if failed:
        service.fail(service.claim(run.id), FAULT)
    session.commit()
    return run


def test_people_see_their_own_runs_with_result_and_problem(mine, session):
    own = start(session, by=owner(session), failed=True)
    done = start(session, by=owner(session), subject=2)
    service.finish(service.claim(done.id), {"formats": ["csv", "pdf"]})
    other = start(session)
    page = mine.get("/staff/runs/").text
    assert "我的后台作业" in page
    assert FAULT in page
    assert "备齐 2 种下载文件" in page
    assert f"（{own.id}）" in page
    assert f"（{other.id}）" not in page
    assert "工作进程" not in page
    assert mine.get(f"/staff/runs/{other.id}/").status_code == 404
    assert mine.post(f"/staff/runs/{other.id}/cancel").status_code == 404
    assert mine.get("/staff/schedule/").status_code == 403


def test_a_run_is_cancelled_and_done_again_and_the_page_tells_who_did(mine, session):
    run = start(session, by=owner(session))
    assert "取消</button>" in mine.get(f"/staff/runs/{run.id}/").text
    assert mine.post(f"/staff/runs/{run.id}/cancel").location == f"/staff/runs/{run.id}/"
    assert run.state is RunState.CANCELLED
    page = mine.get(f"/staff/runs/{run.id}/").text
    assert "已经取消" in page
    assert "某editor，" in page
    assert mine.post(f"/staff/runs/{run.id}/again").location == f"/staff/runs/{run.id}/"
    assert run.state is RunState.QUEUED
    assert mine.post(f"/staff/runs/{run.id}/again").status_code == 409


def test_a_run_under_way_says_that_it_is_about_to_stop(mine, session):
    run = start(session, by=owner(session))
    service.claim(run.id)
    mine.post(f"/staff/runs/{run.id}/cancel")
    page = mine.get(f"/staff/runs/{run.id}/").text
    assert "做完手头这一步就停" in page
    assert "取消</button>" not in page


def test_a_publication_offers_neither_cancelling_nor_giving_up(mine, session):
    run = start(session, by=owner(session), kind=RunKind.PUBLISH)
    assert "取消</button>" not in mine.get(f"/staff/runs/{run.id}/").text
    assert mine.post(f"/staff/runs/{run.id}/cancel").status_code == 409
    service.fail(service.claim(run.id), FAULT)
    page = mine.get(f"/staff/runs/{run.id}/").text
    assert "再做一次</button>" in page
    assert "放弃</button>" not in page


def test_the_administrator_sees_everything_and_what_is_wrong(administrator, session):
    start(session, failed=True)
    page = administrator.get("/staff/runs/").text
    assert "定时进程还没有启动过" in page
    assert "没有一个工作进程在运行" in page
    assert "没有完成的，按种类" in page
    assert re.search(r"<dt>工作进程</dt><dd>0", page)
    english = administrator.get("/staff/runs/?lang=en").text
    assert "The scheduler has never been started" in english


def test_the_administrator_sees_who_works_and_on_what(administrator, session, monkeypatch):
    now = clock.now()
    bring_up(scheduling.SCHEDULE)
    session.commit()
    sweep = schedule.named("sweep")
    workers = (
        LivingWorker("甲机", busy=True, since=now, doing=(Job.CARRY_OUT.value, (7,))),
        LivingWorker("乙机", busy=True, since=now, doing=(Job.TURN.value, (sweep.id,))),
        LivingWorker("丙机", busy=False, since=now),
        LivingWorker("丁机", busy=True, since=None, doing=("older.release.job", ())),
    )
    state = QueueState(length=4, waiting_since=now - timedelta(minutes=3), workers=workers)
    monkeypatch.setattr(queueserver, "look", lambda: state)
    page = administrator.get("/staff/runs/").text
    for words in ("甲机", "后台作业（7）", "没有人做的作业重新排队", "空闲", "有 4 个等着", "等了3 分钟"):
        assert words in page
    sweep.failures, sweep.error = 2, "KeyError"
    session.commit()
    assert "连续 2 次，KeyError" in administrator.get("/staff/runs/").text


def test_what_failed_is_done_again_or_given_up_in_bulk(administrator, session):
    runs = [start(session, subject=number, failed=True) for number in range(3)]
    stuck = start(session, kind=RunKind.PUBLISH, failed=True)
    ticked = {"act": "discard", "run": [runs[0].id, stuck.id, "x", "99999999999"]}
    page = administrator.post("/staff/runs/many", data=ticked, follow_redirects=True).text
    assert "处理了 1 项作业" in page
    assert "没有动" in page
    assert (runs[0].state, stuck.state) == (RunState.DISCARDED, RunState.FAILED)
    administrator.post("/staff/runs/many", data={"act": "retry", "kind": "export"})
    assert [run.state for run in runs[1:]] == [RunState.QUEUED] * 2
    assert queries.failures() == {RunKind.PUBLISH: 1}
    assert [len(queries.records(run.id)) for run in (*runs, stuck)] == [1, 1, 1, 0]


def test_bulk_reaches_nobody_elses_runs(mine, session):
    run = start(session, failed=True)
    mine.post("/staff/runs/many", data={"act": "discard", "run": [run.id]})
    mine.post("/staff/runs/many", data={"act": "discard", "kind": "export"})
    assert run.state is RunState.FAILED
    assert mine.post("/staff/runs/many", data={"act": "cancel", "run": [run.id]}).status_code == 409
    assert mine.post("/staff/runs/many", data={}).status_code == 409


def test_the_list_is_narrowed_and_goes_on(administrator, session, monkeypatch):
    monkeypatch.setattr("admin.foundation.runs.PAGE", 2)
    runs = [start(session, subject=number) for number in range(3)]
    failed = start(session, kind=RunKind.HANDOUT, failed=True)
    first = administrator.get("/staff/runs/?kind=export").text
    assert f"（{runs[2].id}）" in first
    assert f"（{runs[0].id}）" not in first
    assert f"before={runs[1].id}" in first
    assert f"（{runs[0].id}）" in administrator.get(f"/staff/runs/?kind=export&before={runs[1].id}").text
    only = administrator.get("/staff/runs/?state=failed").text
    assert f"（{failed.id}）" in only
    assert f"（{runs[2].id}）" not in only
    for odd in ("state=nothing", "kind=moon", "before=x", "before=99999999999999", "before=-1"):
        assert administrator.get(f"/staff/runs/?{odd}").status_code == 200


def test_the_page_of_the_schedule(administrator, session):
    bring_up(scheduling.SCHEDULE)
    session.commit()
    page = administrator.get("/staff/schedule/").text
    assert "每 15 秒" in page
    assert "每天 02:30" in page
    assert "还没有做过" in page
    assert "every 15 seconds" in administrator.get("/staff/schedule/?lang=en").text.lower()


def test_what_is_late_is_said_and_done_when_asked_for(administrator, session):
    bring_up(scheduling.SCHEDULE)
    sweep = schedule.named("sweep")
    tidy = schedule.named("tidy")
    sweep.next_due = sweep.next_due.replace(year=2020)
    session.commit()
    page = administrator.get("/staff/schedule/").text
    assert "定时进程没有动静" in page
    assert re.search(r"晚了\d+ 天</span>", page)
    assert administrator.post(f"/staff/schedule/{tidy.id}/now").status_code == 302
    session.refresh(tidy)
    assert take(tidy.id) is not None
    session.commit()
    page = administrator.get("/staff/schedule/").text
    assert "正在做" in page
    assert "叫过一次" in page
    assert administrator.post(f"/staff/schedule/{tidy.id}/now").status_code == 409
    assert administrator.post("/staff/schedule/9999/now").status_code == 404
