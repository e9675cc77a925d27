"""A county chooses for its towns, and makes it public in its own statement (D-10)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.notifications.models import Notice
from portal.foundation.organisations import queries as bodies
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places import service as places
from portal.foundation.places.rules import PlaceKind
from portal.foundation.publishing import queries as publishing_queries
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.lists.rules import Mode
from portal.powers.points import service as points
from portal.powers.points.models import PointKind
from portal.powers.uptakes import queries, service, snapshot
from portal.powers.uptakes.rules import compare_items
from tests.lists.making import account, make_list, row, take_over

BASIS = "莘政发1号"


@pytest.fixture
def power_list(city):
    made = make_list(city)
    take_over(
        city, made, [row(1, "甲", mode="undetermined"), row(2, "乙"), row(3, "丙", mode="undetermined")]
    )
    return made


@pytest.fixture
def matters(power_list):
    return [each.matter for each in power_list.delegations]


def make_public(city, place, by=None):
    proposal = publishing.propose(Subject.UPTAKE, place.id, by=by or city.editor)
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    return publishing_queries.newest(Subject.UPTAKE, place.id)


def name_centre(place, matter, by):
    """A receiver that is no administrative organ."""
    centre = organisations.add(place, f"{place.name}便民服务中心", OrganisationKind.SERVICE_CENTRE, by=None)
    return duties.set_duty(place, matter, DutyRole.RECEIVER, centre, by=by)


# Choosing for towns


def test_a_county_chooses_for_one_town_or_for_all(shen, officer, towns, power_list, matters):
    town, other = towns
    service.choose(town, power_list, matters[0], Mode.WINDOW, by=officer, basis=BASIS)
    assert [each.name for each in queries.not_chosen(power_list, town)] == ["丙"]
    assert [each.name for each in queries.not_chosen(power_list, other)] == ["甲", "丙"]
    service.choose(shen, power_list, matters[2], Mode.DIRECT, by=officer)
    assert queries.not_chosen(power_list, town) == []
    assert [each.name for each in queries.not_chosen(power_list, other)] == ["甲"]
    assert [each.name for each in queries.not_chosen(power_list, shen)] == ["甲"]
    said = snapshot.statement(shen)["choices"]
    assert [(each["matter"], each.get("town"), each.get("town_code"), each["mode"]) for each in said] == [
        ("甲", "朝城镇", "371522103", "window"),
        ("丙", None, None, "direct"),
    ]
    assert snapshot.statement(town)["choices"] == []


def test_many_matters_and_towns_are_chosen_for_at_once(shen, officer, towns, power_list, matters):
    open_ones = [matters[0], matters[2]]
    service.choose(towns[0], power_list, matters[0], Mode.REVIEW, by=officer)
    assert service.choose_many(power_list, towns, open_ones, Mode.WINDOW, by=officer, basis=BASIS) == 3
    modes = {(each.place.name, each.matter.name): each.mode for each in queries.choices_of(shen)}
    assert modes[("朝城镇", "甲")] is Mode.REVIEW
    assert list(modes.values()).count(Mode.WINDOW) == 3
    again = {"by": officer, "only_missing": False}
    assert service.choose_many(power_list, [shen, *towns], open_ones, Mode.DIRECT, **again) == 6
    assert {each.mode for each in queries.choices_of(shen)} == {Mode.DIRECT}
    with pytest.raises(Conflict):
        service.choose_many(power_list, towns, matters, Mode.WINDOW, by=officer)
    with pytest.raises(Refused):
        service.choose_many(power_list, towns, open_ones, Mode.UNDELEGATED, by=officer)


def test_a_town_does_not_choose_for_itself_and_no_county_for_anothers(city, shen, towns, power_list, matters):
    of_town, neighbour = (
        account(Role.COUNTY_OFFICER, towns[0]),
        account(Role.COUNTY_OFFICER, city.county("临清市")),
    )
    for by in (of_town, neighbour):
        with pytest.raises(Forbidden):
            service.choose(towns[0], power_list, matters[0], Mode.WINDOW, by=by)
        with pytest.raises(Forbidden):
            service.choose_many(power_list, towns, [matters[0]], Mode.WINDOW, by=by)
    assert queries.choices_of(shen) == []


def test_only_towns_of_the_lists_places_are_chosen_for(city, shen, officer, towns, matters):
    zones = make_list(city, "zones-only", scope="zones")
    take_over(city, zones, [row(1, "丁", mode="undetermined")])
    for place in (shen, towns[0]):
        with pytest.raises(Refused):
            service.choose(place, zones, zones.delegations[0].matter, Mode.WINDOW, by=officer)


def test_where_the_list_has_decided_for_the_county_its_towns_do_not_choose(
    officer, towns, power_list, matters
):
    with pytest.raises(Conflict):
        service.choose(towns[0], power_list, matters[1], Mode.WINDOW, by=officer)


def test_a_list_that_reaches_towns_themselves_is_chosen_for_by_each(
    city, shen, towns, officer, power_list, matters
):
    """As in Shanting: the towns are the list's own places, although the county above is another list's."""
    group = places.set_group(shen, "towns", "各镇", list(towns), by=None)
    own = make_list(city, "towns-only")
    take_over(city, own, [row(1, "戊", mode="undetermined")])
    own.place, own.scope = shen, group
    matter = own.delegations[0].matter
    service.choose(towns[0], own, matter, Mode.WINDOW, by=account(Role.COUNTY_OFFICER, towns[0]))
    service.choose(towns[0], power_list, matters[0], Mode.REVIEW, by=officer)
    assert [each.matter.name for each in queries.choices_of(towns[0])] == ["戊"]
    assert [each.matter.name for each in queries.choices_of(shen)] == ["甲"]
    assert "town" not in snapshot.statement(towns[0])["choices"][0]


def test_while_the_countys_statement_waits_nothing_is_chosen_for_its_towns(
    city, shen, officer, towns, power_list, matters
):
    service.choose(towns[0], power_list, matters[0], Mode.WINDOW, by=officer)
    publishing.propose(Subject.UPTAKE, shen.id, by=officer)
    with pytest.raises(Conflict):
        service.choose(towns[1], power_list, matters[0], Mode.WINDOW, by=officer)
    # The town's own receivers are another statement.
    body = bodies.named(towns[1], "雁塔街道办事处")
    assert duties.set_duty(towns[1], matters[0], DutyRole.RECEIVER, body, by=officer).place is towns[1]


def test_regulators_of_a_town_come_from_every_level_above(city, towns, officer, shen, matters):
    above = organisations.add(shen, "莘县商务局", by=None)
    for body in (above, city.departments["市商务局"]):
        assert duties.set_duty(towns[0], matters[0], DutyRole.REGULATOR_CITY, body, by=officer)
    own = bodies.named(towns[0], "朝城镇人民政府")
    with pytest.raises(Refused):
        duties.set_duty(towns[0], matters[0], DutyRole.REGULATOR_CITY, own, by=officer)


@pytest.fixture
def zone_town(shen):
    """A town two levels below the county: in the county's own development zone."""
    zone = places.add(shen, "莘县经济开发区", PlaceKind.ZONE, by=None)
    return places.add(zone, "莘州街道", PlaceKind.TOWN, by=None)


