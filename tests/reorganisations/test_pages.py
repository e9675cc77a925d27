"""The staff pages of a reorganisation, and who may open them."""

from __future__ import annotations

import pytest

from admin import forms
from portal.foundation.reorganisations import hanging
from portal.foundation.rights.rules import Role
from tests.admin.conftest import enter, fresh_limits, person
from tests.fixtures.doors import Visitor

__all__ = ["fresh_limits"]


@pytest.fixture
def signed_in(app, client, world):
    def as_role(role, place=None):
        account = person(role, login=f"reorganising-{role.value}", place=place)
        visitor = app.test_client()
        assert isinstance(visitor, Visitor)
        assert enter(visitor, account.login) == 302
        return visitor

    return as_role


@pytest.fixture
def editor(signed_in, world):
    return signed_in(Role.EDITOR, world.city.place)


def asked(world, *heirs, **said):
    labels = {f"to{number}": f"{each.name}（{each.code}）" for number, each in enumerate(heirs, 1)}
    return {"on": world.today.isoformat(), "reason": "区划调整", "basis": "国函1号", **labels, **said}


def test_a_place_is_merged_in_two_steps_and_tells_so(editor, world, signed_in):
    address = f"/staff/reorganisations/place/{world.xin.id}"
    shown = editor.get(f"{address}/").text
    assert "朝城镇" in shown
    assert "一定要有接手的" in shown

    first = editor.post(f"{address}/end", data=asked(world, world.guan, answer="yes"))
    assert "莘县并入茌平区" in first.text
    assert world.xin.ended_on is None

    done = editor.post(f"{address}/end", data=asked(world, world.guan, answer="yes", seen=str(world.guan.id)))
    assert done.status_code == 302
    assert world.xin.ended_on == world.today
    after = editor.get(f"{address}/").text
    assert "莘县并入茌平区" in after
    assert "转给茌平区" in after
    assert "莘县并入茌平区" in editor.get("/staff/reorganisations/").text
    elsewhere = signed_in(Role.COUNTY_OFFICER, world.lin).get("/staff/reorganisations/")
    assert (elsewhere.status_code, "莘县并入茌平区" in elsewhere.text) == (200, False)


def test_a_split_offers_every_kind_and_every_place_below(editor, world):
    address = f"/staff/reorganisations/place/{world.xin.id}/end"
    both = asked(world, world.guan, world.lin)
    page = editor.post(address, data=both).text
    assert 'name="to:duties.place_id"' in page
    chosen = {
        name: str(world.guan.id)
        for name in (
            "to:places.parent_id",
            "to:organisations.place_id",
            "to:posts.place_id",
            "to:place_group_members.place_id",
            "to:duties.place_id",
            "to:service_points.place_id",
        )
    }
    agreed = {"answer": "yes", "seen": f"{world.guan.id}-{world.lin.id}"}
    refused = editor.post(address, data={**both, **agreed, "to:duties.place_id": "x"})
    assert refused.status_code == 422
    assert world.xin.ended_on is None
    whole = {**both, **agreed, **chosen}
    both_get_it = {
        f"one:organisations.place_id:{each.id}": str(world.police.id) for each in (world.guan, world.lin)
    }
    twice = editor.post(address, data={**whole, **both_get_it})
    assert (twice.status_code, "一件只能勾给一家" in twice.text) == (422, True)
    point = {f"one:organisations.place_id:{world.lin.id}": str(world.police.id)}
    unread = editor.post(address, data={**whole, **point, "answer": ""})
    assert (unread.status_code, "还没有办" in unread.text) == (422, True)
    without = editor.post(address, data={**whole, **point, "reason": ""})
    assert (without.status_code, without.text.count("checked")) == (422, 1)
    assert world.xin.ended_on is None
    assert editor.post(address, data={**whole, **point}).status_code == 302
    assert (world.town.parent, world.police.place) == (world.guan, world.lin)


def test_of_many_records_a_split_finds_those_that_go_elsewhere(editor, world, monkeypatch):
    monkeypatch.setattr(hanging, "MOST_SHOWN", 1)
    monkeypatch.setattr(forms, "SHOWN", 1)
    monkeypatch.setattr(forms, "OFFERED", 1)
    address = f"/staff/reorganisations/place/{world.xin.id}/end"
    both = asked(world, world.guan, world.lin, seen=f"{world.guan.id}-{world.lin.id}", answer="yes")
    name = f"one:organisations.place_id:{world.lin.id}"
    page = editor.post(address, data={**both, f"{name}-words": "公安", f"{name}-find": "1"})
    assert (page.status_code, world.xin.ended_on) == (200, None)
    assert f'name="{name}" type="checkbox" value="{world.police.id}"' in page.text
    assert "跟着机构走" in page.text
    ticked = editor.post(address, data={**both, f"{name}-words": "公安", f"{name}-all": "1"}).text
    assert f'checked id="{name}-0" name="{name}" type="checkbox" value="{world.police.id}"' in ticked


