import time

import pytest
from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.foundation.notifications import service as notices
from portal.foundation.notifications.mail import KEY_HEADER
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.rules import DeliveryState
from portal.foundation.runs import service as runs
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import ATTEMPTS, RunKind, RunState
from tests.faults.conftest import wait_for

pytestmark = pytest.mark.faults


def tell(body, key="k"):
    notices.notify(body, key=key, title="清单已公布", body="请看。")
    db.session.commit()


def sent(key="k"):
    found = db.session.scalars(select(Delivery).where(Delivery.key == f"{key}:email")).one()
    return found.state is DeliveryState.SENT


def ended(run):
    db.session.refresh(run)
    return run.state.ended


def test_a_notice_written_while_the_queue_server_is_down_arrives_once_it_is_back(works, body):
    works.queue_server.kill()
    tell(body)
    works.start("worker")
    works.start("schedule")
    time.sleep(1)
    assert works.smtp.messages == []
    works.queue_server.start()
    wait_for(sent)
    assert [message[KEY_HEADER] for message in works.smtp.messages] == ["k:email"]


def test_a_restart_of_the_queue_server_stops_neither_worker_nor_scheduler(works, body):
    works.start("worker")
    works.start("schedule")
    tell(body, "before")
    wait_for(lambda: sent("before"))
    works.queue_server.kill()
    tell(body, "meanwhile")
    time.sleep(3)
    works.queue_server.start()
    wait_for(lambda: sent("meanwhile"))
    tell(body, "after")
    wait_for(lambda: sent("after"))
    assert all(child.poll() is None for child in works.children)
    assert len(works.smtp.messages) == 3


def test_a_worker_killed_while_sending_is_made_up_for_with_the_same_key(works, body):
    works.smtp.answering.clear()
    first = works.start("worker")
    tell(body)
    wait_for(lambda: works.smtp.arrived)
    works.kill(first)
    works.smtp.answering.set()
    delivery = db.session.scalars(select(Delivery)).one()
    assert delivery.state is DeliveryState.SENDING
    works.start("worker")
    works.start("schedule")
    wait_for(sent)
    keys = {message[KEY_HEADER] for message in works.smtp.messages}
    ids = {message["Message-ID"] for message in works.smtp.messages}
    assert keys == {"k:email"}
    assert len(ids) == 1
    assert len(db.session.scalars(select(Notice)).all()) == 1


def test_a_run_whose_worker_is_killed_is_finished_by_another(works, body):
    works.hold.touch()
    first = works.start("worker")
    run = runs.start(RunKind.EXPORT, 1, by=None)
    db.session.commit()
    wait_for(lambda: ended(run) or run.done == 2)
    assert run.state is RunState.RUNNING
    works.kill(first)
    works.hold.unlink()
    works.start("worker")
    works.start("schedule")
    wait_for(lambda: ended(run))
    assert (run.state, run.result, run.done) == (RunState.DONE, {"steps": 3}, 3)
    assert run.attempts == 2
    assert len(db.session.scalars(select(Notice)).all()) == 3


def test_a_living_worker_at_something_long_keeps_its_run(works, body):
    works.hold.touch()
    works.start("worker")
    works.start("worker")
    works.start("schedule")
    run = runs.start(RunKind.EXPORT, 1, by=None)
    db.session.commit()
    wait_for(lambda: ended(run) or run.done == 2)
    time.sleep(4)
    works.hold.unlink()
    wait_for(lambda: ended(run))
    assert (run.state, run.attempts) == (RunState.DONE, 1)


def test_a_run_that_kills_every_worker_fails_with_a_sentence(works, body):
    works.hold.touch()
    run = runs.start(RunKind.EXPORT, 1, by=None)
    run.attempts = ATTEMPTS - 1
    db.session.commit()
    first = works.start("worker")
    wait_for(lambda: ended(run) or run.done == 2)
    works.kill(first)
    works.start("worker")
    works.start("schedule")
    wait_for(lambda: ended(run))
    assert (run.state, run.message) == (RunState.FAILED, runs.GAVE_UP)
    assert db.session.scalars(select(Run).where(Run.lease_until > clock.now())).all() == []


def test_two_workers_and_two_schedulers_send_each_notice_once(works, body):
    for what in ("worker", "worker", "schedule", "schedule"):
        works.start(what)
    for number in range(12):
        tell(body, f"n{number}")
    wait_for(lambda: all(sent(f"n{number}") for number in range(12)))
    keys = sorted(message[KEY_HEADER] for message in works.smtp.messages)
    assert keys == sorted(f"n{number}:email" for number in range(12))