def test_a_town_in_a_countys_own_zone_is_the_countys_too(
    city, shen, officer, zone_town, towns, power_list, matters
):
    assert service.choose(zone_town, power_list, matters[0], Mode.WINDOW, by=officer)
    assert snapshot.statement(shen)["choices"][0]["town_code"] == zone_town.code
    every = [*towns, zone_town.parent, zone_town]
    assert sorted(each.name for each in queries.chosen_for(power_list, shen, clock.today())) == sorted(
        each.name for each in every
    )
    service.choose(shen, power_list, matters[2], Mode.ENTRUSTED, by=officer)
    name_centre(zone_town, matters[2], officer)
    for place in (shen, zone_town):
        with pytest.raises(Refused, match="不是行政机关"):
            publishing.propose(Subject.UPTAKE, place.id, by=officer)


def test_a_county_does_not_choose_for_a_town_that_the_same_list_names(
    city, shen, officer, towns, power_list, matters
):
    town, other = towns
    for each in towns:
        organisations.add(each, "政务服务科", OrganisationKind.GOVERNMENT, by=None)
    power_list.scope.members.append(town)
    assert queries.chosen_for(power_list, shen, clock.today()) == [other]
    service.choose(shen, power_list, matters[0], Mode.DIRECT, by=officer)
    service.choose(town, power_list, matters[0], Mode.WINDOW, by=officer)
    assert [each.place for each in queries.choices_of(shen)] == [shen]
    assert [each.place for each in queries.choices_of(town)] == [town]
    make_public(city, shen, officer)
    assert {each.organisation.place for each in db.session.scalars(select(Notice))} == {other}


