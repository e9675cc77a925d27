"""What a publication asks for: filed upward, announced by channel, proved, receipted, put on paper (P-6, P-10)."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document

from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines.rules import State, Terms
from portal.powers.filings import opening, papers, queries, service
from portal.powers.filings.models import Filing
from portal.powers.filings.rules import FilingKind, FilingState, asked_for
from portal.powers.filings.shipped import terms_for
from portal.powers.lists import service as lists
from portal.powers.lists.models import ListKind
from portal.powers.lists.rules import Mode
from tests.lists.making import change, publish


@pytest.mark.parametrize(
    ("wanted", "touched", "expected"),
    [
        ([], {"direct"}, True),
        ([], set(), False),
        (["direct"], {"direct", "window"}, True),
        (["direct"], {"window"}, False),
    ],
)
def test_what_a_publication_asks_for(wanted, touched, expected):
    assert asked_for(wanted, touched) is expected


def of(revision) -> dict[str, Filing]:
    return {each.terms.name: each for each in queries.of_revision(revision.id).values()}


def ask(city, power_list, name="省政府", kind=FilingKind.FILING, **said):
    given = {"terms": Terms.calendar(10), "basis": "《意见》二（一）", "by": city.editor, **said}
    terms = given.pop("terms")
    return service.set_terms(power_list, kind, name, terms, **given)


def test_each_publication_opens_what_its_modes_ask_for(city, office, power_list):
    ask(city, power_list, copies="省委编办")
    ask(city, power_list, "微信公众号", FilingKind.ANNOUNCEMENT, modes=[Mode.COLLECTION])
    ask(city, power_list, "派驻窗口", FilingKind.ANNOUNCEMENT, modes=[Mode.WINDOW])
    first = of(publish(city, power_list))
    assert set(first) == {"省政府", "微信公众号"}
    (owed,) = deadlines.of(queries.SUBJECT, first["省政府"].id)
    published = clock.day_of(first["省政府"].revision.published_at)
    assert (owed.kind, owed.owed_by, owed.begins_on, owed.basis) == (
        "filing",
        office,
        published,
        "《意见》二（一）",
    )
    lists.remove_delegation(power_list.delegations[0], by=city.editor)
    db.session.expire(power_list)
    assert set(of(publish(city, power_list))) == {"省政府"}
    change(city, power_list, "只改备注")
    assert of(publish(city, power_list)) == {}


def test_terms_of_a_published_list_ask_for_its_newest_revision(city, power_list):
    revision = publish(city, power_list)
    ask(city, power_list)
    assert set(of(revision)) == {"省政府"}
    assert opening.open_for(revision, by=None) == 0
    with pytest.raises(Conflict):
        ask(city, power_list)


def test_the_newest_revision_is_asked_for_what_it_was_not_asked_for(city, power_list):
    revision = publish(city, power_list)
    ask(city, power_list, modes=[Mode.WINDOW])
    assert of(revision) == {}
    (left,) = opening.lacking([power_list])
    assert (left.revision_id, [each.name for each in left.terms]) == (revision.id, ["省政府"])
    with pytest.raises(Forbidden):
        service.ask_of_newest(power_list, by=city.approver)
    assert service.ask_of_newest(power_list, by=city.editor) == 1
    (owed,) = deadlines.of(queries.SUBJECT, of(revision)["省政府"].id)
    assert owed.begins_on == clock.day_of(revision.published_at)
    assert opening.lacking([power_list]) == []
    with pytest.raises(Conflict):
        service.ask_of_newest(power_list, by=city.editor)


@pytest.fixture
def filing(city, power_list, monkeypatch):
    ask(city, power_list, copies="省委编办")
    made = of(publish(city, power_list))["省政府"]
    day = clock.day_of(made.revision.published_at) + timedelta(days=3)
    monkeypatch.setattr(clock, "today", lambda: day)
    return made


def test_proof_meets_the_deadline_and_the_receipt_ends_it(city, filing):
    on = clock.today() - timedelta(days=1)
    service.prove(filing, on, by=city.editor, file=BytesIO(b"x"), name="报告.pdf", note="机要")
    assert (filing.state, filing.done_on, filing.file.name) == (FilingState.DONE, on, "报告.pdf")
    (owed,) = deadlines.of(queries.SUBJECT, filing.id)
    assert (owed.state, owed.done_on) == (State.FULFILLED, on)
    with pytest.raises(Conflict):
        service.prove(filing, on, by=city.editor, address="https://example.com/")
    service.take_receipt(filing, clock.today(), by=city.editor)
    assert filing.state is FilingState.RECEIPTED
    with pytest.raises(Conflict):
        service.take_receipt(filing, clock.today(), by=city.editor)


def test_what_proves_nothing_is_refused(city, filing):
    today = clock.today()
    for on, said in (
        (today, {}),
        (today, {"address": "javascript:alert(1)"}),
        (today + timedelta(days=1), {"address": "https://example.com/"}),
        (today - timedelta(days=30), {"address": "https://example.com/"}),
    ):
        with pytest.raises(Refused):
            service.prove(filing, on, by=city.editor, **said)
    with pytest.raises(Conflict):
        service.take_receipt(filing, today, by=city.editor)
    with pytest.raises(Forbidden):
        service.prove(filing, today, by=city.approver, address="https://example.com/")


def test_the_paper_says_to_whom_what_and_why(city, power_list, filing, tmp_path):
    papers.write(filing, "docx", tmp_path / "first.docx")
    first = Document(tmp_path / "first.docx")
    words = "\n".join(each.text for each in first.paragraphs)
    assert "关于报送《" in words
    assert "抄送：省委编办" in words
    assert "共2项" in words
    assert len(first.tables[0].rows) == 3
    lists.remove_delegation(power_list.delegations[0], by=city.editor)
    db.session.expire(power_list)
    second = of(publish(city, power_list))["省政府"]
    papers.write(second, "docx", tmp_path / "second.docx")
    made = Document(tmp_path / "second.docx")
    words = "\n".join(each.text for each in made.paragraphs)
    assert "退出1项" in words
    assert [cell.text for cell in made.tables[0].rows[1].cells][1:3] == ["企业投资项目备案", "退出清单"]


def test_what_ships_goes_by_document_and_by_kind(city, power_list):
    assert list(terms_for(power_list)) == []
    city.policy.issued_on = date(2020, 6, 11)
    assert [each.name for each in terms_for(power_list)] == [
        "山东省政务服务网",
        "实体大厅",
        "网站",
        "微信公众号",
    ]
    power_list.kind = ListKind.TRANSFER
    assert next((each.name, each.amount) for each in terms_for(power_list)) == ("省政府", 10)
