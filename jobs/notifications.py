"""Sending what is due: many at once, in lanes that do not wait for each other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import groupby

import structlog
from flask import current_app

from portal import clock
from portal.config import Settings
from portal.db import db
from portal.foundation.notifications import sending
from portal.foundation.notifications.channels.contract import Channel, Outcome, Retry, Sent
from portal.foundation.notifications.channels.registry import opened
from portal.foundation.notifications.packing import Parcel
from portal.foundation.notifications.rules import FIRST_PAUSE
from portal.foundation.notifications.sending import BROKEN
from portal.queue import Job, ring

log = structlog.get_logger(__name__)

LANES = 16
"""So many lanes are sent to at the same time."""

TURN = 30
"""Seconds after which a lane lets the others have their turn: one that takes everything, but slowly, is no
reason for them to wait."""

LONGEST = 600
"""Seconds after which a job takes nothing more up and lets another one go on."""

Outcomes = list[tuple[Parcel, Outcome | None]]
"""What came of each parcel of a lane; None for those that were not tried."""


def deliver() -> int:
    """Send every delivery that is due and give how many were taken up.

    Any number of workers may do so at once: a batch is claimed, and the claim committed, before it is sent. A
    worker killed between sending and writing that down repeats it later with the same key. A receiver
    that hangs holds up its own lane alone; what is due to the others is claimed meanwhile.
    """
    with ThreadPoolExecutor(LANES) as pool:
        return _Round(pool, current_app.config["REMIT"]).go()


class _Round:
    """One worker's round through what is due."""

    def __init__(self, pool: ThreadPoolExecutor, settings: Settings) -> None:
        self.pool, self.settings = pool, settings
        self.busy: dict[Future[Outcomes], list[Parcel]] = {}
        self.count = 0
        self.begun = self.kept = time.monotonic()

    def go(self) -> int:
        """Until nothing is due, or for so long that another one had better go on."""
        if count := sending.set_right(clock.now()):
            log.warning("a clock was ahead; what it put off is due now", count=count)
        _commit()
        while self._claim() or self.busy:
            if self.busy:
                self._await()
        if time.monotonic() - self.begun >= LONGEST:
            ring(Job.DELIVER)
            db.session.commit()
        return self.count

    def _claim(self) -> bool:
        """Take a batch and begin with it; gives whether there was anything."""
        if len(self.busy) >= LANES or time.monotonic() - self.begun >= LONGEST:
            return False
        count, claimed = sending.claim(without={parcels[0].lane for parcels in self.busy.values()})
        _commit()
        self.count += count
        for _lane, parcels in groupby(sorted(claimed, key=_lane_of), key=_lane_of):
            together = list(parcels)
            self.busy[self.pool.submit(_send, together, self.settings)] = together
        return count > 0

    def _await(self) -> None:
        """Settle the lanes that are through, and keep the claims of the others."""
        patience = sending.LEASE.total_seconds() / 3
        done, going = wait(self.busy, timeout=patience, return_when=FIRST_COMPLETED)
        for future in done:
            _settle(future.result())
            del self.busy[future]
        if time.monotonic() - self.kept >= patience:
            sending.keep([parcel for future in going for parcel in self.busy[future]])
            self.kept = time.monotonic()
        _commit()


def _commit() -> None:
    db.session.commit()
    # Statements went past the session; whoever holds a record sees what became of it.
    db.session.expire_all()


def _lane_of(parcel: Parcel) -> str:
    return parcel.lane


def _send(parcels: Sequence[Parcel], settings: Settings) -> Outcomes:
    """In a thread of its own, without the database: one lane, one after the other, until nobody answers."""
    outcomes: Outcomes = []
    until = time.monotonic() + TURN
    with opened(parcels[0].channel) as send:
        for number, parcel in enumerate(parcels):
            outcome = _sent(send, parcel, settings)
            outcomes.append((parcel, outcome))
            if isinstance(outcome, Retry) and (outcome.unreachable or outcome.busy):
                # The others of this lane share its fate without each waiting for it.
                shared = outcome if outcome.unreachable else None
                outcomes += [(each, shared) for each in parcels[number + 1 :]]
                break
            if time.monotonic() >= until:
                outcomes += [(each, None) for each in parcels[number + 1 :]]
                break
    return outcomes


def _sent(send: Channel, parcel: Parcel, settings: Settings) -> Outcome:
    try:
        return send(parcel.message, parcel.destination, settings)
    except Exception:
        log.exception("a channel broke", channel=parcel.channel.value)
        return Retry(BROKEN)


def _settle(outcomes: Outcomes) -> None:
    sending.settle_sent([parcel for parcel, outcome in outcomes if isinstance(outcome, Sent)])
    for parcel, outcome in outcomes:
        if outcome is not None and not isinstance(outcome, Sent):
            sending.settle(parcel, outcome)
            log.info(
                "not delivered",
                channel=parcel.channel.value,
                attempt=parcel.attempts,
                reason=outcome.reason,
            )
    untried = [parcel for parcel, outcome in outcomes if outcome is None]
    for parcel, outcome in outcomes:
        if isinstance(outcome, Retry) and (outcome.unreachable or outcome.busy):
            pause = max(outcome.after, FIRST_PAUSE)
            sending.put_back(untried, pause)
            sending.rest(parcel.lane, pause)
            return
    sending.put_back(untried)
