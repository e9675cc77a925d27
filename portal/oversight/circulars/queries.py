"""What a circular is made of, and the circulars there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.foundation.deadlines.rules import Standing
from portal.foundation.files.models import StoredFile
from portal.oversight.circulars.models import Circular, CircularFile
from portal.oversight.circulars.rules import Fact
from portal.oversight.tasks import queries as tasks
from portal.oversight.tasks.models import ProgressReport
from portal.oversight.tasks.queries import Entry
from portal.oversight.tasks.rules import GONE, WHOLE


def facts(policy_id: int, end: date, today: date) -> tuple[list[Fact], int]:
    """Every part of the document's tasks with its per cent on the last day, and how many are history, left out.

    What was waived or cancelled is left out too.
    """
    entries = tasks.ledger(policy_id, today)
    reports = tasks.newest_reports([entry.task.id for entry in entries], by=end)
    found, history = [], 0
    for entry in entries:
        report = reports.get(entry.task.id)
        if not entry.steps:
            found.append(_undated(entry, report))
        for step in entry.steps:
            if step.standing is Standing.HISTORY:
                history += 1
            elif step.standing not in GONE:
                found.append(
                    Fact(
                        code=entry.task.code,
                        title=entry.task.title,
                        unit=step.deadline.owed_by.name,
                        text=step.milestone.text,
                        begins_on=entry.task.begins_on,
                        due_on=step.deadline.due_on,
                        done_on=step.deadline.done_on,
                        percent=report.percent if report else None,
                    )
                )
    return found, history


def _undated(entry: Entry, report: ProgressReport | None) -> Fact:
    task, percent = entry.task, report.percent if report else None
    return Fact(
        code=task.code,
        title=task.title,
        unit=task.answers.name,
        text="",
        begins_on=task.begins_on,
        due_on=None,
        done_on=report.reported_on if report is not None and percent == WHOLE else None,
        percent=percent,
    )


def next_number(policy_id: int) -> int:
    """The number of the document's next circular."""
    return (
        db.session.scalar(select(func.max(Circular.number)).where(Circular.policy_id == policy_id)) or 0
    ) + 1


def get(circular_id: int) -> Circular | None:
    """The circular with this id."""
    return db.session.get(Circular, circular_id)


def newest(limit: int = 50) -> Sequence[Circular]:
    """The newest circulars of all documents."""
    wanted = select(Circular).options(joinedload(Circular.policy), joinedload(Circular.made_by))
    return db.session.scalars(wanted.order_by(Circular.id.desc()).limit(limit)).all()


def published(policy_id: int) -> Sequence[Circular]:
    """A document's circulars that everybody may read, the newest first, with their files."""
    return db.session.scalars(
        select(Circular)
        .where(Circular.policy_id == policy_id, Circular.published_at.is_not(None))
        .options(selectinload(Circular.files).joinedload(CircularFile.file))
        .order_by(Circular.number.desc())
    ).all()


def file(circular: Circular, ending: str) -> StoredFile | None:
    """A circular's file of that format; None where it could not be made."""
    return next((each.file for each in circular.files if each.format == ending), None)
