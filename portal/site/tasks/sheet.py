"""The public ledger as CSV: a row for each date, and one for each task without any (R-4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.oversight.tasks.queries import Entry
from portal.sheets.writing import Row, write_csv
from portal.site.tasks.ledger import STATES

HEADER = (
    *("编号", "任务", "条款", "牵头单位", "责任单位（原文）", "节点", "原文的期限"),
    *("到期日", "办结日", "进度（%）", "任务状态", "逾期工作日"),
)


def as_csv(entries: Sequence[Entry]) -> bytes:
    """The lines of a document's published tasks; days as ISO dates, texts as the document has them."""
    with TemporaryDirectory(prefix="remit-") as folder:
        path = Path(folder) / "tasks.csv"
        write_csv(path, HEADER, _rows(entries))
        return path.read_bytes()


def _rows(entries: Sequence[Entry]) -> Iterator[Row]:
    for entry in entries:
        task = entry.task
        first = (
            task.code,
            task.title,
            task.clause.label if task.clause else "",
            "、".join(body.name for body in task.leads),
            task.responsible,
        )
        last = ("" if entry.percent is None else entry.percent, STATES[entry.state])
        if not entry.steps:
            yield (*first, "", "", "", "", *last, "")
        for step in entry.steps:
            due_on, done_on = step.span.due_on, step.span.done_on
            said = (step.milestone.text, step.milestone.printed, due_on.isoformat())
            yield (*first, *said, done_on.isoformat() if done_on else "", *last, step.late or "")
