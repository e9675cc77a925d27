"""Verbs on previews: making a private link and taking it back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from portal import clock
from portal.clock import HOME
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.rights.service import may
from portal.powers.lists.models import PowerList
from portal.powers.lists.previews.models import PreviewLink
from portal.powers.lists.previews.queries import SHOWERS

LONGEST_DAYS = 30
LONGEST_SECRET = 64


def secret_hash(secret: str) -> str:
    """What is kept of a secret: who reads the database cannot open a preview with it."""
    return sha256(secret.encode()).hexdigest()


def make(power_list: PowerList, days: int, made_for: str, *, by: Account) -> str:
    """Make a link that opens until the end of the day so many days from now (1 to LONGEST_DAYS).

    Gives its secret, which is given only here; what is kept is its hash.

    Forbidden for whoever may neither edit nor decide on lists of the place; Refused for other numbers of days.
    """
    _require(by, power_list)
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused("预览链接可以用 1 到 %(days)s 天。", code="days", days=LONGEST_DAYS)
    secret, over = token_urlsafe(32), clock.today() + timedelta(days=days + 1)
    link = PreviewLink(
        power_list=power_list,
        token_hash=secret_hash(secret),
        made_for=made_for.strip(),
        made_by_id=by.id,
        made_at=clock.now(),
        expires_at=datetime.combine(over, time.min, HOME),
    )
    db.session.add(link)
    db.session.flush()
    return secret


def revoke(power_list: PowerList, link_id: int, *, by: Account) -> PreviewLink:
    """Take a link of the list back at once; NotFound for another list's, Conflict when it is over already."""
    _require(by, power_list)
    link = db.session.get(PreviewLink, link_id)
    if link is None or link.list_id != power_list.id:
        raise NotFound("没有这个预览链接。")
    if not link.lives(clock.now()):
        raise Conflict("这个预览链接已经不能用了。", code="over")
    link.revoked_at, link.revoked_by_id = clock.now(), by.id
    db.session.flush()
    return link


def _require(by: Account, power_list: PowerList) -> None:
    if not any(may(by, right, power_list.place) for right in SHOWERS):
        raise Forbidden("只有能编辑或者批准这份清单的人，才能管它的预览链接。", code="other_place")
