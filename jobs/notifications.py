"""Sending what is due."""

from __future__ import annotations

import structlog

from portal import clock
from portal.db import db
from portal.foundation.notifications import queries, service

log = structlog.get_logger(__name__)


def deliver() -> int:
    """Send every delivery that is due, one after the other, and give how many were taken up.

    Any number of workers may do so at once: each delivery is claimed, and the claim committed, before it is
    sent. A worker killed between sending and writing that down repeats it later with the same key.
    """
    count = 0
    while ids := queries.due(clock.now()):
        for delivery_id in ids:
            count += _deliver(delivery_id)
    return count


def _deliver(delivery_id: int) -> bool:
    delivery = service.claim(delivery_id)
    message = service.compose(delivery) if delivery else None
    # No transaction is open while the mail server takes its time: others would wait for it.
    db.session.commit()
    if delivery is None or message is None:
        return False
    error = service.send(message)
    service.settle(delivery, error)
    db.session.commit()
    log.info("delivery tried", delivery=delivery_id, attempt=delivery.attempts, error=error)
    return True
