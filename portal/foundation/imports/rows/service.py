"""Verbs on tables of rows: hand in or choose, read, leave rows out, carry out, drop."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from flask import current_app
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.files import service as files
from portal.foundation.files.service import path_of
from portal.foundation.imports.rows.models import RowTable
from portal.foundation.imports.rows.registry import RowKind, row_kind
from portal.foundation.imports.rows.remembering import remembering
from portal.foundation.imports.rows.rules import (
    DEEPEST_HEADER,
    MOST_ROWS,
    Fate,
    RowsState,
    fate,
    header,
    says_the_same,
    values,
)
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunKind
from portal.foundation.runs.service import start
from portal.foundation.runs.work import Work
from portal.i18n import mark
from portal.sheets import refusals
from portal.sheets.grids import Document, Grid
from portal.sheets.sandbox import read_document
from portal.sheets.writing import unguarded

NO_HEADER = mark("没有找到表头。请下载空表，把内容填进去再交；栏目名称不要改。")
TOO_MANY = mark("这份表超过 5000 行。请拆成几份再交。")
NO_ROWS = mark("表头下面一行也没有。请填好以后再交。")
SEVERAL = mark("这个文件里有好几张这样的表。请一张一张交。")
NOT_YOURS = mark("没有这一行说的记录，或者不归您填。")
NO_MORE = mark("您已经没有这项权限，没有核对。")
TOO_MANY_CHOSEN = mark("一次最多 5000 条。请先缩小范围，分几次办。")
ALIKE = mark("这一行和已有的记录重复，不能写入。")
TWICE = mark("和第 %(line)s 行说的是同一条记录。请只留一行。")
CHANGED = mark("核对以后有人改过这些记录，或者您的权限变了。一行也没有写入，请重新核对。")

Report = list[dict[str, Any]]


def receive(content: bytes | BinaryIO | Path, *, name: str, kind: str, by: Account) -> RowTable:
    """Keep a file of rows and start reading it in the background. Refused when it is empty or too large."""
    require(by, row_kind(kind).right)
    file = files.store(content, name=name, limit=current_app.config["REMIT"].upload_limit)
    if file.size == 0:
        raise Refused("文件是空的，请重新选择。", code="empty")
    table = RowTable(kind=kind, file=file, created_by_id=by.id)
    db.session.add(table)
    db.session.flush()
    table.run = start(RunKind.READ_ROWS, table.id, by=by.id)
    db.session.flush()
    return table


def choose_many(kind: str, ids: Iterable[int], said: Mapping[str, str], *, by: Account) -> RowTable:
    """Ask for an act on the records with these ids, with what it asks for; looking at each starts in the background.

    Refused when there are none or too many.
    """
    require(by, row_kind(kind).right)
    given = [{"id": str(each), **said} for each in ids]
    if not given:
        raise Refused("一条也没有选。请回到表里打勾，或者选“找到的全部”。", "none_chosen")
    if len(given) > MOST_ROWS:
        raise Refused(TOO_MANY_CHOSEN)
    table = RowTable(kind=kind, given=given, created_by_id=by.id)
    db.session.add(table)
    db.session.flush()
    table.run = start(RunKind.READ_ROWS, table.id, by=by.id)
    db.session.flush()
    return table


def read(run: Run, work: Work) -> dict[str, Any]:
    """Carry out a READ_ROWS run: `run.subject_id` is the table. Nothing but the report is written."""
    table = db.session.get_one(RowTable, run.subject_id)
    if table.state is not RowsState.WAITING:
        return {"rows": len(table.report)}
    kind, by, given = row_kind(table.kind), table.created_by, list(enumerate(table.given, start=1))
    path = path_of(table.file) if table.file is not None else None
    # The lock on the database is let go before the child process starts: reading may take seconds.
    work.step(0, 2)
    try:
        rows = _rows(read_document(path), kind) if path is not None else given
        require(by, kind.right)
    except refusals.Refused as refused:
        _refuse(table, refused.refusal.sentence, work)
    except Forbidden:
        _refuse(table, NO_MORE, work)
    except Refused as refused:
        _refuse(table, refused.sentence, work)
    work.step(1, 2)
    report = _tried(kind, rows, by)
    # Whatever the verbs wrote while the rows were tried is taken back; the report alone stays.
    db.session.rollback()
    table = db.session.get_one(RowTable, run.subject_id)
    table.report, table.state = report, RowsState.READ
    work.step(2, 2)
    return {"rows": len(report)}


def _rows(document: Document, kind: RowKind) -> list[tuple[int, dict[str, str]]]:
    fitting = [found for grid in document.grids if not grid.hidden and (found := _under_header(grid, kind))]
    if not fitting:
        raise Refused(NO_HEADER)
    if len(fitting) > 1:
        raise Refused(SEVERAL)
    ((where, rows),) = fitting
    if not rows:
        raise Refused(NO_ROWS)
    if len(rows) > MOST_ROWS:
        raise Refused(TOO_MANY)
    # Our own CSV guards texts that a spreadsheet program could take for formulas.
    plain = unguarded if document.kind == "csv" else str
    return [(line, values([plain(cell) for cell in row], where)) for line, row in rows]


def _under_header(grid: Grid, kind: RowKind) -> tuple[dict[str, int], list[tuple[int, list[str]]]] | None:
    for number, (_line, cells) in enumerate(grid.rows[:DEEPEST_HEADER]):
        where = header(cells, kind.columns)
        if where is not None:
            return where, grid.rows[number + 1 :]
    return None


def _tried(kind: RowKind, rows: Sequence[tuple[int, dict[str, str]]], by: Account) -> Report:
    """What each row does, found out by doing it; the caller rolls back."""
    seen: dict[Any, int] = {}
    with remembering():
        return [_try(kind, line, said, by, seen) for line, said in rows]


def _try(kind: RowKind, line: int, said: dict[str, str], by: Account, seen: dict[Any, int]) -> dict[str, Any]:
    row: dict[str, Any] = {"line": line, "values": said, "before": None, "said": said, "why": None}
    try:
        record = kind.find(said, by)
        _once(record, line, seen)
        before = row["before"] = kind.said(record)
        if before is not None and says_the_same(before, said):
            return {**row, "fate": Fate.SAME.value, "values": before}
        # What a verb had begun before it refused is nothing to the rows that follow.
        with db.session.begin_nested():
            record = kind.save(record, said, by)
            after = kind.said(record)
    except IntegrityError:
        return {**row, "fate": Fate.WRONG.value, "why": [ALIKE, {}]}
    except Refused as refusal:
        known = {**(row["before"] or {}), **said}
        return {**row, "fate": Fate.WRONG.value, "values": known, "why": _why(refusal)}
    if record is not None:
        seen.setdefault(record.id, line)
    return {**row, "fate": fate(before, after).value, "values": before if after is None else after}


def _why(refusal: Refused) -> list[Any]:
    """Somebody else's record is told as one that is not there (R-3)."""
    if isinstance(refusal, Forbidden):
        return [NOT_YOURS, {}]
    values = {name: each if isinstance(each, int) else str(each) for name, each in refusal.values.items()}
    return [refusal.sentence, values]


