"""The verbs of notices. A notice is written in the transaction of the change it tells of; sending is apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.config import Settings
from portal.crypto import Unreadable
from portal.db import Base, db
from portal.errors import NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.notifications import queries
from portal.foundation.notifications.letters import Letter
from portal.foundation.notifications.models import Delivery, Notice, Receipt
from portal.foundation.notifications.rules import (
    Channel,
    DeliveryState,
    NoticeKind,
    Timing,
    masked,
    next_digest,
)
from portal.foundation.notifications.ways.queries import Choice, choice
from portal.foundation.organisations.models import Organisation
from portal.queue import Job, ring

RECEIPTS = 1000
"""So many are written by one statement."""


def notify(
    organisation: Organisation,
    *,
    key: str,
    title: str,
    body: str,
    address: str = "",
    values: Mapping[str, Any] | None = None,
    kind: NoticeKind = NoticeKind.GENERAL,
    account: Account | None = None,
) -> Notice:
    """Tell a unit, or one named `account` of it, something: once for each occasion and recipient.

    `key` (at most 110 characters) names the occasion. `title` is one line, `body` plain text, both marked texts
    with `%(name)s` for `values` (texts, numbers, days), filled in for each reader in the own language; without
    values they are said as they are. `address` is a path of this site to read on. The notice is in the inbox as
    soon as the transaction is committed; it goes out besides by the channels that the unit has chosen for this
    `kind`. Gives the notice of that key and recipient, new or old (T-6).
    """
    letter = Letter(organisation, key, title, body, address, values or {}, kind, account)
    is_new = _inserted(Notice, [letter.row()])
    notice = db.session.scalars(queries.by_key(letter.whole_key)).one()
    if is_new:
        send_out(notice, choice(organisation.id), account)
    return notice


def send_out(
    notice: Notice, chosen: Choice, account: Account | None, channels: Collection[Channel] = tuple(Channel)
) -> None:
    """Queue the notice's deliveries by those of the channels that its unit has chosen for its kind."""
    rows = going_out(notice, chosen, account, channels)
    if rows:
        _inserted(Delivery, rows)
        ring(Job.DELIVER)


def going_out(
    notice: Notice, chosen: Choice, account: Account | None, channels: Collection[Channel] = tuple(Channel)
) -> list[dict[str, Any]]:
    """The rows of those deliveries; none where nothing is set up or the unit wants none."""
    rows = []
    for channel in channels:
        where = address_of(channel, notice.organisation, chosen, account)
        timing = chosen.timing(notice.kind, channel)
        # What cannot be read now is queued all the same: it must not be lost with the key.
        if (where or unreadable(channel, chosen)) and timing is not Timing.NEVER:
            rows.append(_row(notice, channel, where, timing, chosen))
    return rows


def address_of(channel: Channel, organisation: Organisation, chosen: Choice, account: Account | None) -> str:
    """Where a channel leads for a unit, or one of its people; empty when it is not set up or switched off.

    E-mail goes to the unit's address in the list of bodies unless the unit has chosen another or none.
    """
    settings: Settings = current_app.config["REMIT"]
    way = chosen.ways.get(channel)
    if way is not None and not way.active:
        return ""
    if channel is Channel.EMAIL:
        own = account.email if account is not None else ""
        return (own or (way.address if way else "") or organisation.email) if settings.mail.host else ""
    if channel is Channel.FILE:
        return "file" if way is not None and settings.demo else ""
    return way.address if way is not None else ""


def unreadable(channel: Channel, chosen: Choice) -> bool:
    """Whether the unit has an address or a secret there that this process has no key for."""
    way = chosen.ways.get(channel)
    return way is not None and any(isinstance(each, Unreadable) for each in (way.address, way.secret))


def mark_read(notice_id: int, *, by: Account) -> Notice:
    """Note that the account has read the notice, and when first.

    Raises NotFound for a notice of another organisation or person: it is nobody else's business that it exists.
    """
    notice = db.session.get(Notice, notice_id)
    if notice is None or not _meant_for(notice, by):
        raise NotFound("没有这条通知。")
    _receive([notice_id], by)
    db.session.refresh(notice)
    return notice


def mark_all_read(*, by: Account) -> int:
    """Note that the account has read everything in its inbox, and give how many it had not."""
    return _receive(queries.unread_ids(by), by)


def mark_done(key: str, *, by: Account) -> int:
    """Note that the account has read what it was told of an occasion, since it has done what that asked; how many."""
    wanted = select(Notice.id).where(Notice.event == key, queries.meant_for(by))
    return _receive(db.session.scalars(wanted).all(), by)


def _receive(ids: Collection[int], by: Account) -> int:
    now, wanted = clock.now(), list(ids)
    for begin in range(0, len(wanted), RECEIPTS):
        some = wanted[begin : begin + RECEIPTS]
        rows = [{"notice_id": each, "account_id": by.id, "read_at": now} for each in some]
        _inserted(Receipt, rows, ["notice_id", "account_id"])
        first = update(Notice).where(Notice.id.in_(some), Notice.read_at.is_(None)).values(read_at=now)
        db.session.execute(first.execution_options(synchronize_session=False))
    return len(wanted)


def _meant_for(notice: Notice, account: Account) -> bool:
    return notice.organisation_id in account.unit_ids and notice.account_id in (None, account.id)


def _row(notice: Notice, channel: Channel, where: str, timing: Timing, chosen: Choice) -> dict[str, Any]:
    now = clock.now()
    row = {
        "key": f"{notice.key}:{channel}",
        "notice_id": notice.id,
        "organisation_id": notice.organisation_id,
        "channel": channel,
        "lane": lane(channel, where, notice.organisation_id),
        "digest": None,
        "recipient": masked(where) if channel is not Channel.FILE else "",
        "state": DeliveryState.QUEUED,
        "claim": "",
        "attempts": 0,
        "next_at": now,
        "error": "",
    }
    if timing is Timing.DAILY:
        row |= gathered(notice, channel, chosen)
    return row


def gathered(notice: Notice, channel: Channel, chosen: Choice) -> dict[str, Any]:
    """In which message of the unit's next daily digest a notice goes out, and when."""
    at = next_digest(clock.now().astimezone(clock.HOME), chosen.digest_at)
    whom = f"a{notice.account_id}" if notice.account_id else f"o{notice.organisation_id}"
    return {"digest": f"digest:{whom}:{at:%Y%m%dT%H%M}:{channel}", "next_at": at}


def lane(channel: Channel, where: str, organisation_id: int) -> str:
    """What a delivery shares its fate with: one that does not answer holds up its own lane alone.

    Everybody's e-mail and short messages go to one server of ours; elsewhere each unit has a lane of its own,
    also where several use the same machine.
    """
    if channel in (Channel.EMAIL, Channel.SMS, Channel.FILE):
        return channel.value
    return f"{channel.value}:{organisation_id}:{masked(where)}"[:160]


def _inserted(table: type[Base], rows: list[dict[str, Any]], unique: Collection[str] = ("key",)) -> bool:
    """Insert what is not there already, decided by the database, so that concurrent callers cannot clash.

    Gives whether anything is new.
    """
    if not rows:
        return False
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(rows).on_conflict_do_nothing(index_elements=list(unique))
    return bool(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]
