"""One matter more in a working copy, without the whole annex anew (P-5, M-1, M-4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.powers.lists import service as lists
from portal.powers.lists.adjusting.adding import Wanted, add
from portal.powers.lists.adjusting.rules import ChangeKind, kinds
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterType
from tests.admin.conftest import enter, fresh_limits, person
from tests.lists.making import account, make_city, make_list, publish, put_forward, row, take_over

__all__ = ["fresh_limits"]


@pytest.fixture
def city(session, valkey):
    return make_city()


@pytest.fixture
def power_list(city):
    made = make_list(city)
    take_over(city, made, [row(1, "公司登记"), row(2, "企业投资项目备案")])
    return made


@pytest.fixture
def wanted(city):
    return Wanted("船舶 登记", city.departments["市公安局"], MatterType.LICENCE, Mode.DIRECT)


def test_a_matter_comes_in_at_the_end_and_is_told_as_added(city, power_list, wanted):
    publish(city, power_list)
    made = add(power_list, wanted, by=city.editor)
    assert (made.seq, made.position, made.matter.name) == (3, 3, "船舶 登记")
    assert made.mode_label == power_list.delegations[0].mode_label
    base = publishing.newest(Subject.LIST, power_list.id)
    (entry,) = publishable(Subject.LIST).difference(power_list.id, base).entries
    assert kinds(entry) == (ChangeKind.ADDED,)
    with pytest.raises(Conflict):
        add(power_list, replace(wanted, name="船舶登记"), by=city.editor)


@pytest.mark.parametrize(("after", "place"), [(None, 3), (2, 3), (0, 1), (1, 2)])
def test_it_stands_where_it_is_put_and_what_is_below_moves_down(city, power_list, wanted, after, place):
    add(power_list, replace(wanted, after=after), by=city.editor)
    names = ["公司登记", "企业投资项目备案"]
    names.insert(place - 1, "船舶 登记")
    assert [(each.seq, each.matter.name) for each in power_list.delegations] == list(enumerate(names, 1))
    with pytest.raises(Refused, match="第“9”项"):
        add(power_list, replace(wanted, name="渔业船舶登记", after=9), by=city.editor)


def test_a_list_may_begin_by_hand(city, wanted):
    empty = make_list(city, "by-hand")
    add(empty, wanted, by=city.editor)
    add(empty, replace(wanted, name="渔业船舶登记", after=0), by=city.editor)
    assert publish(city, empty).difference["added"] == 2


def test_what_was_taken_out_comes_back_as_the_same_matter(city, power_list, wanted):
    made = add(power_list, wanted, by=city.editor)
    known = made.matter_id
    publish(city, power_list)
    lists.remove_delegation(made, by=city.editor)
    assert add(power_list, replace(wanted, mode=Mode.REVIEW), by=city.editor).matter_id == known


@pytest.mark.parametrize(
    "said",
    [{"name": " "}, {"name": "字" * 401}, {"code": "1" * 65}, {"code": "3700002036027"}],
    ids=["nameless", "long", "long code", "code of another type"],
)
def test_what_cannot_be_taken_in_is_refused(city, power_list, wanted, said):
    with pytest.raises(Refused) as caught:
        add(power_list, replace(wanted, **said), by=city.editor)
    assert "%(" not in str(caught.value)


def test_a_code_of_another_type_is_taken_where_that_is_known(city, power_list, wanted):
    said = replace(wanted, code="3700002036027", other_type=True)
    assert add(power_list, said, by=city.editor).matter.code == "3700002036027"


def test_one_matter_does_not_come_in_twice_or_as_another_s(city, power_list, wanted):
    code = "3700000136027"
    known = add(power_list, replace(wanted, code=code), by=city.editor)
    with pytest.raises(Conflict):
        add(power_list, wanted, by=city.editor)
    lists.remove_delegation(known, by=city.editor)
    assert add(power_list, wanted, by=city.editor).matter_id == known.matter_id
    elsewhere = make_list(city, "elsewhere")
    for said in (
        {"organisation": city.departments["市商务局"]},
        {"type": MatterType.PENALTY, "other_type": True},
    ):
        with pytest.raises(Refused, match="已经登记为市公安局的行政许可事项"):
            add(elsewhere, replace(wanted, code=code, **said), by=city.editor)
    add(elsewhere, replace(wanted, code="3700000136028"), by=city.editor)
    with pytest.raises(Refused, match="请写编码"):
        add(make_list(city, "a-third"), wanted, by=city.editor)


def test_a_matter_known_without_its_code_does_not_come_in_beside_itself(city, power_list, wanted):
    (first, _second) = power_list.delegations
    known = Wanted(
        "公司登记", first.matter.organisation, first.matter.type, Mode.DIRECT, code="3700000131001"
    )
    for there in (power_list, make_list(city, "elsewhere")):
        with pytest.raises(Refused, match="先不写编码加入") as refused:
            add(there, replace(known, other_type=True), by=city.editor)
        assert refused.value.code == "code"


def test_what_was_put_in_before_anything_is_public_leaves_no_gap_either(city, power_list, wanted):
    """What came with the document leaves one: its numbers stay as they are printed."""
    made = add(power_list, replace(wanted, after=1), by=city.editor)
    lists.remove_delegation(made, by=city.editor)
    assert [each.seq for each in power_list.delegations] == [1, 2]
    lists.remove_delegation(power_list.delegations[0], by=city.editor)
    db.session.expire(power_list)
    assert [each.seq for each in power_list.delegations] == [2]


def test_neither_others_nor_anybody_while_a_proposal_waits(city, power_list, wanted):
    for role in (Role.APPROVER, Role.COUNTY_OFFICER, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            add(power_list, wanted, by=account(role, city.place))
    put_forward(city, power_list)
    with pytest.raises(Conflict):
        add(power_list, wanted, by=city.editor)


def test_the_form_leads_to_the_rest_of_what_is_to_be_said(client, city, power_list):
    person(Role.EDITOR)
    enter(client, "editor")
    address = f"/staff/adjusting/{power_list.id}/add"
    assert address in client.get(f"/staff/delegations/?list={power_list.id}").text
    form = {"name": "船舶登记", "organisation": "市公安局", "type": "07", "mode": "window", "code": ""}
    assert client.post(address, data={**form, "name": ""}).status_code == 422
    assert client.post(address, data={**form, "type": "99"}).status_code == 422
    assert client.post(address, data={**form, "after": "一"}).status_code == 422
    assert client.post(address, data={**form, "after": "77"}).status_code == 422
    answer = client.post(address, data=form)
    assert answer.status_code == 302
    assert "船舶登记" in client.get(answer.location).text
