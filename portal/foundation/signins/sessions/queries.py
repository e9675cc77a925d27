"""Reading sessions."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.signins.sessions.models import SignIn


def token_hash(token: str) -> str:
    """What is kept of a session's token: who reads the database cannot use it to sign in."""
    return sha256(token.encode()).hexdigest()


def session_of(token: str, at: datetime) -> SignIn | None:
    """The live session of a token, with its account; None when it ended or the account rests."""
    query = (
        select(SignIn)
        .join(SignIn.account)
        .options(
            joinedload(SignIn.account).joinedload(Account.organisation),
            joinedload(SignIn.account).joinedload(Account.place),
        )
        .where(
            SignIn.token_hash == token_hash(token),
            SignIn.expires_at > at,
            SignIn.generation == Account.generation,
        )
    )
    found = db.session.scalar(query)
    return found if found is not None and found.account.active else None
