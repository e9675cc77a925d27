"""What passes on where the successor has its own already, or stands beside a group of another kind."""

from portal import clock
from portal.foundation.organisations import queries as bodies
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import OrganisationAlias
from portal.foundation.places import service as tree
from portal.foundation.places.models import PlaceGroup
from portal.foundation.places.rules import PlaceKind
from portal.foundation.reorganisations import service
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.reviews.models import Review
from portal.powers.reviews.rules import ReviewState
from tests.lists.making import make_list


def known_as(body, name):
    body.aliases.append(OrganisationAlias(place_id=body.place_id, name=name))


def test_other_names_go_along_within_a_place_and_none_stays_behind(world, session):
    known_as(world.police, "县公安局")
    known_as(world.bureau, "县审批局")
    session.flush()
    service.end(world.police, [world.bureau], world.decided(), by=world.editor)
    assert bodies.named(world.xin, "县公安局") is world.bureau
    service.end(world.bureau, [], world.decided(), by=world.editor)
    assert session.query(OrganisationAlias).filter_by(place_id=world.xin.id).all() == []


def test_a_review_that_is_due_takes_the_next_number_of_the_successor(world, session):
    power_list = make_list(world.city, slug="reviewed")

    def review(body, number, state=ReviewState.DUE):
        filed = clock.now() if state is ReviewState.FILED else None
        return Review(
            list_id=power_list.id,
            organisation_id=body.id,
            number=number,
            state=state,
            begins_on=world.today,
            filed_at=filed,
        )

    due = review(world.police, 1)
    # What the police filed before bears the number that the review takes at the bureau.
    session.add_all([due, review(world.police, 2, ReviewState.FILED)])
    session.add(review(world.bureau, 1, ReviewState.FILED))
    session.flush()
    service.end(world.police, [world.bureau], world.decided(), by=world.editor)
    assert (due.organisation_id, due.number) == (world.bureau.id, 2)


def test_a_successor_keeps_its_own_receiver_for_a_matter(world, session):
    other = organisations.add(world.guan, "茌平区公安局", by=None)
    matter_id = world.duty.matter_id
    own = Duty(place_id=world.guan.id, matter_id=matter_id, role=DutyRole.RECEIVER, organisation_id=other.id)
    session.add(own)
    session.flush()
    made = service.end(world.xin, [world.guan], world.decided(), by=world.editor)
    assert session.query(Duty).filter_by(matter_id=matter_id, role=DutyRole.RECEIVER).all() == [own]
    assert {"label": "本地的承接和监管职责", "count": 1, "to": "", "to_id": None} in made.moved


def test_a_county_joins_no_group_of_zones_and_none_of_what_ended(world, session):
    zone = tree.add(world.city.place, "某新区", PlaceKind.ZONE, by=None)
    zones = PlaceGroup(parent_id=world.city.place.id, key="trial-zones", name="各功能区", members=[zone])
    counties = PlaceGroup(parent_id=world.city.place.id, key="trial", name="试点", members=[world.xin])
    own = PlaceGroup(parent_id=world.xin.id, key="own", name="莘县各地", members=[world.xin])
    session.add_all([zones, counties, own])
    session.flush()
    service.end(zone, [world.guan], world.decided(), by=world.editor)
    service.end(world.xin, [world.guan], world.decided(), by=world.editor)
    for group in (zones, counties, own):
        session.refresh(group)
    assert (zones.members, counties.members, own.members) == ([], [world.guan], [])
