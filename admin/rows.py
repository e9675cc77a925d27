"""What each row of a table will do, then its writing: for files that are handed in and for acts on chosen records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Any, ClassVar

from flask import Response, flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired

from admin import forms, taking
from admin.asking import asks_to_change
from admin.base import Answer, StaffPage, carried_out, committed, page_number, status
from portal import clock
from portal.foundation.imports.rows import queries, service
from portal.foundation.imports.rows.models import RowTable
from portal.foundation.imports.rows.registry import RowKind, row_kind
from portal.foundation.imports.rows.rules import Fate
from portal.foundation.places.queries import names_by_code
from portal.foundation.rights.rules import Right
from portal.i18n import gettext as translated

SHOWN = 50
"""Rows of a report on one page."""


class RowsForm(forms.StaffForm):
    """The file."""

    file = FileField(
        _("表格文件"),
        [FileRequired(_("请选择文件。"))],
        description=_(
            "Excel（.xlsx、.xls）或 .csv，第一行是栏目名称，不超过 5000 行。文件里没有的栏目、没有写的行保持不变。"
        ),
    )


class ReportingPage(StaffPage):
    """Tables of rows that the visitor handed in or chose: each shows its progress, then its report."""

    abstract = True
    change: ClassVar[Right]

    def kinds(self) -> frozenset[str]:
        """Names of the kinds whose tables are reported here."""
        raise NotImplementedError

    def _own(self, rows_id: int) -> RowTable:
        return queries.own(rows_id, self.account, self.kinds())

    @expose("/<int:rows_id>/")
    def show(self, rows_id: int) -> Answer:
        """What each row will do, page by page; while it is read or written, how far that is."""
        table = self._own(rows_id)
        kind, wanted = row_kind(table.kind), request.args.get("fate", "")
        rows = [row for row in table.report if not wanted or row["fate"] == wanted]
        last = max(1, ceil(len(rows) / SHOWN))
        page = page_number(last)
        shown = rows[(page - 1) * SHOWN : page * SHOWN]
        return self.render(
            "staff/rows.html",
            table=table,
            rows=shown,
            counts={fate: sum(row["fate"] == fate for row in table.report) for fate in Fate},
            fates=Fate,
            wanted=wanted,
            page=page,
            last=last,
            kind=kind,
            place_names=_place_names(kind, shown),
        )

    @expose("/<int:rows_id>/choose", methods=("POST",))
    @asks_to_change
    def choose(self, rows_id: int) -> Answer:
        """Of the rows on the page, keep those with a tick."""
        shown, chosen = (set(request.form.getlist(name, type=int)) for name in ("shown", "line"))
        self._done(rows_id, lambda table: service.choose(table, shown, chosen, by=self.account))
        back = {name: request.args[name] for name in ("fate", "page") if name in request.args}
        return redirect(self.get_url(".show", rows_id=rows_id, **back))

    @expose("/<int:rows_id>/write", methods=("POST",))
    @asks_to_change
    def write(self, rows_id: int) -> Answer:
        """Write the rows that are not left out, in the background."""
        self._done(rows_id, lambda table: service.carry_out(table, by=self.account))
        return redirect(self.get_url(".show", rows_id=rows_id))

    @expose("/<int:rows_id>/again", methods=("POST",))
    @asks_to_change
    def again(self, rows_id: int) -> Answer:
        """Read it once more."""
        self._done(rows_id, lambda table: service.again(table, by=self.account))
        return redirect(self.get_url(".show", rows_id=rows_id))

    @expose("/<int:rows_id>/drop", methods=("POST",))
    @asks_to_change
    def drop(self, rows_id: int) -> Answer:
        """Set it aside; nothing is written."""
        self._done(rows_id, lambda table: service.drop(table, by=self.account))
        flash(gettext("已经放弃，一行也没有写入。"), "success")
        return redirect(self.home())

    def home(self) -> str:
        """Where one comes from, and goes back to."""
        raise NotImplementedError

    def _done(self, rows_id: int, verb: Callable[[RowTable], None]) -> None:
        table = self._own(rows_id)
        committed(lambda: verb(table))


class RowsPage(ReportingPage):
    """One kind of record by file: what stands now to take along, and tables to hand in."""

    abstract = True
    withheld = True
    of: ClassVar[str]
    """The name of the kind."""
    widths: ClassVar[Sequence[int]] = ()

    @property
    def kind(self) -> RowKind:
        """The kind of record that this page is about."""
        return row_kind(self.of)

    def kinds(self) -> frozenset[str]:
        """That kind alone."""
        return frozenset({self.of})

    def home(self) -> str:
        """The form for the file."""
        return str(self.get_url(".index"))

    @expose("/", methods=("GET", "POST"))
    @asks_to_change
    def index(self) -> Answer:
        """A form for the file, and what was handed in before."""
        form, received = RowsForm(), list[RowTable]()
        if form.validate_on_submit() and carried_out(form, lambda: received.append(self._receive(form))):
            return redirect(self.get_url(".show", rows_id=received[0].id))
        return self.render(
            "staff/rows_new.html", form=form, tables=queries.newest(self.of, self.account)
        ), status()

    def _receive(self, form: Any) -> RowTable:
        file: Any = form.file.data
        return service.receive(file.stream, name=file.filename or "", kind=self.of, by=self.account)

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
            about=self.key,
            widths=self.widths,
        )


def _place_names(kind: RowKind, rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """What people read for the codes of places in these rows, by column."""
    said = {
        column.name: {
            values[column.name]
            for row in rows
            for values in (row["values"], row["before"] or {})
            if values.get(column.name)
        }
        for column in kind.columns
        if column.place
    }
    return {name: names_by_code(codes) for name, codes in said.items()}
