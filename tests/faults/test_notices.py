import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace

import psutil
import pytest
from sqlalchemy import func, select

from portal.config import ROOT, Mail
from portal.db import db
from portal.foundation.notifications import queries
from portal.foundation.notifications import service as notices
from portal.foundation.notifications.channels.email import KEY_HEADER
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.rules import Channel, DeliveryState
from portal.foundation.notifications.ways import service as ways
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from tests.faults.conftest import wait_for
from tests.fixtures.people import somebody

pytestmark = pytest.mark.faults

UNITS = 3
KILLS = int(os.environ.get("FAULT_KILLS", "4"))
NOTICES = int(os.environ.get("FAULT_NOTICES", "20"))
"""To each unit, by e-mail and by webhook; a long run asks for more of both."""


@pytest.fixture
def delivering(live, smtp, tmp_path):
    """A process that delivers without end; gives the number of the child at work."""
    env = {
        **os.environ,
        "REMIT_ENV": "test",
        "DATABASE_URL": live.config["SQLALCHEMY_DATABASE_URI"],
        "REMIT_DATA_DIR": str(tmp_path),
        "SMTP_HOST": smtp.host,
        "SMTP_PORT": str(smtp.port),
        "REMIT_FIELD_KEYS": KEY,
    }
    process = subprocess.Popen([sys.executable, "-m", "tests.faults.delivering"], cwd=ROOT, env=env)

    def child():
        path = tmp_path / "delivering"
        return int(path.read_text() or 0) if path.exists() else 0

    yield child
    for each in [*psutil.Process(process.pid).children(recursive=True), process]:
        each.kill()
    process.wait()


KEY = "4dW5pVx4k3f3pL6uGm1n1b2rX2kq0b0m5bYc2n3m4Yk="


@pytest.fixture
def units(live, smtp, receiver, monkeypatch):
    """Units with people, e-mail and a webhook."""
    from portal import crypto

    before = live.config["REMIT"]
    live.config["REMIT"] = replace(before, mail=Mail(host=smtp.host, port=smtp.port), field_keys=(KEY,))
    monkeypatch.setitem(live.extensions, "remit_field_keys", crypto._read((KEY,)))
    place = Place(code="370826", name="微山县", kind=PlaceKind.COUNTY)
    made = []
    for number in range(UNITS):
        body = Organisation(name=f"局{number}", place=place, email=f"u{number}@example.cn")
        by = somebody(Role.COUNTY_OFFICER, login=f"u{number}", organisation=body)
        db.session.add_all([body, by])
        db.session.flush()
        ways.set_way(body, Channel.WEBHOOK, by=by, address=receiver.address(f"/{number}"), active=True)
        made.append((body, by))
    db.session.commit()
    yield made
    live.config["REMIT"] = before


def kill_now_and_then(child, chance):
    """Kill whoever delivers, at moments that nobody chose; gives how often."""
    killed = set()
    while len(killed) < KILLS:
        time.sleep(chance.uniform(0.02, 0.3))
        number = child()
        if number and number not in killed:
            killed.add(number)
            os.kill(number, signal.SIGKILL)
    return len(killed)


def everything_ended():
    open_ones = select(func.count(Delivery.id)).where(
        Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.SENDING))
    )
    return db.session.scalar(open_ones) == 0


def test_whoever_delivers_may_be_killed_at_any_moment(live, delivering, units, smtp, receiver):
    wait_for(delivering)
    for number in range(NOTICES):
        for body, _by in units:
            notices.notify(body, key=f"n{number}", title="清单已公布", body="请看。")
            # Asked for twice, as by a job that was cut off and done again.
            notices.notify(body, key=f"n{number}", title="清单已公布", body="请看。")
        if number % 10 == 9:
            db.session.commit()
    db.session.commit()
    assert kill_now_and_then(delivering, random.Random(NOTICES)) == KILLS
    wait_for(everything_ended)

    assert db.session.scalar(select(func.count(Notice.id))) == NOTICES * UNITS
    assert [queries.inbox_size(by) for _body, by in units] == [NOTICES] * UNITS
    assert set(db.session.scalars(select(Delivery.state))) == {DeliveryState.SENT}
    mails = Counter(message[KEY_HEADER] for message in smtp.messages)
    hooks = Counter(receiver.keys())
    keys = set(db.session.scalars(select(Delivery.key).where(Delivery.channel == Channel.EMAIL)))
    assert mails.keys() == keys
    assert len(hooks) == NOTICES * UNITS
    # Each delivery carried the one key that its row has, however often it came.
    assert {each.document["data"]["key"] for each in receiver.received} == set(
        db.session.scalars(select(Delivery.key).where(Delivery.channel == Channel.WEBHOOK))
    )
    for counted in (mails, hooks):
        assert max(counted.values()) <= 1 + KILLS


def test_receivers_that_misbehave_hold_nobody_else_up(live, delivering, units, smtp, receiver):
    receiver.answers |= {"/0": receiver.hang, "/1": (429, {"Retry-After": "3600"}, b"")}
    for number in range(5):
        for body, _by in units:
            notices.notify(body, key=f"n{number}", title="甲", body="乙")
    db.session.commit()

    def rest_is_there():
        came = Counter(each.path for each in receiver.received)
        return len(smtp.messages) == 5 * UNITS and came["/2"] == 5 and came["/1"]

    wait_for(rest_is_there)
    came = Counter(each.path for each in receiver.received)
    # The one that hangs is asked once at a time, the one that is busy is left alone.
    assert came == {"/0": 1, "/1": 1, "/2": 5}
