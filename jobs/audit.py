"""The record by the clock: its head is kept outside the database, and the whole of it is read once a day."""

from __future__ import annotations

import structlog
from flask import current_app

from portal import clock
from portal.config import Settings
from portal.db import READS, db
from portal.foundation.audit import anchoring, queries
from portal.foundation.audit.anchoring import RecordBroken
from portal.foundation.audit.verifying import verify
from portal.foundation.notifications.channels.contract import Destination, Item, Message, Sent
from portal.foundation.notifications.channels.email import mailing

log = structlog.get_logger(__name__)


def anchor() -> None:
    """Keep the head outside the database; RecordBroken, which the page of the schedule shows, when it does not hold."""
    anchoring.anchor()


def check() -> None:
    """Read the whole record against its anchors and send its head to whoever asked for it by mail.

    Raises RecordBroken when it is not as it was written.
    """
    db.session.connection(execution_options=READS)
    verdict = verify(anchoring.read(anchoring.path()).anchors)
    head = queries.head()
    db.session.rollback()
    if verdict.fault is not None:
        log.error("the record is not as it was written", fault=verdict.fault.value, number=verdict.number)
        raise RecordBroken(verdict)
    if head.number:
        _send(anchoring.line(head))


def _send(line: str) -> None:
    settings: Settings = current_app.config["REMIT"]
    now = clock.now()
    title = "操作记录的锚点"
    body = f"{line}\n\n请保存这封邮件。核对时可以用：flask audit verify --head {_spoken(line)}"
    item = Item(line, "anchor", title, body, "", now)
    message = Message(f"anchor:{line}", settings.site.name, "", title, (item,), now)
    with mailing() as send:
        for address in settings.anchors.mail:
            outcome = send(message, Destination(address), settings)
            if not isinstance(outcome, Sent):
                log.warning("an anchor could not be sent by mail", reason=outcome.reason)


def _spoken(line: str) -> str:
    _moment, number, found = line.split(" ")
    return f"{number}:{found}"
