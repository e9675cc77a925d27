"""Many records at once: a table handed in, what each row will do, then written in the background."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from flask import Response, flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired

from admin import forms, taking
from admin.asking import asks
from admin.base import Answer, StaffPage, carried_out, committed, page_number, status
from portal import clock
from portal.foundation.imports.rows import queries, service
from portal.foundation.imports.rows.models import RowTable
from portal.foundation.imports.rows.registry import RowKind, row_kind
from portal.foundation.imports.rows.rules import Fate
from portal.foundation.rights.rules import Right
from portal.i18n import gettext as translated

KIND = "points"
SHOWN = 100
"""Rows of a report on one page."""


class RowsForm(forms.StaffForm):
    """The file."""

    file = FileField(
        _("表格文件"),
        [FileRequired(_("请选择文件。"))],
        description=_(
            "Excel（.xlsx、.xls）或 .csv，第一行是栏目名称，不超过 1000 行。文件里没有的栏目保持不变。"
        ),
    )


class RowsPage(StaffPage):
    """Tables that the visitor handed in; each shows its progress, then its report."""

    key = "rows"
    title = _("成批填写办事点")
    section = "uptake"
    access = frozenset({Right.EDIT_PLACE})
    withheld = True

    @property
    def kind(self) -> RowKind:
        """The kind of record that this page is about."""
        return row_kind(KIND)

    @expose("/", methods=("GET", "POST"))
    @asks(Right.EDIT_PLACE)
    def index(self) -> Answer:
        """A form for the file, and what was handed in before."""
        form, received = RowsForm(), list[RowTable]()
        if form.validate_on_submit() and carried_out(form, lambda: received.append(self._receive(form))):
            return redirect(self.get_url(".show", rows_id=received[0].id))
        return self.render(
            "staff/rows_new.html", form=form, tables=queries.newest(KIND, self.account)
        ), status()

    def _receive(self, form: Any) -> RowTable:
        file: Any = form.file.data
        return service.receive(file.stream, name=file.filename or "", kind=KIND, by=self.account)

    @expose(f"/present.<any({taking.ENDINGS}):ending>")
    def present(self, ending: str) -> Response:
        """What stands now, every column, to be changed and handed in again."""
        kind = self.kind
        records = kind.every(self.account)
        name = translated(kind.label)
        return taking.as_file(
            [each.labels[0] for each in kind.columns],
            ([kind.text(record)[each.name] for each in kind.columns] for record in records),
            size=len(records),
            name=f"{name}-{clock.today().isoformat()}.{ending}",
            sheet=name,
            about="service_points",
            widths=(14, 30, 20, 28, 36, 40, 20),
        )

    @expose("/<int:rows_id>/")
    def show(self, rows_id: int) -> Answer:
        """What each row will do, page by page; while it is read or written, how far that is."""
        table = queries.own(rows_id, self.account)
        wanted = request.args.get("fate", "")
        rows = [row for row in table.report if not wanted or row["fate"] == wanted]
        last = max(1, ceil(len(rows) / SHOWN))
        page = page_number(last)
        return self.render(
            "staff/rows.html",
            table=table,
            rows=rows[(page - 1) * SHOWN : page * SHOWN],
            counts={fate: sum(row["fate"] == fate for row in table.report) for fate in Fate},
            fates=Fate,
            wanted=wanted,
            page=page,
            last=last,
            columns=self.kind.columns,
        )

    @expose("/<int:rows_id>/choose", methods=("POST",))
    @asks(Right.EDIT_PLACE)
    def choose(self, rows_id: int) -> Answer:
        """Of the rows on the page, keep those with a tick."""
        shown, chosen = (set(request.form.getlist(name, type=int)) for name in ("shown", "line"))
        self._done(rows_id, lambda table: service.choose(table, shown, chosen, by=self.account))
        back = {name: request.args[name] for name in ("fate", "page") if name in request.args}
        return redirect(self.get_url(".show", rows_id=rows_id, **back))

    @expose("/<int:rows_id>/write", methods=("POST",))
    @asks(Right.EDIT_PLACE)
    def write(self, rows_id: int) -> Answer:
        """Write the rows that are not left out, in the background."""
        self._done(rows_id, lambda table: service.carry_out(table, by=self.account))
        return redirect(self.get_url(".show", rows_id=rows_id))

    @expose("/<int:rows_id>/again", methods=("POST",))
    @asks(Right.EDIT_PLACE)
    def again(self, rows_id: int) -> Answer:
        """Read it once more."""
        self._done(rows_id, lambda table: service.again(table, by=self.account))
        return redirect(self.get_url(".show", rows_id=rows_id))

    @expose("/<int:rows_id>/drop", methods=("POST",))
    @asks(Right.EDIT_PLACE)
    def drop(self, rows_id: int) -> Answer:
        """Set it aside; nothing is written."""
        self._done(rows_id, lambda table: service.drop(table, by=self.account))
        flash(gettext("已经放弃，一行也没有写入。"), "success")
        return redirect(self.get_url(".index"))

    def _done(self, rows_id: int, verb: Callable[[RowTable], None]) -> None:
        table = queries.own(rows_id, self.account)
        committed(lambda: verb(table))
