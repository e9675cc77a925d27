"""Who may change places, groups, bodies and documents: a table over roles and verbs, asked at the verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from portal.errors import Forbidden
from portal.foundation.organisations import service as organisations
from portal.foundation.places import service as places
from portal.foundation.places.rules import Certainty, PlaceKind
from portal.foundation.policies import service as policies
from portal.foundation.rights.rules import Role
from tests.lists.making import make_city


@dataclass(frozen=True)
class Held:
    role: Role
    place_id: int | None = None
    organisation_id: int | None = None
    since: date = date(2000, 1, 1)
    until: date | None = None


@dataclass(frozen=True)
class Somebody:
    posts: tuple[Held, ...]
    active: bool = True


@pytest.fixture
def city(session):
    return make_city()


@pytest.fixture
def body(city):
    return organisations.add(city.place, "市气象局", by=None)


VERBS = {
    "add a county": lambda city, _body, by: places.add(city.place, "新县", PlaceKind.COUNTY, by=by),
    "add a town": lambda city, _body, by: places.add(city.county("莘县"), "朝城镇", PlaceKind.TOWN, by=by),
    "end a county": lambda city, _body, by: places.change(
        city.county("莘县"),
        by=by,
        name="莘县",
        note="",
        certainty=Certainty.HIGH,
        ended_on=date(2026, 1, 1),
    ),
    "group": lambda city, _body, by: places.set_group(city.place, "pilots", "试点", [], by=by),
    "add a body": lambda city, _body, by: organisations.add(city.place, "市地震局", by=by),
    "change a body": lambda _city, body, by: organisations.change(
        body, by=by, name="市气象局", kind=body.kind, uscc="", email=""
    ),
    "name a body": lambda _city, body, by: organisations.add_alias(body, "气象台", by=by),
    "name a body anew": lambda _city, body, by: organisations.set_aliases(body, ["气象台"], by=by),
    "add a document": lambda city, _body, by: policies.add(
        city.place, by=by, number="聊政发〔2026〕9号", title="通知", issuer="聊城市人民政府", issued_on=None
    ),
}
BODIES_AND_PLACES = frozenset(VERBS) - {"group", "add a document"}
ALLOWED = {
    Role.EDITOR: frozenset(VERBS),
    Role.APPROVER: frozenset(),
    Role.COUNTY_OFFICER: frozenset({"add a town"}),
    Role.ADMINISTRATOR: BODIES_AND_PLACES,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("verb", VERBS)
def test_who_may(city, body, role, verb):
    by = Somebody((Held(role, city.county("莘县").id if role is Role.COUNTY_OFFICER else None),))
    if verb in ALLOWED.get(role, frozenset()):
        VERBS[verb](city, body, by)
    else:
        with pytest.raises(Forbidden):
            VERBS[verb](city, body, by)


@pytest.mark.parametrize("verb", VERBS)
def test_a_closed_account_may_nothing(city, body, verb):
    with pytest.raises(Forbidden):
        VERBS[verb](city, body, Somebody((Held(Role.EDITOR),), active=False))


def test_a_county_officer_enters_towns_of_its_own_county_alone(city):
    officer = Somebody((Held(Role.COUNTY_OFFICER, city.county("莘县").id),))
    with pytest.raises(Forbidden, match="别的地方"):
        places.add(city.county("临清市"), "唐园镇", PlaceKind.TOWN, by=officer)


def test_a_county_officer_enters_no_town_without_a_county(city):
    officer = Somebody((Held(Role.COUNTY_OFFICER, city.county("莘县").id),))
    with pytest.raises(Forbidden):
        places.add(None, "朝城镇", PlaceKind.TOWN, by=officer)
