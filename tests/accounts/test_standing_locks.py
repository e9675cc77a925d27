"""Two at one moment: whoever changes somebody's posts waits for whoever does so already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts import service as accounts
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import Appointment, Person
from portal.foundation.accounts.standing import service
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.places import service as places
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from tests.fixtures.people import somebody

IMPATIENT = {"sqlite": "PRAGMA busy_timeout = 0", "postgresql": "SET lock_timeout = '50ms'"}


@pytest.fixture
def impatient(live):
    """Who comes to a lock is refused instead of waiting: how fast the machine is says nothing."""

    def hurry(connection, *_):
        cursor = connection.cursor()
        cursor.execute(IMPATIENT[db.engine.dialect.name])
        cursor.close()

    event.listen(db.engine, "checkout", hurry)
    yield
    event.remove(db.engine, "checkout", hurry)


def test_every_verb_on_posts_waits_for_the_others(live, impatient):
    city = places.add(None, "聊城市", PlaceKind.CITY, code="371500", by=None)
    office = organisations.add(city, "市政府办公室", by=None)
    chief = somebody(Role.APPROVER, place=city, organisation=office)
    deputy = somebody(Role.DEPARTMENT_OFFICER, organisation=office)
    boss = somebody(Role.ADMINISTRATOR)
    db.session.add_all([chief, deputy, boss])
    db.session.flush()
    given = service.Naming(deputy, clock.today(), clock.today(), "休假")
    service.name(chief.posts[0], given, by=chief)
    db.session.commit()
    later = service.Naming(
        deputy, clock.today() + timedelta(days=5), clock.today() + timedelta(days=5), "休假"
    )
    verbs = (
        lambda: service.name(chief.posts[0], later, by=chief),
        lambda: service.come_back(deputy.posts[1], by=chief),
        lambda: accounts.end_post(chief.posts[0], last_day=clock.today(), by=boss),
        lambda: accounts.appoint(deputy, Appointment(Role.EDITOR, place=city), by=boss),
        lambda: accounts.change_account(boss, deputy, Person(deputy.login, "新名", active=False)),
    )
    for who in (chief.id, deputy.id):
        with db.engine.connect() as other:
            other.execute(select(Account.id).where(Account.id == who).with_for_update(key_share=True))
            for verb in verbs:
                with pytest.raises(OperationalError):
                    verb()
                db.session.rollback()
    for verb in verbs:
        verb()
        db.session.rollback()


def test_who_gives_a_post_waits_for_a_merger_with_empty_hands(live, impatient):
    """A merger cuts posts of people too: whoever held them and then waited for the place would wait for ever."""
    city = places.add(None, "聊城市", PlaceKind.CITY, code="371500", by=None)
    office = organisations.add(city, "市政府办公室", by=None)
    deputy, boss = somebody(Role.DEPARTMENT_OFFICER, organisation=office), somebody(Role.ADMINISTRATOR)
    db.session.add_all([deputy, boss])
    db.session.commit()
    newcomer = Person("newcomer", "甲")
    for there, given in (
        (Place, Appointment(Role.EDITOR, place=city)),
        # A place that ends takes its bodies along, without keeping each of them first.
        (Place, Appointment(Role.REGULATOR, organisation=office)),
        (Organisation, Appointment(Role.REGULATOR, organisation=office)),
    ):
        for verb in (
            lambda given=given: accounts.appoint(deputy, given, by=boss),
            lambda given=given: accounts.create_account(boss, newcomer, given),
        ):
            assert "FOR NO KEY UPDATE" not in asked_until_refused(there, verb)
            verb()
            db.session.rollback()


def asked_until_refused(table, verb):
    """Every statement of a verb that comes to rows of this table which somebody else keeps."""
    asked = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    with db.engine.connect() as other:
        other.execute(select(table.id).with_for_update())
        event.listen(db.engine, "before_cursor_execute", note)
        with pytest.raises(OperationalError):
            verb()
        db.session.rollback()
        event.remove(db.engine, "before_cursor_execute", note)
    return "\n".join(asked)


def test_nobody_gets_a_post_where_all_has_ended(live):
    """Also one that ended while the form was open: whether it has is read anew."""
    city = places.add(None, "聊城市", PlaceKind.CITY, code="371500", by=None)
    office = organisations.add(city, "市政府办公室", by=None)
    boss = somebody(Role.ADMINISTRATOR)
    db.session.add(boss)
    db.session.commit()
    assert office.ended_on is None
    with db.engine.begin() as other:
        other.execute(update(Organisation).values(ended_on=clock.today()))
    with pytest.raises(Refused, match="市政府办公室”已经撤销") as refused:
        accounts.appoint(boss, Appointment(Role.REGULATOR, organisation=office), by=boss)
    assert refused.value.code == "organisation"
