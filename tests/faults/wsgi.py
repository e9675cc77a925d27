"""The portal as its workers run it, with clocks that go thirty times as fast and a slow kind of work."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jobs import commands, schedule
from jobs import runs as running
from portal.app import create_app
from portal.db import db
from portal.foundation.notifications import rules as notice_rules
from portal.foundation.notifications import sending
from portal.foundation.notifications import service as notices
from portal.foundation.organisations.models import Organisation
from portal.foundation.runs import queries as run_queries
from portal.foundation.runs import service as runs
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunKind
from portal.foundation.runs.work import Work
from portal.foundation.schedule import queries as schedule_queries
from portal.foundation.schedule import rules as schedule_rules
from portal.foundation.schedule import service as schedule_service

QUICK = timedelta(seconds=2)
STEPS = 3

running.BEAT = QUICK / 4
runs.LEASE = run_queries.LEASE = QUICK
schedule.BEAT = QUICK / 4
schedule_rules.HOLD = schedule_service.HOLD = QUICK
schedule_rules.RING_AGAIN = QUICK / 2

begin_round = sending.set_right


def set_right(now: datetime) -> int:
    """Begin a round of sending: claims run out quickly, or as late as elsewhere while a file `calm` lies there.

    Where nobody is killed no claim may run out, however slow the machine is.
    """
    calm = (Path(os.environ["REMIT_DATA_DIR"]) / "calm").exists()
    sending.LEASE = notice_rules.LEASE if calm else QUICK
    return begin_round(now)


sending.set_right = set_right
running.HANDLERS[RunKind.EXPORT] = "tests.faults.wsgi:slow"


def slow(run: Run, work: Work) -> dict[str, Any]:
    """Tell every organisation something in steps; waits in the second one for as long as a file `hold` lies there."""
    folder = Path(os.environ["REMIT_DATA_DIR"])
    for step in range(1, STEPS + 1):
        for body in db.session.query(Organisation).all():
            notices.notify(body, key=f"run:{run.id}:{step}:{body.id}", title="甲", body="乙")
        work.step(step, STEPS)
        (folder / "pid").write_text(str(os.getpid()))
        while step > 1 and (folder / "hold").exists():
            time.sleep(0.02)
    return {"steps": STEPS}


def tick() -> None:
    """Note when this turn began; waits for as long as a file `hold-tick` lies there."""
    folder = Path(os.environ["REMIT_DATA_DIR"])
    entry = schedule_queries.named("tick")
    if entry is None:
        return
    begun, turn = entry.begun_at, entry.turn
    db.session.rollback()
    with (folder / "ticks").open("a") as file:
        file.write(f"{turn} {begun.timestamp() if begun else 0}\n")
    while (folder / "hold-tick").exists():
        time.sleep(0.02)


schedule.SCHEDULE = (
    schedule.Entry("sweep", "清扫", schedule.sweep, schedule.Every(1)),
    schedule.Entry("deliver", "发送", schedule.deliver, schedule.Every(1)),
    schedule.Entry("tick", "走一格", tick, schedule.Every(1)),
)
app = create_app()
commands.init_app(app)
