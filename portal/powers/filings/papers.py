"""The paper of a filing, made from what was published: to whom, what changed and why, who gets a copy (P-6)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from portal.errors import Refused
from portal.foundation.publishing.models import Revision
from portal.powers.filings.models import Filing
from portal.powers.lists.adjusting.rules import only_number
from portal.powers.lists.exports import annex, changes
from portal.powers.lists.exports.form import Column, Paper, TooLong, write_pdf
from portal.powers.lists.exports.word import write_docx
from portal.typesetting.press import SignsMissing

COLUMNS = (
    Column("序号", 7, middle=True),
    Column("事项名称", 32),
    Column("变化", 12, middle=True),
    Column("哪一项", 12, middle=True),
    Column("地方", 14, middle=True),
    Column("原", 20),
    Column("现", 20),
)


WRITERS = {"docx": write_docx, "pdf": write_pdf}


def write(filing: Filing, ending: str, path: Path) -> None:
    """The paper for Word (docx) or to print (pdf); Refused with what stands in the way where it cannot be made.

    Raises RowsDiffer as Paper.checked does, and TypesettingFailed.
    """
    try:
        WRITERS[ending](paper(filing), path)
    except SignsMissing as error:
        raise Refused("没有字体印得出这些字：%(signs)s。请用 Word 版。", signs=error.signs) from None
    except TooLong:
        raise Refused("行数太多，做不成一份报告。请附上清单的表格文件。") from None


def paper(filing: Filing) -> Paper:
    """The paper: of a first revision the whole list, of every other what it changed, with reasons below."""
    revision = filing.revision
    whole = annex.paper(revision)
    made = dataclasses.replace(
        whole,
        annex="",
        title=f"关于报送《{revision.title}》第{revision.number}版备案的报告",
        subtitle="",
        lead=[(f"{filing.terms.name}：", _words(filing))],
        facts=[*_copies(filing), ("备案依据", filing.terms.basis), *whole.facts],
    )
    if revision.number == 1:
        return made
    rows = [["" if cell is None else str(cell) for cell in row] for row in _changed(revision)]
    return dataclasses.replace(made, columns=COLUMNS, rows=rows, notes=list(_reasons(revision)))


def _words(filing: Filing) -> str:
    revision, said = filing.revision, filing.revision.proposal.difference
    dates = f"{annex.day(revision.effective_on)}起执行"
    if revision.number == 1:
        return f"《{revision.title}》已经公布，{dates}，共{said.get('added', 0)}项。现报请备案。"
    moved = sum(map(only_number, said.get("entries", ())))
    counts = f"加入{said.get('added', 0)}项，调整{said.get('changed', 0) - moved}项，退出{said.get('withdrawn', 0)}项"
    reason = f"调整的理由：{revision.reason}。" if revision.reason else ""
    return f"《{revision.title}》第{revision.number}版已经公布，{dates}。与上一版相比，{counts}。{reason}现报请备案。"


def _copies(filing: Filing) -> list[tuple[str, str]]:
    return [("抄送", filing.terms.copies)] if filing.terms.copies else []


def _changed(revision: Revision) -> Iterator[tuple[str | int | None, ...]]:
    """The rows of the export of changes; why they were made stands below the table (_reasons)."""
    for row in changes.records(revision):
        yield row[: len(COLUMNS)]


def _reasons(revision: Revision) -> Iterator[str]:
    for each in revision.proposal.difference.get("entries", ()):
        parts = [
            f"{label}：{each[key]}" for key, label in (("reason", "理由"), ("basis", "依据")) if each.get(key)
        ]
        if parts:
            yield f"第{each['seq']}项{each['name']}，{'；'.join(parts)}。"
