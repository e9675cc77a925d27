"""A table of the staff door to take along: every row that the page counts, or none; and a line in the record (R-2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from flask import Response, request
from markupsafe import Markup

from portal import clock
from portal.downloads import disposition
from portal.errors import Conflict, Refused
from portal.foundation.audit.at_once import record_now
from portal.foundation.audit.rules import Act
from portal.i18n import gettext as _
from portal.sheets.writing import DoesNotFit, Row, RowsDiffer, write_csv, write_xlsx

if TYPE_CHECKING:
    from admin.listing import Asked
    from admin.records import RecordsPage

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS = ", ".join(MEDIA)
"""For the address of a page that has files: `<any(csv, xlsx):ending>`."""

AT_ONCE = 500
"""Rows that are read from the database in one go."""


def as_file(
    header: Sequence[str],
    rows: Iterable[Row],
    *,
    size: int,
    name: str,
    sheet: str,
    about: str,
    widths: Sequence[int] = (),
) -> Response:
    """The rows as CSV or XLSX, as the ending of `name` says; that it goes out is told under the kind `about`.

    Raises Conflict unless exactly `size` rows come, Refused for a cell or a number of rows that no workbook holds.
    """
    ending = name.rpartition(".")[2]
    with TemporaryDirectory(prefix="remit-") as folder:
        path = Path(folder) / f"table.{ending}"
        try:
            if ending == "csv":
                write_csv(path, header, rows, expected=size)
            else:
                write_xlsx(path, header, rows, sheet=sheet, expected=size, widths=widths)
        except RowsDiffer:
            raise Conflict("导出的时候有人正在改这张表，没有导出。请再试一次。", "rows_differ") from None
        except DoesNotFit:
            raise Refused("这张表太大，Excel 放不下。请改用 CSV，或者缩小范围。", "does_not_fit") from None
        answer = Response(path.read_bytes(), content_type=MEDIA[ending])
    record_now(Act.EXPORT, about=(about, ""), name=name, count=size)
    answer.headers["Content-Disposition"] = disposition(name)
    return answer


def listed(page: RecordsPage, wanted: Asked, ending: str) -> Response:
    """What the page's list counts, in its order and with the columns that are shown, whatever page is open."""
    total, query = page.get_list(None, wanted.sort, wanted.falling, wanted.search, None, False, 0)
    heading = page.heading()
    return as_file(
        [str(title) for _name, title in wanted.columns],
        _rows(page, query, [name for name, _title in wanted.columns]),
        size=total or 0,
        name=f"{heading}-{clock.today().isoformat()}.{ending}",
        sheet=heading,
        about=page.model.__tablename__,
    )


def addresses(page: RecordsPage) -> dict[str, str]:
    """Where the list that is open stands as a file, by its ending."""
    kept = {name: request.args.getlist(name) for name in page.remembers if name in request.args}
    return {ending: page.get_url(".table", ending=ending, **kept) for ending in MEDIA}


def _rows(page: RecordsPage, query: Any, columns: Sequence[str]) -> Iterator[Row]:
    for record in query.yield_per(AT_ONCE):
        yield [_cell(page, record, name) for name in columns]


def _cell(page: RecordsPage, record: Any, name: str) -> str | int | float:
    """What the list shows, as text; dates and numbers as programs read them."""
    shown = page.get_list_value(None, record, name)
    raw = getattr(record, name, None) if name not in page.column_formatters else None
    if isinstance(raw, bool):
        return _("是") if raw else _("否")
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, int | float):
        return raw
    return shown.striptags() if isinstance(shown, Markup) else str(shown)
