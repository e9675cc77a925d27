"""Verbs on sessions: begin, keep, end."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import delete

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.signins.sessions import queries
from portal.foundation.signins.sessions.models import SignIn
from portal.foundation.signins.sessions.rules import session_ends

WORTH_A_WRITE = timedelta(minutes=1)


def open_session(account: Account, at: datetime) -> str:
    """Begin a session; the token goes into the cookie and is not kept here. Ended sessions are cleared away."""
    db.session.execute(delete(SignIn).where(SignIn.expires_at <= at))
    token = token_urlsafe(32)
    db.session.add(
        SignIn(
            token_hash=queries.token_hash(token),
            account_id=account.id,
            generation=account.generation,
            created_at=at,
            used_at=at,
            proved_at=at,
            expires_at=session_ends(at, at),
        )
    )
    db.session.flush()
    return token


def keep_session(session: SignIn, at: datetime) -> bool:
    """Push the end of a session that is in use further away, never beyond its longest life.

    Returns whether there is something to commit: less than a minute is not worth a write.
    """
    ends = session_ends(session.created_at, at)
    if at - session.used_at < WORTH_A_WRITE:
        return False
    session.expires_at = ends
    session.used_at = at
    db.session.flush()
    return True


def close_session(token: str) -> None:
    """End a session for good: a copied cookie is worth nothing afterwards."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == queries.token_hash(token)))