def _once(record: Any, line: int, seen: dict[Any, int]) -> None:
    if record is not None and seen.setdefault(record.id, line) != line:
        raise Refused(TWICE, line=seen[record.id])


def _refuse(table: RowTable, sentence: str, work: Work) -> NoReturn:
    table.state, table.refusal = RowsState.REFUSED, sentence
    work.step(0, 0)
    raise Refused(sentence)


def choose(table: RowTable, shown: Collection[int], chosen: Collection[int], *, by: Account) -> None:
    """Of the lines that were shown, leave out those that were not chosen; all others stay as they were.

    Conflict unless the table is read and nothing is under way.
    """
    require(by, row_kind(table.kind).right)
    _must_be_read(table)
    known = {row["line"] for row in table.report} & set(shown)
    table.left_out = sorted((set(table.left_out) - known) | (known - set(chosen)))
    db.session.flush()


def again(table: RowTable, *, by: Account) -> None:
    """Read a table once more, whose rows could not be written any more. Conflict while it is being read."""
    require(by, row_kind(table.kind).right)
    if table.state is not RowsState.WAITING or (table.run is not None and not table.run.state.ended):
        raise Conflict("这份表已经处理过，或者正在处理。", "not_open")
    table.run = start(RunKind.READ_ROWS, table.id, by=by.id)
    db.session.flush()


def carry_out(table: RowTable, *, by: Account) -> None:
    """Start writing the rows that are not left out. Refused when there is nothing to write."""
    require(by, row_kind(table.kind).right)
    _must_be_read(table)
    if not table.taken:
        raise Refused("没有要写入的行：都和现在一样，有问题，或者没有选。", code="nothing")
    table.state = RowsState.APPLYING
    table.run = start(RunKind.WRITE_ROWS, table.id, by=by.id)
    db.session.flush()


def drop(table: RowTable, *, by: Account) -> None:
    """Set it aside; nothing of it was or will be written."""
    require(by, row_kind(table.kind).right)
    halted = table.state is RowsState.APPLYING and table.run is not None and table.run.state.unfinished
    if not halted:
        _must_be_read(table)
    table.state = RowsState.DROPPED
    db.session.flush()


def _must_be_read(table: RowTable) -> None:
    if table.state is not RowsState.READ:
        raise Conflict("这份表已经处理过，或者正在处理。", "not_open")


def write(run: Run, work: Work) -> dict[str, Any]:
    """Carry out a WRITE_ROWS run: all rows in one transaction, or none; then the report says why."""
    table = db.session.get_one(RowTable, run.subject_id)
    if table.state is not RowsState.APPLYING:
        return {"rows": len(table.taken)}
    kind, by, taken = row_kind(table.kind), table.created_by, table.taken
    try:
        with remembering():
            for row in taken:
                _write(kind, row, by)
    except (Refused, IntegrityError):
        _back(run.subject_id, work)
    table.state, table.applied_at = RowsState.APPLIED, clock.now()
    work.step(len(taken), len(taken))
    return {"rows": len(taken)}


def _write(kind: RowKind, row: Mapping[str, Any], by: Account) -> None:
    """A row that was read before acts told rows apart says all that stands then."""
    said = row.get("said", row["values"])
    record = kind.find(said, by)
    if kind.said(record) != row["before"]:
        raise Conflict(CHANGED)
    kind.save(record, said, by)


def _back(table_id: int, work: Work) -> NoReturn:
    """Nothing is written; the rows are read once more by whoever looks at them."""
    db.session.rollback()
    table = db.session.get_one(RowTable, table_id)
    table.state, table.report, table.left_out = RowsState.WAITING, [], []
    work.step(0, 0)
    raise Refused(CHANGED)