def test_a_renaming_is_kept_and_the_old_name_finds_the_place(editor, world):
    address = f"/staff/reorganisations/place/{world.xin.id}/rename"
    assert editor.get(address).status_code == 200
    without = editor.post(address, data={**asked(world), "name": "莘城区", "basis": ""})
    assert (without.status_code, world.xin.name) == (422, "莘县")
    said = {**asked(world), "name": "莘城区"}
    shown = editor.post(address, data=said)
    assert (shown.status_code, world.xin.name) == (200, "莘县")
    assert f'name="called:{world.police.id}" value="莘城区公安局"' in shown.text
    assert f'name="called:{world.bureau.id}" value="行政审批服务局"' in shown.text
    along = {"seen": "莘城区", f"along:{world.police.id}": "yes"}
    typed = {f"called:{world.bureau.id}": "莘城审批局"}
    for odd in ({"reason": ""}, {"name": ""}, {"name": "莘新区"}):
        again = editor.post(address, data={**said, **along, **typed, **odd})
        assert (again.status_code == 422, world.xin.name) == ("reason" in odd or odd["name"] == "", "莘县")
        assert f'name="along:{world.police.id}" value="yes" checked' in again.text
        assert 'value="莘城审批局"' in again.text
    assert f'name="called:{world.police.id}" value="莘新区公安局"' in again.text
    taken = editor.post(address, data={**said, **along, f"called:{world.police.id}": "行政审批服务局"})
    assert (taken.status_code, world.xin.name) == (409, "莘县")
    called = {f"called:{world.police.id}": "莘城区公安局", f"called:{world.bureau.id}": "不勾不改"}
    assert editor.post(address, data={**said, **along, **called}).status_code == 302
    assert (world.xin.name, world.police.name, world.bureau.name) == (
        "莘城区",
        "莘城区公安局",
        "行政审批服务局",
    )
    found = editor.get("/staff/lookup/?kind=place&field=place&place=莘县").text
    assert f"莘城区（{world.xin.code}）" in found
    assert "莘县改名" in editor.get(f"/staff/reorganisations/place/{world.xin.id}/").text


def test_the_button_says_what_it_does(editor, world):
    def button(place):
        page = editor.get(f"/staff/reorganisations/place/{place.id}/rename").text
        return page.split('<button class="btn btn-primary">')[-1].split("<")[0]

    assert (button(world.xin), button(world.town)) == ("下一步", "改名")


def test_choosing_leads_to_the_place_or_the_body(editor, world):
    def led(**typed):
        return editor.post("/staff/reorganisations/", data=typed)

    assert led(place=f"莘县（{world.xin.code}）").location.endswith(f"/place/{world.xin.id}/")
    assert led(body="莘县公安局（莘县）").location.endswith(f"/body/{world.police.id}/")
    assert led().status_code == 422


@pytest.mark.parametrize("verb", ["", "rename", "end"])
def test_whoever_may_not_is_told_that_there_is_none(signed_in, world, verb):
    county = signed_in(Role.COUNTY_OFFICER, world.xin)
    assert county.get(f"/staff/reorganisations/place/{world.town.id}/{verb}").status_code == 200
    assert county.get(f"/staff/reorganisations/place/{world.xin.id}/{verb}").status_code == 404
    assert county.get(f"/staff/reorganisations/body/{world.police.id}/{verb}").status_code == 404
    assert county.get(f"/staff/reorganisations/place/999999/{verb}").status_code == 404
    approver = signed_in(Role.APPROVER, world.city.place)
    assert approver.get(f"/staff/reorganisations/place/{world.xin.id}/{verb}").status_code == 403
    data = asked(world, world.guan, answer="yes", seen=str(world.guan.id), name="莘城区")
    assert approver.post(f"/staff/reorganisations/place/{world.xin.id}/{verb}", data=data).status_code >= 403
    assert (world.xin.ended_on, world.xin.name) == (None, "莘县")
