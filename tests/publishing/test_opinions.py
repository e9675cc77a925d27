"""Bodies asked before a list is put forward: by a day, once, and what an approver reads of it (P-5)."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest

from portal import clock
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines.rules import State
from portal.foundation.files.service import open_file
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.opinions import queries, service
from portal.foundation.publishing.opinions.rules import Stance, Standing, standing
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from tests.lists.making import account, change, publish, put_forward

TODAY = date(2026, 3, 2)
UNTIL = TODAY + timedelta(days=10)


@pytest.mark.parametrize(
    ("stance", "day", "expected"),
    [
        (None, UNTIL, Standing.WAITED),
        (None, UNTIL + timedelta(days=1), Standing.SILENT),
        (Stance.AGREE, UNTIL + timedelta(days=1), Standing.GIVEN),
    ],
)
def test_how_an_opinion_stands(stance, day, expected):
    assert standing(stance, UNTIL, day) is expected


@pytest.fixture
def bodies(city):
    return [
        organisations.add(city.county(name), f"{name}政府", kind=OrganisationKind.GOVERNMENT, by=None)
        for name in ("茌平区", "莘县")
    ]


@pytest.fixture
def asked(city, power_list, bodies, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    publish(city, power_list)
    change(city, power_list, "另行通知")
    return service.ask(Subject.LIST, power_list.id, bodies, UNTIL, by=city.editor, question="可以吗？")


def officer(city, name):
    return account(Role.COUNTY_OFFICER, city.county(name))


def test_each_body_owes_an_answer_by_the_day(asked, bodies):
    assert [each.organisation for each in asked.opinions] == bodies
    assert [each["fields"] for each in asked.difference["entries"]] == [{"remark": ["", "另行通知"]}]
    for opinion in asked.opinions:
        (owed,) = deadlines.of(queries.SUBJECT, opinion.id)
        assert (owed.kind, owed.due_on, owed.owed_by) == ("opinion", UNTIL, opinion.organisation)


def test_an_answer_is_given_once_with_its_file(city, asked):
    opinion = asked.opinions[0]
    by = officer(city, "茌平区")
    service.answer(opinion, Stance.OBJECT, "专业性太强", by=by, file=BytesIO(b"%PDF-1.4"), name="复函.pdf")
    assert (opinion.stance, opinion.words, opinion.answered_by) == (Stance.OBJECT, "专业性太强", by)
    with open_file(opinion.file) as kept:
        assert kept.read() == b"%PDF-1.4"
    (owed,) = deadlines.of(queries.SUBJECT, opinion.id)
    assert owed.state is State.FULFILLED
    with pytest.raises(Conflict):
        service.answer(opinion, Stance.AGREE, "", by=by)


def test_only_the_body_itself_answers(city, asked):
    for by in (officer(city, "莘县"), account(Role.AUDITOR), account(Role.ADMINISTRATOR)):
        with pytest.raises(Forbidden):
            service.answer(asked.opinions[0], Stance.AGREE, "", by=by)


@pytest.mark.parametrize("stance", [Stance.OBJECT, Stance.SUGGEST])
def test_an_objection_says_why(city, asked, stance):
    with pytest.raises(Refused):
        service.answer(asked.opinions[0], stance, " ", by=officer(city, "茌平区"))


def test_while_the_date_runs_it_is_not_put_forward_without_a_word(city, power_list, asked):
    with pytest.raises(Refused):
        put_forward(city, power_list)
    proposal = publishing.propose(
        Subject.LIST, power_list.id, by=city.editor, reason="试点", hurry="上级要求本周公布"
    )
    assert proposal.hurry == "上级要求本周公布"
    assert queries.rounds(proposal.subject, proposal.subject_id, proposal.base_number) == [asked]


def test_when_all_have_answered_nobody_is_waited_for(city, power_list, asked):
    for opinion, name in zip(asked.opinions, ("茌平区", "莘县"), strict=True):
        service.answer(opinion, Stance.AGREE, "", by=officer(city, name))
    assert publishing.propose(Subject.LIST, power_list.id, by=city.editor, hurry="不用写").hurry == ""


def test_after_the_date_silence_is_shown_and_a_late_answer_too(city, power_list, asked, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: UNTIL + timedelta(days=1))
    assert [each.standing for each in queries.said(asked.opinions, clock.today())] == [Standing.SILENT] * 2
    assert put_forward(city, power_list).hurry == ""
    service.answer(asked.opinions[0], Stance.AGREE, "", by=officer(city, "茌平区"))
    first, second = queries.said(asked.opinions, clock.today())
    assert (first.standing, first.late, second.standing) == (Standing.GIVEN, True, Standing.SILENT)


def test_publishing_ends_what_is_still_owed(city, power_list, asked, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: UNTIL + timedelta(days=1))
    publish(city, power_list)
    for opinion in asked.opinions:
        (owed,) = deadlines.of(queries.SUBJECT, opinion.id)
        assert owed.state is State.CANCELLED
    with pytest.raises(Conflict):
        service.answer(asked.opinions[0], Stance.AGREE, "", by=officer(city, "茌平区"))


def test_what_cannot_be_asked_is_refused(city, power_list, bodies, asked):
    ask = lambda chosen, until, by: service.ask(Subject.LIST, power_list.id, chosen, until, by=by)  # noqa: E731
    for chosen, until in (([], UNTIL), (bodies, TODAY), (bodies, TODAY + timedelta(days=400))):
        with pytest.raises(Refused):
            ask(chosen, until, city.editor)
    with pytest.raises(Forbidden):
        ask(bodies, UNTIL, city.approver)
    change(city, power_list, "")
    with pytest.raises(Refused):
        ask(bodies, UNTIL, city.editor)
