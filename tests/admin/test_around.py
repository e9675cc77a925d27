"""What lies around the clerk's way: profiles, matters, places' own records, closing, progress."""

from __future__ import annotations

import re

from sqlalchemy import select

from jobs import runs as running
from portal import clock
from portal.db import db
from portal.foundation.places import queries as places
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.rules import RevisionState
from portal.foundation.rights.rules import Role
from portal.foundation.runs.models import Run
from portal.powers.lists.models import ProfileField
from portal.powers.matters.models import Matter
from portal.powers.points.models import ServicePoint
from tests.admin.clerk import fill_profile, found_list, hand_in, take_over
from tests.admin.conftest import enter, person


def test_progress_is_for_whoever_started_it_and_the_administrator(editor, approver, app, session):
    upload = hand_in(editor)
    run = session.get(Run, upload.run_id)
    assert editor.get(f"/staff/runs/{run.id}/").status_code == 200
    assert approver.get(f"/staff/runs/{run.id}/").status_code == 404
    fragment = editor.get(f"/staff/runs/{run.id}/", headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert fragment.headers["HX-Refresh"] == "true"
    assert "HX-Request" in fragment.headers["Vary"]
    person(Role.ADMINISTRATOR)
    administrator = app.test_client()
    enter(administrator, "administrator")
    assert administrator.get(f"/staff/runs/{run.id}/").status_code == 200


def test_a_published_mistake_is_closed_by_two_people(editor, approver, session):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    editor.post(f"/staff/lists/{power_list.id}/propose", data={})
    approver.post(f"/staff/proposals/{session.scalars(select(Proposal)).one().id}/approve", data={})
    running.work_off()
    revision = session.scalars(select(Revision)).one()
    address = f"/staff/revisions/{revision.id}/"
    assert approver.post(f"{address}close", data={"answer": "yes"}).status_code == 409
    assert editor.post(address, data={"reason": ""}).status_code == 422
    assert editor.post(address, data={"reason": "含有个人信息"}).status_code == 302
    assert "含有个人信息" in approver.get("/staff/").text
    assert editor.post(f"{address}close", data={"answer": "yes"}).status_code == 403
    assert approver.post(f"{address}close", data={}).status_code == 422
    assert revision.state is RevisionState.PUBLISHED
    assert approver.post(f"{address}close", data={"answer": "yes"}).status_code == 302
    session.refresh(revision)
    assert revision.state is RevisionState.CLOSED


def test_an_auditor_finds_from_a_version_who_approved_it_and_when(editor, approver, app, session):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    editor.post(f"/staff/lists/{power_list.id}/propose", data={})
    proposal = session.scalars(select(Proposal)).one()
    approver.post(f"/staff/proposals/{proposal.id}/approve", data={})
    running.work_off()
    person(Role.AUDITOR)
    auditor = app.test_client()
    enter(auditor, "auditor")
    version = auditor.get(f"/staff/revisions/{session.scalars(select(Revision.id)).one()}/").text
    assert f'href="/staff/proposals/{proposal.id}/"' in version
    (told,) = re.findall(r'href="(/staff/record/[^"]+)"', version)
    record = auditor.get(told.replace("&amp;", "&")).text
    assert re.findall(r">\s*(送审|批准|公布)\s*</span>", record) == ["公布", "批准", "送审"]
    number = re.findall(r'href="/staff/record/(\d+)/"', record)[1]
    entry = auditor.get(f"/staff/record/{number}/").text
    assert f'href="/staff/proposals/{proposal.id}/"' in entry
    assert re.search(r"\d{4}年\d+月\d+日 \d\d:\d\d</td>", entry)
    assert "某approver" in entry


def test_what_a_mode_means_is_said_at_once_field_by_field(editor, session):
    power_list = found_list(editor)
    address = f"/staff/profiles/{power_list.id}/review"

    def stored():
        return {each.field: (each.value, each.source) for each in session.scalars(select(ProfileField))}

    said = {
        "receive-value": "place",
        "receive-source": "3",
        "apply_at-value": ["place", "issuer"],
        "apply_at-source": "4",
    }
    assert editor.post(address, data=said).status_code == 302
    assert stored() == {"receive": ("place", "3"), "apply_at": ("place,issuer", "4")}
    shown = editor.get(address).text
    assert '<option selected value="place">' in shown
    assert 'name="receive-source" type="text" value="3"' in shown
    for wrong, sentence in (
        ({"seal-value": "no2"}, "请写明依据"),
        ({"seal-source": "5"}, "请选怎么办"),
        ({"seal-value": "moon", "seal-source": "5"}, "请选一项。"),
        ({"apply_at-value": ["moon"]}, "用哪枚章"),
    ):
        refused = editor.post(address, data=said | {"receive-source": "9"} | wrong)
        assert refused.status_code == 422
        assert sentence in refused.text
        assert 'value="9"' in refused.text
    assert stored()["receive"] == ("place", "3")
    taken_back = said | {"receive-value": "", "receive-source": ""}
    assert editor.post(address, data=taken_back).status_code == 302
    assert stored() == {"apply_at": ("place,issuer", "4")}
    english = editor.get(f"{address}?lang=en").text
    assert re.search(r'value="place">([^<]+)<', english)[1].isascii()
    assert editor.get(f"/staff/profiles/{power_list.id}/undelegated").status_code == 404
    assert editor.get(f"/staff/profiles/{power_list.id}/nothing").status_code == 404


def test_what_no_mode_may_mean_is_refused_beside_its_field(editor, session):
    """A transferred matter is not stamped by the former department (Y-4)."""
    power_list = found_list(editor, kind="transfer")
    address = f"/staff/profiles/{power_list.id}/direct"
    refused = editor.post(address, data={"seal-value": "no2", "seal-source": "6", "apply_at-value": "place"})
    beside = refused.text.split('id="seal"')[1].split("</fieldset>")[0]
    assert refused.status_code == 422
    assert 'class="fault"' in beside
    assert "no2" not in session.scalars(select(ProfileField.value)).all()


def test_a_matters_status_and_names(editor, session):
    take_over(editor)
    matter = session.scalar(select(Matter).where(Matter.name == "甲事项备案"))
    address = f"/staff/matters/edit/?id={matter.id}"
    form = {"status": "abolished", "status_since": "", "status_document": "", "names": "办甲\n办甲\n"}
    assert editor.post(address, data=form).status_code == 422
    odd = editor.post(address, data={**form, "status_since": "2021-13-45"})
    assert "日期请写成" in odd.text
    done = {**form, "status_since": "2022-01-02", "status_document": "某文件"}
    assert editor.post(address, data=done).status_code == 302
    session.refresh(matter)
    assert [each.name for each in matter.everyday_names] == ["办甲"]


def test_a_county_officer_names_points_duties_and_puts_them_forward(editor, approver, app, session):
    _table, power_list = take_over(editor)
    weishan = places.by_code("370826")
    person(Role.COUNTY_OFFICER, place=weishan)
    officer = app.test_client()
    assert enter(officer, "county-officer") == 302
    body = {"place": "微山县", "name": "微山县行政审批服务局", "kind": "approval_bureau"}
    assert editor.post("/staff/organisations/new/", data=body).status_code == 302
    assert 'value="微山县（370826）"' in officer.get("/staff/points/new/").text
    point = {"place": "微山县", "kind": "centre", "name": "微山县为民服务中心", "phone": "0537-8222222"}
    assert officer.post("/staff/points/new/", data=point).status_code == 302
    assert officer.get(f"/staff/uptakes/{weishan.id}/").status_code == 200
    other = places.by_code("370827")
    assert officer.get(f"/staff/uptakes/{other.id}/").status_code == 404
    assert officer.post(f"/staff/uptakes/{other.id}/propose", data={}).status_code == 404
    # The list is not public yet: a county does not learn of it.
    rule = {
        "place": "微山县",
        "power_list": power_list.slug,
        "role": "receiver",
        "organisation": "微山县行政审批服务局",
        "only_missing": "y",
    }
    assert officer.post("/staff/duties/many/", data=rule).status_code == 422
    assert editor.post("/staff/duties/many/", data=rule).status_code == 302
    assert "微山县行政审批服务局" in officer.get("/staff/duties/").text
    assert officer.post(f"/staff/uptakes/{weishan.id}/propose", data={"reason": "第一次"}).status_code == 302
    proposal = session.scalars(select(Proposal)).one()
    page = approver.get(f"/staff/proposals/{proposal.id}/").text
    assert "微山县为民服务中心" in page
    assert approver.post(f"/staff/proposals/{proposal.id}/approve", data={}).status_code == 302
    running.work_off()
    assert session.scalars(select(Revision)).one().state is RevisionState.PUBLISHED


def test_people_see_their_own_proposals_only(editor, approver, app, session):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    editor.post(f"/staff/lists/{power_list.id}/propose", data={})
    proposal = session.scalars(select(Proposal)).one()
    person(Role.COUNTY_OFFICER, place=places.by_code("370826"))
    officer = app.test_client()
    enter(officer, "county-officer")
    assert officer.get(f"/staff/proposals/{proposal.id}/").status_code == 404
    assert proposal.title not in officer.get("/staff/proposals/").text
    assert officer.post(f"/staff/proposals/{proposal.id}/withdraw").status_code == 404
    assert editor.post(f"/staff/proposals/{proposal.id}/withdraw").status_code == 302


def test_names_typed_in_another_order_are_no_difference(editor, approver, session):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    matter = session.scalar(select(Matter).where(Matter.name == "甲事项备案"))
    names = {
        "status": "unverified",
        "status_since": "",
        "status_document": "",
        "names": "乙叫法\n甲叫法\n丙叫法",
    }
    assert editor.post(f"/staff/matters/edit/?id={matter.id}", data=names).status_code == 302
    editor.post(f"/staff/lists/{power_list.id}/propose", data={})
    approver.post(f"/staff/proposals/{session.scalars(select(Proposal)).one().id}/approve", data={})
    running.work_off()
    editor.post(f"/staff/matters/edit/?id={matter.id}", data={**names, "names": "丙叫法\n甲叫法\n乙叫法"})
    again = editor.post(f"/staff/lists/{power_list.id}/propose", data={})
    assert again.status_code == 422
    assert "没有可送审的改动" in again.text


def test_what_is_missing_at_a_place_leads_to_a_form_filled_in(editor, app, session):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    row = power_list.delegations[0]
    form = {"mode": "undetermined", "mode_label": "", "remark": "", "sub_items": ""}
    assert editor.post(f"/staff/delegations/edit/?id={row.id}", data=form).status_code == 302
    weishan = places.by_code("370826")
    page = editor.get(f"/staff/uptakes/{weishan.id}/").text
    assert "还没有选方式的事项" in page
    assert "缺承接单位" in page
    address = f"/staff/choices/new/?place=370826&list={power_list.slug}&matter={row.matter_id}"
    assert address.replace("&", "&amp;") in page
    filled = editor.get(address).text
    assert 'value="微山县（370826）"' in filled
    assert f'value="某清单（{power_list.slug}）"' in filled
    assert 'value="甲事项备案' in filled
    choice = {
        "place": "微山县",
        "power_list": power_list.slug,
        "matter": "甲事项备案",
        "mode": "window",
        "basis": "某文件",
    }
    assert editor.post(address, data=choice).status_code == 302
    assert "还没有选方式的事项" not in editor.get(f"/staff/uptakes/{weishan.id}/").text
    settled = {**choice, "matter": "乙事项许可"}
    assert editor.post("/staff/choices/new/", data=settled).status_code == 409
    # The list is not public yet: the link tells a county nothing of it.
    person(Role.COUNTY_OFFICER, place=weishan)
    officer = app.test_client()
    enter(officer, "county-officer")
    hidden = officer.get(address).text
    assert "甲事项备案" not in hidden
    assert "某清单" not in hidden


def test_a_search_within_a_list_stays_in_the_list(editor, session):
    _table, power_list = take_over(editor)
    page = editor.get(f"/staff/delegations/?list={power_list.id}&search=甲").text
    assert "<h1>某清单</h1>" in page
    assert f'name="list" value="{power_list.id}"' in page
    assert "甲事项备案" in page
    assert "乙事项许可" not in page
    assert editor.get("/staff/delegations/?list=999999").status_code == 404


def test_days_in_lists_are_written_as_people_write_them(editor):
    assert "2021年6月15日" in editor.get("/staff/policies/").text
    assert "15 June 2021" in editor.get("/staff/policies/?lang=en").text


def _publish(editor, approver, address):
    """Put forward and approve; gives the page of the proposal."""
    assert editor.post(f"{address}propose", data={}).status_code == 302
    number = max(_proposals())
    assert approver.post(f"/staff/proposals/{number}/approve", data={}).status_code == 302
    running.work_off()
    return f"/staff/proposals/{number}/"


def _proposals():
    return db.session.scalars(select(Proposal.id)).all()


def test_a_list_whose_rows_stay_is_put_forward_for_what_its_modes_mean(editor, approver, session):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    address = f"/staff/lists/{power_list.id}/"
    _publish(editor, approver, address)
    assert "没有可送审的" in editor.get(address).text
    assert f'action="{address}propose"' not in editor.get(address).text
    session.scalars(select(ProfileField).limit(1)).one().source = "另一条依据"
    session.commit()
    page = editor.get(address).text
    assert "没有可送审的" not in page
    assert f'action="{address}propose"' in page
    again = approver.get(_publish(editor, approver, address)).text
    assert "另一条依据" in again


def test_a_place_that_says_nothing_new_has_nothing_to_put_forward(editor, approver, session):
    weishan = places.by_code("370826")
    address = f"/staff/uptakes/{weishan.id}/"
    point = {"place": "微山县", "kind": "centre", "name": "微山县为民服务中心", "phone": "0537-8222222"}
    assert editor.post("/staff/points/new/", data=point).status_code == 302
    assert f'action="{address}propose"' in editor.get(address).text
    _publish(editor, approver, address)
    assert f'action="{address}propose"' not in editor.get(address).text
    assert "没有可送审的" in editor.get(address).text


def test_what_is_put_forward_says_so_before_anybody_types(editor, approver, app, session):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    row = power_list.delegations[0]
    weishan = places.by_code("370826")
    point = {"place": "微山县", "kind": "centre", "name": "微山县为民服务中心", "phone": "0537-8222222"}
    assert editor.post("/staff/points/new/", data=point).status_code == 302
    spot = session.scalars(select(ServicePoint)).one()
    bound = (
        f"/staff/delegations/?list={power_list.id}",
        f"/staff/delegations/edit/?id={row.id}",
        f"/staff/adjusting/rename/{row.id}",
        f"/staff/adjusting/{power_list.id}/add",
        f"/staff/profiles/{power_list.id}/",
        f"/staff/profiles/{power_list.id}/direct",
        f"/staff/points/edit/?id={spot.id}",
    )
    said = "批准或退回以前不能改"
    assert [each for each in bound if said in editor.get(each).text] == []
    assert editor.post(f"/staff/lists/{power_list.id}/propose", data={}).status_code == 302
    assert editor.post(f"/staff/uptakes/{weishan.id}/propose", data={}).status_code == 302
    assert [each for each in bound if said not in editor.get(each).text] == []
    person(Role.COUNTY_OFFICER, place=weishan)
    officer = app.test_client()
    enter(officer, "county-officer")
    assert said in officer.get("/staff/points/").text
    assert said in officer.get("/staff/duties/new/").text
    for number in _proposals():
        assert editor.post(f"/staff/proposals/{number}/withdraw").status_code == 302
    assert [each for each in bound if said in editor.get(each).text] == []


def test_one_moment_is_written_as_the_readers_of_each_page_write_it(editor):
    upload = hand_in(editor)
    at = upload.created_at.astimezone(clock.HOME)
    said = {"": f"{at:%Y}年{at.month}月{at.day}日 {at:%H:%M}", "?lang=en": f"{at.day} {at:%B %Y %H:%M}"}
    for _time in range(2):
        for asked, moment in said.items():
            assert moment in editor.get(f"/staff/imports/{asked}").text
