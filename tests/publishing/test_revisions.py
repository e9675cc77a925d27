from datetime import date, timedelta

import pytest
from sqlalchemy import select

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.texts import said
from portal.foundation.publishing import queries, service
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import ProposalState, RevisionState, Subject
from portal.powers.lists import service as lists
from portal.powers.lists.rules import Mode
from portal.powers.matters import service as matters
from tests.lists.making import (
    change,
    publish,
    publish_run,
    put_forward,
)

TODAY = date(2026, 3, 2)


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
    matters.set_everyday_names(power_list.delegations[0].matter, ["立项"], by=city.editor)
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
    assert "事项有1项" in said(told["市商务局"])[1]
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
    second = [each for each in db.session.scalars(select(Notice)) if "第2版" in said(each)[0]]
    assert {each.organisation.name for each in second} == {"市商务局", "市公安局"}


def test_a_rerun_of_a_withdrawn_or_returned_proposal_is_a_conflict(city, power_list):
    proposal = put_forward(city, power_list)
    run = service.approve(proposal.id, by=city.approver)
    proposal.state = ProposalState.WITHDRAWN
    db.session.flush()
    with pytest.raises(Conflict):
        service.carry_out(run, None)
