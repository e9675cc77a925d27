"""One annex says the same in every format."""

import pytest

from portal.sheets.sandbox import read_document
from tests.annexes.reading import POLICIES, read_file, without_lines
from tests.files.annexes import Annex, write

CASES = [("jining-2021-30.txt", 0), ("jining-2021-30.txt", 1), ("shanting-2021-12.txt", 0)]
FORMATS = [
    ("docx", "utf-8"),
    ("xlsx", "utf-8"),
    ("xls", "utf-8"),
    ("csv", "utf-8"),
    ("csv", "utf-8-sig"),
    ("csv", "gb18030"),
    ("csv", "utf-16"),
    ("txt", "utf-8"),
]


def as_annex(name, index):
    document = read_document(POLICIES / name)
    wanted = read_file(POLICIES / name)["tables"][index]
    rows = [cells for _, cells in document.grids[index].rows]
    width = len(rows[0])
    rows = [row if len(row) == 1 else row + [""] * (width - len(row)) for row in rows]
    down = [at for at, heading in enumerate(rows[0]) if heading.endswith(("部门", "方式", "类型", "备注"))]
    annex = Annex(rows[0], rows[1:], wanted["title"], f"附件{index + 1}", wanted["notes"], down)
    return annex, wanted


@pytest.mark.parametrize(("name", "index"), CASES)
@pytest.mark.parametrize(("kind", "encoding"), FORMATS)
def test_the_same_in_every_format(tmp_path, name, index, kind, encoding):
    annex, wanted = as_annex(name, index)
    reading = read_file(write(annex, tmp_path, kind, encoding=encoding))
    assert reading["problems"] == []
    (table,) = reading["tables"]
    assert without_lines(table["rows"]) == without_lines(wanted["rows"])
    assert (table["title"], table["notes"]) == (wanted["title"], wanted["notes"])


@pytest.mark.parametrize("kind", ["docx", "xlsx", "xls", "csv", "txt"])
def test_the_name_of_a_file_counts_for_nothing(tmp_path, kind):
    annex, wanted = as_annex(*CASES[2])
    path = write(annex, tmp_path, kind)
    renamed = path.rename(tmp_path / "附件.pdf")
    assert without_lines(read_file(renamed)["tables"][0]["rows"]) == without_lines(wanted["rows"])


def test_lines_are_those_of_the_sheet(tmp_path):
    annex, _ = as_annex(*CASES[2])
    lines = [row["line"] for row in read_file(write(annex, tmp_path, "xlsx"))["tables"][0]["rows"]]
    assert lines == [5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 18, 19]


def test_reading_twice_gives_the_same(tmp_path):
    annex, _ = as_annex(*CASES[0])
    path = write(annex, tmp_path, "docx")
    assert read_file(path) == read_file(path)
