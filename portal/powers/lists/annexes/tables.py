"""Which grids of a document are lists of matters, where each begins and ends, and what the others are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from portal.powers.lists.annexes.headers import Field, is_header, read_heading, read_pair
from portal.powers.lists.annexes.notes import starts_note
from portal.powers.lists.annexes.printed import NUMERAL, number, tidy, tight
from portal.powers.lists.annexes.sections import read_section
from portal.powers.lists.rules import mark, read_mode
from portal.sheets.grids import Document, Grid

ANNEX = re.compile(rf"(?:附件|附表|附录)({NUMERAL})?(?:[:：.．、之\-—]|$|(?=\D))")
_HEAD_LINE = re.compile(r"(?:填报|填表|报送|制表)?(?:单位|部门|日期|时间|人)[:：]|\d{4}年\d{1,2}月")
_TITLE_WORD = re.compile(r"清单|目录|一览表|明细表|事项表|汇总表")
_ENUMERATED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]")
_SENTENCE_END = "。；;：:"
_MAX_TITLE = 120
_TITLE_LINES = 6
_LONG = 24
_MAX_HEADING = 60

PEOPLE = mark("这是人员名单或联系表，不是事项清单。")
FORM = mark("这是待填写的空表，不是事项清单。")
HIDDEN = mark("这是隐藏的工作表，没有读取；如果要读，请取消隐藏后再交。")
NO_HEADER = mark("没有找到带“事项名称”一栏的表头，不是事项清单。")


@dataclass(slots=True)
class Found:
    """A list of matters as found: its title, its columns, its rows with vertical merges filled in.

    `inside` holds the (line, column) of cells that only repeat the text of a merged cell above, `formulas` that
    of live formulas. `opening` are headings of sections that stand above the table, `ticks` columns headed by
    a mode, in which a mark says that the mode holds.
    """

    title: str
    annex: int | None
    headings: list[str]
    columns: list[Field | None]
    body: list[tuple[int, list[str]]] = field(default_factory=list)
    inside: set[tuple[int, int]] = field(default_factory=set)
    after: list[str] = field(default_factory=list)
    opening: list[str] = field(default_factory=list)
    sheet: str = ""
    ticks: dict[int, str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A table that is no list of matters: its title and, in a sentence, what it is. `bare` if it has no header."""

    title: str
    reason: str
    continues: bool = False


@dataclass(slots=True)
class Tables:
    """The lists of a document, its other tables, and the paragraphs that belong to no list."""

    lists: list[Found] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notice: list[str] = field(default_factory=list)


def find_tables(document: Document) -> Tables:
    """Every list of matters in a document, in reading order, and what the other tables are."""
    tables = Tables()
    lead: list[str] = []
    for block in document.blocks:
        if isinstance(block, str):
            lead.append(block)
            if tables.lists:
                tables.lists[-1].after.append(block)
            continue
        _take_grid(tables, block, lead)
        tables.notice += lead
        lead = []
    tables.notice += lead
    for empty in [found for found in tables.lists if not found.body]:
        tables.lists.remove(empty)
        tables.skipped.append(Skipped(empty.title, FORM))
    return tables


def _take_grid(tables: Tables, grid: Grid, lead: Sequence[str]) -> None:
    above, opening = _without_headings(lead)
    title, annex = title_of(above)
    if grid.hidden:
        tables.skipped.append(Skipped(grid.name or title, HIDDEN))
        return
    if not grid.rows:
        return
    lists, rows_above = _split(grid)
    if lists and not grid.name and not above and _goes_on(tables.lists, lists[0], opening):
        _append(tables.lists[-1], lists.pop(0), opening)
    elif lists:
        lists[0].opening = opening
        lists[0].title = lists[0].title or title
        lists[0].annex = lists[0].annex or annex
    for found in lists:
        found.title = found.title or _sheet_title(grid.name)
        found.sheet = grid.name
    tables.lists += lists
    if not lists:
        own = title_of([_across(cells) for _, cells in rows_above[:_TITLE_LINES] if len(_texts(cells)) == 1])[
            0
        ]
        continues = bool(tables.lists) and _looks_like_rows(grid, tables.lists[-1])
        tables.skipped.append(Skipped(own or title or grid.name, _reason(grid), continues))


def _without_headings(lead: Sequence[str]) -> tuple[list[str], list[str]]:
    """The paragraphs above a table without the headings of sections just above it, and those headings."""
    above, opening = list(lead), list[str]()
    while above:
        text = tidy(above[-1])
        section = read_section(text, 0) if _ENUMERATED.match(text) and len(text) <= _MAX_HEADING else None
        if section is None or not (section.mode or section.type or section.stated is not None):
            break
        opening.insert(0, above.pop())
    return above, opening


