"""A paper for Word: the same form, with the names of the fonts that official documents are set in.

Word takes another font where one is missing, so the file opens everywhere.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal.powers.lists.exports.form import Paper
from portal.sheets.writing import clean

TITLE, BLACK, BODY = "方正小标宋简体", "黑体", "仿宋"
LATIN = "Times New Roman"
SHORT, LONG = 210, 297
LEFT, RIGHT, TOP, BOTTOM = 25, 23, 30, 27
"""The sides of A4 and the margins, in millimetres."""


def write_docx(paper: Paper, path: Path) -> None:
    """Write the paper as a Word document."""
    document = Document()
    _set_up(document, paper)
    if paper.annex:
        _line(document, paper.annex, BLACK, 15, after=8)
    _line(document, paper.title, TITLE, 20, middle=True, style="Heading 1", after=2 if paper.subtitle else 10)
    if paper.subtitle:
        _line(document, paper.subtitle, BODY, 14, middle=True, after=10)
    for heading, words in paper.lead:
        _line(document, heading, BLACK, 12, before=8, after=4)
        _line(document, words, BODY, 12, after=6).paragraph_format.first_line_indent = Pt(24)
    _table(document, paper)
    for number, note in enumerate(paper.notes):
        _line(document, note, BODY, 10.5, before=0 if number else 6)
    for number, (label, words) in enumerate(paper.facts):
        said = _line(document, f"{label}：", BLACK, 9, before=0 if number else 12)
        _dress(said.add_run(clean(words)), BODY, 9)
    document.save(str(path))


def _set_up(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(LONG), Mm(SHORT)) if paper.wide else (Mm(SHORT), Mm(LONG))
    section.orientation = WD_ORIENT.LANDSCAPE if paper.wide else WD_ORIENT.PORTRAIT
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    _number_pages(section.footer.paragraphs[0])
    said, moment = document.core_properties, paper.moment.astimezone(UTC).replace(tzinfo=None)
    said.title, said.author, said.comments = (
        clean(paper.title + paper.subtitle)[:255],
        clean(paper.author)[:255],
        "",
    )
    said.language, said.last_modified_by = "zh-CN", said.author
    said.created = said.modified = moment
    _dress(document.styles["Normal"], BODY, 10.5)


def _number_pages(line: Any) -> None:
    """— 1 — in the middle of the foot; Word fills the number in."""
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _dress(line.add_run("— "), BODY, 13)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    inner = line.add_run("1")
    _dress(inner, BODY, 13)
    field.append(inner._r)  # noqa: SLF001  python-docx has no fields of its own
    line._p.append(field)  # noqa: SLF001
    _dress(line.add_run(" —"), BODY, 13)


def _line(
    document: Any,
    text: str,
    font: str,
    size: float,
    *,
    middle: bool = False,
    style: str = "Normal",
    before: float = 0,
    after: float = 2,
) -> Any:
    line = document.add_paragraph(style=style)
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(before), Pt(after)
    if middle:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _dress(line.add_run(clean(text)), font, size)
    return line


def _dress(said: Any, font: str, size: float) -> None:
    """Give a run or a style its fonts and size, without the colour and weight of Word's own styles."""
    said.font.name, said.font.size, said.font.bold = LATIN, Pt(size), False
    properties = said.element.get_or_add_rPr()
    properties.rFonts.set(qn("w:eastAsia"), font)
    # Quotation marks and dashes are Chinese ones.
    properties.rFonts.set(qn("w:hint"), "eastAsia")
    colour = properties.find(qn("w:color"))
    if colour is None:
        colour = OxmlElement("w:color")
        properties.append(colour)
    colour.set(qn("w:val"), "000000")


def _table(document: Any, paper: Paper) -> None:
    table = document.add_table(rows=2, cols=len(paper.columns))
    table.style, table.autofit = "Table Grid", False
    across = (LONG if paper.wide else SHORT) - LEFT - RIGHT
    shares = sum(column.width for column in paper.columns)
    for column, laid in zip(paper.columns, table.columns, strict=True):
        # Word goes by the cells, LibreOffice by the grid.
        laid.width = Mm(across * column.width / shares)
        for cell in laid.cells:
            cell.width = laid.width
    head, model = table.rows
    for column, cell in zip(paper.columns, head.cells, strict=True):
        _cell(cell, BLACK, middle=True).text = column.name
    for column, cell in zip(paper.columns, model.cells, strict=True):
        _cell(cell, BODY, middle=column.middle)
    _mark(head._tr, "w:cantSplit", "w:tblHeader")  # noqa: SLF001
    _mark(model._tr, "w:cantSplit")  # noqa: SLF001
    _fill(table._tbl, model._tr, paper.rows)  # noqa: SLF001


def _cell(cell: Any, font: str, *, middle: bool) -> Any:
    """Lay a cell out and give the run that takes its text."""
    align = OxmlElement("w:vAlign")
    align.set(qn("w:val"), "center")
    cell._tc.get_or_add_tcPr().append(align)  # noqa: SLF001
    line = cell.paragraphs[0]
    line.paragraph_format.space_after = Pt(0)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER if middle else WD_ALIGN_PARAGRAPH.LEFT
    run = line.add_run(" ")
    _dress(run, font, 10.5)
    return run


def _mark(row: Any, *names: str) -> None:
    properties = row.get_or_add_trPr()
    for name in names:
        properties.append(OxmlElement(name))


def _fill(table: Any, model: Any, rows: Sequence[Sequence[str]]) -> None:
    """Copies of the model row: python-docx's own way takes time by the square of the rows."""
    for row in rows:
        made = copy.deepcopy(model)
        for mark, text in zip(made.iter(qn("w:t")), row, strict=True):
            mark.text = clean(text)
            mark.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        table.append(made)
    table.remove(model)
