"""Old files go through LibreOffice where it is installed; here a small script stands in for it."""

from __future__ import annotations

import time

import pytest

from portal.sheets import convert
from portal.sheets.refusals import Refusal, Refused
from portal.sheets.sandbox import read_document
from tests.annexes.reading import POLICIES, read_file, without_lines
from tests.annexes.test_formats import CASES, as_annex
from tests.files.annexes import ROOT, write

PAGES = ROOT / "tests/files/shanting-pages.docx"
"""What LibreOffice makes of a PDF of the Shanting annex: loose lines of text and rules on two pages."""

OFFICE = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
{act}
"""
PDF = b"%PDF-1.4\n1 0 obj<</Type/Font>>endobj\n%%EOF"


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Puts a LibreOffice of our own on the PATH; call it with what it shall do ($2 is the folder, $3 the file)."""

    def install(act):
        folder = tmp_path / "bin"
        folder.mkdir()
        program = folder / "soffice"
        program.write_text(OFFICE.format(act=act), "utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    return install


@pytest.fixture
def old_file(tmp_path):
    path = tmp_path / "旧.wps"
    path.write_bytes(b"{\\rtf1 x}")
    return path


@pytest.fixture
def pdf(tmp_path):
    path = tmp_path / "附件.pdf"
    path.write_bytes(PDF)
    return path


def test_an_old_file_is_read_as_what_it_becomes(tmp_path, office, old_file):
    annex, wanted = as_annex(*CASES[2])
    made = write(annex, tmp_path, "docx")
    office(f'cp "{made}" "$2/annex.docx"')
    assert without_lines(read_file(old_file)["tables"][0]["rows"]) == without_lines(wanted["rows"])


def test_the_tables_of_a_pdf_are_put_together_from_their_rules(office, pdf):
    office(f'cp "{PAGES}" "$2/annex.docx"')
    reading = read_file(pdf)
    wanted = read_file(POLICIES / "shanting-2021-12.txt")["tables"][0]
    assert reading["problems"] == []
    (table,) = reading["tables"]
    assert table["title"] == wanted["title"]
    assert without_lines(table["rows"]) == without_lines(wanted["rows"])


@pytest.mark.parametrize(
    ("data", "refusal"), [(b"{\\rtf1 x}", Refusal.CONVERT_WORD), (PDF, Refusal.CONVERT_PDF)]
)
def test_without_the_program_the_way_to_convert_is_told(tmp_path, monkeypatch, data, refusal):
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "附件"
    path.write_bytes(data)
    with pytest.raises(Refused) as caught:
        read_document(path)
    assert caught.value.refusal is refusal


def test_a_program_that_makes_nothing(office, old_file):
    office("exit 1")
    with pytest.raises(Refused) as caught:
        read_document(old_file)
    assert caught.value.refusal is Refusal.CONVERSION_FAILED


def test_a_program_that_does_not_end_is_ended(office, old_file, monkeypatch):
    monkeypatch.setattr(convert, "SECONDS", 1)
    office("sleep 20")
    start = time.monotonic()
    with pytest.raises(Refused) as caught:
        read_document(old_file)
    assert caught.value.refusal is Refusal.CONVERSION_FAILED
    assert time.monotonic() - start < 20


def test_what_comes_out_is_checked_like_any_other_file(office, old_file):
    office('printf "<html><body></body></html>" > "$2/annex.docx"')
    with pytest.raises(Refused) as caught:
        read_document(old_file)
    assert caught.value.refusal is Refusal.WEB_PAGE
