"""Reading sessions."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account, Post
from portal.foundation.signins.sessions.models import SignIn


def token_hash(token: str) -> str:
    """What is kept of a session's token: who reads the database cannot use it to sign in."""
    return sha256(token.encode()).hexdigest()


def session_of(token: str, at: datetime) -> SignIn | None:
    """The live session of a token, with its account; None when it ended, or a post since."""
    query = (
        select(SignIn)
        .join(SignIn.account)
        .options(
            contains_eager(SignIn.account).joinedload(Account.posts).joinedload(Post.organisation),
            contains_eager(SignIn.account).joinedload(Account.posts).joinedload(Post.place),
        )
        .where(
            SignIn.token_hash == token_hash(token),
            SignIn.expires_at > at,
            SignIn.generation == Account.generation,
        )
    )
    found = db.session.scalars(query).unique().one_or_none()
    if found is None or not found.account.held or found.account.lost_since(clock.day_of(found.created_at)):
        return None
    return found


def sessions_of(account: Account, at: datetime) -> list[SignIn]:
    """The live sessions of an account, the one used last first."""
    query = (
        select(SignIn)
        .where(
            SignIn.account_id == account.id,
            SignIn.generation == account.generation,
            SignIn.expires_at > at,
            SignIn.half.is_(False),
        )
        .order_by(SignIn.used_at.desc(), SignIn.id.desc())
    )
    return list(db.session.scalars(query))
