"""The staff pages of filings (P-6, R-3)."""

from __future__ import annotations

from io import BytesIO

from portal.foundation.rights.rules import Role
from portal.powers.filings import queries
from portal.powers.filings.models import FilingTerms
from tests.admin.conftest import enter, fresh_limits, person
from tests.fixtures.doors import Visitor
from tests.lists.making import publish

__all__ = ["fresh_limits"]


def signed_in(app, role):
    account = person(role, login=f"at-the-door-{role.value}")
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    assert enter(visitor, account.login) == 302
    return visitor


def test_from_the_terms_to_the_receipt(app, client, session, city, power_list):
    revision = publish(city, power_list)
    editor, approver = signed_in(app, Role.EDITOR), signed_in(app, Role.APPROVER)
    terms = {
        "power_list": power_list.slug,
        "kind": "filing",
        "name": "省政府",
        "amount": "10",
        "counting": "calendar_days",
        "basis": "《意见》二（一）",
    }
    assert editor.post("/staff/filings/terms/new", data={**terms, "amount": "0"}).status_code == 422
    assert editor.post("/staff/filings/terms/new", data=terms).status_code == 302
    assert session.query(FilingTerms).count() == 1
    more = {**terms, "name": "派驻窗口", "kind": "announcement", "modes": "window"}
    assert editor.post("/staff/filings/terms/new", data=more).status_code == 302
    assert "派驻窗口" in editor.get("/staff/filings/").text
    assert "派驻窗口" not in approver.get("/staff/filings/").text
    newest = f"/staff/filings/newest/{power_list.id}"
    assert approver.post(newest).status_code == 403
    assert editor.post("/staff/filings/newest/999").status_code == 404
    assert editor.post(newest).status_code == 302
    assert editor.post(newest).status_code == 409
    filing, _window = queries.of_revision(revision.id).values()
    page = f"/staff/filings/{filing.id}/"
    assert "省政府" in approver.get("/staff/filings/").text
    assert approver.post(page, data={"address": "https://example.com/"}).status_code == 403
    assert editor.post(page, data={"address": ""}).status_code == 422
    proof = {"file": (BytesIO(b"x"), "报告.pdf")}
    assert editor.post(page, data=proof, content_type="multipart/form-data").status_code == 302
    assert editor.get(f"{page}proof").data == b"x"
    assert editor.get(f"{page}paper.docx").data[:2] == b"PK"
    printed = editor.get(f"{page}paper.pdf")
    assert (printed.mimetype, printed.data[:4]) == ("application/pdf", b"%PDF")
    assert editor.post(f"{page}receipt", data={}).status_code == 302
    assert "Receipt" in editor.get(f"{page}?lang=en").text
    assert editor.get("/staff/filings/999/").status_code == 404
