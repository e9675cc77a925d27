"""What each kind of file gives: lines as people count them, merges, numbers as text, formulas marked."""

from __future__ import annotations

import datetime as dt

import docx
import pytest
import xlsxwriter
import xlwt
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given
from hypothesis import strategies as st

from portal.sheets.grids import Document, Grid, Merge, from_data, to_data
from portal.sheets.readers.text import read_text
from portal.sheets.readers.workbook import shown
from portal.sheets.sandbox import read_document


def workbook(path, fill):
    with xlsxwriter.Workbook(str(path)) as book:
        fill(book)
    return read_document(path).grids


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (3700000117086.0, "3700000117086"),
        (0.5, "0.5"),
        (370000011708600000.0, "3.70000011708600E+17"),
        (True, "TRUE"),
        (dt.date(2021, 6, 15), "2021-06-15"),
        (dt.datetime(2021, 6, 15, tzinfo=None), "2021-06-15"),  # noqa: DTZ001 — what calamine gives
    ],
)
def test_values_as_people_see_them(value, text):
    assert shown(value) == text


def test_lines_count_empty_rows(tmp_path):
    grids = workbook(tmp_path / "a.xlsx", lambda book: book.add_worksheet().write(4, 2, "x"))
    assert grids[0].rows == [(5, ["", "", "x"])]


def test_formulas_of_xlsx_are_marked_with_their_stored_result(tmp_path):
    def fill(book):
        first, second = book.add_worksheet("甲"), book.add_worksheet("乙")
        first.write(0, 0, "x")
        second.write(0, 0, "y")
        second.write_formula(2, 1, "=1+1", None, 2)

    first, second = workbook(tmp_path / "a.xlsx", fill)
    assert first.formulas == frozenset()
    assert second.formulas == {(3, 1)}
    assert second.rows[-1] == (3, ["", "2"])


def test_formulas_of_xls_are_marked(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("甲")
    sheet.write(0, 0, "x")
    sheet.write(3, 2, xlwt.Formula("1+1"))
    book.save(str(tmp_path / "a.xls"))
    assert read_document(tmp_path / "a.xls").grids[0].formulas == {(4, 2)}


def test_formulas_of_csv_are_marked(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('序号,名称\n1,=HYPERLINK("http://192.0.2.1")\n2,乙\n', "utf-8")
    grid = read_document(path).grids[0]
    assert grid.formulas == {(2, 1)}


def test_hidden_sheets_are_told_apart(tmp_path):
    def fill(book):
        book.add_worksheet("甲").write(0, 0, "x")
        hidden = book.add_worksheet("乙")
        hidden.write(0, 0, "y")
        hidden.hide()

    assert [(grid.name, grid.hidden) for grid in workbook(tmp_path / "a.xlsx", fill)] == [
        ("甲", False),
        ("乙", True),
    ]


def test_merges_of_a_workbook(tmp_path):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "题")
        sheet.merge_range(1, 1, 3, 1, "部门")
        sheet.write(3, 0, "x")

    (grid,) = workbook(tmp_path / "a.xlsx", fill)
    assert set(grid.merges) == {Merge(1, 0, 1, 2), Merge(2, 1, 4, 1)}


def word(path, build):
    document = docx.Document()
    build(document)
    document.save(str(path))
    return read_document(path)


def test_paragraphs_and_tables_in_reading_order(tmp_path):
    def build(document):
        document.add_paragraph("前")
        document.add_table(1, 2).cell(0, 0).text = "格"
        document.add_paragraph("后")

    blocks = word(tmp_path / "a.docx", build).blocks
    assert blocks == ["前", Grid("", [(1, ["格"])]), "后"]


def test_merges_of_a_word_table(tmp_path):
    def build(document):
        table = document.add_table(3, 3)
        table.cell(0, 0).merge(table.cell(0, 2)).text = "题"
        table.cell(1, 1).merge(table.cell(2, 1)).text = "部门"
        table.cell(2, 2).text = "x"

    (grid,) = word(tmp_path / "a.docx", build).grids
    assert grid.rows == [(1, ["题"]), (2, ["", "部门"]), (3, ["", "", "x"])]
    assert set(grid.merges) == {Merge(1, 0, 1, 2), Merge(2, 1, 3, 1)}


def test_a_block_merged_both_ways(tmp_path):
    def build(document):
        table = document.add_table(3, 3)
        table.cell(0, 0).merge(table.cell(1, 1)).text = "块"
        table.cell(2, 2).text = "x"

    (grid,) = word(tmp_path / "a.docx", build).grids
    assert grid.merges == (Merge(1, 0, 2, 1),)


def test_a_table_inside_a_table_comes_after_it(tmp_path):
    def build(document):
        outer = document.add_table(1, 1)
        outer.cell(0, 0).text = "外"
        outer.cell(0, 0).add_table(1, 1).cell(0, 0).text = "里"

    assert [grid.rows for grid in word(tmp_path / "a.docx", build).grids] == [[(1, ["外"])], [(1, ["里"])]]


def test_automatic_numbers_in_cells(tmp_path):
    def build(document):
        table = document.add_table(3, 2)
        for row in table.rows:
            row.cells[0].paragraphs[0].style = document.styles["Normal"]
            properties = row.cells[0].paragraphs[0]._p.get_or_add_pPr()
            properties.append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
            )
            row.cells[1].text = "x"
        root = document.part.numbering_part.element
        number = next(each for each in root.findall(qn("w:num")) if each.get(qn("w:numId")) == "1")
        wanted = number.find(qn("w:abstractNumId")).get(qn("w:val"))
        for abstract in root.findall(qn("w:abstractNum")):
            if abstract.get(qn("w:abstractNumId")) == wanted:
                level = abstract.find(qn("w:lvl"))
                level.find(qn("w:numFmt")).set(qn("w:val"), "decimal")
                level.find(qn("w:lvlText")).set(qn("w:val"), "%1")

    (grid,) = word(tmp_path / "a.docx", build).grids
    assert [cells[0] for _, cells in grid.rows] == ["1", "2", "3"]


