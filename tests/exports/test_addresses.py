"""Files by their addresses: named, validated by what they hold, gone when closed; pages tell of them."""

import hashlib
from urllib.parse import quote

import pytest

from portal.db import db
from portal.foundation.publishing import service as publishing
from portal.powers.lists.models import RevisionFile
from tests.fixtures import worlds
from tests.lists.making import change, publish

BASE = "/lists/liaocheng-2020/revisions/1"
NAMES = (".csv", ".xlsx", ".json", ".pdf", ".docx", "/answers.csv", "/answers.xlsx", "/answers.json")


@pytest.fixture
@worlds.kept
def revision(papers, city, power_list):
    return publish(city, power_list)


def test_every_file_has_its_name_its_type_and_a_tag_of_its_content(revision, client):
    for name in NAMES:
        got = client.get(BASE + name)
        assert got.status_code == 200, name
        assert got.get_etag() == (hashlib.sha256(got.data).hexdigest(), False)
        assert quote("聊政字〔2020〕8号 附件", safe="") in got.headers["Content-Disposition"]
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert client.get(BASE + name, headers={"If-None-Match": got.headers["ETag"]}).status_code == 304
    assert client.get(BASE + ".pdf").mimetype == "application/pdf"


def test_what_there_is_not(revision, client):
    for name in (".exe", "/changes.csv", "/answers.pdf", "/list.csv", "/places/000000/0.pdf"):
        assert client.get(BASE + name).status_code == 404, name


def test_pages_tell_of_every_file_with_its_size(revision, client):
    for address in (BASE, "/data", "/data?lang=en"):
        shown = client.get(address).get_data(as_text=True)
        assert all(f'href="{BASE}{name}"' in shown for name in NAMES), address
        assert " KB</span>" in shown
    assert f'href="{BASE}/places/371581/0.pdf"' in client.get("/data").get_data(as_text=True)
    assert f'href="{BASE}/places/371581/0.pdf"' in client.get("/places/371581").get_data(as_text=True)


def test_what_is_still_being_made_is_said_to_be(revision, client):
    db.session.delete(db.session.get_one(RevisionFile, (revision.id, "pdf")))
    db.session.commit()
    assert "PDF：正在准备" in client.get(BASE).get_data(as_text=True)
    assert "PDF: being prepared" in client.get(f"{BASE}?lang=en").get_data(as_text=True)


def test_closed_content_is_gone_in_every_form(city, power_list, revision, client):
    change(city, power_list, "另行通知")
    publish(city, power_list)
    publishing.ask_closing(revision.id, by=city.editor, reason="误发")
    publishing.close(revision.id, by=city.approver)
    db.session.commit()
    for name in (*NAMES, "/places/371581/0.pdf"):
        assert client.get(BASE + name).status_code == 410, name


def test_a_printed_matter_leads_back_to_its_own_page(revision, client, session):
    (matter,) = (each.matter_id for each in _rows(session, revision) if each.seq == 1)
    path = f"/lists/liaocheng-2020/matters/{matter}"
    shown = client.get(f"{path}?at=371581&lang=en&text=large").get_data(as_text=True)
    assert f"http://localhost{path}?lang=en&amp;at=371581</p>" in shown
    assert 'class="code__drawing"' in shown
    assert "style=" not in shown


def _rows(session, revision):
    from portal.powers.lists.models import PublishedMatter

    return session.query(PublishedMatter).filter_by(revision_id=revision.id)
