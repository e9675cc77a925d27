"""Taking a change of a working copy back before it is published: the matter stands as the newest revision has it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.powers.lists import service as lists
from portal.powers.lists.adjusting import service as adjusting
from portal.powers.lists.adjusting.adding import Wanted, add
from portal.powers.lists.adjusting.models import ChangeNote, Succession
from portal.powers.lists.adjusting.rules import only_number
from portal.powers.lists.adjusting.undoing import undo
from portal.powers.lists.models import Delegation
from portal.powers.lists.rules import Mode
from portal.powers.matters import service as matters
from portal.powers.matters.rules import MatterStatus, MatterType
from tests.fixtures import worlds
from tests.lists.making import account, exception, make_city, make_list, publish, put_forward, row, take_over

ROWS = [row(line, name) for line, name in enumerate("甲乙丙丁", 1)]


@pytest.fixture
@worlds.kept
def city(session, valkey):
    return make_city()


@pytest.fixture
@worlds.kept
def published(city):
    """Four matters; 乙 has parts and another mode at one county and in the zones."""
    made = make_list(city)
    take_over(city, made, ROWS)
    change(
        city,
        of(made, "乙"),
        exceptions=[exception(Mode.WINDOW, places=["莘县"]), exception(Mode.UNDELEGATED, groups=["zones"])],
        sub_items=["新设", "变更"],
    )
    publish(city, made)
    return made


def change(city, delegation, **said):
    wanted = {"mode": Mode.DIRECT, "mode_label": "直接下放", "remark": "", "exceptions": [], "sub_items": []}
    lists.change_delegation(delegation, **{**wanted, **said}, by=city.editor)


def of(power_list, name) -> Delegation:
    rows = db.session.scalars(
        select(Delegation).where(Delegation.list_id == power_list.id).order_by(Delegation.position)
    )
    return next(each for each in rows if each.matter.name == name)


def names(power_list) -> list[str]:
    rows = select(Delegation).where(Delegation.list_id == power_list.id).order_by(Delegation.position)
    return [f"{each.seq}{each.matter.name}" for each in db.session.scalars(rows)]


def entries(power_list):
    base = publishing.newest(Subject.LIST, power_list.id)
    return publishable(Subject.LIST).difference(power_list.id, base).entries


def same_as_published(power_list) -> bool:
    base = publishing.newest(Subject.LIST, power_list.id)
    return b"".join(publishable(Subject.LIST).document(power_list.id)) == b"".join(
        publishable(Subject.LIST).published_document(base)
    )


def test_what_was_changed_is_as_it_was(published, city):
    delegation = of(published, "乙")
    change(city, delegation, mode=Mode.REVIEW, mode_label="审核", remark="另行通知")
    adjusting.explain(published, [delegation.matter_id], reason="试点", basis="", by=city.editor)
    undo(published, delegation.matter_id, by=city.editor)
    assert entries(published) == []
    assert same_as_published(published)
    assert db.session.query(ChangeNote).count() == 0


def test_one_change_is_taken_back_and_the_others_stay(published, city):
    change(city, of(published, "甲"), remark="一")
    change(city, of(published, "丙"), remark="二")
    undo(published, of(published, "甲").matter_id, by=city.editor)
    assert [each["name"] for each in entries(published)] == ["丙"]


def test_what_was_taken_out_stands_in_its_place_again(published, city):
    for name in ("乙", "甲"):
        gone = of(published, name).matter_id
        lists.remove_delegation(of(published, name), by=city.editor)
        undo(published, gone, by=city.editor)
        assert names(published) == ["1甲", "2乙", "3丙", "4丁"]
        assert same_as_published(published)


def test_what_was_taken_in_leaves(published, city):
    take_over(city, published, [*ROWS, row(5, "戊")])
    change(city, of(published, "乙"), remark="留着")
    undo(published, of(published, "戊").matter_id, by=city.editor)
    assert "5戊" not in names(published)


def put_in(city, power_list, name, after):
    wanted = Wanted(name, city.departments["市公安局"], MatterType.LICENCE, Mode.DIRECT, after=after)
    return add(power_list, wanted, by=city.editor)


@pytest.mark.parametrize("leaves", ["undone", "taken out"])
def test_what_was_put_in_between_leaves_no_gap(published, city, leaves):
    made = [put_in(city, published, name, 1) for name in ("戊", "己")]
    assert names(published) == ["1甲", "2己", "3戊", "4乙", "5丙", "6丁"]
    for each in made:
        if leaves == "undone":
            undo(published, each.matter_id, by=city.editor)
        else:
            lists.remove_delegation(each, by=city.editor)
    assert names(published) == ["1甲", "2乙", "3丙", "4丁"]
    assert same_as_published(published)
    lists.remove_delegation(of(published, "乙"), by=city.editor)
    assert names(published) == ["1甲", "3丙", "4丁"]


def test_a_split_goes_back_whole_from_any_of_its_matters(published, city):
    old = of(published, "乙").matter_id
    for at, letter in enumerate("戊己"):
        parts = adjusting.split(of(published, "乙"), [f"{letter}{n}" for n in "一二三"], by=city.editor)
        undo(published, [old, parts[1].matter_id][at], by=city.editor)
        assert names(published) == ["1甲", "2乙", "3丙", "4丁"]
        assert same_as_published(published)
        assert db.session.query(Succession).count() == 0


def test_a_merge_goes_back_whole(published, city):
    made = adjusting.merge([of(published, "丙"), of(published, "丁")], "丙和丁", by=city.editor)
    undo(published, made.matter_id, by=city.editor)
    assert same_as_published(published)


def test_a_name_a_department_and_a_status_go_back(published, city):
    delegation = of(published, "甲")
    adjusting.rename(delegation, "甲改", city.departments["市公安局"], by=city.editor)
    matters.set_status(delegation.matter, MatterStatus.IN_FORCE, by=city.editor)
    matters.set_everyday_names(delegation.matter, ["办甲"], by=city.editor)
    undo(published, delegation.matter_id, by=city.editor)
    assert same_as_published(published)


def test_a_name_that_is_taken_meanwhile_is_not_given_twice(published, city):
    adjusting.rename(of(published, "甲"), "甲改", city.departments["市商务局"], by=city.editor)
    take_over(city, make_list(city, "another"), [row(1, "甲")])
    with pytest.raises(Conflict):
        undo(published, of(published, "甲改").matter_id, by=city.editor)


def test_a_scope_that_changed_is_not_undone_at_one_matter(published, city):
    published.scope.members.pop()
    db.session.flush()
    with pytest.raises(Refused) as refusal:
        undo(published, of(published, "甲").matter_id, by=city.editor)
    assert refusal.value.code == "scope"


def test_what_waits_for_a_decision_or_does_not_differ_is_not_undone(published, city):
    with pytest.raises(Conflict):
        undo(published, of(published, "甲").matter_id, by=city.editor)
    change(city, of(published, "甲"), remark="一")
    with pytest.raises(Forbidden):
        undo(published, of(published, "甲").matter_id, by=account(Role.AUDITOR))
    put_forward(city, published)
    with pytest.raises(Conflict):
        undo(published, of(published, "甲").matter_id, by=city.editor)


def test_before_the_first_revision_there_is_nothing_to_go_back_to(city):
    made = make_list(city)
    take_over(city, made, ROWS)
    with pytest.raises(Refused):
        undo(made, of(made, "甲").matter_id, by=city.editor)


def test_exceptions_that_contradict_are_told_in_words(city, published):
    contrary = [exception(mode, places=["莘县"]) for mode in (Mode.WINDOW, Mode.REVIEW)]
    change(city, of(published, "丙"), exceptions=contrary)
    base = publishing.newest(Subject.LIST, published.id)
    with pytest.raises(Refused, match="莘县"):
        publishable(Subject.LIST).difference(published.id, base)
    with pytest.raises(Refused, match="莘县"):
        undo(published, of(published, "丙").matter_id, by=city.editor)


def test_a_number_that_was_given_away_is_not_taken_back(published, city):
    put_in(city, published, "戊", 0)
    assert names(published) == ["1戊", "2甲", "3乙", "4丙", "5丁"]
    for name in ("甲", "丁"):
        with pytest.raises(Refused) as refusal:
            undo(published, of(published, name).matter_id, by=city.editor)
        assert refusal.value.code == "number"
    change(city, of(published, "丁"), remark="一")
    undo(published, of(published, "丁").matter_id, by=city.editor)
    assert names(published) == ["1戊", "2甲", "3乙", "4丙", "5丁"]
    assert [only_number(each) for each in entries(published) if each["name"] == "丁"] == [True]
    undo(published, of(published, "戊").matter_id, by=city.editor)
    assert same_as_published(published)


@pytest.mark.parametrize("put_after", [0, 1, 2, 3])
@pytest.mark.parametrize("gone", ["甲", "乙", "丙", "丁"])
def test_what_comes_back_takes_a_number_that_nobody_has(published, city, gone, put_after):
    matter_id = of(published, gone).matter_id
    lists.remove_delegation(of(published, gone), by=city.editor)
    above = [each.seq for each in published.delegations][:put_after]
    put_in(city, published, "戊", above[-1] if above else 0)
    undo(published, matter_id, by=city.editor)
    told = names(published)
    assert [int(each[0]) for each in told] == sorted({int(each[0]) for each in told})
    assert [each[1:] for each in told if each[1:] != "戊"] == ["甲", "乙", "丙", "丁"]


def test_what_was_split_below_something_new_comes_back_between_its_neighbours(published, city):
    put_in(city, published, "戊", 0)
    parts = adjusting.split(of(published, "乙"), ["己一", "己二"], by=city.editor)
    undo(published, parts[0].matter_id, by=city.editor)
    assert names(published) == ["1戊", "2甲", "3乙", "4丙", "5丁"]
    adjusting.merge([of(published, "甲"), of(published, "丙")], "甲和丙", by=city.editor)
    undo(published, of(published, "甲和丙").matter_id, by=city.editor)
    # Nothing that is public stands above 甲: it is the first again, and what was put in before it moves on.
    assert names(published) == ["1甲", "2戊", "3乙", "4丙", "5丁"]
