import hashlib
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.accounts.rules import Role
from portal.foundation.notifications.models import Notice
from portal.foundation.publishing import queries, service
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import ProposalState, RevisionState, Subject
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunState
from portal.powers.lists import service as lists
from portal.powers.lists import snapshot
from portal.powers.lists.models import Answer, Delegation, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.matters import service as matters
from portal.powers.matters.rules import MatterStatus
from tests.lists.making import account, hand_in, publish, put_forward, row, take_over

TODAY = date(2026, 3, 2)


def first(power_list):
    return power_list.delegations[0]


def change(city, power_list, remark):
    delegation = first(power_list)
    lists.change_delegation(
        delegation,
        mode=delegation.mode,
        mode_label=delegation.mode_label,
        remark=remark,
        exceptions=[],
        sub_items=[],
        by=city.editor,
    )


def last_run():
    return db.session.scalars(select(Run).order_by(Run.id.desc())).first()


def publish_run(proposal):
    return db.session.get(Run, proposal.run_id)


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
    assert revision.difference == {"added": 3, "changed": 0, "withdrawn": 0, "entries": []}


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
    service.approve(put_forward(city, power_list).id, by=city.approver)
    assert queries.revisions(Subject.LIST, power_list.id) == []
    assert queries.current(Subject.LIST, power_list.id, clock.today()) is None
    assert queries.revision(Subject.LIST, power_list.id, 1) is None
    assert queries.latest_changes() == []
    assert queries.site_version() == 0


def test_every_publication_and_closing_counts_as_a_change_of_the_site(city, power_list):
    revision = publish(city, power_list)
    assert queries.site_version() == 1
    change(city, power_list, "另行通知")
    publish(city, power_list)
    assert queries.site_version() == 2
    service.ask_closing(revision.id, by=city.editor, reason="含有个人信息")
    service.close(revision.id, by=city.approver)
    assert queries.site_version() == 3


# What is approved is what was put forward


def test_a_working_copy_is_closed_to_changes_while_it_is_put_forward(city, power_list):
    proposal = put_forward(city, power_list)
    delegation = first(power_list)
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
    assert first(power_list).remark == "另行通知"


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
        first(power_list).matter,
        MatterStatus.ABOLISHED,
        by=city.editor,
        since=date(2025, 1, 1),
        document="国发〔2025〕1号",
    )
    service.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    assert (proposal.state, proposal.decision_note) == (ProposalState.RETURNED, service.DIFFERS)
    assert last_run().state is RunState.FAILED
    assert last_run().message == service.DIFFERS
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
    change(city, power_list, first(power_list).remark)
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


# Effective days


def test_an_announced_revision_holds_from_its_day_and_the_old_one_until_then(city, power_list, frozen):
    publish(city, power_list)
    change(city, power_list, "另行通知")
    publish(city, power_list, TODAY + timedelta(days=10))
    holding = [
        queries.current(Subject.LIST, power_list.id, TODAY + timedelta(days=days)).number
        for days in (0, 9, 10, 400)
    ]
    assert holding == [1, 1, 2, 2]
    assert queries.all_current(Subject.LIST, TODAY)[power_list.id].number == 1
    assert queries.next_change(TODAY) == TODAY + timedelta(days=10)
    assert queries.next_change(TODAY + timedelta(days=10)) is None
    # but it is public already: people may read what is to come
    assert [each.number for each in queries.revisions(Subject.LIST, power_list.id)] == [2, 1]


def test_a_later_decision_with_an_earlier_day_replaces_the_announced_one(city, power_list, frozen):
    publish(city, power_list)
    change(city, power_list, "甲")
    publish(city, power_list, TODAY + timedelta(days=30))
    change(city, power_list, "乙")
    publish(city, power_list, TODAY + timedelta(days=5))
    holding = [
        queries.current(Subject.LIST, power_list.id, TODAY + timedelta(days=days)).number
        for days in (4, 5, 31)
    ]
    assert holding == [1, 3, 3]


def test_a_day_that_is_past_is_for_a_first_revision_alone(city, power_list, frozen):
    revision = publish(city, power_list, date(2021, 6, 15))
    assert revision.effective_on == date(2021, 6, 15)
    change(city, power_list, "另行通知")
    with pytest.raises(Refused) as caught:
        put_forward(city, power_list, TODAY - timedelta(days=1))
    assert caught.value.code == "past"


def test_a_revision_approved_late_does_not_rewrite_the_days_before(city, power_list, frozen):
    publish(city, power_list)
    change(city, power_list, "另行通知")
    proposal = put_forward(city, power_list, TODAY)
    frozen.shift(timedelta(days=3))
    service.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    later = TODAY + timedelta(days=3)
    assert queries.newest(Subject.LIST, power_list.id).effective_on == later
    assert queries.current(Subject.LIST, power_list.id, TODAY + timedelta(days=2)).number == 1
    assert queries.current(Subject.LIST, power_list.id, later).number == 2


# Closing takes two people: P-3


def test_closing_takes_two_people_and_a_reason_and_keeps_number_and_hash(city, power_list):
    publish(city, power_list)
    change(city, power_list, "张三 13800000000")
    revision = publish(city, power_list)
    with pytest.raises(Conflict):
        service.close(revision.id, by=city.approver)
    with pytest.raises(Refused):
        service.ask_closing(revision.id, by=city.editor, reason=" ")
    with pytest.raises(Forbidden):
        service.ask_closing(revision.id, by=city.approver, reason="含有个人信息")
    service.ask_closing(revision.id, by=city.editor, reason="含有个人信息")
    with pytest.raises(Forbidden):
        service.close(revision.id, by=city.editor)
    digest = revision.hash
    service.close(revision.id, by=city.approver)
    assert (revision.state, revision.number, revision.hash) == (RevisionState.CLOSED, 2, digest)
    assert queries.current(Subject.LIST, power_list.id, clock.today()).number == 1
    assert [each.number for each in queries.revisions(Subject.LIST, power_list.id)] == [2, 1]
    for again in (
        lambda: service.close(revision.id, by=city.approver),
        lambda: service.ask_closing(revision.id, by=city.editor, reason="再来"),
    ):
        with pytest.raises(Conflict):
            again()


