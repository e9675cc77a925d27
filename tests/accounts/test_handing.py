"""What a person who leaves has in hand passes to another of the body."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Forbidden, Refused
from portal.foundation.accounts.handing import queries
from portal.foundation.accounts.handing.service import hand_on
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.registry import DeadlineKind
from portal.foundation.deadlines.rules import Terms
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from tests.fixtures.people import somebody
from tests.lists.making import City, hand_in, row

KIND = DeadlineKind("handing-test", "测试")


@pytest.fixture
def city(session: Session) -> Place:
    city = Place(code="371500", name="聊城市", kind=PlaceKind.CITY)
    session.add(city)
    session.flush()
    return city


@pytest.fixture
def commerce(session: Session, city: Place) -> Organisation:
    body = Organisation(name="市商务局", place=city)
    session.add(body)
    session.flush()
    return body


@pytest.fixture
def hired(session: Session):
    def hire(role: Role, **more: object) -> Account:
        account = somebody(role, **more)
        session.add(account)
        session.flush()
        return account

    return hire


def owed(body: Organisation, person: Account, number: int = 1) -> Deadline:
    return deadlines.open(
        KIND,
        subject=("test", number),
        owed_by=body,
        person=person,
        title="报方案",
        begin=clock.today(),
        terms=Terms.calendar(30),
        by=None,
    )


def test_everything_of_the_body_passes_on_and_nothing_else(session, city, commerce, hired):
    police = Organisation(name="市公安局", place=city)
    session.add(police)
    leaver = hired(Role.DEPARTMENT_OFFICER, organisation=commerce)
    successor = hired(Role.DEPARTMENT_OFFICER, organisation=commerce)
    administrator = hired(Role.ADMINISTRATOR)
    own, done, other = owed(commerce, leaver), owed(commerce, leaver, 2), owed(police, leaver, 3)
    deadlines.fulfil(done, on=clock.today(), by=leaver)
    leaver.posts[0].until = date(2020, 1, 1)
    assert leaver in queries.people(administrator)
    assert queries.in_hand(leaver, administrator) == {"写明由本人办的时限": 1, "还没有并入清单的导入": 0}
    assert hand_on(leaver, successor, by=administrator) == 1
    # What was done stays in the name of whoever did it; another body's is not this body's to give.
    assert [each.person for each in (own, done, other)] == [successor, leaver, leaver]


def test_an_upload_that_is_still_open_goes_along(city, commerce, hired):
    editor = hired(Role.EDITOR, organisation=commerce, place=city)
    colleague = hired(Role.EDITOR, organisation=commerce, place=city)
    table = hand_in(City(city, None, editor, editor, {}), [row(1, "甲")])
    assert hand_on(editor, colleague, by=colleague) == 1
    assert table.upload.created_by_id == colleague.id


def test_who_may_not_and_to_whom_not(session, city, commerce, hired):
    elsewhere = Place(code="370800", name="济宁市", kind=PlaceKind.CITY)
    session.add(elsewhere)
    session.flush()
    leaver = hired(Role.DEPARTMENT_OFFICER, organisation=commerce)
    successor = hired(Role.DEPARTMENT_OFFICER, organisation=commerce)
    stranger = hired(Role.EDITOR, place=elsewhere)
    editor = hired(Role.EDITOR, place=city)
    with pytest.raises(Forbidden):
        hand_on(leaver, successor, by=successor)
    for to, by in ((successor, stranger), (leaver, editor), (editor, editor)):
        with pytest.raises(Refused, match="同一个单位"):
            hand_on(leaver, to, by=by)
    successor.active = False
    with pytest.raises(Refused):
        hand_on(leaver, successor, by=editor)
