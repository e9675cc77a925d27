"""Two people at one record, and one change of a working copy taken back, at the staff door."""

from __future__ import annotations

import re

import pytest

from portal.db import db
from portal.foundation.audit.models import Entry
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.powers.lists.models import Delegation
from tests.admin.conftest import enter, person
from tests.lists.making import make_city, make_list, publish, put_forward, row, take_over


@pytest.fixture
def city(session, valkey):
    return make_city()


@pytest.fixture
def power_list(city):
    made = make_list(city)
    take_over(city, made, [row(1, "甲"), row(2, "乙")])
    publish(city, made)
    return made


def hidden(page) -> str:
    return re.search(r'name="opened" value="([^"]+)"', page.text)[1]


def tick(page) -> str:
    return re.search(r'name="anyway" value="([^"]+)"', page.text)[1]


def typed(remark, **more):
    return {"mode": "direct", "mode_label": "直接下放", "remark": remark, "sub_items": "", **more}


@pytest.fixture
def two(app, power_list):
    """The address of a row, and two editors."""
    visitors = []
    for login in ("first", "second"):
        person(Role.EDITOR, login=login)
        visitor = app.test_client()
        assert enter(visitor, login) == 302
        visitors.append(visitor)
    return f"/staff/delegations/edit/?id={first_row(power_list).id}", *visitors


def first_row(power_list) -> Delegation:
    return db.session.query(Delegation).populate_existing().filter_by(list_id=power_list.id, seq=1).one()


def test_who_saves_second_is_told_what_the_first_changed(two, power_list):
    address, first, second = two
    stamp = hidden(first.get(address))
    assert second.post(address, data=typed("别人写的", opened=hidden(second.get(address)))).status_code == 302
    back = first.post(address, data=typed("我写的", opened=stamp))
    assert back.status_code == 409
    told = back.text.split('id="meanwhile"')[1].split("</section>")[0]
    assert "某editor" in told
    assert "别人写的" in told
    assert "我写的" in back.text
    assert first_row(power_list).remark == "别人写的"


def test_it_is_saved_knowingly_and_no_longer_when_it_changed_once_more(two, power_list):
    address, first, second = two
    stamp = hidden(first.get(address))
    second.post(address, data=typed("一"))
    seen = tick(first.post(address, data=typed("我写的", opened=stamp)))
    second.post(address, data=typed("二"))
    assert first.post(address, data=typed("我写的", opened=stamp)).status_code == 409
    again = first.post(address, data=typed("我写的", opened=stamp, anyway=seen))
    assert again.status_code == 409
    assert first.post(address, data=typed("我写的", opened=stamp, anyway=tick(again))).status_code == 302
    assert first_row(power_list).remark == "我写的"


def test_a_change_of_its_exceptions_is_a_change_of_the_row(two, power_list):
    address, first, second = two
    stamp = hidden(first.get(address))
    other = {"exceptions-0-places": "莘县", "exceptions-0-mode": "window"}
    assert second.post(address, data=typed("", **other)).status_code == 302
    back = first.post(address, data=typed("我写的", opened=stamp))
    assert back.status_code == 409
    told = back.text.split('id="meanwhile"')[1].split("</section>")[0]
    assert "某editor" in told
    assert "莘县" in told


def test_whoever_is_alone_is_asked_nothing(two, power_list):
    address, first, _second = two
    page = first.get(address)
    assert "anyway" not in page.text
    assert first.post(address, data=typed("我写的", opened=hidden(page))).status_code == 302
    assert first.post(address, data=typed("再写", opened=hidden(first.get(address)))).status_code == 302


def test_a_stamp_that_was_made_up_asks_again(two, power_list):
    address, first, _second = two
    for stamp in ("x", "99999999999.x", "1", ".", "-1.0"):
        assert first.post(address, data=typed("我写的", opened=stamp)).status_code == 409