def test_the_one_who_asked_cannot_close_even_with_both_rights(city, power_list):
    revision = publish(city, power_list)
    revision.closing_asked_by_id, revision.closed_reason = city.approver.id, "误发"
    db.session.flush()
    with pytest.raises(Forbidden):
        service.close(revision.id, by=city.approver)


def test_after_a_closing_numbers_go_on_and_the_next_is_compared_with_what_holds(city, power_list):
    publish(city, power_list)
    change(city, power_list, "甲")
    closed = publish(city, power_list)
    service.ask_closing(closed.id, by=city.editor, reason="误发")
    service.close(closed.id, by=city.approver)
    change(city, power_list, "乙")
    revision = publish(city, power_list)
    assert revision.number == 3
    (entry,) = revision.difference["entries"]
    assert entry["fields"] == {"remark": ["", "乙"]}


def test_unseen_and_unknown_revisions_cannot_be_closed(city, power_list):
    with pytest.raises(NotFound):
        service.ask_closing(0, by=city.editor, reason="误发")
    with pytest.raises(NotFound):
        service.approve(0, by=city.approver)


# Immutability


def test_a_published_revision_does_not_follow_its_working_copy(city, power_list):
    revision = publish(city, power_list)
    before = b"".join(publishable(Subject.LIST).published_document(revision))
    change(city, power_list, "另行通知")
    lists.remove_delegation(power_list.delegations[2], by=city.editor)
    lists.set_profile(power_list, Mode.REVIEW, "seal", "no2", "6", by=city.editor)
    matters.set_everyday_names(first(power_list).matter, ["立项"], by=city.editor)
    city.departments["市商务局"].name = "市商务和投资促进局"
    city.county("莘县").name = "莘城县"
    db.session.flush()
    db.session.expire_all()
    assert b"".join(publishable(Subject.LIST).published_document(revision)) == before
    publish(city, power_list)
    assert b"".join(publishable(Subject.LIST).published_document(revision)) == before


def test_the_difference_names_each_matter_and_place_that_changed(city, power_list):
    publish(city, power_list)
    delegation = power_list.delegations[1]
    lists.change_delegation(
        delegation,
        mode=Mode.REVIEW,
        mode_label=delegation.mode_label,
        remark="临清市直接下放",
        exceptions=[{"places": ["临清市"], "groups": [], "mode": "direct"}],
        sub_items=["居民装修垃圾"],
        by=city.editor,
    )
    lists.remove_delegation(power_list.delegations[2], by=city.editor)
    db.session.expire(power_list)
    revision = publish(city, power_list)
    assert [revision.difference[key] for key in ("added", "changed", "withdrawn")] == [0, 1, 1]
    changed, withdrawn = revision.difference["entries"]
    assert changed["fields"]["sub_items"] == [[], ["居民装修垃圾"]]
    zones = {place.code for place in power_list.scope.members if place.kind.value == "zone"}
    expected = {code: ["collection", "review"] for code in zones} | {"371581": ["review", "direct"]}
    assert changed["answers"] == expected
    assert (withdrawn["change"], withdrawn["name"]) == ("withdrawn", "典当业特种行业许可")


# Notices


def test_each_department_is_told_once_with_its_own_count(city, power_list):
    publish(city, power_list)
    told = {each.organisation.name: each for each in db.session.scalars(select(Notice))}
    assert set(told) == {"市商务局", "市住房城乡建设局", "市公安局"}
    assert "事项有1项" in told["市商务局"].body
    assert told["市商务局"].address == "/lists/liaocheng-2020/revisions/1"


def test_publishing_called_again_tells_nobody_twice_and_publishes_nothing(city, power_list):
    revision = publish(city, power_list)
    run = publish_run(revision.proposal)
    before = [each.id for each in db.session.scalars(select(Notice))]
    assert service.carry_out(run, None) == {"number": 1}
    assert [each.id for each in db.session.scalars(select(Notice))] == before
    assert queries.head_number(Subject.LIST, power_list.id) == 1


def test_of_a_later_revision_only_those_are_told_whose_matters_changed(city, power_list):
    publish(city, power_list)
    change(city, power_list, "另行通知")
    lists.remove_delegation(power_list.delegations[2], by=city.editor)
    db.session.expire(power_list)
    publish(city, power_list)
    second = db.session.scalars(select(Notice).where(Notice.title.contains("第2版")))
    assert {each.organisation.name for each in second} == {"市商务局", "市公安局"}


def test_a_rerun_of_a_withdrawn_or_returned_proposal_is_a_conflict(city, power_list):
    proposal = put_forward(city, power_list)
    run = service.approve(proposal.id, by=city.approver)
    proposal.state = ProposalState.WITHDRAWN
    db.session.flush()
    with pytest.raises(Conflict):
        service.carry_out(run, None)


def test_an_empty_list_has_nothing_to_publish(city):
    from tests.lists.making import make_list

    empty = make_list(city, "empty")
    assert hand_in(city, [row(1, "公司登记")]).questions == []
    assert db.session.scalar(select(func.count()).select_from(Delegation)) == 0
    with pytest.raises(Refused):
        put_forward(city, empty)
