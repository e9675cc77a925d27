"""Verbs on sessions: begin, keep, end."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import delete

from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts import service as accounts
from portal.foundation.accounts.models import Account
from portal.foundation.rights.rules import Right
from portal.foundation.signins.sessions import queries
from portal.foundation.signins.sessions.models import SignIn
from portal.foundation.signins.sessions.rules import HALF, LONGEST_DEVICE, session_ends

WORTH_A_WRITE = timedelta(minutes=1)


def open_session(
    account: Account, at: datetime, *, device: str = "", address: str = "", half: bool = False
) -> str:
    """Begin a session; the token goes into the cookie and is not kept here. Ended sessions are cleared away.

    `device` is what the browser calls itself, `address` where it is, `half` that the second factor is still to come.
    """
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
            expires_at=at + HALF if half else session_ends(at, at),
            device=device[:LONGEST_DEVICE],
            address=address[:45],
            half=half,
        )
    )
    db.session.flush()
    return token


def keep_session(session: SignIn, at: datetime, address: str = "") -> bool:
    """Push the end of a session that is in use further away, never beyond its longest life.

    Returns whether there is something to commit: less than a minute is not worth a write.
    """
    if session.half or at - session.used_at < WORTH_A_WRITE:
        return False
    session.expires_at = session_ends(session.created_at, at)
    session.used_at = at
    session.address = address[:45] or session.address
    db.session.flush()
    return True


def close_session(token: str) -> None:
    """End a session for good: a copied cookie is worth nothing afterwards."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == queries.token_hash(token)))


def end_session(account: Account, session_id: int) -> None:
    """End one of one's own sessions, by its key; NotFound when it is over already or somebody else's."""
    ended = db.session.execute(delete(SignIn).where(SignIn.id == session_id, SignIn.account_id == account.id))
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise NotFound("这次登录已经退出了。")


def end_others(account: Account, token: str) -> None:
    """End every session of one's own but the one with this token."""
    db.session.execute(
        delete(SignIn).where(SignIn.account_id == account.id, SignIn.token_hash != queries.token_hash(token))
    )


def end_all(by: Account, account: Account) -> None:
    """End every session of another person, wherever. Administrators only."""
    accounts.require(by, Right.MANAGE_ACCOUNTS)
    accounts.end_sessions(account)
    db.session.flush()


def prove(session: SignIn, at: datetime) -> None:
    """Write down that the person has shown just now who it is."""
    session.proved_at = at
    db.session.flush()
