"""Circulars by the clock: a standing order for a document, and the drafts that it makes; a person publishes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal import clock
from portal.db import db
from portal.errors import NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.notifications.texts import Text, register
from portal.foundation.policies.models import Policy
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.oversight.circulars.drafting import draft
from portal.oversight.circulars.models import Circular, CircularPlan
from portal.oversight.circulars.rules import EVERY_DAY, month_before, months_due

ADDRESS = "/staff/circulars"

_EXAMPLE: Mapping[str, Any] = {"policy": "济政字〔2021〕30号", "number": 2}

DRAFTED = Text(
    NoticeKind.TASK,
    mark("请核对：%(policy)s调度通报第%(number)s期编好了"),
    mark(
        "%(policy)s上个月的调度通报按月编好了，是第%(number)s期。请核对；要公布的，由另一个人公布，不用的搁置。"
    ),
    _EXAMPLE,
)
register(DRAFTED)


def order(policy: Policy, *, day: int, by: Account) -> CircularPlan:
    """Have a circular drafted every month, on this day of the month; a second order takes the place of the first.

    The month that runs now is the first. Forbidden without MANAGE_TASKS; Refused for a day that some month lacks.
    """
    require(by, Right.MANAGE_TASKS, policy.place_id)
    if day not in EVERY_DAY:
        raise Refused("请写 1 到 28 之间的日子，每个月都有的。")
    plan = db.session.get(CircularPlan, policy.id)
    if plan is None:
        plan = CircularPlan(policy=policy, through=month_before(clock.today()))
        db.session.add(plan)
    plan.day, plan.set_by, plan.set_at = day, by, clock.now()
    db.session.flush()
    return plan


def stop(policy_id: int, *, by: Account) -> None:
    """No more drafts; those that are there stay. Forbidden without MANAGE_TASKS; NotFound where none was ordered."""
    plan = db.session.get(CircularPlan, policy_id)
    if plan is None:
        raise NotFound("这份文件没有按月编通报。")
    require(by, Right.MANAGE_TASKS, plan.policy.place_id)
    db.session.delete(plan)
    db.session.flush()


def draft_due(plan: CircularPlan) -> list[Circular]:
    """The drafts that are due and not made yet; a month with nothing to tell of is passed over.

    May be called any number of times: of two at once one waits, and finds the months dealt with.
    """
    made = []
    plan = db.session.get_one(CircularPlan, plan.policy_id, with_for_update=True, populate_existing=True)
    for begin, end in months_due(plan.through, plan.day, clock.today()):
        plan.through = end
        try:
            circular = draft(plan.policy, begin=begin, end=end, by=plan.set_by, by_clock=True)
        except Refused:
            continue
        made.append(circular)
        _tell(circular, plan)
    db.session.flush()
    return made


def _tell(circular: Circular, plan: CircularPlan) -> None:
    if plan.set_by.unit is not None:
        notify(
            plan.set_by.unit,
            key=f"circular:{circular.id}",
            title=DRAFTED.title,
            body=DRAFTED.body,
            values={"policy": circular.policy.number, "number": circular.number},
            address=f"{ADDRESS}/{circular.id}/",
            kind=DRAFTED.kind,
        )
