import hashlib
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.queries import unread
from portal.foundation.notifications.texts import said
from portal.foundation.places import service as places
from portal.foundation.places.rules import PlaceKind
from portal.foundation.publishing import queries, service
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import ProposalState, RevisionState, Subject
from portal.foundation.publishing.telling import PUBLISHED, RETURNED, WAITS
from portal.foundation.rights.rules import Role
from portal.foundation.runs.rules import RunState
from portal.foundation.siteversion import queries as siteversion
from portal.powers.lists import service as lists
from portal.powers.lists import snapshot
from portal.powers.lists.models import Answer, Delegation, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.matters import service as matters
from portal.powers.matters.rules import MatterStatus
from tests.lists.making import (
    account,
    change,
    hand_in,
    make_list,
    publish,
    publish_run,
    put_forward,
    row,
    take_over,
)

TODAY = date(2026, 3, 2)


# Two people (P-2)


def test_the_proposer_cannot_approve_whatever_else_they_may_do(city, power_list):
    proposal = put_forward(city, power_list)
    both = city.approver
    proposal.proposed_by_id = both.id
    db.session.flush()
    with pytest.raises(Forbidden):
        service.approve(proposal.id, by=both)
    with pytest.raises(Forbidden):
        service.send_back(proposal.id, by=both, note="有误")


def test_the_database_itself_holds_two_people_apart(city, power_list):
    proposal = put_forward(city, power_list)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(
            update(Proposal).where(Proposal.id == proposal.id).values(decided_by_id=proposal.proposed_by_id)
        )


@pytest.mark.parametrize("role", [Role.EDITOR, Role.COUNTY_OFFICER, Role.ADMINISTRATOR])
def test_only_an_approver_decides(city, power_list, role):
    proposal, other = put_forward(city, power_list), account(role, city.place)
    with pytest.raises(Forbidden):
        service.approve(proposal.id, by=other)
    with pytest.raises(Forbidden):
        service.send_back(proposal.id, by=other, note="有误")


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COUNTY_OFFICER, Role.ADMINISTRATOR])
def test_only_an_editor_puts_a_list_forward_or_takes_it_back(city, power_list, role):
    other = account(role, city.place)
    with pytest.raises(Forbidden):
        service.propose(Subject.LIST, power_list.id, by=other)
    proposal = put_forward(city, power_list)
    with pytest.raises(Forbidden):
        service.withdraw(proposal.id, by=other)


def test_a_closed_account_decides_nothing(city, power_list):
    proposal = put_forward(city, power_list)
    city.approver.active = False
    with pytest.raises(Forbidden):
        service.approve(proposal.id, by=city.approver)


# What a revision is (P-1)


def test_a_revision_says_what_when_by_whom_and_its_hash_is_over_its_document(city, power_list, frozen):
    revision = publish(city, power_list)
    proposal = revision.proposal
    assert (revision.number, revision.state) == (1, RevisionState.PUBLISHED)
    assert (revision.effective_on, revision.published_at) == (TODAY, clock.now())
    assert (proposal.proposed_by_id, proposal.decided_by_id) == (city.editor.id, city.approver.id)
    assert proposal.state is ProposalState.PUBLISHED
    assert revision.content["frame"]["policy"] == "聊政字〔2020〕8号"
    kind = publishable(Subject.LIST)
    document = b"".join(kind.published_document(revision))
    assert hashlib.sha256(document).hexdigest() == revision.hash
    assert revision.difference == {"added": 3, "changed": 0, "withdrawn": 0, "entries": [], "frame": []}


def test_there_is_one_answer_for_every_matter_and_place(city, power_list):
    revision = publish(city, power_list)
    rows = list(snapshot.published_rows(revision))
    zones = {place["code"] for place in revision.content["frame"]["places"] if place["kind"] == "zone"}
    assert len(zones) == 2
    assert [len(row.answers) for row in rows] == [6, 6, 6]
    assert set(rows[0].answers.values()) == {"direct"}
    assert {code for code, mode in rows[1].answers.items() if mode == "collection"} == zones
    assert {mode for code, mode in rows[1].answers.items() if code not in zones} == {"review"}


def test_nothing_of_a_working_copy_or_a_proposal_is_public(city, power_list):
    db.session.commit()
    before = siteversion.number()
    service.approve(put_forward(city, power_list).id, by=city.approver)
    db.session.commit()
    assert queries.revisions(Subject.LIST, power_list.id) == []
    assert queries.current(Subject.LIST, power_list.id, clock.today()) is None
    assert queries.revision(Subject.LIST, power_list.id, 1) is None
    assert queries.latest_changes() == []
    assert siteversion.number() == before


