"""Transfer lists: what an approval bureau has is stamped by nobody else, and entrusting goes one step (Y-4, D-8)."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.queries import named
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places import queries as places
from portal.foundation.places import service as places_service
from portal.foundation.places.rules import PlaceKind
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.lists import service
from portal.powers.lists.models import ListKind
from portal.powers.lists.profiles.rules import wants_former_stamp
from portal.powers.lists.rules import Mode
from tests.lists.making import make_city, make_list, publish, row, take_over

CLAUSE = "鲁政办字〔2020〕85号三（二）"


@pytest.fixture
def city(session: Session):
    made = make_city()
    organisations.add(made.place, "市行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)
    return made


def transfer(city, slug="transfer", place=None):
    return service.found(
        slug,
        "行政许可事项划转清单",
        policy=city.policy,
        place=place or city.place,
        scope=None,
        by=city.editor,
        kind=ListKind.TRANSFER,
    )


def change(delegation, mode, by, **said):
    return service.change_delegation(
        delegation, mode=mode, mode_label="", remark="", exceptions=[], sub_items=[], by=by, **said
    )


def blocked(power_list):
    return "；".join(publishable(Subject.LIST).blockers(power_list.id))


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("stamp", "place", False),
        ("stamp", "issuer", True),
        ("stamp", "posted", True),
        ("seal", "own", False),
        ("seal", "no2", True),
        ("seal", "issuer", True),
        ("decide", "issuer", False),
        ("apply_at", "place,issuer", False),
    ],
)
def test_whose_stamp_a_field_asks_for(field, value, wanted):
    assert wants_former_stamp(field, value) is wanted


def test_a_transfer_stays_at_its_place_and_starts_from_what_the_law_says(city):
    made = transfer(city)
    assert made.scope.members == [city.place]
    assert {each.source for each in made.profile} == {"《行政许可法》第二十五条"}
    take_over(city, made, [row(1, "公司登记")])
    assert blocked(made) == ""
    assert transfer(city, "second").scope is made.scope


def test_a_transfer_takes_a_place_with_an_approval_bureau(city):
    with pytest.raises(Refused, match="还没有登记行政审批服务局"):
        transfer(city, place=city.county("莘县"))


def test_the_group_of_a_place_alone_is_no_scope_of_a_delegation_and_nobody_edits_it(city):
    transfer(city)
    own = places.group(city.place, "own")
    with pytest.raises(Refused, match="适用范围"):
        service.found("x", "清单", policy=city.policy, place=city.place, scope=own, by=city.editor)
    with pytest.raises(Refused):
        places_service.set_group(city.place, "own", "各县", [city.county("莘县")], by=city.editor)


def test_a_transfer_list_never_asks_for_the_former_departments_stamp(city):
    made = transfer(city)
    take_over(city, made, [row(1, "公司登记")])
    for field, value in (("stamp", "issuer"), ("seal", "no2"), ("seal", "issuer")):
        with pytest.raises(Refused, match="加盖原审批部门的公章") as caught:
            service.set_profile(made, Mode.DIRECT, field, value, "一", by=city.editor)
        assert CLAUSE in str(caught.value)
        entry = next(each for each in made.profile if each.field == field)
        entry.value, kept = value, entry.value
        assert CLAUSE in blocked(made)
        entry.value = kept


def test_a_matter_of_a_transfer_list_is_moved_or_stays_outside(city):
    made = transfer(city)
    take_over(city, made, [row(1, "公司登记")])
    for mode in (Mode.ENTRUSTED, Mode.WINDOW, Mode.REVIEW, Mode.COLLECTION, Mode.UNDETERMINED):
        with pytest.raises(Refused, match="不是划转就是进驻大厅"):
            change(made.delegations[0], mode, city.editor)
    assert change(made.delegations[0], Mode.UNDELEGATED, city.editor)


@pytest.fixture
def moved(city):
    """A list that hands two matters down; the first of them was moved to the city's bureau."""
    moving = transfer(city)
    take_over(city, moving, [row(1, "公司登记")])
    publish(city, moving)
    down = make_list(city)
    take_over(city, down, [row(1, "公司登记", mode="direct"), row(2, "企业备案", mode="review")])
    return down


def test_no_profile_of_another_list_asks_for_it_either(city, moved):
    service.set_profile(moved, Mode.REVIEW, "seal", "no2", "六", by=city.editor)
    with pytest.raises(Refused, match="“公司登记”已经划转") as caught:
        service.set_profile(moved, Mode.DIRECT, "seal", "no2", "六", by=city.editor)
    assert CLAUSE in str(caught.value)
    with pytest.raises(Refused, match="“公司登记”已经划转"):
        change(moved.delegations[0], Mode.REVIEW, city.editor)
    assert blocked(moved) == ""
    moved.delegations[0].mode = Mode.REVIEW
    assert "“公司登记”已经划转" in blocked(moved)


def test_what_was_moved_in_the_register_too_has_no_former_department(city, moved):
    service.set_profile(moved, Mode.REVIEW, "seal", "no2", "六", by=city.editor)
    moved.delegations[0].matter.organisation = named(city.place, "市行政审批服务局")
    assert change(moved.delegations[0], Mode.REVIEW, city.editor)


def test_a_transfer_waits_until_other_lists_ask_for_no_stamp_of_the_department(city):
    down, moving = make_list(city), transfer(city)
    service.set_profile(down, Mode.REVIEW, "seal", "no2", "六", by=city.editor)
    take_over(city, down, [row(1, "公司登记", mode="review")])
    take_over(city, moving, [row(1, "公司登记")])
    assert f"“公司登记”在“{down.title}”里还要盖" in blocked(moving)
    change(down.delegations[0], Mode.DIRECT, city.editor)
    assert blocked(moving) == ""


def test_what_is_held_by_entrustment_is_not_entrusted_by_an_adjustment(city):
    made = make_list(city)
    take_over(city, made, [row(1, "公司登记", mode="entrusted"), row(2, "企业备案")])
    publish(city, made)
    shen = city.county("莘县")
    town = places_service.add(shen, "朝城镇", PlaceKind.TOWN, by=None)
    places_service.set_group(shen, "all", "各镇街", [town], by=None)
    below = replace(city, place=shen)
    own = make_list(below, "shen-to-towns")
    take_over(below, own, [row(1, "公司 登记", department=""), row(2, "企业备案", department="")])
    with pytest.raises(Refused, match="不能再委托"):
        change(own.delegations[0], Mode.ENTRUSTED, city.editor)
    assert change(own.delegations[1], Mode.ENTRUSTED, city.editor)


def test_a_list_is_not_published_that_entrusts_to_whom_is_no_organ(city):
    made, shen = make_list(city), city.county("莘县")
    take_over(city, made, [row(1, "公司登记")])
    centre = organisations.add(shen, "莘县为民服务中心", OrganisationKind.SERVICE_CENTRE, by=None)
    duties.set_duty(shen, made.delegations[0].matter, DutyRole.RECEIVER, centre, by=city.editor)
    assert blocked(made) == ""
    change(made.delegations[0], Mode.ENTRUSTED, city.editor)
    assert "“莘县为民服务中心”不是行政机关" in blocked(made)
