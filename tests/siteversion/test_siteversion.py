"""What counts as a change of the site: whatever the public can read, once a transaction, when it is committed."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from portal.db import db
from portal.foundation.places.models import Place
from portal.foundation.places.rules import Certainty, PlaceKind
from portal.foundation.places.service import add, change
from portal.foundation.siteversion import queries, service
from portal.foundation.siteversion.models import SHOWN
from tests.lists.making import make_city
from tests.publishing.test_races import at_once


@pytest.fixture
def city(session):
    made = make_city()
    session.commit()
    return made


def counted(act):
    """By how much the version rises when the act is committed."""
    before = queries.number()
    act()
    db.session.commit()
    return queries.number() - before


def rename(place, name="改了名"):
    change(place, name=name, note="", certainty=Certainty.HIGH, ended_on=place.ended_on, by=None)


def test_the_first_change_of_all_counts(session):
    assert queries.number() == 0
    assert counted(lambda: add(None, "某省", PlaceKind.PROVINCE, code="990000", by=None)) == 1


def test_a_place_counts_when_it_comes_changes_and_goes(city):
    assert counted(lambda: rename(city.county("莘县"))) == 1
    assert counted(lambda: add(city.place, "某镇", PlaceKind.TOWN, by=None)) == 1
    assert counted(lambda: db.session.delete(city.county("某镇"))) == 1
    assert counted(lambda: rename(city.county("改了名"))) == 0


def test_several_changes_of_one_transaction_count_once(city):
    place = city.county("莘县")

    def act():
        for name in ("甲县", "乙县"):
            rename(place, name)

    assert counted(act) == 1


def test_what_is_not_shown_does_not_count(city):
    def note():
        city.editor.name = "乙"

    assert counted(note) == 0
    assert type(city.editor) not in SHOWN


def test_a_statement_over_the_whole_table_counts(city):
    assert counted(lambda: db.session.execute(update(Place).values(note="x"))) == 1
    assert counted(lambda: db.session.execute(delete(Place).where(Place.code == "none"))) == 1


def test_what_is_taken_back_does_not_count(city):
    before = queries.number()
    rename(city.county("莘县"))
    db.session.flush()
    db.session.rollback()
    db.session.commit()
    assert queries.number() == before


def test_a_change_outside_a_savepoint_that_fails_still_counts(city):
    def act():
        rename(city.county("莘县"))
        nested = db.session.begin_nested()
        rename(city.county("茌平区"), "又改了")
        nested.rollback()

    assert counted(act) == 1


def test_a_change_inside_a_savepoint_counts_with_the_whole(city):
    def act():
        with db.session.begin_nested():
            rename(city.county("莘县"))
        assert queries.number() == before

    before = queries.number()
    assert counted(act) == 1


def test_nothing_is_counted_before_the_end(city):
    before = queries.number()
    service.changed()
    db.session.flush()
    assert queries.number() == before
    db.session.commit()
    assert queries.number() == before + 1


def test_those_who_change_at_once_are_all_counted_and_none_waits_for_ever(live):
    city = make_city()
    db.session.commit()
    before = queries.number()
    ids = [city.county(name).id for name in ("莘县", "茌平区", "临清市", "东昌府区")]

    def renamed(key):
        rename(db.session.get_one(Place, key), f"县{key}")

    assert at_once(live, *(lambda key=key: renamed(key) for key in ids)) == [None] * 4
    assert queries.number() == before + 4
