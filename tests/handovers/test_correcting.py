"""Terms that were written down wrongly are put right: what is owed is counted anew, what was said stays on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jobs.deadlines import remind
from jobs.handovers import open_plans
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines import service as verbs
from portal.foundation.deadlines.rules import EventKind, State, Terms
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.texts import said
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places import service as places
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from portal.powers.handovers import queries, service
from portal.powers.handovers.rules import Begin
from tests.lists.making import account

LAST = date(2026, 4, 1)


def terms(world):
    return queries.terms_of(world.power_list.id)[0]


def deadline(world):
    found = queries.deadline_of(world.plan())
    assert found is not None
    return found


def correct(world, right, **given):
    asked = {
        "counts_from": Begin.PUBLISHED,
        "basis": "《通知》二",
        "reason": "抄错了",
        "by": world.editor,
        **given,
    }
    seen = asked.pop("seen", len(queries.corrections(terms(world))))
    return service.correct_terms(terms(world), right, seen=seen, **asked)


def test_what_is_owed_is_counted_anew_written_down_and_told(owing, told):
    made = correct(owing, Terms.calendar(60), reason=" 应当是60天 ")
    assert (made.amount, made.reason, made.by) == (30, "应当是60天", owing.editor)
    assert queries.counted(terms(owing)) == Terms.calendar(60)
    assert (deadline(owing).due_on, deadline(owing).begins_on) == (date(2026, 5, 1), date(2026, 3, 2))
    event = deadlines.events(deadline(owing))[0]
    assert (event.kind, event.old_due, event.new_due) == (EventKind.CORRECTED, LAST, date(2026, 5, 1))
    assert (event.note, event.by) == ("应当是60天", owing.editor)
    assert told(owing.government) == ["请报送承接方案", "承接方案的期限有更正"]
    newest = db.session.query(Notice).order_by(Notice.id.desc()).first()
    assert said(newest, "zh_CN")[1] == (
        "《清单 liaocheng-2020》的承接方案，期限由2026年4月1日更正为2026年5月1日。原因：“应当是60天”。"
    )


def test_the_words_alone_move_nothing_and_tell_nobody(owing, told):
    correct(owing, Terms.calendar(30), basis="《通知》第三条")
    assert (deadline(owing).due_on, deadline(owing).basis) == (LAST, "《通知》第三条")
    assert deadlines.events(deadline(owing))[0].new_due is None
    assert told(owing.government) == ["请报送承接方案"]


def test_a_wrong_year_made_history_of_what_is_owed(world, told, frozen):
    world.ask(Terms.fixed(date(2021, 6, 30)))
    world.publish()
    assert deadline(world).history
    correct(world, Terms.fixed(date(2026, 3, 9)))
    assert (deadline(world).history, deadline(world).state) == (False, State.OPEN)
    assert told(world.government) == ["承接方案的期限有更正"]
    frozen.shift(timedelta(days=6))
    assert remind() == 1


def test_a_day_long_past_is_history_unless_a_person_has_opened_it_again(owing):
    correct(owing, Terms.fixed(date(2021, 6, 30)))
    assert deadline(owing).history
    verbs.reopen(deadline(owing), reason="还要交", by=owing.editor)
    correct(owing, Terms.fixed(date(2021, 7, 31)))
    assert (deadline(owing).history, deadline(owing).due_on) == (False, date(2021, 7, 31))


def test_from_another_day(owing):
    owing.city.policy.issued_on = date(2026, 2, 2)
    correct(owing, Terms.calendar(30), counts_from=Begin.ISSUED)
    assert (deadline(owing).begins_on, deadline(owing).due_on) == (date(2026, 2, 2), date(2026, 3, 4))
    correct(owing, Terms.calendar(30), counts_from=Begin.PUBLISHED)
    assert (deadline(owing).begins_on, deadline(owing).due_on) == (date(2026, 3, 2), LAST)


def test_what_was_granted_besides_holds_on(owing):
    verbs.extend(deadline(owing), days=10, reason="汛期", granted_by="市政府", by=owing.editor)
    correct(owing, Terms.calendar(60))
    assert deadline(owing).due_on == date(2026, 5, 11)


def test_a_filed_plan_runs_by_the_right_day_when_it_is_returned(owing, told):
    filing = owing.file()
    correct(owing, Terms.calendar(60))
    assert (deadline(owing).state, deadline(owing).due_on) == (State.FULFILLED, date(2026, 5, 1))
    assert told(owing.government) == ["请报送承接方案"]
    service.send_back(filing, reasons="不全", by=owing.approver)
    assert (deadline(owing).state, deadline(owing).due_on) == (State.OPEN, date(2026, 5, 1))


def test_what_is_accepted_or_waived_keeps_its_day(owing):
    verbs.waive(deadline(owing), reason="合并办理", by=owing.editor)
    correct(owing, Terms.calendar(60))
    assert (deadline(owing).state, deadline(owing).due_on) == (State.WAIVED, LAST)
    verbs.reopen(deadline(owing), reason="还是要报", by=owing.editor)
    service.accept(owing.file(), by=owing.approver)
    correct(owing, Terms.calendar(90))
    assert deadline(owing).due_on == LAST


def test_whoever_owes_later_owes_by_the_right_terms(owing):
    correct(owing, Terms.calendar(60))
    linqing = owing.city.county("临清市")
    organisations.add(linqing, "临清市人民政府", OrganisationKind.GOVERNMENT, by=None)
    assert open_plans() == 1
    assert queries.deadline_of(owing.plan(linqing)).due_on == date(2026, 5, 1)


def test_who_may_not_and_what_is_refused(owing):
    right = Terms.calendar(60)
    elsewhere = places.add(owing.city.place.parent, "济宁市", PlaceKind.CITY, code="370800", by=None)
    for by in (owing.officer, account(Role.EDITOR, elsewhere)):
        with pytest.raises(Forbidden):
            correct(owing, right, by=by)
    for given in ({"reason": " "}, {"basis": ""}):
        with pytest.raises(Refused):
            correct(owing, right, **given)
    with pytest.raises(Refused) as same:
        correct(owing, Terms.calendar(30))
    assert same.value.code == "same"
    with pytest.raises(Refused) as far:
        correct(owing, Terms.fixed(date(2099, 1, 1)))
    assert far.value.code == "far"


def test_of_two_who_put_it_right_the_second_is_told(owing):
    correct(owing, Terms.calendar(60), seen=0)
    with pytest.raises(Conflict):
        correct(owing, Terms.calendar(90), seen=0)
    assert deadline(owing).due_on == date(2026, 5, 1)
