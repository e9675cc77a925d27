"""Errata change words alone and are marked as such; stamped approvals are kept with what they approved (P-5)."""

from __future__ import annotations

from io import BytesIO

import pytest

from jobs.runs import work_off
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.publishing import queries, service
from portal.foundation.publishing.approvals import queries as papers
from portal.foundation.publishing.approvals import service as approvals
from portal.foundation.publishing.approvals.rules import kind_of
from portal.foundation.publishing.rules import Nature, Subject
from portal.powers.lists import service as lists
from portal.powers.lists.adjusting import service as adjusting
from tests.lists.making import change, publish, put_forward

PDF = b"%PDF-1.7 ..."


def erratum(city, power_list):
    return service.propose(
        Subject.LIST, power_list.id, by=city.editor, reason="写错了字", nature=Nature.ERRATUM
    )


def test_an_erratum_is_marked_and_the_old_words_stay(city, power_list, client):
    publish(city, power_list)
    first = power_list.delegations[0]
    was = first.matter.name
    adjusting.rename(first, "企业投资项目备案（改正）", first.matter.organisation, by=city.editor)
    change(city, power_list, "改正后的备注")
    service.approve(erratum(city, power_list).id, by=city.approver)
    db.session.commit()
    work_off()
    revision = queries.newest(Subject.LIST, power_list.id)
    assert (revision.number, revision.nature) == (2, Nature.ERRATUM)
    page = client.get(f"/lists/{power_list.slug}/revisions/2").text
    assert "这一版是勘误" in page
    assert was in page
    assert "勘误" in client.get("/changes").text
    assert was in client.get(f"/lists/{power_list.slug}/revisions/1").text


def test_an_erratum_leaves_every_power_as_it_was(city, power_list):
    with pytest.raises(Refused):
        erratum(city, power_list)
    publish(city, power_list)
    lists.remove_delegation(power_list.delegations[0], by=city.editor)
    with pytest.raises(Refused):
        erratum(city, power_list)
    assert put_forward(city, power_list).nature is Nature.ADJUSTMENT


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_a_scan_is_told_by_its_content(head, kind):
    assert kind_of(head) == kind


def test_a_stamped_approval_is_shown_to_the_public_only_where_it_is_marked_so(city, power_list, client):
    revision = publish(city, power_list)
    proposal = revision.proposal
    made = approvals.attach(proposal, BytesIO(PDF), name="批件.pdf", by=city.approver)
    address = f"/lists/{power_list.slug}/revisions/1/approvals/{made.id}"
    assert client.get(address).status_code == 404
    assert "批件.pdf" not in client.get(f"/lists/{power_list.slug}/revisions/1").text
    approvals.show(made, True, by=city.approver)
    assert client.get(address).data == PDF
    assert "批件.pdf" in client.get(f"/lists/{power_list.slug}/revisions/1").text
    assert list(papers.of(proposal.id)) == [made]


def test_only_an_approver_keeps_one_and_only_of_what_is_approved(city, power_list):
    proposal = put_forward(city, power_list)
    with pytest.raises(Conflict):
        approvals.attach(proposal, BytesIO(PDF), name="批件.pdf", by=city.approver)
    service.approve(proposal.id, by=city.approver)
    with pytest.raises(Forbidden):
        approvals.attach(proposal, BytesIO(PDF), name="批件.pdf", by=city.editor)
    with pytest.raises(Refused):
        approvals.attach(proposal, BytesIO(b"<html>"), name="批件.pdf", by=city.approver)
