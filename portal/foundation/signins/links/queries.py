"""Reading links."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.signins.links.models import SignInLink
from portal.foundation.signins.links.rules import LinkPurpose
from portal.foundation.signins.sessions.queries import token_hash


def open_link(token: str, at: datetime) -> SignInLink | None:
    """The link with this token, as long as it is good and its account is open."""
    query = (
        select(SignInLink)
        .options(joinedload(SignInLink.account))
        .where(
            SignInLink.token_hash == token_hash(token),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > at,
        )
    )
    found = db.session.scalar(query)
    return found if found is not None and found.account.active else None


def newest(account: Account, purpose: LinkPurpose | None = None) -> SignInLink | None:
    """The link sent to an account last, used or not."""
    query = select(SignInLink).where(SignInLink.account_id == account.id)
    if purpose is not None:
        query = query.where(SignInLink.purpose == purpose)
    return db.session.scalar(query.order_by(SignInLink.id.desc()).limit(1))


def due(at: datetime, limit: int = 50) -> list[int]:
    """Keys of the links whose e-mail has to leave now, the oldest first."""
    query = (
        select(SignInLink.id)
        .where(
            SignInLink.sent_at.is_(None),
            SignInLink.used_at.is_(None),
            SignInLink.sealed != "",
            SignInLink.next_at <= at,
            SignInLink.expires_at > at,
        )
        .order_by(SignInLink.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))
