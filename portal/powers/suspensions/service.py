"""Verbs on suspensions: stop a matter at once, let it go on (P-3, P-5)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.accounts.standing.queries import acting_for
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.rules import Terms
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.powers.handovers.opening import office_of
from portal.powers.lists.models import PowerList, PublishedMatter
from portal.powers.matters.models import Matter
from portal.powers.suspensions import ending, papers, queries, telling
from portal.powers.suspensions.models import Suspension
from portal.powers.suspensions.queries import SUBJECT

LONGEST_DAYS = 90
LONGEST_TITLE = 255


def meant(power_list: PowerList, seq: int, *, by: Account) -> PublishedMatter:
    """The matter that this number is in the list in force today, to be looked at before it is stopped.

    Forbidden and Refused as `suspend` is.
    """
    require(by, Right.APPROVE, power_list.place_id)
    return _row(power_list, seq, clock.today())


def suspend(power_list: PowerList, seq: int, reason: str, until: date, *, by: Account) -> Suspension:
    """Stop the matter of this number today; by `until` the office owes an adjustment that settles it.

    Its pages say so at once; its department and a body of each place are told. Forbidden without APPROVE for the list's
    place; Refused without a reason, for a number that the list in force has not, and for a day that is not to come or
    over 90 days off; Conflict when it is stopped already.
    """
    require(by, Right.APPROVE, power_list.place_id)
    today, why = clock.today(), reason.strip()
    if not why:
        raise Refused("请写明为什么停办，公众会看到。")
    if not today < until <= today + timedelta(days=LONGEST_DAYS):
        raise Refused("送审调整的日期要晚于今天，最多 %(days)s 天以后。", days=LONGEST_DAYS)
    row = _row(power_list, seq, today)
    if queries.stopped(power_list.id, row.matter_id, today):
        raise Conflict("这个事项已经停办了。", code="state")
    made = Suspension(
        power_list=power_list,
        matter_id=row.matter_id,
        name=row.name,
        reason=why,
        since=today,
        by=by,
        by_for=acting_for(by, Right.APPROVE, power_list.place),
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise Conflict("这个事项已经停办了。", code="state") from None
    _owe(made, until, by=by)
    papers.anew(power_list.id)
    telling.tell(made, db.session.get_one(Matter, row.matter_id))
    return made


def lift(suspension: Suspension, reason: str, *, by: Account) -> Suspension:
    """Let it go on from today, though a revision to come would end it as well.

    Forbidden without APPROVE; Refused without a reason; Conflict when it has ended.
    """
    require(by, Right.APPROVE, suspension.power_list.place_id)
    if not reason.strip():
        raise Refused("请写明为什么恢复办理。")
    today = clock.today()
    if suspension.ended_on is not None and suspension.ended_on <= today:
        raise Conflict("这个事项已经不是停办的了。", code="state")
    suspension.ended_on, suspension.ended_reason = today, reason.strip()
    suspension.revision_number = None
    suspension.ended_by = by
    suspension.ended_for = acting_for(by, Right.APPROVE, suspension.power_list.place)
    ending.met(suspension, by=by)
    db.session.flush()
    papers.anew(suspension.list_id)
    return suspension


def _row(power_list: PowerList, seq: int, today: date) -> PublishedMatter:
    revision = publishing.current(Subject.LIST, power_list.id, today)
    found = (
        db.session.scalars(
            select(PublishedMatter).where(
                PublishedMatter.revision_id == revision.id, PublishedMatter.seq == seq
            )
        ).all()
        if revision
        else ()
    )
    if len(found) != 1:
        raise Refused("现在执行的清单里没有第 %(seq)s 项，或者不止一项。", seq=seq)
    return found[0]


def _owe(suspension: Suspension, until: date, *, by: Account) -> None:
    power_list = suspension.power_list
    office = office_of(power_list)
    if office is None:
        return
    deadlines.open(
        ending.SUSPENSION,
        subject=(SUBJECT, suspension.id),
        owed_by=office,
        place=power_list.place,
        list_id=power_list.id,
        title=f"调整紧急停办的事项：{suspension.name}"[:LONGEST_TITLE],
        begin=suspension.since,
        terms=Terms.fixed(until, rolls=True),
        by=by,
    )