# What is made public


def test_the_public_reads_the_towns_choice_else_the_one_for_all(
    city, shen, officer, towns, power_list, matters
):
    service.choose(shen, power_list, matters[0], Mode.DIRECT, by=officer)
    service.choose(towns[0], power_list, matters[0], Mode.WINDOW, by=officer, basis=BASIS)
    make_public(city, shen, officer)
    said = queries.statement(shen.id, clock.today())
    of = (power_list.id, matters[0].id)
    assert said.choice(*of) is Mode.DIRECT
    assert said.choice(*of, "371522103") is Mode.WINDOW
    assert said.choice(*of, towns[1].code) is Mode.DIRECT
    assert said.choice(power_list.id, matters[2].id, towns[1].code) is None


def test_a_statement_from_before_there_were_towns_is_still_read(
    city, shen, officer, towns, power_list, matters
):
    service.choose(shen, power_list, matters[0], Mode.DIRECT, by=officer)
    revision = make_public(city, shen, officer)
    assert set(revision.content["choices"][0]) == {"list_id", "list", "matter_id", "matter", "mode", "basis"}
    with pytest.raises(Refused, match="没有可送审的改动"):
        publishing.propose(Subject.UPTAKE, shen.id, by=officer)


def test_the_difference_tells_towns_apart(city, shen, officer, towns, power_list, matters):
    for town in towns:
        service.choose(town, power_list, matters[0], Mode.WINDOW, by=officer)
    make_public(city, shen, officer)
    service.choose(towns[0], power_list, matters[0], Mode.DIRECT, by=officer)
    service.choose(towns[1], power_list, matters[0], None, by=officer)
    entries = make_public(city, shen, officer).difference["entries"]
    told = [(each["change"], each.get("is", each.get("was"))["town"]) for each in entries]
    assert told == [("changed", "朝城镇"), ("withdrawn", "雁塔街道")]


def test_the_bodies_of_towns_are_told_what_was_chosen_for_them(
    city, shen, officer, towns, power_list, matters
):
    service.choose(towns[0], power_list, matters[0], Mode.WINDOW, by=officer)
    make_public(city, shen, officer)
    assert [each.organisation.name for each in db.session.scalars(select(Notice))] == ["朝城镇人民政府"]
    service.choose(shen, power_list, matters[2], Mode.DIRECT, by=officer)
    make_public(city, shen, officer)
    told = [each.organisation.name for each in db.session.scalars(select(Notice).order_by(Notice.id))]
    assert sorted(told[1:]) == ["朝城镇人民政府", "雁塔街道办事处"]


