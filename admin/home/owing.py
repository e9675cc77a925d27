"""What the person's own bodies owe, and what an office owes for its lists: each with the form that settles it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from admin.home.desk import FIRST, Desk
from admin.home.items import Item, Lot
from portal.db import db
from portal.foundation.deadlines.models import LIVE, Deadline
from portal.foundation.deadlines.rules import State
from portal.foundation.publishing.opinions.duty import OPINION
from portal.foundation.rights.rules import Right
from portal.i18n import gettext as _
from portal.i18n import mark
from portal.oversight.tasks import queries as tasks
from portal.oversight.tasks.milestones.service import TASK
from portal.oversight.tasks.models import Milestone, TaskUnit
from portal.oversight.tasks.rules import UnitRole
from portal.powers.filings.opening import KINDS as FILINGS
from portal.powers.filings.rules import FilingKind
from portal.powers.handovers.models import HandoverPlan
from portal.powers.handovers.opening import PLAN
from portal.powers.handovers.queries import SUBJECT as PLAN_SUBJECT
from portal.powers.handovers.rules import PlanState
from portal.powers.lists.models import PowerList
from portal.powers.reviews.opening import REVIEW
from portal.powers.suspensions.ending import SUSPENSION


@dataclass(frozen=True)
class Sort:
    """A kind of deadline: who settles it, what that is called, the form's address and the page of all of them.

    `argument` takes the key of the record that it is about, or of the list or task above it. With `office` it is
    settled by whoever has the right for the list's place, whichever body is said to owe it.
    """

    right: Right
    what: str
    form: str
    argument: str
    page: str
    office: bool = False


SORTS = {
    OPINION.name: Sort(Right.GIVE_OPINIONS, mark("回复"), "opinions.show", "opinion_id", "opinions.index"),
    PLAN.name: Sort(Right.EDIT_PLACE, mark("报送"), "handovers.show", "plan_id", "handovers.index"),
    REVIEW.name: Sort(Right.FILE_REVIEWS, mark("评估"), "reviews.fill", "review_id", "reviews.index"),
    TASK.name: Sort(Right.REPORT_TASKS, mark("报进展"), "tasks.show", "task_id", "tasks.index"),
    SUSPENSION.name: Sort(
        Right.EDIT_LISTS, mark("送审调整"), "lists.show", "list_id", "suspensions.index", office=True
    ),
    FILINGS[FilingKind.FILING].name: Sort(
        Right.EDIT_LISTS, mark("备案"), "filings.show", "filing_id", "filings.index", office=True
    ),
    FILINGS[FilingKind.ANNOUNCEMENT].name: Sort(
        Right.EDIT_LISTS, mark("公示"), "filings.show", "filing_id", "filings.index", office=True
    ),
}
"""Publication is not among them: it waits for whoever approves (deciding)."""


def lots(desk: Desk) -> Iterator[Lot]:
    """What is owed and runs, a lot for each kind, by one question for all of them."""
    sorts = {kind: sort for kind, sort in SORTS.items() if desk.may(sort.right)}
    if not sorts:
        return
    rows = db.session.execute(_first(desk, sorts)).all()
    for kind, sort in sorts.items():
        own = [row for row in rows if row[0].kind == kind]
        if own:
            yield Lot(_(sort.what), [_item(sort, row) for row in own], own[0].total, url_for(sort.page))


def _first(desk: Desk, sorts: dict[str, Sort]) -> Any:
    """The first deadlines of each kind, with what their forms' addresses are made of."""
    ranked = (
        select(
            Deadline.id,
            Milestone.task_id,
            HandoverPlan.state.label("plan_state"),
            func.row_number()
            .over(partition_by=Deadline.kind, order_by=(Deadline.due_on, Deadline.id))
            .label("rank"),
            func.count().over(partition_by=Deadline.kind).label("total"),
        )
        .outerjoin(
            Milestone, and_(Deadline.subject_kind == tasks.SUBJECT, Milestone.id == Deadline.subject_id)
        )
        .outerjoin(
            HandoverPlan, and_(Deadline.subject_kind == PLAN_SUBJECT, HandoverPlan.id == Deadline.subject_id)
        )
        .where(
            LIVE,
            Deadline.state == State.OPEN,
            or_(*(and_(Deadline.kind == kind, _own(desk, sort)) for kind, sort in sorts.items())),
        )
        .subquery()
    )
    return (
        select(Deadline, ranked.c.task_id, ranked.c.plan_state, ranked.c.total)
        .join(ranked, ranked.c.id == Deadline.id)
        .where(ranked.c.rank <= FIRST)
        .options(joinedload(Deadline.owed_by))
        .order_by(Deadline.due_on, Deadline.id)
    )


def _own(desk: Desk, sort: Sort) -> ColumnElement[bool]:
    if sort.office:
        issued = select(PowerList.id).where(desk.at(PowerList.place_id, sort.right))
        return Deadline.list_id.in_(issued)
    bodies = desk.bodies(sort.right)
    if sort.right is not Right.REPORT_TASKS:
        return Deadline.owed_by_id.in_(bodies)
    leads = select(TaskUnit.task_id).where(
        TaskUnit.role == UnitRole.LEAD, TaskUnit.organisation_id.in_(bodies)
    )
    return or_(Deadline.owed_by_id.in_(bodies), Milestone.task_id.in_(leads))


def _item(sort: Sort, row: Any) -> Item:
    owed: Deadline = row[0]
    keys = {"task_id": row.task_id, "list_id": owed.list_id}
    address = url_for(sort.form, **{sort.argument: keys.get(sort.argument, owed.subject_id)})
    what = mark("改好再报") if row.plan_state is PlanState.RETURNED else sort.what
    note = _("，").join(filter(None, (owed.owed_by.name, owed.basis)))
    return Item(_(what), owed.title, address, note, owed.due_on)
