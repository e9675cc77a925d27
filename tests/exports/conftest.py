"""A list of a made-up city as it is published, with everything that an export can trip over."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

from portal.foundation.files.models import StoredFile
from portal.foundation.files.service import path_of
from portal.powers.lists.models import PowerList
from tests.fixtures import worlds
from tests.lists.making import City, exception, make_city, make_list, row, take_over

HIDDEN = str.maketrans(dict.fromkeys("\u200b\ufffe\n\r \u00a0"))


@pytest.fixture(autouse=True)
def whole_publication(sheets: None) -> None:
    """What is published has all its sheets."""


@pytest.fixture
@worlds.kept
def city(session) -> City:
    return make_city()


@pytest.fixture
@worlds.kept
def power_list(city: City) -> PowerList:
    """Four matters: handed down in full, otherwise in the zones, left to each place, one like a formula."""
    made = make_list(city)
    rows = [
        row(1, "企业投资项目备案"),
        row(2, "城市建筑垃圾处置核准", department="市住建局", mode="review", mode_label="下放实质性审核权"),
        row(3, "典当业特种行业许可", department="市公安局", mode="undetermined", mode_label=""),
        row(4, "=1+1（#强调 *星号* $数学$ @名 [方括号]）", mode="window", mode_label="窗口前移"),
    ]
    rows[1]["exceptions"] = [exception("undelegated", groups=["zones"])]
    rows[1]["remark"] = "暂不向各功能区下放"
    rows[0]["sub_items"] = ["设立"]
    take_over(city, made, rows)
    return made


def words(text: str) -> str:
    """The text without what setting a page adds to it: breaks, spaces, places where a code may be cut."""
    return text.translate(HIDDEN)


def pages(content: Path | bytes) -> list[str]:
    """The text of each page of a PDF."""
    document = pypdfium2.PdfDocument(content)
    found = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return [words(text) for text in found]


def word_rows(content: bytes) -> list[list[str]]:
    """The rows of a Word document's table, heading first."""
    (table,) = Document(BytesIO(content)).tables
    return [[cell.text for cell in line.cells] for line in table.rows]


def content(file: StoredFile | None) -> bytes:
    """The bytes of a stored file, which must be there."""
    assert file is not None
    return path_of(file).read_bytes()
