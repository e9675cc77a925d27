"""LibreOffice opens what is taken along and finds in it what the database holds."""

import csv
import shutil
import subprocess

import pytest

from portal.powers.lists.exports import listing
from portal.powers.lists.exports.making import exported
from tests.exports.conftest import content, words
from tests.lists.making import publish

pytestmark = pytest.mark.slow


@pytest.fixture
def convert(tmp_path):
    """Let LibreOffice open files and write them anew in another format; gives the folder."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.fail("No LibreOffice here: run `make setup`.", pytrace=False)

    def opened(form, path, *how):
        target = tmp_path / "opened"
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [
            office,
            profile,
            "--headless",
            "--norestore",
            "--convert-to",
            form,
            "--outdir",
            str(target),
        ]
        subprocess.run([*command, *how, str(path)], check=True, capture_output=True, timeout=120)
        return target

    return opened


def test_workbook_and_table_open_with_every_row(city, power_list, convert, tmp_path):
    revision = publish(city, power_list)
    expected = [[str(cell) for cell in row] for row in (listing.header(revision), *listing.records(revision))]
    # Comma, quotation mark, UTF-8; cells as they are shown.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
    for ending, before, how in (("xlsx", "", ()), ("csv", "'", ("--infilter=CSV:44,34,76,1",))):
        path = tmp_path / f"{ending}.{ending}"
        path.write_bytes(content(exported(revision, ending)))
        with (convert(form, path, *how) / f"{ending}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert rows[:4] == expected[:4]
        # What looks like a formula is still the text itself; in CSV with the apostrophe that keeps it one.
        assert rows[4][3].removeprefix(before) == expected[4][3]


def test_the_word_document_opens_with_every_row(papers, city, power_list, convert, tmp_path):
    revision = publish(city, power_list)
    (tmp_path / "annex.docx").write_bytes(content(exported(revision, "docx")))
    text = words(
        (convert("txt:Text (encoded):UTF8", tmp_path / "annex.docx") / "annex.txt").read_text("utf-8-sig")
    )
    assert "附件" in text
    assert revision.hash in text
    for row in listing.records(revision):
        assert words(f"{row[0]}{row[1]}{row[3]}{row[4]}{row[6]}") in text