def test_two_points_of_one_name_stay_two(city, shen, officer):
    said = {
        "place": shen,
        "kind": PointKind.BANK,
        "hours": "",
        "phone": "",
        "organisation": None,
        "by": officer,
    }
    one = points.save(None, name="便民点", address="南街", **said)
    points.save(None, name="便民点", address="北街", **said)
    assert make_public(city, shen, officer).difference["added"] == 2
    points.remove(one, by=officer)
    difference = make_public(city, shen, officer).difference
    assert [(each["change"], each["was"]["address"]) for each in difference["entries"]] == [
        ("withdrawn", "南街")
    ]


def test_items_of_one_key_are_paired_in_their_order():
    was = [{"n": "a", "v": 1}, {"n": "a", "v": 2}, {"n": "b", "v": 3}]
    now = [{"n": "a", "v": 2}, {"n": "a", "v": 4}, {"n": "c", "v": 3}]
    assert list(compare_items(was, now, lambda item: item["n"])) == [
        ("changed", {"was": {"n": "a", "v": 1}, "is": {"n": "a", "v": 4}}),
        ("added", {"is": {"n": "c", "v": 3}}),
        ("withdrawn", {"was": {"n": "b", "v": 3}}),
    ]


ITEMS = st.lists(st.fixed_dictionaries({"n": st.sampled_from("ab"), "v": st.integers(0, 2)}), max_size=5)


@given(ITEMS, ITEMS)
@settings(max_examples=80)
def test_a_difference_leads_from_one_state_to_the_other(was, now):
    left = list(was)
    for change, items in compare_items(was, now, lambda item: item["n"]):
        if change != "added":
            left.remove(items["was"])
        if change != "withdrawn":
            left.append(items["is"])
    assert Counter(map(_pair, left)) == Counter(map(_pair, now))


def _pair(item):
    return item["n"], item["v"]


@pytest.mark.parametrize("first", ["choice", "receiver"])
def test_entrusting_a_town_takes_an_administrative_organ_whoever_comes_last(
    city, shen, officer, towns, power_list, matters, first
):
    town = towns[0]
    if first == "receiver":
        name_centre(town, matters[0], officer)
        make_public(city, town, officer)
    service.choose(shen, power_list, matters[0], Mode.ENTRUSTED, by=officer)
    if first == "choice":
        make_public(city, shen, officer)
        name_centre(town, matters[0], officer)
    with pytest.raises(Refused, match="不是行政机关"):
        publishing.propose(Subject.UPTAKE, (shen if first == "receiver" else town).id, by=officer)
    # Its own choice goes before the one for all.
    if first == "receiver":
        service.choose(town, power_list, matters[0], Mode.WINDOW, by=officer)
        assert publishing.propose(Subject.UPTAKE, shen.id, by=officer)


CHOSEN = st.dictionaries(
    st.tuples(st.integers(0, 2), st.sampled_from((0, 2))),
    st.tuples(st.sampled_from(service.CHOOSABLE), st.text("甲乙、 1", max_size=4)),
    max_size=6,
)


@given(chosen=CHOSEN)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_hash_of_a_statement_is_over_what_is_published(
    session, city, shen, officer, towns, power_list, matters, chosen
):
    """Whatever was chosen in whatever order: the document says the same, and its SHA-256 is kept."""
    with session.begin_nested() as point:
        where = (shen, *towns)
        for (place, matter), (mode, basis) in chosen.items():
            service.choose(where[place], power_list, matters[matter], mode, by=officer, basis=basis)
        kind = publishable(Subject.UPTAKE)
        document = b"".join(kind.document(shen.id))
        session.expire_all()
        assert b"".join(kind.document(shen.id)) == document
        said = json.loads(document)
        assert snapshot.render(said) == document
        assert publishing.document_hash([document]) == hashlib.sha256(document).hexdigest()
        got = {
            (each.get("town_code", shen.code), each["matter_id"]): each["mode"] for each in said["choices"]
        }
        assert got == {
            (where[place].code, matters[matter].id): mode.value
            for (place, matter), (mode, _basis) in chosen.items()
        }
        point.rollback()
