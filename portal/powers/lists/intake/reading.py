"""Reading an upload in the background: tables, problems and proposals become rows that a person settles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, NoReturn

from portal.db import db
from portal.errors import Refused
from portal.foundation.files.service import path_of
from portal.foundation.imports.models import ImportedTable, Question, Upload
from portal.foundation.imports.rules import QuestionKind, UploadState
from portal.foundation.runs.models import Run
from portal.foundation.runs.work import Work
from portal.i18n import mark
from portal.powers.lists.annexes.output import as_data
from portal.powers.lists.annexes.problems import MESSAGES
from portal.powers.lists.annexes.reading import read_annexes
from portal.powers.lists.intake.asking import ask_further
from portal.powers.lists.intake.bulk import many_rows
from portal.sheets import refusals
from portal.sheets.sandbox import read_document

MOST_QUESTIONS = 2000
SHARED = frozenset({"mode", "type", "department", "remark", "scope", "notes"})
"""Fields that one answer can settle for many rows."""

TOO_MANY = mark("问题超过 %(limit)s 处，这份文件恐怕不是清单，或者栏目错了位。请对照原件检查后再交。")
NO_LIST = mark("文件里没有找到事项清单。请确认交的是附件本身，并且表头有“事项名称”一栏。")


@many_rows()
def read_upload(run: Run, work: Work) -> dict[str, Any]:
    """Carry out a READ_ANNEX run: `run.subject_id` is the upload. Reading a second time changes nothing."""
    upload = db.session.get_one(Upload, run.subject_id)
    if upload.state is not UploadState.WAITING:
        return {"tables": len(upload.tables)}
    path = path_of(upload.file)
    # The lock on the database is let go before the child process starts: reading may take seconds.
    work.step(0, 3)
    try:
        data = read_file(path)
    except refusals.Refused as refused:
        _refuse(upload, refused.refusal.sentence, work)
    work.step(1, 3)
    if not data["tables"]:
        _refuse(upload, NO_LIST, work)
    keep(upload, data)
    if sum(len(table.questions) for table in upload.tables) > MOST_QUESTIONS:
        upload.tables.clear()
        _refuse(upload, TOO_MANY % {"limit": MOST_QUESTIONS}, work)
    work.step(2, 3)
    return {"tables": len(data["tables"])}


def read_file(path: Path) -> dict[str, Any]:
    """What `flask lists read` prints, and with each problem what translates it: its text and the values in it."""
    reading = read_annexes(read_document(path))
    data = as_data(reading)
    for problem, printed in zip(reading.problems, data["problems"], strict=True):
        printed["say"] = [MESSAGES[problem.code], dict(problem.details)]
    return data


def keep(upload: Upload, data: dict[str, Any]) -> None:
    """Store what was read (the form of docs/reading.md) with everything that a person must settle."""
    general = [problem for problem in data["problems"] if problem["table"] is None]
    for number, content in enumerate(data["tables"], 1):
        table = ImportedTable(upload=upload, position=number, title=content["title"][:255], content=content)
        own = [problem for problem in data["problems"] if problem["table"] == number]
        # What concerns the whole file is settled once, with its first list.
        table.questions = [
            *_problems([*(general if number == 1 else []), *own], content["rows"]),
            *_understood_remarks(content["rows"]),
            *_named_receivers(content),
        ]
        db.session.add(table)
        ask_further(table, content["rows"])
    upload.skipped = data["skipped"]
    upload.state = UploadState.READ
    db.session.flush()


def _refuse(upload: Upload, sentence: str, work: Work) -> NoReturn:
    """Keep why; the run then ends as failed with the same sentence."""
    upload.state, upload.refusal = UploadState.REFUSED, sentence
    work.step(0, 0)
    raise Refused(sentence)


def _problems(problems: Iterable[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> Iterable[Question]:
    """One question for each problem; what says the same of many rows is asked once for all of them.

    Not where each row needs an answer of its own: two rows without a name do not get the same one.
    """
    alike: dict[tuple[str | int | None, ...], list[int]] = {}
    said: dict[str, Any] = {}
    for each in problems:
        said.setdefault(each["message"], each.get("say"))
        single = each["line"] if each["field"] not in SHARED else None
        lines = alike.setdefault((each["code"], each["field"], each["message"], single), [])
        if each["code"] == "section_not_understood":
            lines += _section(rows, each["line"])
        elif each["line"]:
            lines.append(each["line"])
    for (code, field, message, _single), lines in alike.items():
        yield Question(
            kind=QuestionKind.PROBLEM,
            code=code,
            line=lines[0] if lines else 0,
            field=field,
            message=message,
            data={"lines": lines, "say": said[str(message)]},
        )


def _section(rows: Sequence[dict[str, Any]], heading: int) -> list[int]:
    """The rows under a heading that lack a mode, which its answer is about; the heading itself without any."""
    below = (row for row in rows if row["line"] > heading)
    return [row["line"] for row in takewhile(lambda row: row["mode"] is None, below)] or [heading]


def _understood_remarks(rows: Iterable[dict[str, Any]]) -> Iterable[Question]:
    """One proposal for all rows with the same remark and usual mode of which the same was understood.

    Columns of their own may say more than the remark, so the same remark need not mean the same.
    """
    alike: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["exceptions"] or row["sub_items"]:
            meaning = repr((row["exceptions"], row["sub_items"]))
            alike.setdefault((row["remark"], row["mode"] or "", meaning), []).append(row)
    for (remark, mode, _meaning), found in alike.items():
        lines = [row["line"] for row in found]
        yield Question(
            kind=QuestionKind.PROPOSAL,
            code="remark_understood",
            line=lines[0],
            field="remark",
            message=remark,
            data={
                "lines": lines,
                "mode": mode,
                "exceptions": found[0]["exceptions"],
                "sub_items": found[0]["sub_items"],
            },
        )


def _named_receivers(content: dict[str, Any]) -> Iterable[Question]:
    if content["receivers"]:
        yield Question(
            kind=QuestionKind.PROPOSAL,
            code="receivers_named",
            line=0,
            field="notes",
            message="；".join(content["notes"]),
            data={"lines": [], "receivers": content["receivers"]},
        )
