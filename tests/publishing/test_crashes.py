"""A publisher that dies at any step leaves the old revision whole; the next attempt publishes exactly once."""

from itertools import count

import pytest
from sqlalchemy import func, select

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden
from portal.foundation.notifications.models import Notice
from portal.foundation.publishing import queries, service
from portal.foundation.publishing.models import Head, Revision
from portal.foundation.publishing.rules import ProposalState, RevisionState, Subject
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunState
from portal.powers.lists import publishing as lists_publishing
from portal.powers.lists import service as lists
from portal.powers.lists import snapshot
from portal.powers.lists.models import Answer, PublishedMatter
from tests.lists.making import publish, put_forward


class KilledError(Exception):
    pass


class Steps:
    """Commits like a worker, and dies at the step it is told to: just before the commit or just after."""

    def __init__(self, watch, die_at=0, *, after=False):
        self.watch, self.die_at, self.after, self.taken = watch, die_at, after, 0

    def step(self, done, total):
        self.taken += 1
        if self.taken == self.die_at and not self.after:
            raise KilledError
        db.session.commit()
        self.watch()
        if self.taken == self.die_at:
            raise KilledError


def rows(table):
    return db.session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def second(city, power_list, monkeypatch):
    """A second revision, approved and waiting for its worker; batches hold one row each."""
    monkeypatch.setattr(snapshot, "BATCH", 1)
    publish(city, power_list)
    lists.remove_delegation(power_list.delegations[0], by=city.editor)
    db.session.expire(power_list)
    run = service.approve(put_forward(city, power_list).id, by=city.approver)
    db.session.commit()
    return run


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_every_step_it_still_publishes_exactly_once(city, power_list, second, after):
    def old_one_holds():
        assert queries.current(Subject.LIST, power_list.id, clock.today()).number == 1
        assert len(queries.revisions(Subject.LIST, power_list.id)) == 1

    for die_at in count(1):
        steps = Steps(old_one_holds, die_at, after=after)
        try:
            result = service.carry_out(second, steps)
        except KilledError:
            db.session.rollback()
            old_one_holds()
        else:
            break
    assert die_at > 4, "the preparation takes a step a row"
    # The last transaction is not committed yet: killed here, nothing is public either.
    db.session.rollback()
    old_one_holds()
    assert service.carry_out(second, Steps(old_one_holds)) == result == {"number": 2}
    db.session.commit()
    assert queries.current(Subject.LIST, power_list.id, clock.today()).number == 2
    assert rows(Revision) == 2
    assert rows(PublishedMatter) == 3 + 2
    assert rows(Answer) == (3 + 2) * 6
    assert db.session.get(Head, (Subject.LIST, power_list.id)).number == 2
    keys = db.session.scalars(select(Notice.key)).all()
    assert len(keys) == len(set(keys)) == 3 + 1


def test_a_publication_overtaken_before_it_begins_goes_back(city, power_list, second):
    proposal = db.session.get(service.Proposal, second.subject_id)
    taken = Revision(
        subject=Subject.LIST,
        subject_id=power_list.id,
        number=2,
        state=RevisionState.PUBLISHED,
        proposal_id=_another_proposal(proposal),
        title="别人的第2版",
        effective_on=clock.today(),
        hash="0" * 64,
    )
    db.session.add(taken)
    db.session.commit()
    with pytest.raises(Conflict):
        service.carry_out(second, Steps(lambda: None))
    assert (proposal.state, proposal.decision_note) == (ProposalState.RETURNED, service.RACED)
    assert rows(Revision) == 2


def test_a_publication_overtaken_at_the_last_moment_goes_back_and_leaves_no_rows(city, power_list, second):
    proposal = db.session.get(service.Proposal, second.subject_id)
    db.session.get(Head, (Subject.LIST, power_list.id)).number = 2
    db.session.commit()
    work_off()
    run = db.session.get(Run, second.id)
    assert (run.state, run.message) == (RunState.FAILED, service.RACED)
    assert proposal.state is ProposalState.RETURNED
    assert rows(Revision) == 1
    assert rows(PublishedMatter) == 3


def _another_proposal(like):
    other = service.Proposal(
        subject=like.subject,
        subject_id=like.subject_id,
        state=ProposalState.PUBLISHED,
        title=like.title,
        effective_on=like.effective_on,
        base_number=1,
        content_hash="0" * 64,
        proposed_by_id=like.proposed_by_id,
    )
    db.session.add(other)
    db.session.flush()
    return other.id


def test_what_cannot_be_published_at_all_can_be_sent_back(city, power_list, second, monkeypatch):
    def broken(*_):
        raise RuntimeError("the disk is full")

    proposal = db.session.get(service.Proposal, second.subject_id)
    with pytest.raises(Conflict):
        service.send_back(proposal.id, by=city.approver, note="还在公布")
    monkeypatch.setattr(lists_publishing, "_freeze", broken)
    work_off()
    assert db.session.get(Run, second.id).state is RunState.FAILED
    assert proposal.state is ProposalState.APPROVED
    with pytest.raises(Forbidden):
        service.send_back(proposal.id, by=city.editor, note="作业失败")
    service.send_back(proposal.id, by=city.approver, note="作业失败")
    assert proposal.state is ProposalState.RETURNED
    monkeypatch.undo()
    assert publish(city, power_list).number == 2
