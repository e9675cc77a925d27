"""Layouts that clerks use: a table for each section, a sheet for each mode, a column for each mode."""

import docx
import pytest
import xlsxwriter

from tests.annexes.reading import codes, read_file, read_rows

HEADER = ["序号", "事项名称", "事项类型"]


def test_a_table_for_each_section_is_one_list(tmp_path):
    document = docx.Document()
    document.add_paragraph("附件")
    document.add_paragraph("某区赋权事项清单（3项）")
    number = 0
    for heading, names in (
        ("一、直接下放事项（2项）", ["甲", "乙"]),
        ("二、服务窗口前移事项（1项）", ["丙"]),
    ):
        document.add_paragraph(heading)
        table = document.add_table(1, 3)
        for cell, text in zip(table.rows[0].cells, HEADER, strict=True):
            cell.text = text
        for name in names:
            number += 1
            for cell, text in zip(table.add_row().cells, [str(number), name, "行政许可"], strict=True):
                cell.text = text
    document.add_paragraph("注：承接单位为西集镇、桑村镇。")
    path = tmp_path / "附件.docx"
    document.save(str(path))
    reading = read_file(path)
    assert reading["problems"] == []
    (table,) = reading["tables"]
    assert table["title"] == "某区赋权事项清单（3项）"
    assert [(row["name"], row["mode"]) for row in table["rows"]] == [
        ("甲", "direct"),
        ("乙", "direct"),
        ("丙", "window"),
    ]
    assert [section["total"] for section in table["totals"]["sections"]] == [2, 1]
    assert table["receivers"] == ["西集镇", "桑村镇"]


@pytest.mark.parametrize("numbers", [("1", "2"), ("1", "1")])
def test_two_tables_with_one_header(tmp_path, numbers):
    """A table that was cut in two counts on; one that begins anew is another list."""
    document = docx.Document()
    for number in numbers:
        table = document.add_table(1, 4)
        for cell, text in zip(table.rows[0].cells, [*HEADER, "下放方式"], strict=True):
            cell.text = text
        row = [number, f"第{number}号", "行政许可", "直接下放"]
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
        document.add_paragraph("")
    path = tmp_path / "附件.docx"
    document.save(str(path))
    reading = read_file(path)
    assert [len(table["rows"]) for table in reading["tables"]] == ([2] if numbers == ("1", "2") else [1, 1])
    assert codes(reading) == []


def test_a_sheet_for_each_mode(tmp_path):
    path = tmp_path / "附件.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name in ("直接下放", "委托下放"):
            sheet = book.add_worksheet(name)
            sheet.merge_range(0, 0, 0, 2, "事项清单（1项）")
            sheet.write_row(1, 0, HEADER)
            sheet.write_row(2, 0, [1, f"{name}的事", "行政许可"])
        book.add_worksheet("联系人").write_row(0, 0, ["姓名", "办公电话"])
    reading = read_file(path)
    assert reading["problems"] == []
    assert [table["rows"][0]["mode"] for table in reading["tables"]] == ["direct", "entrusted"]
    assert [skipped["title"] for skipped in reading["skipped"]] == ["联系人"]


@pytest.mark.parametrize(
    ("ticks", "mode", "found"),
    [
        (["√", "", ""], "direct", []),
        (["", "√", ""], "entrusted", []),
        (["", "", "是"], "window", []),
        (["√", "√", ""], None, ["mode_unknown"]),
        (["", "", ""], None, ["mode_missing"]),
        (["", "部分", ""], None, ["mode_unknown"]),
    ],
)
def test_a_column_for_each_mode(ticks, mode, found):
    reading = read_rows(
        ["序号", "事项名称", "事项类型", "下放方式", "", ""],
        ["", "", "", "直接下放", "委托下放", "窗口前移"],
        ["1", "甲", "行政许可", *ticks],
    )
    assert codes(reading) == found
    assert reading["tables"][0]["rows"][0]["mode"] == mode


def test_a_hidden_sheet_is_named(tmp_path):
    path = tmp_path / "附件.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("清单")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["1", "甲", "行政许可"])
        hidden = book.add_worksheet("旧稿")
        hidden.write_row(0, 0, HEADER)
        hidden.hide()
    assert [(s["title"], "隐藏" in s["reason"]) for s in read_file(path)["skipped"]] == [("旧稿", True)]
