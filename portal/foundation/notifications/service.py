"""The verbs of notices. A notice is written in the transaction of the change it tells of; sending is apart."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.config import Settings
from portal.db import Base, db
from portal.errors import Conflict, Forbidden, NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.notifications import mail, queries
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.rules import (
    ATTEMPTS,
    SENDING_AT_MOST,
    Channel,
    DeliveryState,
    pause_after,
)
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right, may
from portal.i18n import mark
from portal.queue import Job, ring

CUT_OFF = mark("发送几次都中途断了，不知道对方是否收到")


def notify(organisation: Organisation, *, key: str, title: str, body: str, address: str = "") -> Notice:
    """Tell the organisation something, once for each `key` (at most 128 characters), whoever asks how often.

    `title` is one line, `body` plain text, `address` a path of this site to read on. The notice is in the
    inbox as soon as the transaction is committed; an e-mail goes out besides when the organisation has an
    address and the settings name a mail server. Gives the notice of that key, new or old (T-6).
    """
    values = {
        "key": key,
        "organisation_id": organisation.id,
        "title": title,
        "body": body,
        "address": address,
    }
    _insert_or_nothing(Notice, {**values, "created_at": clock.now()})
    notice = db.session.scalars(queries.by_key(key)).one()
    if organisation.email and _settings().mail.host:
        _insert_or_nothing(
            Delivery,
            {
                "key": f"{key}:{Channel.EMAIL}",
                "notice_id": notice.id,
                "channel": Channel.EMAIL,
                "recipient": organisation.email,
                "state": DeliveryState.QUEUED,
                "attempts": 0,
                "next_at": clock.now(),
                "error": "",
            },
        )
        ring(Job.DELIVER)
    return notice


def claim(delivery_id: int) -> Delivery | None:
    """Take a delivery that is due for one worker; None when another was faster or nothing is to be done.

    Its `attempts` is the worker's proof. One whose worker died while sending is due again after
    SENDING_AT_MOST; after the last attempt it is failed here instead, for a person to look.
    """
    now = clock.now()
    open_states = (DeliveryState.QUEUED, DeliveryState.SENDING)
    due = and_(Delivery.state.in_(open_states), Delivery.next_at <= now)
    cut_off = {"state": DeliveryState.FAILED, "error": CUT_OFF}
    if _change(delivery_id, and_(due, Delivery.attempts >= ATTEMPTS), cut_off):
        return None
    taken = {
        "state": DeliveryState.SENDING,
        "attempts": Delivery.attempts + 1,
        "next_at": now + SENDING_AT_MOST,
    }
    if not _change(delivery_id, due, taken):
        return None
    return db.session.get(Delivery, delivery_id)


def compose(delivery: Delivery) -> EmailMessage:
    """The message for a delivery, with a link to its address where the settings say how this site is reached."""
    settings = _settings()
    address = delivery.notice.address
    link = settings.public_url + address if settings.public_url and address else ""
    return mail.compose(delivery, sender=settings.mail.sender, site=settings.site.name, link=link)


def send(message: EmailMessage) -> str:
    """Send the message and give "" or why it was not taken. Reads and changes no row: it may take minutes."""
    try:
        mail.send(message, _settings().mail)
    except mail.NotSent as reason:
        return str(reason)
    return ""


def settle(delivery: Delivery, error: str) -> None:
    """Write down what came of sending: sent, or when to try again, or failed for a person to look.

    Nothing is written when the claim was given up meanwhile and another worker has it.
    """
    now, pause = clock.now(), pause_after(delivery.attempts)
    if not error:
        values: dict[str, Any] = {"state": DeliveryState.SENT, "sent_at": now, "error": ""}
    elif pause is None:
        values = {"state": DeliveryState.FAILED, "error": error}
    else:
        values = {"state": DeliveryState.QUEUED, "next_at": now + pause, "error": error}
    mine = and_(Delivery.state == DeliveryState.SENDING, Delivery.attempts == delivery.attempts)
    _change(delivery.id, mine, values)


def send_again(delivery_id: int, *, by: Account) -> Delivery:
    """Send a failed delivery again from the first attempt, with the same key.

    For whoever may see the background work (SEE_RUNS); to the organisation's present address. Raises
    Forbidden, NotFound, or Conflict when it has not failed.
    """
    if not may(by.role, Right.SEE_RUNS):
        raise Forbidden("只有系统管理员可以重新发送通知。")
    delivery = db.session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound("没有这条发送记录。")
    again = {
        "state": DeliveryState.QUEUED,
        "attempts": 0,
        "next_at": clock.now(),
        "error": "",
        "recipient": delivery.notice.organisation.email or delivery.recipient,
    }
    if not _change(delivery_id, Delivery.state == DeliveryState.FAILED, again):
        raise Conflict("这条通知没有发送失败，不用重新发送。")
    ring(Job.DELIVER)
    return delivery


def mark_read(notice_id: int, *, by: Account) -> Notice:
    """Note that the organisation has read the notice; once read it stays so.

    Raises NotFound for a notice of another organisation: it is nobody else's business that it exists.
    """
    notice = db.session.get(Notice, notice_id)
    if notice is None or notice.organisation_id != by.organisation_id:
        raise NotFound("没有这条通知。")
    if notice.read_at is None:
        notice.read_at = clock.now()
        db.session.flush()
    return notice


def _settings() -> Settings:
    settings: Settings = current_app.config["REMIT"]
    return settings


def _insert_or_nothing(table: type[Base], values: dict[str, Any]) -> None:
    """Insert unless the key is there already, decided by the database, so concurrent callers cannot clash."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(dialect.insert(table).values(values).on_conflict_do_nothing(index_elements=["key"]))


def _change(delivery_id: int, where: ColumnElement[bool], values: dict[str, Any]) -> bool:
    statement = update(Delivery).where(Delivery.id == delivery_id, where).values(values)
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    # The statement went past the session; whoever holds the record sees what became of it.
    db.session.get(Delivery, delivery_id, populate_existing=True)
    return bool(done.rowcount)  # type: ignore[attr-defined]
