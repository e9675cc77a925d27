"""Memoranda for programs: the resource, its revisions and the feed of changes (Y-3, R-4)."""

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from portal import auth, clock
from portal.foundation.publishing import service as publishing
from portal.powers.memoranda import service
from tests.memoranda.test_memoranda import (
    SAID,
    agree,
    bureau,
    city,
    department,
    make_public,
    memorandum,
    officer,
    other,
    shen,
)

__all__ = ["bureau", "city", "department", "memorandum", "officer", "other", "shen"]


@pytest.fixture
def read(client):
    auth.limiter.reset()

    def ask(address, status=200):
        answer = client.get(f"/api/v1{address}")
        assert answer.status_code == status, (address, answer.text)
        return json.loads(answer.text)

    return ask


@pytest.fixture
def public(city, memorandum, officer, other):
    """Published twice: the second wording has a term and a signed paper, which is public."""
    agree(memorandum, officer, other)
    make_public(city, memorandum, officer)
    service.attach(memorandum, BytesIO(b"%PDF-1.4"), name="备忘录.pdf", by=officer, public=True)
    service.write(memorandum, replace(SAID, valid_until=clock.today() + timedelta(days=9)), by=officer)
    agree(memorandum, officer, other)
    make_public(city, memorandum, officer)
    return memorandum


def test_what_was_agreed_on(read, public):
    (found,) = read("/memoranda")["items"]
    assert found == read(f"/memoranda/{public.id}")
    assert found["title"] == "莘县行政审批服务局与莘县商务局审管衔接备忘录"
    assert (found["place"]["name"], found["department"], found["holds"]) == ("莘县", "莘县商务局", True)
    assert found["pushes"][1] == {
        "what": "处罚和撤销的结果",
        "sender": "department",
        "days": 5,
        "unit": "calendar_days",
        "clause": "",
    }
    assert found["supports"][0] == {"step": "site_visit", "by": "both", "how": "审批局召集，商务局派人。"}
    assert found["paper"]["href"].endswith(f"/memoranda/{public.id}/revisions/2/paper")
    first = read(f"/memoranda/{public.id}?revision=1")
    assert (first["revision"]["number"], first["paper"], first["valid_until"]) == (1, None, None)
    assert first["holds"] is False, "the second stands in its stead"
    assert read(f"/memoranda/{public.id}?revision=2")["holds"] is True
    assert read(f"/memoranda/{public.id}/revisions/1")["subject"] == "memorandum"
    assert read(f"/memoranda/{public.id}/revisions/2")["in_force"] is True


def test_narrowed_and_by_pages(read, public):
    assert len(read("/memoranda?place=371522&department=莘县商务局")["items"]) == 1
    assert read("/memoranda?place=371500")["items"] == []
    assert read("/memoranda?department=别的局")["items"] == []
    said = read("/memoranda?limit=1&fields=id")
    assert said == {"items": [{"id": public.id}], "next": None}


def test_the_feed_tells_of_them(read, public):
    told = [each for each in read("/changes")["items"] if each["subject"] == "memorandum"]
    assert [(each["revision"], each["change"], each["part"]) for each in told] == [
        (2, "frame", "valid_until"),
        (2, "frame", "paper"),
        (1, "published", None),
    ]
    assert "id" not in told[1]["fields"]["paper"]["is"]
    assert [each["number"] for each in read("/revisions?place=371522")["items"]] == [2, 1]
    assert read("/changes?place=371500")["items"] == []
    assert read("/changes?department=莘县商务局")["items"] == []


def test_one_that_ended_or_was_closed_is_gone_but_for_its_past(read, city, public, officer, client):
    whole = client.get(f"/api/v1/memoranda/{public.id}")
    again = client.get(f"/api/v1/memoranda/{public.id}", headers={"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304
    service.end(public, "事项划回部门", by=officer)
    assert read(f"/memoranda/{public.id}", 410)["code"] == "closed"
    assert read("/memoranda")["items"] == []
    assert read(f"/memoranda/{public.id}?revision=1")["revision"]["number"] == 1
    assert read(f"/memoranda/{public.id}?revision=2")["holds"] is False
    assert read(f"/memoranda/{public.id}/revisions/2")["in_force"] is False
    revision = _revision(public, 1)
    publishing.ask_closing(revision.id, by=city.editor, reason="错了")
    publishing.close(revision.id, by=city.approver)
    read(f"/memoranda/{public.id}?revision=1", 410)
    read(f"/memoranda/{public.id}?revision=9", 404)
    read("/memoranda/999", 404)


def _revision(memorandum, number):
    from portal.foundation.publishing import queries
    from portal.foundation.publishing.rules import Subject

    return queries.revision(Subject.MEMORANDUM, memorandum.id, number)