def _goes_on(lists: Sequence[Found], found: Found, opening: Sequence[str]) -> bool:
    """Whether a table continues the list before it: under a further heading, or by its numbers alone."""
    if not lists or found.title or found.columns != lists[-1].columns:
        return False
    return bool(opening) or _counts_on(lists[-1], [cells for _, cells in found.body])


def _append(found: Found, more: Found, opening: Sequence[str]) -> None:
    """Add a table to the list that it continues; its lines count on."""
    last = found.body[-1][0] if found.body else 0
    found.body += [(last, [text]) for text in opening]
    found.body += [(last + line, cells) for line, cells in more.body]
    found.inside |= {(last + line, column) for line, column in more.inside}
    found.formulas |= {(last + line, column) for line, column in more.formulas}


def _sheet_title(name: str) -> str:
    return "" if re.fullmatch(r"(?:sheet|工作表|表)\s*\d*", name, re.IGNORECASE) else name


def _split(grid: Grid) -> tuple[list[Found], list[tuple[int, list[str]]]]:
    """The lists in one grid, and the rows above the first header (all rows when there is none)."""
    rows, inside = _filled(grid)
    formulas = set(grid.formulas)
    lists: list[Found] = []
    above: list[tuple[int, list[str]]] = []
    at = 0
    while at < len(rows):
        header = _header_at(grid, rows, at)
        if header is None:
            (lists[-1].body if lists else above).append(rows[at])
            at += 1
            continue
        headings, columns, height = header
        heads = _title_rows(lists[-1].body) if lists else above
        if lists and headings == lists[-1].headings and not heads:
            at += height  # the same header again: the table went over a page
            continue
        title, annex = title_of([_across(cells) for _, cells in heads])
        if lists and heads:
            del lists[-1].body[-len(heads) :]
            if (headings, title, annex) == (lists[-1].headings, lists[-1].title, lists[-1].annex):
                at += height  # title and header are printed on every page
                continue
        ticks = _ticks(headings, columns)
        columns = [Field.OTHER if at in ticks else column for at, column in enumerate(columns)]
        lists.append(Found(title, annex, headings, columns, inside=inside, ticks=ticks, formulas=formulas))
        at += height
    return lists, above


def _filled(grid: Grid) -> tuple[list[tuple[int, list[str]]], set[tuple[int, int]]]:
    """The rows with the text of vertically merged cells repeated in each row, and where it was repeated."""
    rows = dict(grid.rows)
    inside: set[tuple[int, int]] = set()
    if not any(merge.bottom > merge.top for merge in grid.merges):
        return grid.rows, inside
    rows = {line: list(cells) for line, cells in grid.rows}
    for merge in grid.merges:
        top = rows.get(merge.top, [])
        text = top[merge.left] if merge.left < len(top) else ""
        for line in range(merge.top + 1, merge.bottom + 1) if text else ():
            cells = rows.get(line)
            if cells is None:
                continue
            cells += [""] * (merge.left + 1 - len(cells))
            if not cells[merge.left].strip():
                cells[merge.left] = text
                inside.add((line, merge.left))
    return list(rows.items()), inside


def _texts(cells: Iterable[str]) -> list[str]:
    return [cell for cell in cells if cell.strip()]


def _across(cells: Iterable[str]) -> str:
    return "".join(_texts(cells))


def _header_at(
    grid: Grid, rows: Sequence[tuple[int, list[str]]], at: int
) -> tuple[list[str], list[Field | None], int] | None:
    """The headings, columns and height (one row or two) of the header that begins at this row, or None."""
    line, cells = rows[at]
    texts = _texts(cells)
    if len(texts) < 2 or texts[0].isdecimal() or not any(_may_head(text) for text in texts[:2]):  # noqa: PLR2004
        return None
    upper = [tidy(cell) for cell in _spread(grid, line, cells)]
    if at + 1 < len(rows):
        lower = [tidy(cell) for cell in rows[at + 1][1]]
        if _second_row(upper, lower):
            width = max(len(upper), len(lower))
            pairs = list(zip(_padded(upper, width), _padded(lower, width), strict=True))
            columns = _once([read_pair(*pair) for pair in pairs])
            headings = [low or up for up, low in pairs]
            if is_header(headings, columns):
                return headings, columns, 2
    columns = _once([read_heading(text) for text in upper])
    return (upper, columns, 1) if is_header(upper, columns) else None


def _may_head(text: str) -> bool:
    return len(text) <= _LONG and read_heading(tidy(text)) is not None


