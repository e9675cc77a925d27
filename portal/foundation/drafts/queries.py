"""A person's own drafts, and who else has a form open; what others typed is read by nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.drafts.models import Draft
from portal.foundation.drafts.rules import SITTING


def at(account: Account, address: str) -> Sequence[Draft]:
    """The person's drafts at one address, one a form."""
    own = select(Draft).where(Draft.account_id == account.id, Draft.address == address)
    return db.session.scalars(own.order_by(Draft.form)).all()


def others_at(account: Account, address: str, now: datetime) -> Sequence[tuple[str, str, datetime]]:
    """Who else has which of an address's forms open: form, name, since when; whoever began first first."""
    others = (
        select(Draft.form, Account.name, Draft.sitting_since)
        .join(Draft.account)
        .where(
            Draft.address == address,
            Draft.account_id != account.id,
            Draft.changed_at > now - SITTING,
            Account.active.is_(True),
        )
        .order_by(Draft.sitting_since, Draft.id)
    )
    return [(form, name, since) for form, name, since in db.session.execute(others)]


def newest(account: Account, most: int) -> tuple[Sequence[Draft], int]:
    """The person's newest drafts, at most so many, and how many there are in all."""
    own = select(Draft).where(Draft.account_id == account.id)
    found = db.session.scalars(own.order_by(Draft.changed_at.desc(), Draft.id.desc()).limit(most)).all()
    return found, count(account) if len(found) == most else len(found)


def count(account: Account) -> int:
    """How many drafts the person keeps."""
    return (
        db.session.scalar(select(func.count()).select_from(Draft).where(Draft.account_id == account.id)) or 0
    )


def one_of(account: Account, draft_id: int) -> Draft:
    """A draft of the person's own; NotFound for anybody else's, as if it did not exist."""
    own = select(Draft).where(Draft.account_id == account.id, Draft.id == draft_id)
    found = db.session.scalar(own)
    if found is None:
        raise NotFound("没有这份草稿。")
    return found
