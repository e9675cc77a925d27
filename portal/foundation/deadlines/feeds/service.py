"""Verbs on calendar feeds: giving an organisation its secret address, and taking it back."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe

from portal import clock
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries
from portal.foundation.deadlines.models import CalendarFeed
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may


def secret_hash(secret: str) -> str:
    """What is kept of a secret: who reads the database cannot subscribe with it."""
    return sha256(secret.encode()).hexdigest()


def may_keep(account: Account, organisation: Organisation) -> bool:
    """Whether the account may make and take back the organisation's address: one's own unit, place, or the office."""
    return any(
        may(account, right, organisation=organisation)
        for right in (Right.KEEP_UNIT, Right.MANAGE_DEADLINES, Right.EDIT_PLACE)
    )


def make_feed(organisation: Organisation, *, by: Account) -> str:
    """Give the organisation a new secret; the old address, if there was one, shows nothing from now on.

    The secret is given once, here; what is kept is its hash.
    """
    _require(by, organisation)
    secret = token_urlsafe(32)
    feed = queries.feed_of(organisation.id)
    if feed is None:
        feed = CalendarFeed(organisation_id=organisation.id, secret_hash="", made_by_id=by.id)
        db.session.add(feed)
    feed.secret_hash, feed.made_at, feed.made_by_id = secret_hash(secret), clock.now(), by.id
    db.session.flush()
    return secret


def revoke_feed(organisation: Organisation, *, by: Account) -> None:
    """Take the address back; NotFound when there is none."""
    _require(by, organisation)
    feed = queries.feed_of(organisation.id)
    if feed is None:
        raise NotFound("这个单位没有日历订阅。")
    db.session.delete(feed)
    db.session.flush()


def _require(by: Account, organisation: Organisation) -> None:
    if not may_keep(by, organisation):
        raise Forbidden("您只能管自己单位的日历订阅。", "other_unit")
