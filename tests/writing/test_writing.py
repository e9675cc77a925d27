import csv
import json
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from portal.sheets import writing
from portal.sheets.writing import (
    DoesNotFit,
    RowsDiffer,
    guarded,
    unguarded,
    write_csv,
    write_json,
    write_xlsx,
)

HEADER = ["序号", "事项名称", "备注"]
NASTY = [
    "=1+1",
    "+86 537",
    "-3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    " =cmd|' /C calc'!A0",
    "\u200b=1",
    "\ufeff=1",
    "\u3000=1",
    "'已有撇号",
    'HYPERLINK("http://x")',
    "http://example.com",
    "1234567890123456789",
    "0537",
    '多行\n文字，带逗号和“引号”"',
]
ROWS = [[line, text, None] for line, text in enumerate(NASTY, start=1)]
WRITERS = {
    "csv": write_csv,
    "json": write_json,
    "xlsx": lambda *given, **named: write_xlsx(*given, sheet="清单", **named),
}


@pytest.fixture(params=WRITERS)
def writer(request):
    return WRITERS[request.param]


def read_csv(path, encoding="utf-8-sig"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


@given(st.text())
def test_guarding_can_be_undone(text):
    assert unguarded(guarded(text)) == text


@given(
    st.text(), st.sampled_from(sorted(writing.STARTERS)), st.sampled_from(["", " ", "\u3000", "\u200b", "\n"])
)
def test_no_guarded_text_begins_like_a_formula(rest, starter, before):
    assert guarded(before + starter + rest).startswith("'")


@pytest.mark.parametrize("text", ["企业投资项目备案", "2021", "（一）", "1-2", "a@b.cn", ""])
def test_ordinary_text_stays(text):
    assert guarded(text) == text


def test_csv_gives_back_every_text_and_opens_in_excel(tmp_path):
    path = tmp_path / "清单.csv"
    assert write_csv(path, HEADER, ROWS, expected=len(ROWS)) == len(ROWS)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    header, *lines = read_csv(path)
    assert header == HEADER
    assert [unguarded(line[1]) for line in lines] == NASTY
    assert [line[0] for line in lines] == [str(row[0]) for row in ROWS]
    guarded_ones = [
        line[1] for line in lines if line[1].lstrip(" \t\r\n\u3000\u200b\ufeff")[:1] in "=+-@＝＋－＠"
    ]
    assert guarded_ones == []


def test_csv_without_bom_for_programs(tmp_path):
    path = tmp_path / "a.csv"
    write_csv(path, HEADER, ROWS, bom=False)
    assert path.read_bytes().startswith("序号".encode())


def test_negative_numbers_stay_numbers(tmp_path):
    path = tmp_path / "a.csv"
    write_csv(path, ["n"], [[-1], [-0.5], [None], [True]])
    assert read_csv(path)[1:] == [["-1"], ["-0.5"], [""], ["True"]]


def test_json_holds_the_texts_as_they_are(tmp_path):
    path = tmp_path / "a.json"
    assert write_json(path, HEADER, ROWS, expected=len(ROWS)) == len(ROWS)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found == [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    write_json(path, HEADER, [])
    assert json.loads(path.read_text(encoding="utf-8")) == []


def test_a_workbook_has_texts_only_and_no_formula_or_link(tmp_path):
    path = tmp_path / "a.xlsx"
    write_xlsx(path, HEADER, ROWS, sheet="市县同权[附件1]：" + "长" * 40)
    with zipfile.ZipFile(path) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert 'state="frozen"' in sheet
        assert not any("rels" in name and "sheet1" in name for name in package.namelist())
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names[0].startswith("市县同权_附件1_")
    header, *lines = book.get_sheet_by_index(0).to_python()
    assert header == HEADER
    assert [line[1].replace("\r\n", "\n") for line in lines] == [text.replace("\r\n", "\n") for text in NASTY]
    assert [line[0] for line in lines] == [row[0] for row in ROWS]


def test_signs_that_xml_cannot_hold_go_and_the_workbook_opens(tmp_path):
    path = tmp_path / "a.xlsx"
    write_xlsx(path, ["甲"], [["a\x00b\x0bc_x0041_"]], sheet="a")
    assert CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1] == ["abc_x0041_"]


def test_no_part_of_a_workbook_holds_what_xml_cannot(tmp_path):
    write_xlsx(tmp_path / "t.xlsx", ["甲\ufffe"], [["a\x0b\ufffe\uffff😀b"]], sheet="附件\uffff1")
    book = CalamineWorkbook.from_path(str(tmp_path / "t.xlsx"))
    assert book.sheet_names == ["附件1"]
    assert book.get_sheet_by_index(0).to_python() == [["甲"], ["a😀b"]]
    with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
        for name in parts.namelist():
            etree.fromstring(parts.read(name))


def test_too_much_for_a_workbook_is_refused_rather_than_cut(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    with pytest.raises(DoesNotFit):
        write_xlsx(path, ["甲"], [["长" * (writing.LONGEST_CELL + 1)]], sheet="a")
    monkeypatch.setattr(writing, "MOST_ROWS", 4)
    assert write_xlsx(path, ["甲"], [["a"]] * 3, sheet="a") == 3
    with pytest.raises(DoesNotFit):
        write_xlsx(path, ["甲"], [["a"]] * 4, sheet="a")
    assert len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) == 4


def test_a_missing_row_fails_loudly_and_leaves_what_was_there(writer, tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    with pytest.raises(RowsDiffer):
        writer(path, HEADER, ROWS, expected=len(ROWS) + 1)
    with pytest.raises(RowsDiffer):
        writer(path, HEADER, [["one", "cell too few"]])
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_broken_source_leaves_nothing(writer, tmp_path):
    def rows():
        yield ROWS[0]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        writer(tmp_path / "a", HEADER, rows())
    assert list(tmp_path.iterdir()) == []


def test_memory_stays_flat_however_many_rows(writer, tmp_path):
    def peak(count):
        tracemalloc.start()
        writer(tmp_path / "a", HEADER, ([line, "企业投资项目备案" * 5, "备注"] for line in range(count)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(9000) < peak(3000) + 100_000
