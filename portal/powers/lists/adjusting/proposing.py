"""Putting an adjustment forward: it says why (P-5)."""

from __future__ import annotations

from datetime import date

from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing import service
from portal.foundation.publishing.models import Proposal
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Nature, Subject
from portal.foundation.rights.rules import Right
from portal.powers.lists.adjusting.rules import OF_POWERS, kinds
from portal.powers.lists.models import PowerList


def put_forward(
    power_list: PowerList,
    *,
    by: Account,
    effective_on: date | None = None,
    reason: str = "",
    hurry: str = "",
    nature: Nature = Nature.ADJUSTMENT,
) -> Proposal:
    """Put the working copy forward as `publishing.service.propose` does, which refuses what it refuses.

    Refused as well when powers are changed and nobody says why: neither of each matter (`adjusting.service.explain`)
    nor, in `reason`, of all. A first revision is no adjustment, and an erratum changes no powers.
    """
    require(by, Right.EDIT_LISTS, power_list.place_id)
    silent = 0 if reason.strip() or nature is Nature.ERRATUM else _silent(power_list)
    if silent:
        raise Refused(
            "这次改的有 %(count)s 项没有写理由。请在“这次改了什么”里逐项写，或者在“这次为什么公布”里一起写。",
            code="reason",
            count=silent,
        )
    return service.propose(
        Subject.LIST,
        power_list.id,
        by=by,
        effective_on=effective_on,
        reason=reason,
        hurry=hurry,
        nature=nature,
    )


def _silent(power_list: PowerList) -> int:
    """How many matters are changed in their powers without a reason of their own."""
    base = publishing.newest(Subject.LIST, power_list.id)
    if base is None:
        return 0
    entries = publishable(Subject.LIST).difference(power_list.id, base).stored()["entries"]
    return sum(1 for each in entries if not each.get("reason") and OF_POWERS & set(kinds(each)))
