import json
import os

import pytest
from click.testing import CliRunner

from portal.powers.lists.cli import lists_cli
from tests.annexes.reading import POLICIES
from tests.files import hostile


def run(path):
    done = CliRunner().invoke(lists_cli, ["read", str(path)])
    return done.exit_code, done.stdout, done.stderr


def test_a_clean_annex():
    code, out, err = run(POLICIES / "jining-2021-30.txt")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert [len(table["rows"]) for table in data["tables"]] == [61, 15]
    assert set(data) == {"tables", "skipped", "problems"}


def test_an_annex_with_problems():
    code, out, _ = run(POLICIES / "zichuan-2019.txt")
    assert code == 1
    (problem,) = json.loads(out)["problems"]
    assert set(problem) == {"table", "line", "field", "code", "message"}


def test_a_refused_file_is_one_line_on_standard_error(tmp_path):
    code, out, err = run(hostile.laughs_sheet(tmp_path))
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("laughs.xlsx：")


def test_no_such_file(tmp_path):
    code, out, err = run(tmp_path / "没有.docx")
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_a_folder(tmp_path):
    assert run(tmp_path)[0] == 2


@pytest.mark.parametrize("name", ["换\n行\x1b[31m.docx", "很" * 80 + ".docx", "空 格；“引号”.docx"])
def test_any_name_is_one_line(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04")
    code, out, err = run(path)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_a_name_without_end_is_one_line():
    code, out, err = run("很" * 3000)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert len(err) < 300


def test_a_pipe_does_not_wait(tmp_path):
    os.mkfifo(tmp_path / "管道.docx")
    code, out, err = run(tmp_path / "管道.docx")
    assert (code, out, err.count("\n")) == (2, "", 1)
