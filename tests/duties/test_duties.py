from datetime import date

import pytest

from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places import service as places
from portal.foundation.places.rules import PlaceKind
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.powers.duties import queries, service
from portal.powers.duties.models import DutyRole
from portal.powers.lists.models import ScopeException
from portal.powers.lists.rules import Mode
from tests.lists.making import account, make_list, row, take_over


@pytest.fixture
def power_list(city):
    made = make_list(city)
    rows = [
        row(1, "企业投资项目备案"),
        row(2, "对外贸易经营者备案"),
        row(3, "典当业许可", department="市公安局"),
    ]
    take_over(city, made, rows)
    return made


@pytest.fixture
def matter(power_list):
    return power_list.delegations[0].matter


@pytest.fixture
def shen(city):
    return city.county("莘县")


@pytest.fixture
def bureau(shen):
    return organisations.add(shen, "莘县行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)


def said(place):
    return [(each.matter.name, each.role, each.organisation.name) for each in queries.of_place(place.id)]


def test_a_receiver_is_named_and_named_again(city, shen, bureau, matter):
    first = service.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=city.editor)
    again = service.set_duty(
        shen, matter, DutyRole.RECEIVER, bureau, by=city.editor, from_on=date(2026, 5, 1), basis=" 一 "
    )
    assert again is first
    assert (again.from_on, again.basis, again.origin) == (date(2026, 5, 1), "一", "hand")


def test_there_is_one_receiver_and_any_number_of_regulators(city, shen, bureau, matter):
    other = organisations.add(shen, "莘县商务局", by=None)
    for body in (bureau, other):
        service.set_duty(shen, matter, DutyRole.RECEIVER, body, by=city.editor)
        service.set_duty(shen, matter, DutyRole.REGULATOR_PLACE, body, by=city.editor)
    assert said(shen) == [
        (matter.name, DutyRole.RECEIVER, "莘县商务局"),
        (matter.name, DutyRole.REGULATOR_PLACE, "莘县行政审批服务局"),
        (matter.name, DutyRole.REGULATOR_PLACE, "莘县商务局"),
    ]


FITTING = [
    # role, whose body, fits
    (DutyRole.RECEIVER, "own", True),
    (DutyRole.RECEIVER, "city", False),
    (DutyRole.RECEIVER, "neighbour", False),
    (DutyRole.RECEIVER, "town", False),
    (DutyRole.REGULATOR_PLACE, "own", True),
    (DutyRole.REGULATOR_PLACE, "city", False),
    (DutyRole.REGULATOR_CITY, "city", True),
    (DutyRole.REGULATOR_CITY, "own", False),
    (DutyRole.ENFORCEMENT, "own", True),
    (DutyRole.ENFORCEMENT, "city", True),
    (DutyRole.ENFORCEMENT, "neighbour", False),
]


SAID = {DutyRole.REGULATOR_CITY: "不是莘县上级的单位", DutyRole.ENFORCEMENT: "既不是莘县的单位"}


@pytest.mark.parametrize(("role", "whose", "fits"), FITTING)
def test_each_role_is_for_bodies_of_its_level_and_nothing_is_passed_on(city, shen, matter, role, whose, fits):
    town = places.add(shen, "朝城镇", PlaceKind.TOWN, by=None)
    of = {"own": shen, "city": city.place, "neighbour": city.county("临清市"), "town": town}
    body = organisations.add(of[whose], "某局", by=None)
    if fits:
        assert service.set_duty(shen, matter, role, body, by=city.editor).organisation is body
    else:
        with pytest.raises(Refused, match=SAID.get(role, "不是莘县的单位")):
            service.set_duty(shen, matter, role, body, by=city.editor)


def test_who_may_not_is_told_whether_the_place_or_the_body_is_another_s(city, shen, bureau, matter):
    other = city.departments["市公安局" if matter.organisation.name == "市商务局" else "市商务局"]
    officer = account(Role.DEPARTMENT_OFFICER)
    officer.posts[0].organisation = other
    for person, said_to in (
        (officer, "别的单位的记录"),
        (account(Role.COUNTY_OFFICER, city.county("临清市")), "别的地方的记录"),
    ):
        with pytest.raises(Forbidden, match=said_to):
            service.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=person)


def test_an_entrusted_power_goes_to_an_administrative_organ(city, shen, bureau):
    made = make_list(city, "entrusting")
    take_over(city, made, [row(1, "甲", mode="entrusted"), row(2, "乙")])
    entrusted, direct = (each.matter for each in made.delegations)
    centre = organisations.add(shen, "莘县为民服务中心", OrganisationKind.SERVICE_CENTRE, by=None)
    with pytest.raises(Refused) as caught:
        service.set_duty(shen, entrusted, DutyRole.RECEIVER, centre, by=city.editor)
    assert "第二十四条" in str(caught.value)
    service.set_duty(shen, entrusted, DutyRole.RECEIVER, bureau, by=city.editor)
    service.set_duty(shen, direct, DutyRole.RECEIVER, centre, by=city.editor)


def test_a_list_that_contradicts_itself_is_a_sentence_not_a_crash(city, shen, bureau, power_list, matter):
    for mode in (Mode.WINDOW, Mode.REVIEW):
        power_list.delegations[0].exceptions.append(ScopeException(mode=mode, place=shen))
    db.session.flush()
    with pytest.raises(Refused) as caught:
        service.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=city.editor)
    assert "两条不同的例外" in str(caught.value)


