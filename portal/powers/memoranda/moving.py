"""Memoranda go on with whoever goes on with a body; the successor has not agreed to anything yet."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from portal.db import db
from portal.foundation.reorganisations.registry import Hanging, Occasion, Subject, plainly
from portal.i18n import mark
from portal.powers.memoranda import renewing
from portal.powers.memoranda.models import Memorandum


def _name(row: Memorandum) -> str:
    return row.title


def _on(kind: Hanging, row: Memorandum, successor: Subject, occasion: Occasion) -> bool:
    """Both bodies are asked anew, since one of them is another; two that become one agree on nothing."""
    if successor.id in (row.bureau_id, row.department_id):
        _end(row, occasion)
        return False
    if not plainly(kind, row, successor, occasion):
        return False
    row.version += 1
    db.session.flush()
    return True


def _end(row: Memorandum, occasion: Occasion) -> None:
    row.ended_on = occasion.on
    db.session.flush()
    renewing.settle(row, by=None)


def _lasting() -> tuple[ColumnElement[bool], ...]:
    return (Memorandum.ended_on.is_(None),)


MOVING = (
    Hanging(Memorandum.bureau_id, mark("审批局一方的备忘录"), _name, _on, _end, mark("当天终止"), _lasting),
    Hanging(Memorandum.department_id, mark("部门一方的备忘录"), _name, _on, _end, mark("当天终止"), _lasting),
)
