"""A hostile file is refused within 2 s and 150 MB above the idle process, and says why in one sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.sheets.refusals import SENTENCES, Refusal, Refused
from portal.sheets.sandbox import read_document
from tests.files import hostile, misfits

ROOT = Path(__file__).resolve().parents[2]
SECONDS, MEGABYTES = 2.0, 150

BOMBS = [
    (hostile.zip_bomb_word, Refusal.BOMB),
    (hostile.zip_bomb_sheet, Refusal.BOMB),
    (hostile.lying_bomb, Refusal.DAMAGED),
    (hostile.many_entries, Refusal.TOO_MANY_PARTS),
    (hostile.laughs_word, Refusal.DTD),
    (hostile.laughs_sheet, Refusal.DTD),
    (hostile.dtd_sheet, Refusal.DTD),
    (hostile.entity_in_properties, Refusal.DTD),
    (hostile.dtd_in_utf16, Refusal.ODD_ENCODING),
    (hostile.external_template, Refusal.EXTERNAL),
    (hostile.external_workbook, Refusal.EXTERNAL),
    (hostile.far_cell_xlsx, Refusal.TOO_WIDE),
    (hostile.far_cell_single_quotes, Refusal.TOO_WIDE),
    (hostile.wide_and_long, Refusal.STOPPED),
    (hostile.far_cell_xls, Refusal.TOO_WIDE),
    (hostile.deep_word, Refusal.DAMAGED),
    (hostile.deep_sheet, Refusal.DAMAGED),
    (hostile.merges_without_end, Refusal.TOO_LARGE),
    (hostile.million_merges, Refusal.STOPPED),
    (hostile.far_row_number, Refusal.STOPPED),
    (hostile.repeated_rows_ods, Refusal.STOPPED),
    (hostile.tables_in_tables, Refusal.DAMAGED),
    (hostile.one_cell, Refusal.DAMAGED),
    (hostile.hidden_external, Refusal.EXTERNAL),
    (hostile.entity_in_relations, Refusal.DTD),
    (hostile.path_out_of_the_package, Refusal.DAMAGED),
    (hostile.same_name_twice, Refusal.DAMAGED),
    (hostile.locked_parts, Refusal.ENCRYPTED),
    (hostile.lying_directory, Refusal.TOO_MANY_PARTS),
    (hostile.endless_line, Refusal.STOPPED),
]

OTHERS = [
    (misfits.encrypted_package, Refusal.ENCRYPTED),
    (misfits.locked_xls, Refusal.ENCRYPTED),
    (misfits.web_page, Refusal.WEB_PAGE),
    (misfits.web_page_with_declaration, Refusal.WEB_PAGE),
    (misfits.picture, Refusal.PICTURE),
    (misfits.scan, Refusal.SCAN),
    (misfits.plain_zip, Refusal.ARCHIVE),
    (misfits.cut_off, Refusal.DAMAGED),
    (misfits.noise, Refusal.UNKNOWN),
    (misfits.empty, Refusal.EMPTY),
]

MEASURE = """
import json, resource, sys, time
from pathlib import Path
from portal.sheets.refusals import Refused
from portal.sheets.sandbox import read_document
start = time.perf_counter()
try:
    read_document(Path(sys.argv[1]))
    said = "read"
except Refused as refused:
    said = refused.refusal
used = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = min(time.perf_counter() - start, used.ru_utime + used.ru_stime)
print(json.dumps([said, seconds, used.ru_maxrss // 1024]))
"""


def measured(path):
    """(answer, seconds, peak MB of the child) of reading a file in a process of its own.

    The seconds are the child's work: on a machine that is busy with other things the clock runs on.
    """
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def idle(tmp_path_factory):
    """Peak MB of a child that reads next to nothing."""
    path = tmp_path_factory.mktemp("idle") / "一行.txt"
    path.write_text("一行", "utf-8")
    return measured(path)[2]


@pytest.mark.parametrize(("make", "refusal"), BOMBS, ids=lambda value: getattr(value, "__name__", ""))
def test_bombs(tmp_path, idle, make, refusal):
    said, seconds, megabytes = measured(make(tmp_path))
    assert said == refusal
    assert seconds < SECONDS
    assert megabytes < idle + MEGABYTES


@pytest.mark.parametrize(("make", "refusal"), OTHERS, ids=lambda value: getattr(value, "__name__", ""))
def test_what_is_not_read(tmp_path, make, refusal):
    with pytest.raises(Refused) as caught:
        read_document(make(tmp_path))
    assert caught.value.refusal is refusal


@pytest.mark.parametrize(
    "make",
    [
        hostile.declared_dimension,
        hostile.spans_without_end,
        hostile.repeated_cells_ods,
        hostile.styles_in_a_circle,
        hostile.many_tables_deep,
    ],
)
def test_what_a_file_claims_costs_nothing(tmp_path, idle, make):
    said, seconds, megabytes = measured(make(tmp_path))
    assert said == "read"
    assert seconds < SECONDS
    assert megabytes < idle + MEGABYTES


def test_folders_and_pipes_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "管道")
    for path in (tmp_path, tmp_path / "管道", Path("/dev/zero")):
        with pytest.raises(Refused) as caught:
            read_document(path)
        assert caught.value.refusal is Refusal.NO_FILE


def test_many_strings_are_within_the_limits(tmp_path, idle):
    _, seconds, megabytes = measured(hostile.huge_strings(tmp_path))
    assert seconds < 2 * SECONDS
    assert megabytes < idle + MEGABYTES


def test_a_link_that_people_click_is_no_danger(tmp_path):
    import xlsxwriter

    path = tmp_path / "链接.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet().write_url(0, 0, "https://192.0.2.1/x", string="点这里")
    assert read_document(path).grids[0].rows == [(1, ["点这里"])]


def test_every_refusal_is_one_sentence_that_says_what_to_do():
    assert set(SENTENCES) == set(Refusal)
    for sentence in SENTENCES.values():
        assert sentence.count("。") == 1
        assert sentence.endswith("。")


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_document(tmp_path / "没有.docx")