def test_every_form_for_a_record_carries_what_it_was_opened_with(two, power_list):
    _address, first, _second = two
    matter = power_list.delegations[0].matter
    ids = {"organisations": matter.organisation_id, "places": power_list.place_id, "matters": matter.id}
    for page, key in ids.items():
        assert hidden(first.get(f"/staff/{page}/edit/?id={key}"))


def test_one_change_is_taken_back_and_the_record_tells(two, power_list):
    address, first, _second = two
    first.post(address, data=typed("改了"))
    row_id = first_row(power_list)
    compared = first.get(f"/staff/adjusting/{power_list.id}/")
    undoing = f"/staff/adjusting/{power_list.id}/undo/{row_id.matter_id}"
    assert undoing in compared.text
    assert first.post(undoing).status_code == 302
    base = publishing.newest(Subject.LIST, power_list.id)
    assert publishable(Subject.LIST).difference(power_list.id, base).entries == []
    newest = db.session.query(Entry).filter_by(kind="delegations").order_by(Entry.number.desc()).first()
    assert "改了" in newest.changes
    assert first.post(undoing).status_code == 409


def test_what_is_said_of_a_list_is_not_written_over_unseen(two, power_list):
    _address, first, second = two
    forms = {
        f"profiles/{power_list.id}/direct": {
            "receive-value": "issuer",
            "receive-source": "三",
            "apply_at-value": ["place", "issuer"],
        },
        f"lists/{power_list.id}/totals": {"reason": "文件印错了"},
        f"adjusting/rename/{first_row(power_list).id}": {
            "name": "甲改",
            "organisation": "市商务局（聊城市）",
            "type": "01",
        },
    }
    for address, form in forms.items():
        where = f"/staff/{address}"
        stamp = hidden(first.get(where))
        assert second.post(where, data=form | {"opened": hidden(second.get(where))}).status_code == 302
        back = first.post(where, data=form | {"opened": stamp})
        assert back.status_code == 409
        assert "某editor" in back.text.split('id="meanwhile"')[1].split("</section>")[0]
        assert first.post(where, data=form | {"opened": stamp, "anyway": tick(back)}).status_code == 302


def test_a_preview_link_is_given_once_counted_and_taken_back(two, power_list, client):
    _address, first, _second = two
    page = f"/staff/previews/{power_list.id}/"
    made = first.post(page, data={"made_for": "市司法局", "days": "3"})
    path = re.search(r"(/previews/[\w-]+)</code>", made.text)[1]
    assert made.status_code == 200
    assert client.get(path).status_code == 200
    listed = first.get(page).text
    assert path not in listed
    assert "市司法局" in listed
    (revoking,) = re.findall(rf'action="({page}\d+/revoke)"', listed)
    assert first.post(revoking).status_code == 302
    assert client.get(path).status_code == 410
    assert first.post(revoking).status_code == 409
    for days in ("", "0", "31", "drei"):
        assert first.post(page, data={"days": days}).status_code == 422


def test_a_preview_says_what_the_proposal_says(two, city, power_list, client):
    address, first, _second = two
    first.post(address, data=typed("改了"))
    put_forward(city, power_list)
    made = first.post(f"/staff/previews/{power_list.id}/", data={"days": "1"})
    seen = client.get(re.search(r"(/previews/[\w-]+)</code>", made.text)[1]).text
    assert "第2版" in seen
    assert "起执行" in seen
    assert "试点" in seen


def test_places_and_their_mode_stand_together(two, power_list):
    address, first, _second = two
    stamp = hidden(first.get(address))
    for half in ({"exceptions-0-places": "莘县"}, {"exceptions-0-mode": "window"}):
        back = first.post(address, data=typed("我写的", opened=stamp, **half))
        assert back.status_code == 422
        assert back.text.count("请填写这一项。") == 2
        assert "我写的" in back.text
    assert first_row(power_list).remark != "我写的"
