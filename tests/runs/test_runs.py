from datetime import timedelta

import pytest

from jobs import runs as jobs_runs
from portal import clock
from portal.errors import Refused
from portal.foundation.runs import queries, service
from portal.foundation.runs.rules import ATTEMPTS, LEASE, Lease, RunKind, RunState, percent
from portal.foundation.runs.work import LeaseLost

KIND = RunKind.EXPORT


@pytest.fixture
def run(session):
    made = service.start(KIND, 7, by=None)
    session.commit()
    return made


@pytest.fixture
def handler(monkeypatch):
    """Puts a function in the place of the kind's real handler."""

    def use(function):
        monkeypatch.setattr(jobs_runs, "resolve_name", lambda _address: function)

    return use


def test_a_run_is_claimed_by_one_worker_alone(run):
    lease = service.claim(run.id)
    assert isinstance(lease, Lease)
    assert service.claim(run.id) is None
    found = queries.get(run.id)
    assert (found.state, found.attempts) == (RunState.RUNNING, 1)


def test_asking_twice_for_the_same_gives_the_same_run_until_it_ended(run, session):
    assert service.start(KIND, 7, by=None) is run
    assert service.start(KIND, 8, by=None) is not run
    service.finish(service.claim(run.id), {})
    assert service.start(KIND, 7, by=None) is not run


def test_a_lease_that_ran_out_is_taken_over_and_the_first_worker_can_change_nothing(run, session, frozen):
    first = service.claim(run.id)
    frozen.shift(LEASE - timedelta(seconds=1))
    assert service.claim(run.id) is None
    frozen.shift(2)
    second = service.claim(run.id)
    assert second is not None
    for late in (
        lambda: service.progress(first, 1, 2),
        lambda: service.finish(first, {}),
        lambda: service.fail(first, "晚了"),
        lambda: service.release(first),
        lambda: service.keep(first),
    ):
        with pytest.raises(LeaseLost):
            late()
    service.finish(second, {"rows": 3})
    assert queries.get(run.id).result == {"rows": 3}


def test_progress_keeps_the_lease(run, session, frozen):
    lease = service.claim(run.id)
    for done in range(5):
        frozen.shift(LEASE - timedelta(seconds=1))
        service.progress(lease, done, 5)
    assert service.claim(run.id) is None
    assert (run.done, run.total) == (4, 5)


def test_a_run_that_kills_its_workers_fails_with_a_sentence(run, session, frozen):
    for _ in range(ATTEMPTS):
        assert service.claim(run.id) is not None
        frozen.shift(LEASE + timedelta(seconds=1))
    assert service.claim(run.id) is None
    session.refresh(run)
    assert run.state is RunState.FAILED
    assert run.message == service.GAVE_UP
    assert run.finished_at == clock.now()


def test_an_ended_run_is_not_claimed_again(run):
    service.fail(service.claim(run.id), "没有办法")
    assert service.claim(run.id) is None


def test_forgotten_are_those_never_rung_for_and_those_whose_worker_is_silent(run, session, frozen):
    young = service.start(KIND, 9, by=None)
    run.queued_at = young.queued_at = clock.now()
    session.flush()
    assert queries.forgotten(clock.now()) == []
    frozen.shift(31)
    assert queries.forgotten(clock.now()) == [run.id, young.id]
    service.claim(run.id)
    assert queries.forgotten(clock.now()) == [young.id]
    frozen.shift(LEASE + timedelta(seconds=1))
    assert queries.forgotten(clock.now()) == [run.id, young.id]


def test_carrying_out_ends_in_done_with_the_result_and_progress(run, handler):
    def work(taken, hold):
        assert taken.id == run.id
        hold.step(1, 2)
        hold.step(2, 2)
        return {"file": "abc"}

    handler(work)
    jobs_runs.carry_out(run.id)
    found = queries.get(run.id)
    assert (found.state, found.result, found.done, found.total) == (RunState.DONE, {"file": "abc"}, 2, 2)
    assert found.lease is None
    jobs_runs.carry_out(run.id)
    assert queries.get(run.id).attempts == 1


def test_a_refusal_is_shown_as_its_sentence(run, handler):
    def work(_run, _hold):
        raise Refused("第 %(line)s 行没有名称。", line=3)

    handler(work)
    jobs_runs.carry_out(run.id)
    found = queries.get(run.id)
    assert (found.state, found.message) == (RunState.FAILED, "第 3 行没有名称。")


def test_a_bug_fails_the_run_without_its_details(run, handler):
    def work(_run, _hold):
        raise KeyError("13812345678")

    handler(work)
    jobs_runs.carry_out(run.id)
    found = queries.get(run.id)
    assert (found.state, found.message) == (RunState.FAILED, jobs_runs.BROKEN)


def test_what_a_worker_did_after_losing_its_lease_is_rolled_back(run, session, handler, frozen):
    def work(_run, hold):
        hold.step(1, 3)
        frozen.shift(LEASE + timedelta(seconds=1))
        other = service.claim(run.id)
        session.commit()
        service.start(KIND, 99, by=None)
        with pytest.raises(LeaseLost) as lost:
            hold.step(2, 3)
        service.finish(other, {"by": "the other"})
        session.commit()
        raise lost.value

    handler(work)
    jobs_runs.carry_out(run.id)
    assert queries.get(run.id).result == {"by": "the other"}
    assert queries.under_way(KIND, 99) is None


def test_working_off_carries_out_all_and_what_they_start(run, handler):
    def work(taken, _hold):
        if taken.subject_id < 10:
            service.start(KIND, taken.subject_id + 1, by=None)
        return {}

    handler(work)
    assert jobs_runs.work_off() == 4
    assert queries.latest(KIND, 10).state is RunState.DONE


def test_percent_says_hundred_only_when_all_is_done():
    assert [percent(0, 0), percent(1, 3), percent(999, 1000), percent(1000, 1000)] == [0, 33, 99, 100]
