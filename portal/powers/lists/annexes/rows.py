"""Rows of a list: one row of the table to one matter, with what is unclear about it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.powers.lists.annexes.codes import is_odd, read_code
from portal.powers.lists.annexes.headers import Field
from portal.powers.lists.annexes.notes import goes_on, starts_note
from portal.powers.lists.annexes.printed import sequence, tidy, tight
from portal.powers.lists.annexes.problems import Code, Problem
from portal.powers.lists.annexes.remarks import ExceptionProposal, Understanding, understand
from portal.powers.lists.annexes.sections import POINTS, Outline, is_page_mark, read_section, total_word
from portal.powers.lists.annexes.tables import Found
from portal.powers.lists.annexes.targets import read_targets
from portal.powers.lists.annexes.totals import Counted, Stated, printed_total
from portal.powers.lists.rules import Mode, read_mode
from portal.powers.matters.rules import MatterType, read_type, type_digits

_NUMERAL_CELL = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)]?")
_WITH_BRACKET = re.compile(r"(.+?)[（(](.+)[）)]")
_BETWEEN_SUB_ITEMS = re.compile(r"[；;\n]|(?<=\S)\s+(?=[（(]?\d{1,2}[）).．、]\D)")
_NUMBERED = re.compile(r"^[（(]?\d{1,2}[）).．、]+\s*(?=\D)")
_DITTO = frozenset({"同上", "〃", "″", "”", '"', "同前", "..", "…"})
_ANY_DIGIT = re.compile(r"[\d一二三四五六七八九十A-Za-z=*]")
_TYPE_DIGITS = frozenset(kind.value for kind in MatterType)
_MAX_HEADING_CELLS = 3
_FEW = 6
"""So many cells tell a row of a matter from a heading across the table."""

_MAX_CELL = 300
_WHOLE_LIST = ("合计", "总计", "共计", "总数")
_TICK = re.compile(r"[√✓✔☑●◎■★对是有1Yy+＋]|下放|委托")
_NO_TICK = re.compile(r"[\s×○✗☐□/—\-否无0Nn]*")
_FILLED = (Field.NAME, Field.TYPE)


@dataclass(slots=True)
class Row:
    """One matter of a list. `line` is the row a person counts; `type` and `mode` are None when unknown.

    `mode_label` is the label as printed, "" where a note leaves the mode to the places. `exceptions` and
    `sub_items` are proposals read from the remark, to be confirmed by a person.
    """

    line: int
    seq: int | str | None
    department: str
    code: str
    name: str
    type: MatterType | None
    mode: Mode | None
    mode_label: str
    remark: str
    sub_items: list[str] = field(default_factory=list)
    exceptions: list[ExceptionProposal] = field(default_factory=list)


class BodyReader:
    """Reads the body of one list, row by row.

    `rows`, `problems`, `notes`, `totals`, `subtotals` and `outline` hold what was read, `cut` the lines of rows
    that were reported as cut off. `title_mode` and `title_type` are what the list's title says of every matter in it.
    """

    def __init__(
        self, table: int, found: Found, title_mode: tuple[Mode | None, str], title_type: MatterType | None
    ) -> None:
        self.table = table
        self.found = found
        self.title_mode = title_mode
        self.title_type = title_type
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.totals: list[Stated] = []
        self.subtotals: list[tuple[int, list[Stated], Counted]] = []
        self._subtotal = 0
        self.outline = Outline()
        self.cut: set[int] = set()
        columns = found.columns
        self._at = {column: columns.index(column) for column in Field if column in columns}
        self._width = len(columns)
        self._padding = [""] * (self._width + 1)
        self._cells = {column: self._at.get(column, self._width) for column in Field}
        self._sub_items = [index for index, column in enumerate(columns) if column is Field.SUB_ITEM]
        self._needed = [
            self._at[key] for key in _FILLED if key in self._at and _mostly_filled(found, self._at[key])
        ]
        self._last = max(self._needed, default=0)
        self._above: list[str] = []
        long = sum(1 for _, cells in found.body if len(cells) > self._width)
        self._overhangs = long * 2 > len(found.body)

    def read(self) -> None:
        """Read every row."""
        for text in self.found.opening:
            self._section(self.found.body[0][0] - 1 if self.found.body else 0, text)
        name, seq = self._at[Field.NAME], self._at.get(Field.SEQ, -1)
        for line, cells in self.found.body:
            if (
                len(cells) > self._last
                and 0 <= seq < len(cells)
                and cells[seq].isdecimal()
                and cells[name].strip()
            ):
                self._matter(line, cells)
            else:
                self._other(line, cells)
        self._formulas()

    def _other(self, line: int, cells: list[str]) -> None:
        """A row that is not plainly a matter: a heading, a note, a total, a piece of a row, or a matter yet."""
        texts = [cell for cell in cells if cell.strip()]
        if not texts or is_page_mark(texts):
            return
        word = total_word(cells)
        if word:
            self._total(line, word, cells)
        elif len(set(texts)) == 1:
            self._across(line, texts[0], cells)
        elif self._split_heading(texts, cells):
            self._section(line, "、".join(map(tidy, texts)))
        elif starts_note(texts[0]) or (self.notes and goes_on(texts[0])):
            self.notes.append(" ".join(map(tidy, texts)))
        elif len(cells) <= self._last and self._short(cells):
            self._matter(line, cells)
            self.problems = [problem for problem in self.problems if problem.line != line]
            self._problem(line, "", Code.ROW_CUT_OFF)
            self.cut.add(line)
        else:
            self._matter(line, cells)

    def _total(self, line: int, word: str, cells: Sequence[str]) -> None:
        """A row of totals: 合计 speaks of the whole list, 小计 of the rows since the heading or 小计 before it."""
        stated = printed_total(cells)
        if word in _WHOLE_LIST:
            self.totals = stated or self.totals
            return
        since = max([self._subtotal, *[section.line for section in self.outline.open]])
        rows = [row for row in self.rows if row.line > since]
        self.subtotals.append((line, stated, Counted([r.mode for r in rows], [r.type for r in rows])))
        self._subtotal = line

    def _short(self, cells: Sequence[str]) -> bool:
        """Whether a row ends before a column that most rows of this list fill."""
        return any(len(cells) <= at for at in self._needed)

    def _split_heading(self, texts: Sequence[str], cells: list[str]) -> bool:
        """一 in the column of numbers with a heading beside it."""
        few = len(texts) <= _MAX_HEADING_CELLS and bool(_NUMERAL_CELL.fullmatch(tight(texts[0])))
        return few and not self._cell(cells, Field.TYPE) and not self._cell(cells, Field.MODE)

    def _across(self, line: int, text: str, cells: list[str]) -> None:
        """A row with one text: a note, the heading of a section, or the remains of a row."""
        if starts_note(text) or (self.notes and not _plain_heading(text)):
            self.notes.append(text)
        elif isinstance(sequence(text), int):
            self._problem(line, "", Code.ROW_CUT_OFF)
        elif self._cell(cells, Field.NAME) and len(self._at) == 1:
            self._matter(line, cells)
        else:
            self._section(line, text)

    def _section(self, line: int, text: str) -> None:
        section = read_section(text, line)
        if section is None:
            self._problem(line, "", Code.ROW_ODD, value=tidy(text))
            return
        needs_mode = Field.MODE not in self._at and self.title_mode[0] is None
        says = section.mode or section.type or section.department or self.outline.mode[0]
        if needs_mode and not says:
            self._problem(line, "mode", Code.SECTION_NOT_UNDERSTOOD, value=section.heading)
        self.outline.enter(section)

    def _matter(self, line: int, cells: list[str]) -> None:
        at = self._cells
        tidied = [
            tidy(cell) for cell in cells
        ] + self._padding  # every column has a cell, absent ones the last
        if not _DITTO.isdisjoint(tidied):
            self._ditto(tidied)
        tidied[self._width] = ""
        mode, label, more = self._mode(line, tidied[at[Field.MODE]], tidied)
        row = Row(
            line,
            sequence(tidied[at[Field.SEQ]]),
            tidied[at[Field.DEPARTMENT]] or self.outline.department,
            self._code(line, cells[at[Field.CODE]]) if at[Field.CODE] < min(len(cells), self._width) else "",
            tidied[at[Field.NAME]],
            self._type(line, tidied[at[Field.TYPE]]),
            mode,
            label,
            tidied[at[Field.REMARK]],
        )
        if self._joins_above(line, row, cells):
            return
        self._check(row)
        self._beyond(line, cells)
        self._above = tidied
        self._sub_item_cells(row, cells)
        self._remark(row, more)
        self._scope(row, cells)
        self.outline.count_row()
        self.rows.append(row)

    def _ditto(self, tidied: list[str]) -> None:
        """同上 and its like stand for what the row above says in the same column."""
        for at in {self._at.get(key, -1) for key in (Field.DEPARTMENT, Field.TYPE, Field.MODE, Field.REMARK)}:
            if 0 <= at < len(self._above) and tidied[at] in _DITTO:
                tidied[at] = self._above[at]

    def _code(self, line: int, printed: str) -> str:
        code = read_code(printed)
        if " " in code:
            self._problem(line, "code", Code.CODE_ODD, value=code)
        return code

    def _beyond(self, line: int, cells: Sequence[str]) -> None:
        """Cells beyond the last heading: a row that slipped, unless most rows have something there."""
        extra = (
            [tidy(cell) for cell in cells[self._width :] if cell.strip()] if len(cells) > self._width else ()
        )
        if extra and not self._overhangs:
            self._problem(line, "", Code.ROW_ODD, value="、".join(extra))

    def _cell(self, cells: Sequence[str], column: Field) -> str:
        at = self._at.get(column)
        return tidy(cells[at]) if at is not None and at < len(cells) else ""

    def _mode(self, line: int, printed: str, cells: Sequence[str]) -> tuple[Mode | None, str, str]:
        """The row's mode, its printed label, and what else its cell says in brackets."""
        if not printed:
            if self.found.ticks:
                return (*self._ticked(line, cells), "")
            mode, label = self.outline.mode
            return (mode, label, "") if mode else (*self.title_mode, "")
        mode = read_mode(printed)
        if mode:
            self._agrees(line, "mode", printed, mode, self.outline.mode[0])
            return mode, printed, ""
        bracket = _WITH_BRACKET.fullmatch(printed) if len(printed) <= _MAX_CELL else None
        mode = read_mode(bracket[1]) if bracket else None
        if bracket and mode:
            return mode, bracket[1], bracket[2]
        self._problem(line, "mode", Code.MODE_UNKNOWN, value=printed)
        return None, printed, ""

    def _ticked(self, line: int, cells: Sequence[str]) -> tuple[Mode | None, str]:
        """The mode of the one column that has a mark in this row."""
        marked = {at: label for at, label in self.found.ticks.items() if _TICK.fullmatch(cells[at])}
        odd = [
            cells[at] for at in self.found.ticks if at not in marked and _NO_TICK.fullmatch(cells[at]) is None
        ]
        if len(marked) == 1 and not odd:
            label = next(iter(marked.values()))
            return read_mode(label), label
        if marked or odd:
            printed = "、".join([*marked.values(), *odd])
            self._problem(line, "mode", Code.MODE_UNKNOWN, value=printed)
            return None, printed
        return None, ""

    def _type(self, line: int, printed: str) -> MatterType | None:
        if not printed:
            return self.outline.type or self.title_type
        kind = read_type(printed)
        if kind is None:
            self._problem(line, "type", Code.TYPE_UNKNOWN, value=printed)
        else:
            self._agrees(line, "type", printed, kind, self.outline.type)
        return kind

    def _agrees(self, line: int, key: str, printed: str, own: object, section: object) -> None:
        """Report a cell that says another mode or type than the heading that it stands under."""
        if section is not None and section is not own:
            says = next(each for each in reversed(self.outline.open) if getattr(each, key) is section)
            self._problem(line, key, Code.SECTION_CLASH, value=printed, heading=says.heading)

    def _joins_above(self, line: int, row: Row, cells: list[str]) -> bool:
        """A row under a merged name that only adds a sub-item to the matter above."""
        if (line, self._at[Field.NAME]) not in self.found.inside or not self.rows or not self._sub_items:
            return False
        above = self.rows[-1]
        same = (above.name, above.type, above.mode, above.department) == (
            row.name,
            row.type,
            row.mode,
            row.department,
        )
        if same and row.remark in ("", above.remark):
            self._sub_item_cells(above, cells)
            return True
        return False

    def _check(self, row: Row) -> None:
        line = row.line
        if not row.name:
            self._problem(line, "name", Code.NAME_MISSING)
        if Field.DEPARTMENT in self._at and not row.department:
            self._problem(line, "department", Code.DEPARTMENT_MISSING)
        if row.department.isdecimal():
            self._problem(line, "department", Code.ROW_ODD, value=row.department)
        elif isinstance(row.seq, str) and not _ANY_DIGIT.search(row.seq):
            self._problem(line, "seq", Code.ROW_ODD, value=row.seq)
        if row.code:
            self._check_code(line, row)

    def _check_code(self, line: int, row: Row) -> None:
        digits = type_digits(row.code)
        if digits is None:
            if " " not in row.code and is_odd(row.code):
                self._problem(line, "code", Code.CODE_ODD, value=row.code)
        elif digits not in _TYPE_DIGITS:
            self._problem(line, "code", Code.CODE_ODD, value=row.code)
        elif row.type and digits != row.type.value:
            coded = MatterType(digits).label
            self._problem(
                line, "code", Code.CODE_TYPE_CLASH, value=row.code, coded=coded, printed=row.type.label
            )

    def _sub_item_cells(self, row: Row, cells: Sequence[str]) -> None:
        for at in self._sub_items:
            for part in _BETWEEN_SUB_ITEMS.split(cells[at]) if at < len(cells) else ():
                name = _NUMBERED.sub("", tidy(part))
                if re.search(r"\w", name) and name != "无" and name not in row.sub_items:
                    row.sub_items.append(name)

    def _remark(self, row: Row, more: str) -> None:
        for text, key in ((row.remark, "remark"), (more, "mode")):
            if text:
                self._take(row, understand(text, row.mode), key)

    def _take(self, row: Row, said: Understanding, key: str) -> None:
        if said.mode and row.mode is None and not row.mode_label:
            row.mode, row.mode_label = said.mode, row.remark
        row.exceptions += said.exceptions
        row.sub_items += [name for name in said.sub_items if name not in row.sub_items]
        for unclear in said.unclear:
            self._problem(row.line, key, Code.REMARK_NOT_UNDERSTOOD, value=unclear)
        for name in said.conflicts:
            self._problem(row.line, key, Code.EXCEPTIONS_CONFLICT, value=name)

    def _scope(self, row: Row, cells: list[str]) -> None:
        """A column that says where a matter goes: everywhere is clear, part of the places is for a person."""
        printed = self._cell(cells, Field.SCOPE)
        if not printed:
            return
        plain = tight(printed).replace("(", "（").replace(")", "）").replace(",", "，")
        targets = read_targets(plain) if len(plain) <= _MAX_CELL else None
        everywhere = targets and not targets.places and {"all"} | {"counties", "zones"} >= set(targets.groups)
        if everywhere and set(targets.groups if targets else ()) != {"zones"}:
            return
        if targets and row.mode:
            row.exceptions.append(ExceptionProposal(targets.places, targets.groups, row.mode))
            row.exceptions.append(ExceptionProposal((), ("others",), Mode.UNDELEGATED))
        else:
            self._problem(row.line, "scope", Code.SCOPE_NOT_UNDERSTOOD, value=printed)

    def _formulas(self) -> None:
        lines = dict(self.found.body)
        for line, column in sorted(self.found.formulas):
            if line in lines:
                fields = self.found.columns
                key = fields[column] if column < len(fields) else None
                value = lines[line][column] if column < len(lines[line]) else ""
                self._problem(line, key or "", Code.FORMULA_CELL, value=tidy(value))

    def _problem(self, line: int | None, key: str, code: Code, **details: str) -> None:
        self.problems.append(Problem(self.table, line, key, code, details))


def _plain_heading(text: str) -> bool:
    """Whether a row below a note is the heading of a further section (二、委托下放事项), not its next point."""
    section = read_section(text, 0)
    return section is not None and section.level < POINTS and bool(section.mode or section.stated)


def _mostly_filled(found: Found, at: int) -> bool:
    """Whether half of the matters or more have text in a column; the others are then cut off, not just blank."""
    rows = [cells for _, cells in found.body if sum(map(bool, cells[:_FEW])) > 1]
    filled = sum(1 for cells in rows if at < len(cells) and cells[at])
    return filled * 2 >= len(rows)