def test_every_publication_and_closing_counts_as_a_change_of_the_site(city, power_list):
    db.session.commit()
    seen = [siteversion.number()]
    revision = publish(city, power_list)
    db.session.commit()
    seen.append(siteversion.number())
    change(city, power_list, "另行通知")
    publish(city, power_list)
    seen.append(siteversion.number())
    service.ask_closing(revision.id, by=city.editor, reason="含有个人信息")
    db.session.commit()
    seen.append(siteversion.number())
    service.close(revision.id, by=city.approver)
    db.session.commit()
    seen.append(siteversion.number())
    assert seen[0] < seen[1] < seen[2] == seen[3] < seen[4]


# What is approved is what was put forward


def test_a_working_copy_is_closed_to_changes_while_it_is_put_forward(city, power_list):
    proposal = put_forward(city, power_list)
    delegation = power_list.delegations[0]
    attempts = [
        lambda: change(city, power_list, "另行通知"),
        lambda: lists.remove_delegation(delegation, by=city.editor),
        lambda: lists.set_profile(power_list, Mode.DIRECT, "seal", "no2", "6", by=city.editor),
        lambda: lists.waive_totals(power_list, "原件如此", by=city.editor),
        lambda: take_over(city, power_list, [row(1, "公司登记")]),
        lambda: put_forward(city, power_list),
    ]
    for attempt in attempts:
        with pytest.raises(Conflict) as caught:
            attempt()
        assert caught.value.code == "bound"
    service.withdraw(proposal.id, by=city.editor)
    change(city, power_list, "另行通知")
    assert power_list.delegations[0].remark == "另行通知"


def test_a_proposal_sent_back_opens_the_working_copy_and_says_why(city, power_list):
    proposal = put_forward(city, power_list)
    with pytest.raises(Refused):
        service.send_back(proposal.id, by=city.approver, note="  ")
    service.send_back(proposal.id, by=city.approver, note="第2项的方式请核对")
    assert (proposal.state, proposal.decision_note) == (ProposalState.RETURNED, "第2项的方式请核对")
    change(city, power_list, "已核对")
    assert put_forward(city, power_list).state is ProposalState.PROPOSED


@pytest.mark.parametrize("verb", ["approve", "send_back", "withdraw"])
def test_a_decided_proposal_is_not_decided_again(city, power_list, verb):
    proposal = put_forward(city, power_list)
    service.send_back(proposal.id, by=city.approver, note="有误")
    calls = {
        "approve": lambda: service.approve(proposal.id, by=city.approver),
        "send_back": lambda: service.send_back(proposal.id, by=city.approver, note="有误"),
        "withdraw": lambda: service.withdraw(proposal.id, by=city.editor),
    }
    with pytest.raises(Conflict):
        calls[verb]()


def test_what_changed_behind_the_proposal_sends_it_back_unpublished(city, power_list):
    proposal = put_forward(city, power_list)
    # A matter's status is not the list's, so the proposal does not bind it; but it is in the document.
    matters.set_status(
        power_list.delegations[0].matter,
        MatterStatus.ABOLISHED,
        by=city.editor,
        since=date(2025, 1, 1),
        document="国发〔2025〕1号",
    )
    service.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    assert (proposal.state, proposal.decision_note) == (ProposalState.RETURNED, service.DIFFERS)
    assert publish_run(proposal).state is RunState.FAILED
    assert publish_run(proposal).message == service.DIFFERS
    assert queries.revisions(Subject.LIST, power_list.id) == []
    for table in (Revision, PublishedMatter, Answer):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert publish(city, power_list).number == 1


def test_what_no_longer_holds_together_goes_back_with_the_reason(city, power_list):
    proposal = put_forward(city, power_list)
    delegation = power_list.delegations[1]
    delegation.exceptions[0].mode = Mode.DIRECT
    db.session.flush()
    from portal.foundation.places import queries as places
    from portal.powers.lists.models import ScopeException

    everywhere = places.group(city.place, "all")
    delegation.exceptions.append(ScopeException(mode=Mode.WINDOW, group=everywhere))
    db.session.flush()
    service.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    assert proposal.state is ProposalState.RETURNED
    assert "两条不同的例外" in proposal.decision_note
    assert publish_run(proposal).state is RunState.FAILED


