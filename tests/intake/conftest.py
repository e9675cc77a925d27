"""A city with an empty list to import into."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.powers.lists.models import PowerList
from tests.lists.making import City, make_city, make_list


@pytest.fixture
def city(session: Session) -> City:
    return make_city()


@pytest.fixture
def power_list(city: City) -> PowerList:
    return make_list(city)
