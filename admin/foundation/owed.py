"""Rows of the board as a file, and the lists that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response
from sqlalchemy import select

from admin.labels import label
from portal.db import db
from portal.downloads import disposition
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.registry import kind_named
from portal.foundation.deadlines.reminding.rules import Level
from portal.foundation.deadlines.rules import standing
from portal.i18n import gettext as _
from portal.powers.lists.models import PowerList
from portal.sheets.writing import Row, write_csv, write_xlsx

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WIDTHS = (22, 14, 44, 30, 12, 12, 8, 10, 12, 10, 14, 16)


def as_file(deadlines: Iterable[Deadline], ending: str, *, today: date, size: int) -> Response:
    """The deadlines as CSV or XLSX, in the language of the request; an error when not `size` of them come."""
    header = (
        *(_("谁"), _("种类"), _("欠什么"), _("依据"), _("起算日"), _("到期日"), _("预计")),
        *(_("状态"), _("办结日"), _("逾期天数"), _("已提醒到"), _("地方")),
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"deadlines.{ending}"
        if ending == "csv":
            write_csv(path, header, _rows(deadlines, today), expected=size)
        else:
            write_xlsx(
                path, header, _rows(deadlines, today), sheet=_("时限总表"), expected=size, widths=WIDTHS
            )
        answer = Response(path.read_bytes(), content_type=MEDIA[ending])
    answer.headers["Content-Disposition"] = disposition(f"{_('时限总表')}-{today.isoformat()}.{ending}")
    return answer


def _rows(deadlines: Iterable[Deadline], today: date) -> Iterator[Row]:
    for each in deadlines:
        stands = standing(each.state, each.due_on, today, done_on=each.done_on, history=each.history)
        late = ((each.done_on or today) - each.due_on).days
        yield (
            each.owed_by.name,
            _(kind_named(each.kind).label),
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


def lists_named(ids: Sequence[Any]) -> Sequence[PowerList]:
    """The power lists of these ids, in their order."""
    return db.session.scalars(
        select(PowerList).where(PowerList.id.in_(ids)).order_by(PowerList.position, PowerList.id)
    ).all()