def _second_row(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether the row below a header row is its second half: headings only, and not the first matter.

    Under a heading that is merged across columns (实施部门 over 市级 and 县级) any short word may stand.
    """
    above = _padded(upper, len(lower) + 1)
    own = [(at, text) for at, text in enumerate(lower) if text and text != above[at]]
    if not own or any(text.isdecimal() or len(text) > _LONG for _, text in own):
        return False
    modes = sum(read_mode(text) is not None for _, text in own)

    def shared(at: int) -> bool:
        return bool(above[at]) and above[at] in (above[at + 1], above[at - 1] if at else "")

    def heads(at: int, text: str) -> bool:
        ticked = modes > 1 and read_mode(text) is not None  # a column for each mode
        return ticked or bool(read_heading(text) or read_heading(above[at] + text))

    return all(heads(at, text) or shared(at) for at, text in own) and any(heads(at, text) for at, text in own)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _spread(grid: Grid, line: int, cells: list[str]) -> list[str]:
    """The cells of a header row with the text of horizontally merged ones repeated."""
    spread = list(cells)
    for merge in grid.merges:
        if merge.top == line and merge.right > merge.left and merge.left < len(spread):
            spread += [""] * (merge.right + 1 - len(spread))
            spread[merge.left : merge.right + 1] = [spread[merge.left]] * (merge.right + 1 - merge.left)
    return spread


def _once(columns: list[Field | None]) -> list[Field | None]:
    """A field stands for its first column alone; further columns of the same field say nothing new."""
    seen: set[Field] = set()
    kept: list[Field | None] = []
    for column in columns:
        kept.append(Field.OTHER if column in seen and column is not Field.SUB_ITEM else column)
        if column:
            seen.add(column)
    return kept


def _title_rows(body: Sequence[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The rows just above a header inside a grid that are the title of a list of its own."""
    heads: list[tuple[int, list[str]]] = []
    for row in reversed(body[-_TITLE_LINES:]):
        texts = _texts(row[1])
        if len(texts) != 1 or starts_note(texts[0]):
            break
        heads.insert(0, row)
    while heads and not _is_title(_across(heads[0][1])):
        heads.pop(0)
    return heads


def _is_title(text: str) -> bool:
    bare = tight(text)
    return bool(ANNEX.match(bare)) or (bool(_TITLE_WORD.search(bare)) and not _ENUMERATED.match(bare))


def title_of(lines: Sequence[str]) -> tuple[str, int | None]:
    """The title that the paragraphs or rows above a table make up, and the number of the annex.

    What stands under 附件1 belongs together even when the title was broken over lines; without such a mark
    only the last line counts, unless it is a sentence.
    """
    parts: list[str] = []
    for line in reversed(lines[-_TITLE_LINES:]):
        text = tidy(line)
        mark = ANNEX.match(text)
        if mark:
            rest = text[mark.end() :].strip()
            if rest.endswith(tuple(_SENTENCE_END)):
                break
            return "".join([rest, *parts]), number(mark[1]) if mark[1] else None
        if len(text) > _MAX_TITLE or text.endswith(tuple(_SENTENCE_END)):
            break
        if not _HEAD_LINE.match(text):
            parts.insert(0, text)
    last = next((part for part in reversed(parts) if _TITLE_WORD.search(part)), parts[-1] if parts else "")
    if starts_note(last) or not (_TITLE_WORD.search(last) or len(parts) == 1):
        return "", None
    before = parts[parts.index(last) + 1 :]
    return "".join([last, *[part for part in before if part[:1] in "（("]]), None


def _ticks(headings: Sequence[str], columns: Sequence[Field | None]) -> dict[int, str]:
    """Columns whose heading is itself a mode (直接下放 | 委托下放): a mark in a row says which one holds."""
    modes = {
        at: text for at, text in enumerate(headings) if columns[at] is not Field.NAME and read_mode(text)
    }
    return modes if len(modes) > 1 else {}


def _looks_like_rows(grid: Grid, before: Found) -> bool:
    """Whether a table without a header goes on counting where the list before it stopped, if only by and by."""
    rows = [cells for _, cells in grid.rows[:_TITLE_LINES]]
    return any(_counts_on(before, rows[at:]) for at in range(len(rows)))


def _counts_on(before: Found, rows: Sequence[Sequence[str]]) -> bool:
    if Field.SEQ not in before.columns or not before.body or not rows:
        return False
    seq = before.columns.index(Field.SEQ)
    first, last = rows[0], before.body[-1][1]
    start = tight(first[seq]) if seq < len(first) else ""
    end = tight(last[seq]) if seq < len(last) else ""
    return start.isdecimal() and end.isdecimal() and int(start) == int(end) + 1


def _reason(grid: Grid) -> str:
    fields = [read_heading(tidy(cell)) for _, cells in grid.rows[:10] for cell in cells if len(cell) <= _LONG]
    if Field.PERSON in fields:
        return PEOPLE
    header = _header_at(grid, grid.rows, 0)
    return FORM if header else NO_HEADER
