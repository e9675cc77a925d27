"""A city with its office and a list that is ready to be published."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.powers.lists.models import PowerList
from tests.fixtures import worlds
from tests.lists.making import City, make_city, make_list, row, take_over


@pytest.fixture
@worlds.kept
def city(session: Session) -> City:
    return make_city()


@pytest.fixture
@worlds.kept
def office(city: City) -> Organisation:
    return organisations.add(city.place, "聊城市政府办公室", kind=OrganisationKind.GOVERNMENT_OFFICE, by=None)


@pytest.fixture
@worlds.kept
def power_list(city: City, office: Organisation) -> PowerList:
    made = make_list(city)
    take_over(
        city,
        made,
        [row(1, "企业投资项目备案"), row(2, "典当业许可", mode="collection", mode_label="委托收件")],
    )
    return made
