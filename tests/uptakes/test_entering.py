"""A county enters its towns, and keeps what is said of them (G-1, D-10)."""

from __future__ import annotations

from datetime import date

import pytest

from portal import clock
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.organisations import queries as bodies
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.rules import PlaceKind
from portal.foundation.reorganisations.queries import former_names
from portal.foundation.reorganisations.rules import FormerName
from portal.foundation.reorganisations.service import Decision
from portal.foundation.rights.rules import Role
from portal.powers.uptakes import service
from portal.powers.uptakes.rules import read_towns
from tests.lists.making import account


def test_a_county_officer_enters_the_towns_with_their_bodies(shen, towns):
    assert [(each.name, each.code, each.official) for each in towns] == [
        ("朝城镇", "371522103", True),
        ("雁塔街道", "371522t1", False),
    ]
    assert all(each.parent is shen and each.kind is PlaceKind.TOWN for each in towns)
    found = [
        bodies.named(each, name)
        for each, name in zip(towns, ("朝城镇人民政府", "雁塔街道办事处"), strict=True)
    ]
    assert [each.kind for each in found] == [OrganisationKind.GOVERNMENT] * 2


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR, Role.COUNTY_OFFICER])
def test_nobody_else_enters_a_countys_towns(city, shen, role):
    stranger = account(role, city.county("临清市"))
    with pytest.raises(Forbidden):
        service.enter_towns(shen, read_towns(["朝城镇"]), by=stranger)


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([], Refused),
        (["朝城镇 3715"], Refused),
        (["371522103"], Refused),
        (["371522103 朝城镇 371522103"], Refused),
        (["朝城镇 371522103 371522104"], Refused),
        (["朝城镇 371581103"], Refused),
        (["朝" * 65], Refused),
        (["朝城镇 371522103", "朝城镇 371522104"], Conflict),
        (["朝城镇", "朝城镇"], None),
        (["朝城镇", "朝城镇 371522103"], None),
        (["朝城镇　371522103"], None),
    ],
)
def test_odd_lines_are_refused(shen, officer, lines, error):
    if error is None:
        assert len(service.enter_towns(shen, read_towns(lines), by=officer)) == 1
        with pytest.raises(Conflict):
            service.enter_towns(shen, read_towns(["朝城镇"]), by=officer)
    else:
        with pytest.raises(error):
            service.enter_towns(shen, read_towns(lines), by=officer)


def test_towns_lie_below_a_county_or_zone_only(city, towns, officer):
    with pytest.raises(Refused):
        service.enter_towns(towns[0], read_towns(["某镇"]), by=officer)
    with pytest.raises(Refused):
        service.enter_towns(city.place, read_towns(["某镇"]), by=city.editor)
    zone = city.county("聊城经济技术开发区")
    assert service.enter_towns(zone, read_towns(["蒋官屯街道"]), by=city.editor)[0].parent is zone


@pytest.mark.parametrize(
    "line",
    [
        "夏镇街道 370826001",
        "370826001 夏镇街道",
        "370826001\t夏镇街道",
        " 夏镇街道，370826001 ",
        "夏镇街道370826001",
        "夏镇街道（370826001）",
        "夏镇街道　３７０８２６００１",
    ],
)
def test_a_line_is_read_as_tables_and_people_write_it(line):
    assert [(each.name, each.code) for each in read_towns([line, ""])] == [("夏镇街道", "370826001")]


def test_lines_name_towns_with_or_without_a_code():
    said = ["夏镇街道 370826001", "", "两城镇", "两城镇 1", "两城镇"]
    assert [(each.name, each.code) for each in read_towns(said)] == [
        ("夏镇街道", "370826001"),
        ("两城镇", "1"),
    ]


def test_a_zone_governs_towns_that_bear_other_codes(city):
    zone = city.county("聊城经济技术开发区")
    assert service.enter_towns(zone, read_towns(["371502401 蒋官屯街道"]), by=city.editor)[0].parent is zone


def test_a_towns_body_takes_its_new_name_along(towns, officer):
    town = towns[0]
    body = bodies.named(town, "朝城镇人民政府")
    service.change_town(town, by=officer, name="朝城街道", note="")
    assert body.name == "朝城街道办事处"
    assert bodies.named(town, "朝城镇人民政府") is body, "documents go on naming it so"
    town.ended_on = date(2026, 1, 1)
    service.change_town(town, by=officer, name="朝城街道", note="撤镇设街道")
    assert town.ended_on == date(2026, 1, 1), "it ends, and comes back, nowhere else"
    assert list(bodies.of_place(town)) == [body]


def test_a_renamed_town_keeps_its_former_name_and_its_bodys(towns, officer):
    town, decision = towns[0], Decision(clock.today(), "撤镇设街道", "鲁政字〔2026〕1号")
    body = bodies.named(town, "朝城镇人民政府")
    service.change_town(town, by=officer, name="朝城街道", note="", decision=decision)
    for each, former in ((town, "朝城镇"), (body, "朝城镇人民政府")):
        assert former_names(each, clock.today()) == [FormerName(former, clock.today())]
    assert (body.name, bodies.named(town, "朝城镇人民政府")) == ("朝城街道办事处", body)
    service.change_town(town, by=officer, name="朝城街道", note="另有说明", decision=decision)
    assert len(former_names(town, clock.today())) == 1, "only a note was added"


def test_a_town_that_was_misspelt_gets_its_body_with_its_right_name(shen, officer):
    (town,) = service.enter_towns(shen, read_towns(["观城"]), by=officer)
    assert list(bodies.of_place(town)) == []
    service.change_town(town, by=officer, name="观城镇", note="")
    assert [each.name for each in bodies.of_place(town)] == ["观城镇人民政府"]


def test_a_town_that_has_a_body_of_another_name_keeps_it(city, shen, officer):
    (town,) = service.enter_towns(shen, read_towns(["观城"]), by=officer)
    body = organisations.add(town, "观城管理处", OrganisationKind.GOVERNMENT, by=None)
    service.change_town(town, by=officer, name="观城镇", note="")
    assert list(bodies.of_place(town)) == [body]


def test_a_town_is_changed_by_its_county_alone(city, towns):
    for place in (towns[0], city.county("临清市")):
        with pytest.raises(Forbidden):
            service.change_town(towns[0], by=account(Role.COUNTY_OFFICER, place), name="某镇", note="")
