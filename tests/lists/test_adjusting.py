"""Adjustments: which kind each change is, why, and what came of what by a split or a merge (P-5)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.powers.lists import service as lists
from portal.powers.lists.adjusting import service
from portal.powers.lists.adjusting.models import ChangeNote, Succession
from portal.powers.lists.adjusting.rules import LABELS, ChangeKind, grouped, kinds
from portal.powers.lists.models import Delegation
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterType
from tests.fixtures import worlds
from tests.lists.making import account, make_city, make_list, publish, put_forward, row, take_over

KIND = ChangeKind


def changed(fields=None, answers=None, **more):
    return {
        "change": "changed",
        "matter_id": 1,
        "seq": 1,
        "name": "甲",
        "fields": fields or {},
        "answers": answers or {},
        **more,
    }


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"change": "added"}, [KIND.ADDED]),
        ({"change": "withdrawn"}, [KIND.WITHDRAWN]),
        (changed({"mode": ["direct", "review"]}, {"1": ["direct", "review"]}), [KIND.MODE]),
        (changed({}, {"1": ["direct", "review"]}), [KIND.PLACES]),
        (changed({"remark": ["", "另行通知"]}, {"1": ["direct", "review"]}), [KIND.PLACES]),
        (changed({}, {"1": [None, "review"]}), [KIND.SCOPE]),
        (changed({}, {"1": ["direct", "undelegated"], "2": ["direct", "window"]}), [KIND.PLACES, KIND.SCOPE]),
        (changed({"name": ["甲", "乙"], "department": ["市商务局", "市公安局"]}), [KIND.MOVED, KIND.RENAMED]),
        (
            changed({"status": [{"state": "in_force"}, {"state": "abolished", "since": "2026-01-01"}]}),
            [KIND.ENDED],
        ),
        (changed({"status": [{"state": "abolished"}, {"state": "in_force"}]}), [KIND.TEXT]),
        (changed({"remark": ["", "另行通知"]}), [KIND.TEXT]),
        (changed({"seq": [1, 2]}), [KIND.RENUMBERED]),
        ({"change": "withdrawn", "succession": {"kind": "split", "from": [], "into": []}}, [KIND.SPLIT]),
        ({"change": "added", "succession": {"kind": "merge", "from": [], "into": []}}, [KIND.MERGED]),
    ],
)
def test_each_change_has_its_kinds(entry, expected):
    assert list(kinds(entry)) == expected


def test_every_kind_has_a_word():
    assert set(LABELS) == set(ChangeKind)
    assert len(set(LABELS.values())) == len(LABELS)


@pytest.fixture
@worlds.kept
def city(session):
    return make_city()


@pytest.fixture
@worlds.kept
def published(city):
    made = make_list(city)
    take_over(city, made, [row(1, "企业投资项目备案"), row(2, "典当业许可"), row(3, "船舶登记")])
    publish(city, made)
    return made


def rows(power_list):
    wanted = select(Delegation).where(Delegation.list_id == power_list.id).order_by(Delegation.position)
    return db.session.scalars(wanted).all()


def told(revision):
    return {
        each["name"]: (kind, each) for kind, run in grouped(revision.difference["entries"]) for each in run
    }


def test_a_split_links_the_old_matter_and_the_new(city, published):
    old = rows(published)[0]
    made = service.split(old, ["内资项目备案", "外资项目备案", " "], by=city.editor)
    assert [(each.seq, each.matter.name) for each in rows(published)] == [
        (1, "内资项目备案"),
        (2, "外资项目备案"),
        (3, "典当业许可"),
        (4, "船舶登记"),
    ]
    service.explain(published, [made[0].matter_id], reason="法律改了", basis="《某法》第三条", by=city.editor)
    said = told(publish(city, published))
    kind, entry = said["企业投资项目备案"]
    assert kind is KIND.SPLIT
    assert [each["name"] for each in entry["succession"]["into"]] == ["内资项目备案", "外资项目备案"]
    kind, entry = said["内资项目备案"]
    assert kind is KIND.SPLIT
    assert [each["name"] for each in entry["succession"]["from"]] == ["企业投资项目备案"]
    assert (entry["reason"], entry["basis"]) == ("法律改了", "《某法》第三条")
    for kept in (ChangeNote, Succession):
        assert db.session.scalar(select(func.count()).select_from(kept)) == 0


def test_nothing_said_is_nothing_kept(city, published):
    matter = rows(published)[0].matter_id
    service.explain(published, [matter], reason=" ", basis="", by=city.editor)
    service.explain(published, [matter], reason="法律改了", basis="", by=city.editor)
    service.explain(published, [matter], reason="", basis="", by=city.editor)
    assert db.session.scalar(select(func.count()).select_from(ChangeNote)) == 0
    with pytest.raises(Refused):
        service.explain(published, [matter], reason="", basis=" ", by=city.editor, only_missing=True)


def test_a_merge_links_them_too(city, published):
    first, second, _third = rows(published)
    made = service.merge([second, first], "项目备案和典当许可", by=city.editor)
    assert (made.seq, made.mode) == (1, Mode.DIRECT)
    said = told(publish(city, published))
    assert [said[name][0] for name in ("企业投资项目备案", "典当业许可", "项目备案和典当许可")] == [
        KIND.MERGED
    ] * 3
    assert len(said["项目备案和典当许可"][1]["succession"]["from"]) == 2


def test_what_was_new_and_split_again_came_from_the_first(city, published):
    made = service.split(rows(published)[0], ["甲备案", "乙备案"], by=city.editor)
    service.split(made[0], ["丙备案", "丁备案"], by=city.editor)
    said = told(publish(city, published))
    assert "甲备案" not in said
    assert sorted(each["name"] for each in said["企业投资项目备案"][1]["succession"]["into"]) == [
        "丁备案",
        "丙备案",
        "乙备案",
    ]


def test_a_renamed_matter_is_the_same_matter(city, published):
    first = rows(published)[0]
    key = first.matter_id
    service.rename(first, "投资项目备案", city.departments["市公安局"], by=city.editor)
    kind, entry = told(publish(city, published))["投资项目备案"]
    assert kind is KIND.MOVED
    assert (entry["change"], entry["matter_id"]) == ("changed", key)
    assert kinds(entry) == (KIND.MOVED, KIND.RENAMED)


def test_a_code_and_a_type_are_put_right(city, published):
    first, second, _third = rows(published)
    key = first.matter_id
    service.put_right(first, " 3700000702001", MatterType.CONFIRMATION, by=city.editor)
    assert (first.matter_id, first.matter.code) == (key, "3700000702001")
    kind, entry = told(publish(city, published))["企业投资项目备案"]
    assert (kind, set(entry["fields"])) == (KIND.TEXT, {"code", "type"})
    for code in ("3700000102001", "3" * 65):
        with pytest.raises(Refused):
            service.put_right(first, code, MatterType.CONFIRMATION, by=city.editor)
    service.put_right(first, "3700000102001", MatterType.CONFIRMATION, other_type=True, by=city.editor)
    service.rename(second, first.matter.name, first.matter.organisation, by=city.editor)
    with pytest.raises(Conflict):
        service.put_right(second, "3700000102001", MatterType.LICENCE, by=city.editor)
    with pytest.raises(Refused, match="太长"):
        # One character that folds into four.
        service.rename(first, "㍿" * 400, first.matter.organisation, by=city.editor)


def test_names_that_are_taken_are_refused(city, published):
    first, second, third = rows(published)
    with pytest.raises(Conflict):
        service.rename(first, second.matter.name, first.matter.organisation, by=city.editor)
    with pytest.raises(Conflict):
        service.merge([first, second], third.matter.name, by=city.editor)
    with pytest.raises(Conflict):
        service.split(first, ["新的", third.matter.name], by=city.editor)


@pytest.mark.parametrize("names", [[], ["甲"], ["甲", "甲"], ["甲", "  "]])
def test_a_split_needs_two_names(city, published, names):
    with pytest.raises(Refused):
        service.split(rows(published)[0], names, by=city.editor)


def test_matters_of_two_departments_are_not_merged(city, published):
    first, second, _third = rows(published)
    service.rename(second, second.matter.name, city.departments["市公安局"], by=city.editor)
    with pytest.raises(Refused):
        service.merge([first, second], "合并的", by=city.editor)
    with pytest.raises(Refused):
        service.merge([first, first], "合并的", by=city.editor)


def test_while_a_proposal_waits_nothing_is_changed(city, published):
    lists.remove_delegation(rows(published)[2], by=city.editor)
    put_forward(city, published)
    first, second = rows(published)
    for verb in (
        lambda: service.explain(published, [first.matter_id], reason="甲", basis="", by=city.editor),
        lambda: service.rename(first, "别的名称", None, by=city.editor),
        lambda: service.split(first, ["甲", "乙"], by=city.editor),
        lambda: service.merge([first, second], "丙", by=city.editor),
    ):
        with pytest.raises(Conflict):
            verb()


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COUNTY_OFFICER, Role.ADMINISTRATOR])
def test_only_an_editor_adjusts(city, published, role):
    first, second, _third = rows(published)
    by = account(role, city.place)
    for verb in (
        lambda: service.explain(published, [first.matter_id], reason="甲", basis="", by=by),
        lambda: service.rename(first, "别的名称", None, by=by),
        lambda: service.split(first, ["甲", "乙"], by=by),
        lambda: service.merge([first, second], "丙", by=by),
    ):
        with pytest.raises(Forbidden):
            verb()


def test_the_pages_of_old_and_new_lead_to_each_other(city, published, client):
    old = rows(published)[0].matter_id
    new = [each.matter_id for each in service.split(rows(published)[0], ["甲备案", "乙备案"], by=city.editor)]
    service.explain(published, [old, *new], reason="法律改了", basis="《某法》第三条", by=city.editor)
    revision = publish(city, published)
    address = f"/lists/{published.slug}/matters"
    gone = client.get(f"{address}/{old}").get_data(as_text=True)
    assert all(f"{address}/{key}" in gone for key in new)
    assert "拆分为" in gone
    come = client.get(f"{address}/{new[0]}").get_data(as_text=True)
    assert f"{address}/{old}" in come
    assert "拆分而来" in come
    assert "《某法》第三条" in come
    page = client.get(f"/lists/{published.slug}/revisions/{revision.number}").get_data(as_text=True)
    assert "拆分" in page
    assert "法律改了" in page
    assert revision.subject is Subject.LIST
