"""What people do to a run: cancel, do again, give up; each act is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobs import runs as jobs_runs
from portal import clock
from portal.errors import Conflict, NotFound
from portal.foundation.rights.rules import Role
from portal.foundation.runs import queries, service
from portal.foundation.runs.rules import LEASE, RunAct, RunKind, RunState
from portal.foundation.runs.work import RunCancelled
from tests.lists.making import account

KIND = RunKind.EXPORT


@pytest.fixture
def owner(session):
    return account(Role.EDITOR)


@pytest.fixture
def administrator(session):
    return account(Role.ADMINISTRATOR)


@pytest.fixture
def run(session, owner):
    made = service.start(KIND, 7, by=owner.id)
    session.commit()
    return made


def acts(run):
    return [(record.act, record.by_id) for record in queries.records(run.id)]


def failed(run, sentence="没有办法"):
    service.fail(service.claim(run.id), sentence)
    return run


def test_a_run_that_waits_is_cancelled_at_once(run, owner):
    service.cancel(run.id, by=owner)
    assert (run.state, run.message) == (RunState.CANCELLED, service.CANCELLED)
    assert run.finished_at is not None
    assert service.claim(run.id) is None
    assert acts(run) == [(RunAct.CANCEL, owner.id)]


def test_a_run_under_way_ends_at_its_next_step_with_what_came_before(run, session, owner, monkeypatch):
    def work(_run, hold):
        service.start(KIND, 100, by=None)
        hold.step(1, 3)
        service.cancel(run.id, by=owner)
        session.commit()
        service.start(KIND, 200, by=None)
        hold.step(2, 3)
        raise AssertionError("nothing comes after a step that says it is cancelled")

    monkeypatch.setattr(jobs_runs, "resolve_name", lambda _address: work)
    jobs_runs.carry_out(run.id)
    session.refresh(run)
    assert (run.state, run.done, run.lease) == (RunState.CANCELLED, 1, None)
    assert queries.under_way(KIND, 100) is not None
    assert queries.under_way(KIND, 200) is None


def test_a_run_cancelled_while_its_worker_dies_is_not_taken_over(run, owner, frozen):
    assert service.claim(run.id) is not None
    service.cancel(run.id, by=owner)
    frozen.shift(LEASE + timedelta(seconds=1))
    assert queries.forgotten(clock.now()) == [run.id]
    assert service.claim(run.id) is None
    assert run.state is RunState.CANCELLED


def test_what_is_done_before_it_hears_of_it_is_done(run, owner):
    lease = service.claim(run.id)
    service.cancel(run.id, by=owner)
    service.finish(lease, {"rows": 1})
    assert run.state is RunState.DONE


def test_cancelling_twice_or_too_late_is_said(run, owner, administrator):
    lease = service.claim(run.id)
    service.cancel(run.id, by=owner)
    with pytest.raises(Conflict):
        service.cancel(run.id, by=administrator)
    with pytest.raises(RunCancelled):
        service.progress(lease, 1, 2)
    service.stop(lease)
    with pytest.raises(Conflict):
        service.cancel(run.id, by=owner)


def test_a_run_is_done_again_as_itself_from_the_first_attempt(run, owner, administrator, frozen):
    failed(run)
    frozen.shift(timedelta(days=1))
    assert service.retry(run.id, by=administrator) is run
    assert (run.state, run.attempts, run.message, run.finished_at) == (RunState.QUEUED, 0, "", None)
    assert run.queued_at == clock.now()
    assert queries.forgotten(clock.now()) == []
    with pytest.raises(Conflict):
        service.retry(run.id, by=owner)
    service.cancel(run.id, by=owner)
    assert service.retry(run.id, by=owner).cancel_asked_at is None
    assert service.claim(run.id) is not None
    assert [act for act, _by in acts(run)] == [RunAct.RETRY, RunAct.CANCEL, RunAct.RETRY]


def test_doing_again_what_another_run_does_already_gives_that_one(run, owner):
    failed(run)
    other = service.start(KIND, 7, by=None)
    assert service.retry(run.id, by=owner) is other
    assert run.state is RunState.DISCARDED
    assert queries.failures() == {}


def test_what_failed_is_counted_until_it_is_done_again_or_given_up(run, owner, administrator):
    failed(run)
    assert queries.failures() == {KIND: 1}
    assert queries.failed(KIND, limit=10) == [run.id]
    service.discard(run.id, by=administrator)
    assert queries.failures() == {}
    assert acts(run) == [(RunAct.DISCARD, administrator.id)]
    with pytest.raises(Conflict):
        service.discard(run.id, by=administrator)
    service.retry(run.id, by=owner)
    assert run.state is RunState.QUEUED


def test_a_publication_is_carried_out_and_can_be_neither_cancelled_nor_given_up(session, owner):
    run = service.start(RunKind.PUBLISH, 1, by=owner.id)
    with pytest.raises(Conflict):
        service.cancel(run.id, by=owner)
    failed(run)
    with pytest.raises(Conflict):
        service.discard(run.id, by=owner)
    assert service.retry(run.id, by=owner).state is RunState.QUEUED


@pytest.mark.parametrize("verb", [service.cancel, service.retry, service.discard])
def test_a_run_is_nobody_elses_business(run, verb):
    with pytest.raises(NotFound):
        verb(run.id, by=account(Role.APPROVER))
    with pytest.raises(NotFound):
        verb(10**6, by=account(Role.ADMINISTRATOR))
    assert acts(run) == []


def test_a_run_from_a_clock_that_was_ahead_waits_for_nobody(run, session, frozen):
    frozen.shift(timedelta(days=365))
    run.queued_at = clock.now()
    session.flush()
    frozen.shift(-timedelta(days=365))
    assert queries.forgotten(clock.now()) == [run.id]
    frozen.shift(timedelta(days=365))
    assert service.claim(run.id) is not None
    frozen.shift(-timedelta(days=365))
    assert queries.forgotten(clock.now()) == [run.id]
    assert service.claim(run.id) is not None


def test_runs_are_listed_newest_first_and_go_on_below(session, owner):
    made = [service.start(KIND, number, by=owner.id).id for number in range(5)]
    service.start(RunKind.HANDOUT, 1, by=None)
    assert [run.id for run in queries.listed(kind=KIND, limit=2)] == made[:-3:-1]
    assert [run.id for run in queries.listed(kind=KIND, before=made[3], limit=2)] == [made[2], made[1]]
    assert len(queries.listed(state=RunState.QUEUED)) == 6
    assert queries.listed(state=RunState.DONE) == []
    assert len(queries.listed(started_by_id=owner.id)) == 5
    assert queries.under_way_counts() == {RunState.QUEUED: 6, RunState.RUNNING: 0}
    assert queries.waiting_since() == min(run.queued_at for run in queries.listed())
