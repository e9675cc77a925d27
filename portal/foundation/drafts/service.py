"""Keeping and removing one's own drafts. They are nobody else's: being oneself is all it takes."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlalchemy import CursorResult, delete, or_, select

from portal import clock
from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.drafts import queries, rules
from portal.foundation.drafts.models import Draft
from portal.foundation.drafts.rules import KEPT, LONGEST_ADDRESS, MOST_DRAFTS, Fields
from portal.i18n import mark


class TooLong(Refused):
    """More was typed than a draft keeps."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def keep(account: Account, address: str, form: str, fields: Fields, stamp: str = "") -> Draft:
    """Keep what was typed into a form, instead of what was kept of it before.

    `stamp` is what the form was opened with (admin.meanwhile), so that the draft tells later whether the record has
    changed. TooLong beyond 64 KiB; Refused when there are too many drafts, or nothing can be kept encrypted.
    """
    content = rules.written(fields, stamp)
    if rules.too_long(content):
        raise TooLong(mark("填的内容太长，草稿存不下（最多 64 KB）。请直接保存，或者分几次填。"))
    if len(address) > LONGEST_ADDRESS:
        raise Refused("这一页不能存草稿。")
    # Of two that come at one moment one waits, so that there is one draft.
    db.session.execute(select(Account.id).where(Account.id == account.id).with_for_update(key_share=True))
    now = clock.now()
    draft = next((each for each in queries.at(account, address) if each.form == form), None)
    if draft is None:
        if queries.count(account) >= MOST_DRAFTS:
            raise Refused("您的草稿已经有 %(most)s 份，请先在“我的账号”里删掉不用的。", most=MOST_DRAFTS)
        draft = Draft(account_id=account.id, address=address, form=form, sitting_since=now)
        db.session.add(draft)
    else:
        draft.sitting_since = rules.since(draft.sitting_since, draft.changed_at, now)
    draft.content, draft.changed_at = content, now
    db.session.flush()
    return draft


def remove(account: Account, draft_id: int) -> Draft:
    """Take a draft of one's own away; gives what it was."""
    draft = queries.one_of(account, draft_id)
    db.session.delete(draft)
    db.session.flush()
    return draft


def saved(account: Account, address: str, form: str) -> None:
    """The form was saved: what was kept of it is of no more use."""
    of_form = (Draft.account_id == account.id) & (Draft.address == address) & (Draft.form == form)
    db.session.execute(delete(Draft).where(of_form))


def forget(now: datetime) -> int:
    """Take away what nobody came back to for 90 days, and what closed accounts have left; gives how many."""
    closed = select(Account.id).where(Account.active.is_(False))
    old = or_(Draft.changed_at < now - KEPT, Draft.account_id.in_(closed))
    done: CursorResult[Any] = db.session.execute(delete(Draft).where(old))  # type: ignore[assignment]
    return done.rowcount
