import re
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.db import db
from portal.foundation.notifications import service as notices
from portal.foundation.notifications.channels.email import KEY_HEADER
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.rules import DeliveryState
from portal.foundation.runs import service as runs
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import ATTEMPTS, RunKind, RunState
from tests.faults.conftest import wait_for

pytestmark = pytest.mark.faults


def tell(body, *keys):
    for key in keys:
        notices.notify(body, key=key, title="清单已公布", body="请看。")
    db.session.commit()


def sent(*keys):
    wanted = select(Delivery).join(Notice).where(Notice.event.in_(keys))
    return [found.state for found in db.session.scalars(wanted)] == [DeliveryState.SENT] * len(keys)


def keys_received(works, *names):
    """The occasions of the mails about these notices, as often as they came; late ones of other tests do not count."""
    came = (message[KEY_HEADER].split(":")[0] for message in works.smtp.messages)
    return sorted(name for name in came if name in names)


def hears_stop(pid):
    """Whether the process has a handler of its own for SIGTERM."""
    caught = re.search(r"^SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(caught[1], 16) >> (signal.SIGTERM - 1) & 1 == 1


def start_slow_run(attempts=0):
    run = runs.start(RunKind.EXPORT, 1, by=None)
    run.attempts = attempts
    db.session.commit()
    return run.id


def at_step_two(run_id):
    return db.session.get(Run, run_id).done == 2


def ended(run_id):
    run = db.session.get(Run, run_id)
    return run if run.state.ended else None


def test_a_notice_written_while_the_queue_server_is_down_arrives_once_it_is_back(works, body):
    works.queue_server.kill()
    tell(body, "k1")
    time.sleep(1)
    assert works.smtp.messages == []
    works.queue_server.start()
    wait_for(lambda: sent("k1"))
    assert keys_received(works, "k1") == ["k1"]


def test_a_restart_of_the_queue_server_stops_neither_worker_nor_scheduler(works, body):
    tell(body, "before")
    wait_for(lambda: sent("before"))
    works.queue_server.kill()
    tell(body, "meanwhile")
    time.sleep(2)
    works.queue_server.start()
    wait_for(lambda: sent("meanwhile"))
    tell(body, "after")
    wait_for(lambda: sent("after"))
    assert len(works.alive("worker")) == len(works.alive("schedule")) == 1
    assert len(works.smtp.messages) == 3


def test_a_queue_server_that_forgot_everything_loses_nothing(works, body):
    works.kill()
    tell(body, "k2")
    works.queue_server.client.flushall()
    works.need()
    wait_for(lambda: sent("k2"))
    assert keys_received(works, "k2") == ["k2"]


def test_a_worker_killed_while_sending_is_made_up_for_with_the_same_key(works, body):
    works.smtp.answering.clear()
    tell(body, "k3")
    wait_for(lambda: works.smtp.waiting)
    works.kill()
    works.smtp.answering.set()
    assert db.session.scalars(select(Delivery)).one().state is DeliveryState.SENDING
    db.session.rollback()
    works.need()
    wait_for(lambda: sent("k3"))
    assert set(keys_received(works, "k3")) == {"k3"}
    mails = [message for message in works.smtp.messages if message[KEY_HEADER].startswith("k3:")]
    assert len({(message[KEY_HEADER], message["Message-ID"]) for message in mails}) == 1
    assert len(db.session.scalars(select(Notice)).all()) == 1


def test_a_run_whose_worker_is_killed_is_finished_by_another(works, body):
    works.hold.touch()
    run_id = start_slow_run()
    wait_for(lambda: at_step_two(run_id))
    works.kill()
    works.hold.unlink()
    works.need()
    run = wait_for(lambda: ended(run_id))
    db.session.refresh(run)
    assert (run.state, run.result, run.done) == (RunState.DONE, {"steps": 3}, 3)
    assert run.attempts == 2
    assert len(db.session.scalars(select(Notice)).all()) == 3


def test_a_run_that_kills_every_worker_fails_with_a_sentence(works, body):
    works.hold.touch()
    run_id = start_slow_run(attempts=ATTEMPTS - 1)
    wait_for(lambda: at_step_two(run_id))
    works.kill()
    works.need()
    run = wait_for(lambda: ended(run_id))
    db.session.refresh(run)
    assert (run.state, run.message, run.lease) == (RunState.FAILED, runs.GAVE_UP, None)


def test_a_living_worker_at_something_long_keeps_its_run_from_the_others(works, body):
    works.need(workers=2)
    works.hold.touch()
    run_id = start_slow_run()
    wait_for(lambda: at_step_two(run_id))
    time.sleep(3)
    works.hold.unlink()
    run = wait_for(lambda: ended(run_id))
    db.session.refresh(run)
    assert (run.state, run.attempts) == (RunState.DONE, 1)


def test_two_workers_and_two_schedulers_send_each_notice_once(works, body):
    works.calm.touch()
    works.need(workers=2, schedulers=2)
    names = [f"n{number:02}" for number in range(12)]
    for name in names:
        tell(body, name)
    wait_for(lambda: sent(*names))
    assert keys_received(works, *names) == names


def test_without_a_queue_server_everything_still_stops_when_told_to(works, body):
    works.need(workers=1, schedulers=1)
    children = [*works.alive("worker"), *works.alive("schedule")]
    # One that was only just started has not yet said what it does when told to stop.
    wait_for(lambda: all(hears_stop(child.pid) for child in children))
    tell(body, "k4")
    wait_for(lambda: sent("k4"))
    works.queue_server.kill()
    time.sleep(1)
    for child in children:
        child.terminate()
    try:
        assert [child.wait(20) for child in children] == [0] * len(children)
    finally:
        works.queue_server.start()