def test_the_same_content_is_not_published_twice(city, power_list):
    publish(city, power_list)
    with pytest.raises(Refused) as caught:
        put_forward(city, power_list)
    assert caught.value.code == "same"
    change(city, power_list, "另行通知")
    change(city, power_list, power_list.delegations[0].remark)
    assert put_forward(city, power_list).base_number == 1


def test_nothing_is_published_while_something_blocks(city, power_list):
    lists.set_profile(power_list, Mode.REVIEW, "respondent", "", "", by=city.editor)
    with pytest.raises(Refused) as caught:
        put_forward(city, power_list)
    assert caught.value.code == "blocked"
    assert "下放实质性审核权" in str(caught.value)


def test_totals_that_differ_block_until_a_person_accepts_them_with_a_reason(city, power_list):
    power_list.totals = {"total": 4, "by_mode": {"direct": 2}, "by_type": {"行政许可": 3}}
    db.session.flush()
    with pytest.raises(Refused) as caught:
        put_forward(city, power_list)
    assert "总数应有 4 项，清单里是 3 项" in str(caught.value)
    assert "直接下放应有 2 项，清单里是 1 项" in str(caught.value)
    assert "行政许可" not in str(caught.value)
    lists.waive_totals(power_list, "原件合计有误", by=city.editor)
    revision = publish(city, power_list)
    assert revision.content["frame"]["totals_waiver"] == "原件合计有误"


def test_a_reason_for_totals_that_differ_is_for_those_figures_alone(city, power_list):
    power_list.totals = {"total": 4}
    lists.waive_totals(power_list, "原件合计有误", by=city.editor)
    publish(city, power_list)
    lists.remove_delegation(power_list.delegations[0], by=city.editor)
    with pytest.raises(Refused) as caught:
        put_forward(city, power_list)
    assert "总数应有 4 项，清单里是 2 项；总数不符的理由是按原来的数写的" in str(caught.value)
    lists.waive_totals(power_list, power_list.totals_waiver, by=city.editor)
    assert put_forward(city, power_list).base_number == 1
    # What was accepted before figures were kept covers what it covered.
    power_list.totals_waived = None
    assert publishable(Subject.LIST).blockers(power_list.id) == []


def test_whoever_put_it_forward_hears_what_became_of_it(city, power_list):
    city.editor.posts[0].organisation = city.departments["市商务局"]
    returned = put_forward(city, power_list)
    service.send_back(returned.id, by=city.approver, note="缺依据。")
    published = publish(city, power_list).proposal
    wanted = select(Notice).where(Notice.account_id == city.editor.id).order_by(Notice.id)
    assert [
        (each.title, each.body, each.values["note"], each.address) for each in db.session.scalars(wanted)
    ] == [
        (RETURNED.title, RETURNED.body, "缺依据", f"/staff/proposals/{returned.id}/"),
        (PUBLISHED.title, PUBLISHED.body, "", f"/staff/proposals/{published.id}/"),
    ]


def test_who_may_approve_is_told_that_something_waits(city, power_list):
    here, bureau = city.approver, city.departments["市商务局"]
    here.posts[0].organisation = bureau
    jinan = places.add(city.place.parent, "济南市", PlaceKind.CITY, code="370100", by=None)
    elsewhere = account(Role.APPROVER, jinan)
    elsewhere.posts[0].organisation = bureau
    gone = account(Role.APPROVER, city.place)
    gone.posts[0].organisation, gone.active = bureau, False
    over = account(Role.APPROVER, city.place)
    over.posts[0].organisation = bureau
    over.posts[0].since = over.posts[0].until = clock.today() - timedelta(days=1)
    proposal = put_forward(city, power_list)
    told = db.session.scalars(select(Notice).where(Notice.title == WAITS.title)).all()
    assert [(each.account_id, each.address) for each in told] == [
        (here.id, f"/staff/proposals/{proposal.id}/")
    ]
    assert said(told[0], "zh_CN")[0] == f"请批准或退回：{proposal.title}"
    assert unread(here) == 1
    service.send_back(proposal.id, by=here, note="缺依据")
    assert unread(here) == 0


def test_an_empty_list_has_nothing_to_publish(city):

    empty = make_list(city, "empty")
    assert hand_in(city, [row(1, "公司登记")]).questions == []
    assert db.session.scalar(select(func.count()).select_from(Delegation)) == 0
    with pytest.raises(Refused):
        put_forward(city, empty)
