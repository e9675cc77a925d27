"""A city, one of its counties with the county's officer, and two towns of it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.foundation.rights.rules import Role
from portal.powers.uptakes import service
from portal.powers.uptakes.rules import read_towns
from tests.fixtures import worlds
from tests.lists.making import City, account, make_city


@pytest.fixture
@worlds.kept
def city(session: Session) -> City:
    return make_city()


@pytest.fixture
def shen(city):
    return city.county("莘县")


@pytest.fixture
def officer(shen):
    return account(Role.COUNTY_OFFICER, shen)


@pytest.fixture
def towns(shen, officer):
    return service.enter_towns(shen, read_towns(["朝城镇 371522103", "雁塔街道"]), by=officer)
