from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.errors import Forbidden, Refused
from portal.foundation.rights.rules import Role
from portal.powers.matters import service
from portal.powers.matters.rules import MatterStatus
from tests.lists.making import account, make_city, make_list, row, take_over


@pytest.fixture
def city(session: Session):
    return make_city()


@pytest.fixture
def matter(city):
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "公司登记")])
    return power_list.delegations[0].matter


def test_an_abolished_matter_says_since_when_and_by_which_document(city, matter):
    since, document = date(2021, 8, 20), " 全国人大常委会决定 "
    for missing in ({}, {"since": since}, {"document": document}, {"since": since, "document": " "}):
        with pytest.raises(Refused):
            service.set_status(matter, MatterStatus.ABOLISHED, by=city.editor, **missing)
    assert matter.status is MatterStatus.UNVERIFIED
    service.set_status(matter, MatterStatus.ABOLISHED, by=city.editor, since=since, document=document)
    assert (matter.status_since, matter.status_document) == (since, "全国人大常委会决定")
    service.set_status(matter, MatterStatus.IN_FORCE, by=city.editor)
    assert (matter.status, matter.status_since, matter.status_document) == (MatterStatus.IN_FORCE, None, "")


def test_everyday_names_are_kept_once_and_set_as_a_whole(city, matter):
    service.set_everyday_names(matter, ["办营业执照", " 办 营业执照", "", "注册公司"], by=city.editor)
    kept = {each.name: each.id for each in matter.everyday_names}
    assert len(kept) == 2
    service.set_everyday_names(matter, ["注册公司", "开公司"], by=city.editor)
    assert {each.name for each in matter.everyday_names} == {"注册公司", "开公司"}
    assert kept["注册公司"] in {each.id for each in matter.everyday_names}
    with pytest.raises(Refused):
        service.set_everyday_names(matter, ["名" * 129], by=city.editor)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COUNTY_OFFICER, Role.ADMINISTRATOR])
def test_only_an_editor_changes_a_matter(city, matter, role):
    other = account(role, city.place)
    with pytest.raises(Forbidden):
        service.set_status(matter, MatterStatus.IN_FORCE, by=other)
    with pytest.raises(Forbidden):
        service.set_everyday_names(matter, ["注册公司"], by=other)