def test_one_rule_names_a_body_for_many_and_leaves_what_was_entered(city, shen, bureau, power_list, matter):
    other = organisations.add(shen, "莘县商务局", by=None)
    service.set_duty(shen, matter, DutyRole.RECEIVER, other, by=city.editor)
    assert service.set_many(power_list, shen, DutyRole.RECEIVER, bureau, by=city.editor) == 2
    assert [name for _matter, _role, name in said(shen)] == ["莘县商务局"] + ["莘县行政审批服务局"] * 2
    assert service.set_many(power_list, shen, DutyRole.RECEIVER, bureau, by=city.editor) == 0
    changed = service.set_many(
        power_list, shen, DutyRole.RECEIVER, bureau, by=city.editor, only_missing=False
    )
    assert changed == 3
    assert {duty.origin for duty in queries.of_place(shen.id)} == {"rule"}


def test_a_rule_for_one_department_touches_its_matters_alone(city, shen, bureau, power_list):
    department = city.departments["市公安局"]
    count = service.set_many(
        power_list, shen, DutyRole.REGULATOR_PLACE, bureau, department=department, by=city.editor
    )
    assert count == 1
    assert said(shen) == [("典当业许可", DutyRole.REGULATOR_PLACE, "莘县行政审批服务局")]


def test_receivers_of_a_note_take_everything_at_their_place(city, shen, bureau, power_list):
    organisations.add_alias(bureau, "莘县审批局", by=None)
    zone = city.county("聊城经济技术开发区")
    committee = organisations.add(zone, "聊城经济技术开发区管委会", OrganisationKind.GOVERNMENT, by=None)
    names = ["莘县审批局", committee.name]
    assert service.take_from_note(power_list, names, "附件注", by=city.editor) == 6
    assert {name for *_, name in said(shen)} == {"莘县行政审批服务局"}
    assert {(duty.origin, duty.basis) for duty in queries.of_place(zone.id)} == {("note", "附件注")}


@pytest.mark.parametrize("name", ["高唐县行政审批服务局", "市商务局", ""])
def test_a_receiver_that_is_no_body_of_the_lists_places_is_refused_by_name(city, power_list, name):
    with pytest.raises(Refused) as caught:
        service.take_from_note(power_list, [name], "附件注", by=city.editor)
    assert f"“{name}”" in str(caught.value)


def test_gaps_name_matter_place_and_what_is_missing(city, shen, bureau, power_list, matter):
    assert len(queries.gaps(power_list)) == 3 * 6
    service.set_many(power_list, shen, DutyRole.RECEIVER, bureau, by=city.editor)
    service.set_duty(shen, matter, DutyRole.REGULATOR_PLACE, bureau, by=city.editor)
    found = queries.gaps(power_list, shen)
    expected = [(each, (DutyRole.REGULATOR_PLACE,)) for each in ("对外贸易经营者备案", "典当业许可")]
    assert [(gap.matter.name, gap.missing) for gap in found] == expected


def test_while_a_statement_waits_for_approval_its_duties_stand(city, shen, bureau, power_list, matter):
    duty = service.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=city.editor)
    publishing.propose(Subject.UPTAKE, shen.id, by=city.editor)
    verbs = [
        lambda: service.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=city.editor),
        lambda: service.set_many(
            power_list, shen, DutyRole.RECEIVER, bureau, by=city.editor, only_missing=False
        ),
        lambda: service.take_from_note(power_list, [bureau.name], "注", by=city.editor),
        lambda: service.remove(duty, by=city.editor),
    ]
    for verb in verbs:
        with pytest.raises(Conflict):
            verb()
    service.set_duty(
        city.county("临清市"),
        matter,
        DutyRole.RECEIVER,
        organisations.add(city.county("临清市"), "临清市审批局", by=None),
        by=city.editor,
    )


@pytest.mark.parametrize("who", ["neighbour", "nobody", "approver", "administrator", "closed"])
def test_duties_are_for_editors_and_the_places_own_officers(city, shen, bureau, power_list, matter, who):
    duty = service.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=city.editor)
    people = {
        "neighbour": lambda: account(Role.COUNTY_OFFICER, city.county("临清市")),
        "nobody": lambda: account(Role.COUNTY_OFFICER),
        "approver": lambda: city.approver,
        "administrator": lambda: account(Role.ADMINISTRATOR, shen),
        "closed": lambda: account(Role.COUNTY_OFFICER, shen),
    }
    person = people[who]()
    person.active = who != "closed"
    verbs = [
        lambda: service.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=person),
        lambda: service.set_many(power_list, shen, DutyRole.RECEIVER, bureau, by=person),
        lambda: service.take_from_note(power_list, [bureau.name], "注", by=person),
        lambda: service.remove(duty, by=person),
    ]
    for verb in verbs:
        with pytest.raises(Forbidden):
            verb()


def test_an_officer_keeps_the_duties_of_the_place_and_of_its_towns(city, shen, bureau, matter):
    officer = account(Role.COUNTY_OFFICER, shen)
    duty = service.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=officer)
    town = places.add(shen, "朝城镇", PlaceKind.TOWN, by=None)
    hall = organisations.add(town, "朝城镇人民政府", OrganisationKind.GOVERNMENT, by=None)
    service.set_duty(town, matter, DutyRole.RECEIVER, hall, by=officer)
    service.remove(duty, by=officer)
    assert said(shen) == []
    # but not the other way round: a town's officer leaves the county alone
    with pytest.raises(Forbidden):
        service.set_duty(shen, matter, DutyRole.RECEIVER, bureau, by=account(Role.COUNTY_OFFICER, town))
