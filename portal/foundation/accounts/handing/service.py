"""The verb of handing on."""

from __future__ import annotations

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.handing.queries import units_of
from portal.foundation.accounts.handing.registry import holdings
from portal.foundation.accounts.models import Account
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import require


def hand_on(leaver: Account, successor: Account, *, by: Account) -> int:
    """Pass everything that the leaver has in hand for bodies that both share to the successor; gives how many things.

    What was done stays in the name of whoever did it. Forbidden without HAND_ON; Refused unless the successor is
    another person with a post today in one of the leaver's bodies within the account's reach.
    """
    require(by, Right.HAND_ON)
    shared = [body for body in units_of(leaver, by) if body.id in successor.unit_ids]
    if successor is leaver or not shared:
        raise Refused("请选同一个单位、现在在任的另一个人。", "successor")
    count = sum(each.pass_on(leaver, successor, shared) for each in holdings())
    db.session.flush()
    return count
