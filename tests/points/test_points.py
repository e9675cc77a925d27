import pytest

from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.organisations import service as organisations
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.powers.points import queries, service
from portal.powers.points.models import PointKind
from tests.lists.making import account


@pytest.fixture
def shen(city):
    return city.county("莘县")


def save(by, place, point=None, **said):
    values = {
        "kind": PointKind.CENTRE,
        "name": "莘县为民服务中心",
        "address": "",
        "hours": "",
        "phone": "",
        "organisation": None,
        **said,
    }
    return service.save(point, place=place, by=by, **values)


def test_a_point_needs_a_name_and_the_rest_may_come_later(city, shen):
    point = save(city.editor, shen, name=" 莘县为民服务中心 ")
    assert (point.name, point.address, point.phone) == ("莘县为民服务中心", "", "")
    again = save(city.editor, shen, point, address="振兴街1号", phone="0635-7300000、7300001 转 2")
    assert again is point
    assert queries.of_place(shen.id) == [point]
    with pytest.raises(Refused):
        save(city.editor, shen, name="  ")


@pytest.mark.parametrize("phone", ["请到窗口问", "0635-73a0000", "12", "1" * 65])
def test_a_phone_that_is_none_is_refused_and_shown(city, shen, phone):
    with pytest.raises(Refused) as caught:
        save(city.editor, shen, phone=phone)
    assert phone in str(caught.value)


def test_a_body_of_another_place_does_not_keep_the_point(city, shen):
    with pytest.raises(Refused):
        save(city.editor, shen, organisation=city.departments["市商务局"])
    body = organisations.add(shen, "莘县行政审批服务局", by=None)
    assert save(city.editor, shen, organisation=body).organisation is body


def test_while_a_statement_waits_neither_its_old_nor_its_new_points_change(city, shen):
    point = save(city.editor, shen)
    other = city.county("临清市")
    publishing.propose(Subject.UPTAKE, shen.id, by=city.editor)
    verbs = [
        lambda: save(city.editor, shen),
        lambda: save(city.editor, shen, point, name="改名"),
        lambda: save(city.editor, other, point),
        lambda: service.remove(point, by=city.editor),
    ]
    for verb in verbs:
        with pytest.raises(Conflict):
            verb()
    assert save(city.editor, other).place is other


@pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMINISTRATOR, Role.COUNTY_OFFICER])
def test_points_are_for_editors_and_the_places_own_officers(city, shen, role):
    point = save(city.editor, shen)
    stranger = account(role, city.county("临清市"))
    verbs = [
        lambda: save(stranger, shen),
        lambda: save(stranger, shen, point, name="改名"),
        lambda: save(stranger, city.county("临清市"), point),
        lambda: service.remove(point, by=stranger),
    ]
    for verb in verbs:
        with pytest.raises(Forbidden):
            verb()
    assert point.name == "莘县为民服务中心"
    officer = account(Role.COUNTY_OFFICER, shen)
    service.remove(save(officer, shen, point, name="改名"), by=officer)
    assert queries.of_place(shen.id) == []
