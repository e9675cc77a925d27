"""What stands on the board: in words, by unit, place, kind and list, and as a file to take along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from flask import Response
from sqlalchemy import select

from admin import taking
from admin.labels import label
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines.board import owing
from portal.foundation.deadlines.board import queries as board
from portal.foundation.deadlines.board.rules import By, Seen, Wanted, heat, weeks
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.registry import kind_named
from portal.foundation.deadlines.reminding.rules import Level
from portal.foundation.deadlines.rules import standing
from portal.foundation.deadlines.urging.queries import may_urge, urged_on
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.i18n import gettext as _
from portal.powers.lists.models import PowerList
from portal.sheets.writing import Row

SEEN_WITH = frozenset({Right.READ_DRAFTS})
"""Whoever has it opens the board, and sees of it what its own bodies and places owe."""

SHOWN = 8
"""So many units stand on the first page, each with what comes first of it."""
LEAST_MOST = 4
"""A single deadline is never the darkest field of the heat map."""

WIDTHS = (22, 14, 44, 30, 12, 12, 8, 10, 12, 10, 14, 16)


def owed_first(account: Account, today: date) -> dict[str, Any]:
    """What stands first on the board, for the first page of those who may open it."""
    if not any(may(account, right) for right in SEEN_WITH):
        return {"owed_counts": None}
    wanted = Wanted(board.seen_by(account))
    return {
        "owed_counts": board.counts(wanted, today),
        "owed": (owed := owing.by_unit(wanted, today, limit=SHOWN, shown=1)),
        **words(today),
        **urging(account, [each for unit in owed for each in unit.first]),
    }


def urging(account: Account, deadlines: Iterable[Deadline]) -> dict[str, Any]:
    """What rows need to be told for urging: when each was urged last, and which the visitor may urge when late."""
    manages = may(account, Right.MANAGE_DEADLINES)
    return {
        "urged": urged_on([each.id for each in deadlines]),
        "urging_column": manages,
        "urges": lambda each: manages and may_urge(each, account),
    }


def words(today: date) -> dict[str, Any]:
    """What rows of deadlines need to be told: how one stands today, and what its kind is called."""
    return {
        "stands": lambda each: standing(
            each.state, each.due_on, today, done_on=each.done_on, history=each.history
        ),
        "kind_label": lambda name: _(kind_named(name).label),
    }


def as_file(deadlines: Iterable[Deadline], ending: str, *, today: date, size: int) -> Response:
    """The deadlines as CSV or XLSX, in the language of the request; an error when not `size` of them come."""
    header = (
        *(_("谁"), _("种类"), _("欠什么"), _("依据"), _("起算日"), _("到期日"), _("预计")),
        *(_("状态"), _("办结日"), _("逾期天数"), _("已提醒到"), _("地方")),
    )
    return taking.as_file(
        header,
        _rows(deadlines, today),
        size=size,
        name=f"{_('时限总表')}-{today.isoformat()}.{ending}",
        sheet=_("时限总表"),
        about="deadlines",
        widths=WIDTHS,
    )


def _rows(deadlines: Iterable[Deadline], today: date) -> Iterator[Row]:
    say = words(today)
    for each in deadlines:
        stands = say["stands"](each)
        late = ((each.done_on or today) - each.due_on).days
        yield (
            each.owed_by.name,
            say["kind_label"](each.kind),
            each.title,
            each.basis,
            each.begins_on.isoformat(),
            each.due_on.isoformat(),
            _("预计") if each.expected else "",
            str(label(stands)),
            each.done_on.isoformat() if each.done_on else "",
            late if late > 0 and stands.late else "",
            str(label(Level(each.reminded_level))) if each.reminded_level else "",
            _(each.place.name) if each.place else "",
        )


def choices(seen: Seen) -> dict[By, list[tuple[Any, str]]]:
    """What the board can be narrowed by: of each sort the keys and names of which something is owed now."""
    keys = {by: board.values(seen, by) for by in By}
    return {by: sorted(_named(by, keys[by]).items(), key=lambda each: each[1]) for by in By}


def heat_map(wanted: Wanted, today: date, asked: str) -> dict[str, Any]:
    """The heat map by unit, or by what the address asks for, with the names of its rows."""
    by = By(asked) if asked in list(By) else By.UNIT
    found = board.heat_map(wanted, today, by)
    most = max((count for row in found for count in row.weeks.values()), default=0)
    return {
        "by": by,
        "map_rows": found,
        "map_names": _named(by, [row.key for row in found]),
        "weeks": weeks(today),
        "heat": lambda count: heat(count, max(most, LEAST_MOST)),
    }


def _named(by: By, keys: Sequence[Any]) -> dict[Any, str]:
    """Names by their keys."""
    if by is By.KIND:
        return {key: _(kind_named(key).label) for key in keys}
    table: Any = {By.UNIT: Organisation, By.PLACE: Place, By.LIST: PowerList}[by]
    column = table.title if by is By.LIST else table.name
    found: Any = db.session.execute(select(table.id, column).where(table.id.in_(keys)))
    return {key: _(name) if by is By.PLACE else name for key, name in found}
