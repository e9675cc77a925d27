"""What a circular is made of, and the circulars there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.foundation.deadlines.rules import Standing
from portal.foundation.files.models import StoredFile
from portal.oversight.circulars.models import Circular, CircularFile, CircularPlan
from portal.oversight.circulars.rules import Fact, lines_of
from portal.oversight.tasks import queries as tasks
from portal.oversight.tasks.models import ProgressReport, Task
from portal.oversight.tasks.queries import Entry
from portal.oversight.tasks.rules import GONE, WHOLE


def facts(policy_id: int, end: date, today: date) -> tuple[list[Fact], int]:
    """Every part of the document's tasks with its per cent on the last day, and how many are history, left out.

    What was waived or cancelled is left out too.
    """
    entries = tasks.ledger(policy_id, today)
    reports = tasks.newest_reports([entry.task.id for entry in entries], by=end)
    names = _unit_names(entries)
    found, history = [], 0
    for entry in entries:
        report = reports.get(entry.task.id)
        if not entry.steps:
            found.append(_undated(entry, report, names[entry.task.answers.id]))
        for step in entry.steps:
            if step.standing is Standing.HISTORY:
                history += 1
            elif step.standing not in GONE:
                found.append(
                    Fact(
                        code=entry.task.code,
                        title=entry.task.title,
                        unit=names[step.deadline.owed_by_id],
                        text=step.milestone.text,
                        begins_on=entry.task.begins_on,
                        due_on=step.deadline.due_on,
                        done_on=step.deadline.done_on,
                        percent=report.percent if report else None,
                    )
                )
    return found, history


def _undated(entry: Entry, report: ProgressReport | None, unit: str) -> Fact:
    task, percent = entry.task, report.percent if report else None
    return Fact(
        code=task.code,
        title=task.title,
        unit=unit,
        text="",
        begins_on=task.begins_on,
        due_on=None,
        done_on=report.reported_on if report is not None and percent == WHOLE else None,
        percent=percent,
    )


def _unit_names(entries: Sequence[Entry]) -> dict[int, str]:
    """What a circular calls each body that answers, by its id: of two with one name each says where it is."""
    bodies = {step.deadline.owed_by_id: step.deadline.owed_by for entry in entries for step in entry.steps}
    bodies |= {entry.task.answers.id: entry.task.answers for entry in entries}
    count = Counter(body.name for body in bodies.values())
    return {
        key: body.name if count[body.name] == 1 else f"{body.name}（{body.place.name}）"
        for key, body in bodies.items()
    }


def hidden(circular: Circular) -> Sequence[str]:
    """Codes of the tasks that it names and the public does not know of."""
    named = {line.code for line in lines_of(circular.content)}
    return db.session.scalars(
        select(Task.code)
        .where(Task.policy_id == circular.policy_id, Task.code.in_(named), Task.published.is_(False))
        .order_by(Task.position, Task.id)
    ).all()


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


def waiting(limit: int = 50) -> Sequence[Circular]:
    """Those that wait for somebody to publish them, the oldest first."""
    wanted = select(Circular).where(Circular.published_at.is_(None), Circular.set_aside_at.is_(None))
    both = (joinedload(Circular.policy), joinedload(Circular.made_by))
    return db.session.scalars(wanted.options(*both).order_by(Circular.id).limit(limit)).all()


def plans() -> Sequence[CircularPlan]:
    """The standing orders, by document."""
    both = (joinedload(CircularPlan.policy), joinedload(CircularPlan.set_by))
    return db.session.scalars(select(CircularPlan).options(*both).order_by(CircularPlan.policy_id)).all()


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