def test_deleted_and_hidden_text_is_not_there(tmp_path):
    def build(document):
        paragraph = document.add_paragraph("留")
        paragraph._p.append(
            parse_xml(
                f'<w:del {nsdecls("w")} w:id="1"><w:r><w:delText>删</w:delText><w:t>删</w:t></w:r></w:del>'
            )
        )
        paragraph._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="2"><w:r><w:t>增</w:t></w:r></w:ins>'))
        paragraph.add_run("隐").font.hidden = True

    assert word(tmp_path / "a.docx", build).blocks == ["留增"]


def test_pasted_cells_with_breaks_and_blank_lines():
    text = (
        "题\n\n\t序号\n\t名称\n\t备注\n\n\t1\n\t甲\n乙\n\t\n\n\t2\n\t丙\n\n\n\t丁\n\n"
        "\t一、段\n\n\t3\n\t戊\n\n己\n\t庚\n\n注：完\n"
    )
    document = read_text(text)
    assert document.blocks[0] == "题"
    assert document.blocks[-1] == "注：完"
    assert [row for _, row in document.grids[0].rows] == [
        ["序号", "名称", "备注"],
        ["1", "甲\n乙"],
        ["2", "丙", "丁"],
        ["一、段"],
        ["3", "戊\n己", "庚"],
    ]


def test_rows_pasted_from_a_sheet():
    document = read_text("说明\n序号\t名称\n1\t甲\n2\t乙\n结尾\n")
    assert document.blocks == [
        "说明",
        Grid("", [(1, ["序号", "名称"]), (2, ["1", "甲"]), (3, ["2", "乙"])]),
        "结尾",
    ]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_columns_with_any_delimiter(tmp_path, delimiter):
    path = tmp_path / "a.csv"
    lines = [["序号", "名称", "备注"], ["1", '"甲\n乙"', ""], [], ["2", "丙", "x"]]
    path.write_text("\n".join(delimiter.join(line) for line in lines), "utf-8")
    assert read_document(path).grids[0].rows == [
        (1, ["序号", "名称", "备注"]),
        (2, ["1", "甲\n乙"]),
        (4, ["2", "丙", "x"]),
    ]


def test_running_text_with_commas_is_no_table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "各市人民政府,各部门:\n为贯彻要求,经研究,通知如下。\n一、目标\n二、任务\n三、措施\n", "utf-8"
    )
    assert read_document(path).grids == []


texts = st.text(max_size=8)


@given(
    st.lists(
        st.one_of(
            texts.filter(str.strip),
            st.builds(
                Grid,
                texts,
                st.lists(st.tuples(st.integers(1, 99), st.lists(texts, max_size=4)), max_size=4),
                st.lists(st.builds(Merge, *[st.integers(0, 9)] * 4), max_size=3).map(tuple),
                st.frozensets(st.tuples(st.integers(1, 9), st.integers(0, 9)), max_size=3),
                st.booleans(),
            ),
        ),
        max_size=5,
    )
)
def test_a_document_survives_the_way_out_of_the_child(blocks):
    import json

    document = Document("docx", blocks)
    assert from_data(json.loads(json.dumps(to_data(document)))) == document
