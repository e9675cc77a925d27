"""Which approval bureaus and departments need a memorandum: those of matters that were transferred or taken over.

The department is the one that regulates a matter at the place, where duties name one, else the one it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, true, union
from sqlalchemy.orm import InstrumentedAttribute, aliased, selectinload

from portal.db import db
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.lists.models import ListKind, PowerList, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.lists.transfers.queries import bureau_of
from portal.powers.matters.models import Matter
from portal.powers.memoranda.models import Memorandum
from portal.powers.memoranda.queries import all_published

Whose = Select[Any] | None
"""A statement for ids of bodies; None for all."""

NOBODY = select(Organisation.id).where(false())


@dataclass(frozen=True)
class Pair:
    """Two bodies that lack a published memorandum: of how many matters, and the draft if there is one."""

    bureau: Organisation
    department: Organisation
    matters: int
    memorandum_id: int | None


def lacking(day: date, bureaus: Whose, departments: Whose = NOBODY) -> list[Pair]:
    """The pairs without a memorandum that holds on the day, of which one body is among these, by place and name."""
    owed = union(*_owed(day)).subquery()
    bureau, department = aliased(Organisation), aliased(Organisation)
    counted = func.count()
    wanted = (
        select(bureau, department, counted, Memorandum.id)
        .select_from(owed)
        .join(bureau, bureau.id == owed.c.bureau_id)
        .join(department, department.id == owed.c.department_id)
        .outerjoin(Memorandum, _between(bureau.id, department.id))
        .where(
            department.kind != OrganisationKind.APPROVAL_BUREAU,
            bureau.ended_on.is_(None),
            department.ended_on.is_(None),
            or_(_among(bureau.id, bureaus), _among(department.id, departments)),
        )
        .group_by(bureau.id, department.id, Memorandum.id)
        .order_by(bureau.place_id, bureau.id, department.id)
        # Not joined: PostgreSQL would want the places' columns in the grouping.
        .options(selectinload(bureau.place), selectinload(department.place))
    )
    held = {(each.bureau["id"], each.department["id"]) for each in all_published(day) if each.holds(day)}
    found = (Pair(*row) for row in db.session.execute(wanted))
    return [pair for pair in found if (pair.bureau.id, pair.department.id) not in held]


def _owed(day: date) -> Iterator[Select[*tuple[Any, ...]]]:
    """Statements for (bureau_id, department_id, matter_id), each said once by the union."""
    regulator = aliased(Duty)
    yield (
        select(
            Duty.organisation_id.label("bureau_id"),
            func.coalesce(regulator.organisation_id, Matter.organisation_id).label("department_id"),
            Duty.matter_id.label("matter_id"),
        )
        .join(Organisation, Organisation.id == Duty.organisation_id)
        .join(Matter, Matter.id == Duty.matter_id)
        .outerjoin(
            regulator,
            and_(
                regulator.place_id == Duty.place_id,
                regulator.matter_id == Duty.matter_id,
                regulator.role == DutyRole.REGULATOR_PLACE,
            ),
        )
        .where(Duty.role == DutyRole.RECEIVER, Organisation.kind == OrganisationKind.APPROVAL_BUREAU)
    )
    transfers = list(db.session.scalars(select(PowerList).where(PowerList.kind == ListKind.TRANSFER)))
    current = publishing.all_current(Subject.LIST, day) if transfers else {}
    for power_list in transfers:
        bureau = bureau_of(power_list.place)
        if bureau is not None and power_list.id in current:
            yield select(
                literal(bureau.id).label("bureau_id"),
                PublishedMatter.organisation_id.label("department_id"),
                PublishedMatter.matter_id.label("matter_id"),
            ).where(
                PublishedMatter.revision_id == current[power_list.id].id, PublishedMatter.mode == Mode.DIRECT
            )


def _between(
    bureau_id: InstrumentedAttribute[int], department_id: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    return and_(
        Memorandum.bureau_id == bureau_id,
        Memorandum.department_id == department_id,
        Memorandum.ended_on.is_(None),
    )


def _among(column: InstrumentedAttribute[int], whose: Whose) -> ColumnElement[bool]:
    return true() if whose is None else column.in_(whose)
