"""A city with its office, and a list with matters of two departments that holds from 2 March 2026."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.foundation.accounts.models import Account
from portal.foundation.deadlines.models import Deadline
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.rights.rules import Role
from portal.powers.lists.models import PowerList
from portal.powers.reviews import queries, service
from portal.powers.reviews.models import Review
from tests.fixtures import worlds
from tests.lists.making import City, account, make_city, make_list, publish, row, take_over


@dataclass
class World:
    """Everybody concerned; `due()` is what 市商务局 has to file, with its deadline."""

    city: City
    power_list: PowerList
    office: Organisation
    commerce: Organisation
    police: Organisation
    officer: Account
    stranger: Account

    @property
    def editor(self) -> Account:
        return self.city.editor

    def publish(self, day: date | None = None) -> None:
        publish(self.city, self.power_list, day)

    def due(self, unit: Organisation | None = None) -> tuple[Review, Deadline]:
        review = queries.due_of(self.power_list.id)[(unit or self.commerce).id]
        return review, queries.deadlines_of([review])[review.id]

    def file(self, by: Account | None = None, **said: Any) -> Review:
        return service.file(self.due()[0], said.pop("said", {}), by=by or self.officer, **said)

    def matter(self, name: str) -> int:
        return next(each.matter_id for each in queries.matters(self.due()[0]) if each.name == name)


@pytest.fixture
@worlds.kept
def world(session: Session, frozen: object) -> World:
    city = make_city()
    office = organisations.add(city.place, "市政府办公室", OrganisationKind.GOVERNMENT_OFFICE, by=None)
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "甲"), row(2, "乙", department="市公安局"), row(3, "丙")])
    officer = account(Role.COUNTY_OFFICER, city.place)
    officer.posts[0].organisation = city.departments["市商务局"]
    stranger = account(Role.COUNTY_OFFICER, city.place)
    stranger.posts[0].organisation = city.departments["市公安局"]
    session.flush()
    commerce, police = city.departments["市商务局"], city.departments["市公安局"]
    return World(city, power_list, office, commerce, police, officer, stranger)


@pytest.fixture
@worlds.kept
def owing(world: World) -> World:
    """The list is public, and the schedule has had its turn: both departments owe a review by 2 March 2027."""
    from jobs.reviews import open_reviews

    world.publish()
    assert open_reviews() == 2
    return world


Notices = Callable[[Organisation], list[str]]


@pytest.fixture
def told(session: Session) -> Notices:
    """`told(body)`: what its notices about reviews say, the oldest first, filled in."""
    from portal.foundation.notifications.models import Notice
    from portal.foundation.notifications.texts import said

    def bodies(body: Organisation) -> list[str]:
        found = session.query(Notice).filter(Notice.organisation_id == body.id, Notice.event.like("review:%"))
        return [said(each, "zh_CN")[1] for each in found.order_by(Notice.id)]

    return bodies
