"""The form of an official annex: 附件 number, title, table with its heading on each page, notes, page numbers — 1 —.

The one description of a paper, whether it becomes PDF (annex.typ) or Word (word.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from flask import current_app

from portal.sheets.writing import RowsDiffer
from portal.typesetting.press import typeset

TEMPLATE = Path(__file__).parent / "annex.typ"
LONGEST = 5000
"""Rows of a paper: five thousand are 350 pages, three seconds and half a gigabyte. Longer lists are for sheets."""


UPRIGHT = 7
"""Columns that an upright page has room for; more lie across."""


class TooLong(Exception):  # noqa: N818  named by what it says
    """The list has more rows than a paper may have; nothing was made."""


@dataclass(frozen=True)
class Column:
    """A column: its heading, its share of the width, whether its cells stand in the middle or hold codes."""

    name: str
    width: int
    middle: bool = False
    code: bool = False


@dataclass(frozen=True)
class Paper:
    """A list as it is printed; all texts are final.

    `facts` are the lines below the notes that say where the paper comes from: label and text. `moment` is when
    its content was made public, and stands in the file's properties. `lead` is text above the table: headings, each
    with its paragraph.
    """

    annex: str
    title: str
    subtitle: str
    author: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str]
    facts: Sequence[tuple[str, str]]
    moment: datetime = field(compare=False)
    lead: Sequence[tuple[str, str]] = ()

    @property
    def wide(self) -> bool:
        """Whether the page lies on its long side."""
        return len(self.columns) > UPRIGHT

    def checked(self, expected: int) -> Paper:
        """The same, if it has as many rows as the database holds and each fills the columns.

        Raises RowsDiffer when not, TooLong when they are more than a paper may have.
        """
        if len(self.rows) != expected or any(len(row) != len(self.columns) for row in self.rows):
            raise RowsDiffer(f"{len(self.rows)} rows came for {self.title}, {expected} were expected")
        if expected > LONGEST:
            raise TooLong(f"{expected} rows")
        return self


def write_pdf(paper: Paper, path: Path) -> None:
    """Set the paper as PDF; raises as press.typeset does."""
    said = {**asdict(paper), "wide": paper.wide}
    moment: datetime = said.pop("moment")
    own: Path | None = current_app.config["REMIT"].fonts
    path.write_bytes(typeset(TEMPLATE, said, moment=moment, own=own))
