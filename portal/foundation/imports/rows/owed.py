"""Acts on many deadlines: urged, or given more time (T-3). They stand below this slice, which therefore says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines.board import queries as board
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.service import extend
from portal.foundation.deadlines.urging.queries import urged_on
from portal.foundation.deadlines.urging.service import urge
from portal.foundation.imports.rows.naming import day_of
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.rules import Column
from portal.foundation.rights.rules import Right
from portal.i18n import mark

WHOSE = (Column("unit", ("谁", "Who")), Column("title", ("欠什么", "What")))
DUE = Column("due", ("到期日", "Due"))
URGED = Column("urged", (mark("最近一次催办"), "Last urged"))


def chosen(values: Mapping[str, str], by: Account) -> Deadline:
    """The deadline that was chosen on the board. NotFound when the person may not see it (R-3)."""
    deadline = db.session.get(Deadline, int(values["id"]))
    if deadline is None or not board.sees(board.seen_by(by), deadline):
        raise NotFound("这条记录已经没有了，或者不归您办。")
    return deadline


def text(deadline: Deadline) -> dict[str, str]:
    """Who owes what by when, and when that was last urged."""
    urged = urged_on([deadline.id]).get(deadline.id)
    return {
        "unit": deadline.owed_by.name,
        "title": deadline.title,
        "due": deadline.due_on.isoformat(),
        "urged": urged.isoformat() if urged else "",
    }


def _urged(deadline: Any, _values: Mapping[str, str], by: Account) -> Deadline:
    urge(deadline, by=by)
    return deadline  # type: ignore[no-any-return]


def _extended(deadline: Any, values: Mapping[str, str], by: Account) -> Deadline:
    days = values["days"]
    return extend(
        deadline,
        days=int(days) if days else 0,
        until=day_of(values["until"]),
        reason=values["reason"],
        granted_by=values["granted_by"],
        by=by,
    )


URGING = RowKind(
    name="deadlines-urge",
    label=mark("催办"),
    right=Right.MANAGE_DEADLINES,
    columns=(*WHOSE, DUE, URGED),
    find=chosen,
    text=text,
    save=_urged,
)
EXTENDING = RowKind(
    name="deadlines-extend",
    label=mark("延期"),
    right=Right.MANAGE_DEADLINES,
    columns=(*WHOSE, DUE),
    find=chosen,
    text=text,
    save=_extended,
)
