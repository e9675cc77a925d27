from datetime import date

import pytest

from portal.config import ROOT
from portal.errors import Conflict, Refused
from portal.foundation.places import queries, service
from portal.foundation.places.rules import Certainty, PlaceKind, read_kind

DATA = ROOT / "portal" / "data"


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("市辖区", PlaceKind.COUNTY),
        ("县级市", PlaceKind.COUNTY),
        ("县", PlaceKind.COUNTY),
        ("功能区（推进办公室）", PlaceKind.ZONE),
        ("市属开发区", PlaceKind.ZONE),
        (" 镇（双十镇，承接单位）", PlaceKind.TOWN),
        ("街道", PlaceKind.TOWN),
        ("地级市", PlaceKind.CITY),
        ("省", PlaceKind.PROVINCE),
    ],
)
def test_printed_kinds(printed, kind):
    assert read_kind(printed) is kind


@pytest.mark.parametrize("printed", ["", "村", "（县）"])
def test_other_kinds_are_not_guessed(printed):
    with pytest.raises(ValueError, match="unknown kind"):
        read_kind(printed)


def test_the_shipped_tree_is_loaded_once_and_has_the_fourteen(session):
    assert service.load(DATA) > 40
    assert service.load(DATA) == 0
    jining = queries.by_code("370800")
    groups = queries.members(jining)
    assert (len(groups["all"]), len(groups["counties"]), len(groups["zones"])) == (14, 11, 3)
    assert groups["all"] == groups["counties"] | groups["zones"]
    assert queries.named(jining, "曲阜文化建设示范区").code not in groups["all"]
    assert queries.by_code("370811").name == "任城区"
    assert len(queries.members(queries.by_code("370406"))["shuangshi"]) == 9
    assert queries.by_code("371500") in queries.issuers()


def test_what_a_person_decided_of_a_group_is_not_loaded_over(session):
    service.load(DATA)
    jining = queries.by_code("370800")
    zones = queries.group(jining, "zones")
    service.set_group(
        jining, "zones", zones.name, [*zones.members, queries.named(jining, "曲阜文化建设示范区")], by=None
    )
    service.load(DATA)
    assert len(queries.members(jining)["zones"]) == 4


def test_a_place_without_an_official_code_gets_one_of_our_own_that_is_never_given_twice(city):
    zones = [service.add(city.place, f"第{n}新区", PlaceKind.ZONE, by=None) for n in range(2)]
    assert [zone.code for zone in zones] == ["371500z3", "371500z4"]
    assert not zones[0].official
    town = service.add(city.county("莘县"), "朝城镇", PlaceKind.TOWN, by=None)
    assert town.code == "371522t1"
    official = service.add(city.county("莘县"), "观城镇", PlaceKind.TOWN, code="371522103", by=None)
    assert official.official


def test_names_are_unique_under_a_parent_and_codes_everywhere(city):
    with pytest.raises(Conflict):
        service.add(city.place, " 莘县 ", PlaceKind.COUNTY, by=None)
    with pytest.raises(Conflict) as caught:
        service.add(city.place, "新县", PlaceKind.COUNTY, code="371522", by=None)
    assert "371522" in str(caught.value)
    with pytest.raises(Refused):
        service.add(city.place, "  ", PlaceKind.COUNTY, by=None)
    # the same name elsewhere is another place
    service.add(city.county("莘县"), "莘县", PlaceKind.TOWN, by=None)


def test_a_place_is_renamed_noted_and_ended(city):
    place = city.county("莘县")
    said = {"note": " 并入 ", "certainty": Certainty.MEDIUM, "ended_on": date(2026, 1, 1)}
    changed = service.change(place, name=" 莘城县 ", **said, by=None)
    assert (changed.name, changed.note, changed.ended_on) == ("莘城县", "并入", date(2026, 1, 1))
    assert service.change(place, name="莘城县", **said, by=None) is place
    with pytest.raises(Conflict):
        service.change(place, name="临清市", **said, by=None)
    with pytest.raises(Refused):
        service.change(place, name="", **said, by=None)
    service.change(city.place.parent, name="山东", **said, by=None)


def test_what_was_renamed_or_ended_is_not_brought_in_again(session):
    service.load(DATA)
    said = {"note": "", "certainty": Certainty.HIGH, "by": None}
    service.change(queries.by_code("370812"), name="兖州新区", ended_on=None, **said)
    service.change(queries.by_code("370800z1"), name="济宁国家高新区", ended_on=None, **said)
    service.change(queries.by_code("370406t1"), name="西集街道", ended_on=date(2026, 1, 1), **said)
    assert service.load(DATA) == 0
    assert queries.by_code("370812").name == "兖州新区"
    assert service.shipped_codes(DATA)["370406", "西集镇"] == "370406t1"


def test_an_ended_place_gives_its_name_free(city):
    old = service.add(city.county("莘县"), "朝城镇", PlaceKind.TOWN, by=None)
    said = {"note": "", "certainty": Certainty.HIGH, "by": None, "name": "朝城镇"}
    service.change(old, ended_on=date(2026, 1, 1), **said)
    new = service.add(city.county("莘县"), "朝城镇", PlaceKind.TOWN, code="371522103", by=None)
    assert queries.named(city.county("莘县"), "朝城镇") is new
    assert service.change(old, ended_on=date(2026, 2, 1), **said) is old
    with pytest.raises(Conflict):
        service.change(old, ended_on=None, **said)


def test_a_name_is_no_longer_than_is_kept(city):
    for verb in (
        lambda name: service.add(city.place, name, PlaceKind.COUNTY, by=None),
        lambda name: service.change(
            city.county("莘县"), name=name, note="", certainty=Certainty.HIGH, ended_on=None, by=None
        ),
    ):
        with pytest.raises(Refused, match="64"):
            verb("长" * 65)


def test_a_group_holds_places_of_its_own_parent_in_their_order(city):
    places = [city.county(name) for name in ("莘县", "东昌府区")]
    group = service.set_group(city.place, "pilots", "试点", places, by=None)
    assert [place.name for place in group.members] == ["东昌府区", "莘县"]
    assert service.set_group(city.place, "pilots", "试点县区", places[:1], by=None) is group
    assert queries.members(city.place)["pilots"] == {"371522"}
    with pytest.raises(Refused) as caught:
        service.set_group(city.place, "pilots", "试点", [city.place], by=None)
    assert "聊城市" in str(caught.value)
