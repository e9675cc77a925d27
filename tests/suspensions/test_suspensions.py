"""A matter that is stopped at once: said on its page, told, owed, and settled by an adjustment (P-3, P-5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines.rules import State
from portal.foundation.notifications.models import Notice
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import queries as queries_of
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Nature, Subject
from portal.powers.lists import service as lists
from portal.powers.lists.rules import Mode
from portal.powers.suspensions import queries, service
from tests.fixtures import worlds
from tests.lists.making import change, make_city, make_list, publish, row, take_over


@pytest.fixture
@worlds.kept
def city(session):
    made = make_city()
    organisations.add(made.place, "聊城市政府办公室", kind=OrganisationKind.GOVERNMENT_OFFICE, by=None)
    return made


@pytest.fixture
@worlds.kept
def published(city):
    made = make_list(city)
    take_over(city, made, [row(1, "企业投资项目备案"), row(2, "典当业许可")])
    publish(city, made)
    return made


def until():
    return clock.today() + timedelta(days=20)


def stop(city, power_list, **said):
    given = {"seq": 1, "reason": "法律依据已经废止", "until": until(), "by": city.approver, **said}
    return service.suspend(power_list, given.pop("seq"), given.pop("reason"), given.pop("until"), **given)


def page(client, power_list, matter_id):
    return client.get(f"/lists/{power_list.slug}/matters/{matter_id}").text


def test_it_is_said_at_once_told_and_owed(city, published, client):
    made = stop(city, published)
    assert "法律依据已经废止" in page(client, published, made.matter_id)
    assert "企业投资项目备案" in client.get("/changes").text
    assert "Stopped" in client.get(f"/lists/{published.slug}/matters/{made.matter_id}?lang=en").text
    (owed,) = deadlines.of(queries.SUBJECT, made.id)
    assert (owed.kind, owed.fixed_on) == ("suspension", until())
    told = db.session.query(Notice).filter(Notice.key.startswith("suspension:")).all()
    assert [each.organisation.name for each in told] == ["市商务局"]
    with pytest.raises(Conflict):
        stop(city, published)


def test_an_adjustment_that_touches_it_settles_it(city, published, client):
    made = stop(city, published)
    change(city, published, "只改备注")
    publish(city, published)
    assert made.ended_on is None
    lists.remove_delegation(published.delegations[0], by=city.editor)
    revision = publish(city, published)
    assert (made.ended_on, made.revision_number) == (revision.effective_on, revision.number)
    (owed,) = deadlines.of(queries.SUBJECT, made.id)
    assert owed.state is State.FULFILLED
    assert queries.live(clock.today()) == []
    assert "紧急停办的事项" not in client.get("/changes").text


def close(city, revision):
    publishing.ask_closing(revision.id, by=city.editor, reason="误发")
    publishing.close(revision.id, by=city.approver)


def withdrawn(city, power_list, day=None):
    lists.remove_delegation(power_list.delegations[0], by=city.editor)
    return publish(city, power_list, day)


def test_closing_what_settled_it_brings_it_back(city, published, client):
    made = stop(city, published)
    settling = withdrawn(city, published)
    close(city, settling)
    assert (made.ended_on, made.revision_number) == (None, None)
    assert "法律依据已经废止" in page(client, published, made.matter_id)
    (owed,) = deadlines.of(queries.SUBJECT, made.id)
    assert owed.state is State.OPEN
    with pytest.raises(Conflict):
        stop(city, published)


def told_again(made):
    wanted = Notice.key.startswith(f"suspension:{made.id}:back-")
    return [
        (each.organisation.name, each.values["number"])
        for each in db.session.query(Notice).filter(wanted).order_by(Notice.id)
    ]


def test_each_return_is_told_once(city, published):
    made = stop(city, published)
    published.delegations[0].mode = Mode.WINDOW
    first = publish(city, published)
    assert told_again(made) == []
    close(city, first)
    assert told_again(made) == [("市商务局", first.number)]
    second = withdrawn(city, published)
    assert told_again(made) == [("市商务局", first.number)]
    close(city, second)
    assert told_again(made) == [("市商务局", first.number), ("市商务局", second.number)]


def test_a_later_revision_keeps_it_settled_when_the_first_is_closed(city, published):
    made = stop(city, published)
    soon = clock.today() + timedelta(days=10)
    published.delegations[0].mode = Mode.WINDOW
    first = publish(city, published, soon)
    assert made.ended_on == soon
    change(city, published, "随后又改")
    second = publish(city, published)
    assert (made.ended_on, made.revision_number) == (second.effective_on, first.number)
    close(city, first)
    assert (made.ended_on, made.revision_number) == (second.effective_on, second.number)
    close(city, second)
    assert made.ended_on is None


def test_what_is_stopped_again_until_a_later_day_is_told(city, published):
    made = stop(city, published)
    published.delegations[0].mode = Mode.WINDOW
    first = publish(city, published)
    published.delegations[0].mode = Mode.REVIEW
    publish(city, published, clock.today() + timedelta(days=10))
    close(city, first)
    assert made.ended_on == clock.today() + timedelta(days=10)
    assert told_again(made) == [("市商务局", first.number)]


def test_what_was_stopped_again_meanwhile_is_not_stopped_twice(city, published):
    first = stop(city, published)
    published.delegations[0].mode = Mode.WINDOW
    settling = publish(city, published)
    second = stop(city, published)
    close(city, settling)
    assert (first.ended_on, second.ended_on) == (settling.effective_on, None)
    assert list(queries.live(clock.today())) == [second]


def test_one_that_a_revision_to_come_will_end_lasts_until_then(city, published):
    made = stop(city, published)
    settling = withdrawn(city, published, clock.today() + timedelta(days=10))
    with pytest.raises(Conflict):
        stop(city, published)
    service.lift(made, "查明了", by=city.approver)
    assert (made.ended_on, made.revision_number) == (clock.today(), None)
    close(city, settling)
    assert made.ended_on == clock.today(), "an approver let it go on; no revision brings it back"


def test_a_corrected_name_does_not_settle_it(city, published):
    made = stop(city, published)
    published.delegations[0].matter.name = "企业投资项目备案（勘误）"
    proposal = publishing.propose(
        Subject.LIST, published.id, by=city.editor, reason="写错了字", nature=Nature.ERRATUM
    )
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    assert queries_of.head_number(Subject.LIST, published.id) == 2
    assert made.ended_on is None


def test_an_approver_lets_it_go_on(city, published, client):
    made = stop(city, published)
    with pytest.raises(Refused):
        service.lift(made, " ", by=city.approver)
    with pytest.raises(Forbidden):
        service.lift(made, "查明了", by=city.editor)
    service.lift(made, "查明了", by=city.approver)
    assert "法律依据已经废止" not in page(client, published, made.matter_id)
    with pytest.raises(Conflict):
        service.lift(made, "查明了", by=city.approver)


def test_what_cannot_be_stopped_is_refused(city, published):
    with pytest.raises(Forbidden):
        stop(city, published, by=city.editor)
    for said in (
        {"seq": 9},
        {"reason": " "},
        {"until": clock.today()},
        {"until": clock.today() + timedelta(days=91)},
    ):
        with pytest.raises(Refused):
            stop(city, published, **said)


def test_what_lasts_in_ones_own_lists_comes_first_however_many_others_there_are(city, published):
    made = stop(city, published)
    for seq, ended in ((2, True), (2, False)):
        later = stop(city, published, seq=seq)
        if ended:
            service.lift(later, "查明了", by=city.approver)
    own = frozenset({city.place.id})
    assert list(queries.newest(own, 2)) == [later, made]
    assert len(queries.newest(None)) == 3
    assert queries.newest(frozenset({city.county("临清市").id})) == []
