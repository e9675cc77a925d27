"""Verbs on tries: look before checking, write down what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.signins.tries.models import Try
from portal.foundation.signins.tries.rules import (
    FORGOTTEN,
    KNOWN,
    network_of,
    pause_after,
    pause_anywhere,
)

ANYWHERE = ""
"""The row of all networks that are not known."""


def resting(account: Account, address: str, at: datetime) -> bool:
    """Whether nothing is looked at now for this account from there. The caller holds the account's row."""
    here = _row(account, network_of(address))
    if here is not None and here.until is not None and here.until > at:
        return True
    if _known(here, at):
        return False
    anywhere = _row(account, ANYWHERE)
    return anywhere is not None and anywhere.until is not None and anywhere.until > at


def failed(account: Account, address: str, at: datetime) -> None:
    """Count a wrong password or code."""
    here = _counted(account, network_of(address), at)
    here.until = at + pause_after(here.failures)
    if not _known(here, at):
        anywhere = _counted(account, ANYWHERE, at)
        anywhere.until = at + pause_anywhere(anywhere.failures)
    db.session.flush()


def succeeded(account: Account, address: str, at: datetime) -> None:
    """Forget what went wrong from there, once the person is wholly signed in, and what is old of everybody."""
    strangers = Try.known_at.is_(None) & (Try.last_at < at - FORGOTTEN)
    db.session.execute(delete(Try).where(strangers | (Try.last_at < at - KNOWN)))
    network = network_of(address)
    here = _row(account, network) or Try(account_id=account.id, network=network)
    here.failures, here.until, here.known_at, here.last_at = 0, None, at, at
    db.session.add(here)
    db.session.flush()


def forgive(account: Account) -> None:
    """Lift every pause of an account: it has shown in another way who it is."""
    db.session.execute(delete(Try).where(Try.account_id == account.id))


def _row(account: Account, network: str) -> Try | None:
    return db.session.get(Try, (account.id, network), populate_existing=True)


def _counted(account: Account, network: str, at: datetime) -> Try:
    found = _row(account, network)
    if found is None:
        found = Try(account_id=account.id, network=network, failures=0)
        db.session.add(found)
    elif at - found.last_at > FORGOTTEN:
        found.failures = 0
    found.failures += 1
    found.last_at = at
    return found


def _known(here: Try | None, at: datetime) -> bool:
    return here is not None and here.known_at is not None and at - here.known_at <= KNOWN
