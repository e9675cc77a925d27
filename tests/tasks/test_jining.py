"""The fifteen tasks of 济政字〔2021〕30号 as they ship: the document's words, its dates, and no alarm (K-1, T-7)."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.demo import DATA, bring_data
from portal import clock
from portal.foundation.deadlines.reminding.service import coming
from portal.foundation.organisations import service as organisations
from portal.foundation.places import service as places
from portal.foundation.places.queries import by_code
from portal.foundation.policies import service as policies
from portal.foundation.policies.service import by_number
from portal.oversight.tasks import queries, shipped
from portal.oversight.tasks.rules import Dating, TaskState

DATED = {
    "J2": [date(2021, 6, 30)],
    "J4": [date(2021, 7, 15), date(2021, 7, 31)],
    "J6": [date(2021, 6, 30)],
    "J8": [date(2021, 7, 31)],
    "J10": [date(2021, 6, 30)],
    "J13": [date(2021, 7, 31)],
    "J14": [date(2021, 7, 31)],
    "J15": [date(2021, 7, 31)],
}
"""The eight that state a date."""


@pytest.fixture
def fifteen(session):
    bring_data()
    return queries.ledger(by_number("济政字〔2021〕30号").id, clock.today())


def test_they_are_as_the_document_says(fifteen):
    assert [each.task.code for each in fifteen] == [f"J{number}" for number in range(1, 16)]
    text = (DATA / "policies" / "jining-2021-30.txt").read_text("utf-8")
    for each in fifteen:
        task = each.task
        assert task.words.startswith(f"{task.code[1:]}．{task.title}。")
        assert f"责任单位：{task.responsible}\n" in text
        named = task.responsible.split("牵头")[0] if "牵头" in task.responsible else ""
        assert "、".join(body.name for body in task.leads) == named
        for step in each.steps:
            assert f"{step.milestone.printed}，{step.milestone.text}" in task.words
    dates = {each.task.code: [step.deadline.due_on for step in each.steps] for each in fifteen}
    assert {code: days for code, days in dates.items() if days} == DATED
    assert {each.task.code for each in fifteen if each.task.dating is Dating.FIXED} == set(DATED)


def test_they_open_as_history_and_alarm_nobody(fifteen):
    assert {each.state for each in fifteen if each.steps} == {TaskState.HISTORY}
    assert {each.state for each in fifteen if not each.steps} == {TaskState.SILENT}
    assert coming(clock.today()) == []


def test_a_second_time_changes_nothing(fifteen, session):
    assert shipped.load(DATA) == 0
    assert not session.dirty


def test_a_document_that_the_office_entered_itself_is_left_to_it(session):
    places.load(DATA)
    organisations.load(DATA)
    city = by_code("370800")
    policies.add(city, by=None, number="济政字〔2021〕30号", title="意见", issuer="市政府", issued_on=None)
    assert shipped.load(DATA) == 0
