"""An approver is away: who stands in decides, and everything says for whom (P-2, P-5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.errors import Forbidden
from portal.foundation.accounts.models import Post
from portal.foundation.accounts.standing import service as standing
from portal.foundation.organisations import service as organisations
from portal.foundation.publishing import service
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.rules import ProposalState, RevisionState
from portal.foundation.rights.rules import Role
from portal.foundation.signins.factors import queries as factors
from portal.powers.suspensions import service as suspensions
from tests.admin.conftest import enter, fresh_limits, person
from tests.fixtures.doors import Visitor
from tests.lists.making import change, publish, put_forward

__all__ = ["fresh_limits"]

DAY = timedelta(days=1)


@pytest.fixture
def chief(city):
    made = person(Role.APPROVER, login="chief", place=city.place)
    made.name = "张三"
    return made


@pytest.fixture
def deputy(city):
    made = person(Role.DEPARTMENT_OFFICER, login="deputy")
    made.name, made.posts[0].organisation = "李四", organisations.add(city.place, "市政府办公室", by=None)
    return made


def stand_in(chief, deputy, days=5):
    given = standing.Naming(deputy, clock.today(), clock.today() + days * DAY, "休假")
    return standing.name(chief.posts[0], given, by=chief)


def test_the_decision_names_both(city, power_list, chief, deputy):
    with pytest.raises(Forbidden):
        service.approve(put_forward(city, power_list).id, by=deputy)
    proposal = db.session.scalars(select(Proposal)).one()
    stand_in(chief, deputy)
    service.approve(proposal.id, by=deputy)
    assert (proposal.decided_by, proposal.decided_for) == (deputy, chief)


def test_who_approves_in_their_own_right_does_so_for_nobody(city, power_list, chief, deputy):
    stand_in(chief, deputy)
    proposal = put_forward(city, power_list)
    service.approve(proposal.id, by=chief)
    assert proposal.decided_for is None


def test_what_was_approved_is_published_after_the_last_midnight(city, power_list, chief, deputy, frozen):
    stand_in(chief, deputy, days=0)
    proposal = put_forward(city, power_list)
    service.approve(proposal.id, by=deputy)
    frozen.shift(DAY)
    with pytest.raises(Forbidden):
        service.send_back(proposal.id, by=deputy, note="有误")
    work_off()
    assert proposal.state is ProposalState.PUBLISHED


def test_who_stands_in_needs_a_second_factor_as_approvers_do(app, city, chief, deputy):
    before = app.config["REMIT"]
    app.config["REMIT"] = replace(before, second_factor=("approver",))
    try:
        assert not factors.required(deputy)
        stand_in(chief, deputy)
        assert factors.required(deputy)
    finally:
        app.config["REMIT"] = before


@pytest.mark.parametrize("proposer", ["chief", "deputy"])
def test_two_people_still_decide(city, power_list, chief, deputy, proposer):
    stand_in(chief, deputy)
    proposal = put_forward(city, power_list)
    proposal.proposed_by = {"chief": chief, "deputy": deputy}[proposer]
    db.session.flush()
    for verb in (service.approve, service.send_back):
        with pytest.raises(Forbidden):
            verb(proposal.id, by=deputy, note="有误")
    itself = update(Proposal).where(Proposal.id == proposal.id).values(decided_for_id=proposal.proposed_by_id)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(itself)


def test_closing_and_stopping_name_both(city, power_list, chief, deputy):
    first = publish(city, power_list)
    change(city, power_list, "改过")
    publish(city, power_list)
    stand_in(chief, deputy)
    stopped = suspensions.suspend(power_list, 2, "场地关闭", clock.today() + 9 * DAY, by=deputy)
    suspensions.lift(stopped, "已经恢复", by=deputy)
    assert (stopped.by, stopped.by_for, stopped.ended_for) == (deputy, chief, chief)
    first.closing_asked_by_id = chief.id
    with pytest.raises(Forbidden):
        service.close(first.id, by=deputy)
    service.ask_closing(first.id, by=city.editor, reason="误发")
    closed = service.close(first.id, by=deputy)
    assert (closed.state, closed.closed_by, closed.closed_for) == (RevisionState.CLOSED, deputy, chief)


@pytest.fixture
def door(app, client):
    """Signs an account in."""

    def opened(account):
        visitor = app.test_client()
        assert isinstance(visitor, Visitor)
        assert enter(visitor, account.login) == 302
        return visitor

    return opened


def test_away_from_naming_to_coming_back(city, power_list, chief, deputy, door):
    proposal = put_forward(city, power_list)
    chief_door, address = door(chief), f"/staff/standing/{chief.posts[0].id}/name"
    days = {"since": clock.today().isoformat(), "until": (clock.today() + 9 * DAY).isoformat()}
    assert "李四（市政府办公室，deputy）" in chief_door.get(address).text
    assert chief_door.post(address, data={"person": deputy.id, "reason": "休假", **days}).status_code == 302

    deputy_door = door(deputy)
    assert "您代张三批准聊城市的送审" in deputy_door.get("/staff/").text
    assert "李四在代您批准聊城市的送审" in chief_door.get("/staff/").text
    assert deputy_door.post(f"/staff/proposals/{proposal.id}/approve", data={"note": ""}).status_code == 302
    work_off()
    assert proposal.state is ProposalState.PUBLISHED
    revision = db.session.scalars(select(Revision)).one()
    for page in ("proposals", f"proposals/{proposal.id}", f"revisions/{revision.id}"):
        assert "由李四代张三" in deputy_door.get(f"/staff/{page}/").text
    auditor = door(person(Role.AUDITOR))
    assert "批准人（聊城市，代张三）" in auditor.get("/staff/record/?who=李四&kind=proposals").text

    turn = db.session.scalars(select(Post).where(Post.standing_in_for_id == chief.id)).one()
    assert chief_door.post(f"/staff/standing/{turn.id}/end").status_code == 302
    assert deputy_door.get("/staff/").status_code == 302, "the session ended with the role"
    assert "没有指定代批人" in chief_door.get("/staff/standing/").text


def test_nobody_ends_or_names_for_another(city, chief, deputy, door):
    turn = stand_in(chief, deputy)
    deputy_door = door(deputy)
    assert deputy_door.post(f"/staff/standing/{turn.id}/end").status_code == 404
    for each in (turn.id, chief.posts[0].id):
        assert deputy_door.get(f"/staff/standing/{each}/name").status_code == 404
    assert deputy_door.get("/staff/standing/").status_code == 200
