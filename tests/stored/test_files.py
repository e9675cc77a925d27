import hashlib
import io
import os
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.downloads import disposition, download
from portal.errors import NotFound, Refused
from portal.foundation.files import service
from portal.foundation.files.models import StoredFile
from portal.foundation.files.rules import LONGEST, NAMELESS, clean_name

CONTENT = "济宁市市级行政权力事项".encode() * 1000
NAME = "附件1：下放事项清单（61项）.docx"


@pytest.mark.parametrize("wrap", ["bytes", "stream", "path"])
def test_what_is_stored_is_given_back(session, app, tmp_path, wrap):
    path = tmp_path / "source"
    path.write_bytes(CONTENT)
    source = {"bytes": CONTENT, "stream": io.BytesIO(CONTENT), "path": path}[wrap]
    file = service.store(source, name=NAME, media_type="text/plain")
    assert (file.name, file.size, file.media_type) == (NAME, len(CONTENT), "text/plain")
    assert file.sha256 == hashlib.sha256(CONTENT).hexdigest()
    with service.open_file(service.find(file.id)) as opened:
        assert opened.read() == CONTENT
    assert service.path_of(file).is_relative_to(app.config["REMIT"].data_dir / "files")
    assert path.exists()


def test_the_name_is_no_path(session):
    file = service.store(b"x", name="../../etc/passwd")
    assert file.name == "passwd"
    assert service.path_of(file).name == file.id


def test_a_file_beyond_the_limit_leaves_nothing(session, app):
    folder = app.config["REMIT"].data_dir / "files"
    before = set(folder.rglob("*"))
    with pytest.raises(Refused, match="1 MB"):
        service.store(b"x" * (1024 * 1024 + 1), name="a", limit=1024 * 1024)
    assert {path for path in set(folder.rglob("*")) - before if path.is_file()} == set()
    assert service.store(b"x" * 1024 * 1024, name="a", limit=1024 * 1024).size == 1024 * 1024


@pytest.mark.parametrize("key", ["", "..", "../remit.db", "0" * 32, "0" * 31 + "/", "Ａ" * 32])
def test_there_is_no_file_under_a_made_up_id(session, key):
    with pytest.raises(NotFound):
        service.find(key)


def test_lost_bytes_are_said_to_be_lost(session):
    file = service.store(b"x", name="报告.pdf")
    service.path_of(file).unlink()
    with pytest.raises(NotFound, match=r"报告\.pdf"):
        service.open_file(file)


def test_bytes_of_a_transaction_rolled_back_go_after_a_day(session):
    kept = service.store(b"kept", name="a")
    session.commit()
    stray = service.store(b"stray", name="b")
    session.rollback()
    path = service.path_of(StoredFile(id=stray.id, name="b"))
    assert service.remove_strays() == 0
    long_ago = time.time() - 90000
    for each in (path, service.path_of(kept)):
        os.utime(each, (long_ago, long_ago))
    assert service.remove_strays() == 1
    assert not path.exists()
    assert service.path_of(kept).exists()


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("报告.pdf", "报告.pdf"),
        ("C:\\桌面\\清单 第二稿.xlsx", "清单 第二稿.xlsx"),
        ("a/b/通知.doc", "通知.doc"),
        ("清单\u202excod.exe", "清单xcod.exe"),
        ("清单\r\nSet-Cookie: a=b.csv", "清单Set-Cookie: a=b.csv"),
        ("", NAMELESS),
        ("..", NAMELESS),
        ("/", NAMELESS),
    ],
)
def test_names_stay_readable_and_harmless(given_name, kept):
    assert clean_name(given_name) == kept


@given(st.text(max_size=600))
@example("长" * (LONGEST - 1) + " 完")
@example("长" * (LONGEST - 1) + "." + "完" * LONGEST)
def test_a_cleaned_name_is_short_visible_and_stays_as_it_is(name):
    clean = clean_name(name)
    assert 0 < len(clean) <= LONGEST
    assert clean_name(clean) == clean
    assert not set(clean) & set("/\\\r\n\0")


def test_a_long_name_keeps_its_ending():
    clean = clean_name("长" * 400 + ".xlsx")
    assert len(clean) == LONGEST
    assert clean.endswith("长.xlsx")


def test_the_download_bears_the_chinese_name(app, tmp_path):
    path = tmp_path / "x"
    path.write_bytes(CONTENT)
    with app.test_request_context():
        response = download(path, name="附件1 清单.xlsx", media_type="text/csv", sha256="ab")
        assert response.headers["Content-Disposition"] == (
            'attachment; filename="download.xlsx"; '
            "filename*=UTF-8''%E9%99%84%E4%BB%B61%20%E6%B8%85%E5%8D%95.xlsx"
        )
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.get_etag() == ("ab", False)
        response.direct_passthrough = False
        assert response.data == CONTENT
        response.close()


def test_a_download_can_be_asked_for_again_cheaply(app, tmp_path):
    path = tmp_path / "x"
    path.write_bytes(CONTENT)
    with app.test_request_context(headers={"If-None-Match": '"ab"'}):
        response = download(path, name="a", media_type="text/csv", sha256="ab")
        assert response.status_code == 304
        response.close()


@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_name_breaks_out_of_the_header(name):
    header = disposition(clean_name(name))
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
