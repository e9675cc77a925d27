"""What a change of a list touches, slice by slice (P-5)."""

from __future__ import annotations

import pytest

from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing.rules import Subject
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.lists import service as lists
from portal.powers.lists.adjusting.touching import consequences, touched
from tests.fixtures import worlds
from tests.lists.making import change, make_city, make_list, publish, put_forward, row, take_over


@pytest.fixture
@worlds.kept
def city(session):
    return make_city()


@pytest.fixture
@worlds.kept
def published(city):
    made = make_list(city)
    take_over(city, made, [row(1, "企业投资项目备案"), row(2, "典当业许可")])
    publish(city, made)
    return made


def test_words_touch_nothing(city, published):
    change(city, published, "另行通知")
    assert consequences(published, put_forward(city, published).difference) == []


def test_a_withdrawn_matter_is_felt_by_every_place_with_its_records(city, published):
    shen = city.county("莘县")
    body = organisations.add(shen, "莘县审批服务局", kind=OrganisationKind.APPROVAL_BUREAU, by=None)
    organisations.add(city.place, "聊城市政府办公室", kind=OrganisationKind.GOVERNMENT_OFFICE, by=None)
    first, second = published.delegations
    for each in (first, second):
        duties.set_duty(shen, each.matter, DutyRole.RECEIVER, body, by=city.editor)
    other = make_list(city, "liaocheng-other")
    take_over(city, other, [row(1, "企业投资项目备案")])
    lists.remove_delegation(first, by=city.editor)
    proposal = put_forward(city, published)
    assert proposal.subject is Subject.LIST
    found = {each.title: each for each in consequences(published, proposal.difference)}
    assert found["涉及的地方"].count == len(published.scope.members)
    assert [(name, count) for name, count, _path in found["承接单位的记录"].named] == [("莘县", 1)]
    assert [name for name, _count, _path in found["还有同样事项的清单"].named] == [other.title]
    assert found["正在计算的时限"].count >= 1


def test_a_moved_answer_is_felt_where_it_moved(city, published):
    shen = city.county("莘县")
    entry = {
        "change": "changed",
        "matter_id": 7,
        "seq": 1,
        "name": "甲",
        "fields": {},
        "answers": {shen.code: ["direct", "window"]},
    }
    found = touched(published, {"entries": [entry]})
    assert found.reaching == {7: {shen.id}}
    assert list(found.places) == [shen]
