"""A county officer enters the towns of the own county and chooses for them; nobody else's (D-10, R-3)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from jobs import runs as running
from portal.foundation.places import queries as places
from portal.foundation.publishing.models import Head, Proposal, Revision
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.powers.lists.models import Delegation
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.uptakes.models import Choice
from tests.admin.clerk import fill_profile, take_over
from tests.admin.conftest import enter, person

MANY = "/staff/choices/many/"


@pytest.fixture
def power_list(editor, approver, session):
    """Two matters of three are left open; published, so that a county knows of them."""
    _table, made = take_over(editor)
    fill_profile(made)
    for delegation in made.delegations[:2]:
        delegation.mode = Mode.UNDETERMINED
        delegation.exceptions.clear()
    session.flush()
    editor.post(f"/staff/lists/{made.id}/propose", data={})
    approver.post(f"/staff/proposals/{session.scalars(select(Proposal)).one().id}/approve", data={})
    running.work_off()
    return made


@pytest.fixture
def officer(editor, app):
    """The county officer of 微山县."""
    person(Role.COUNTY_OFFICER, place=places.by_code("370826"))
    visitor = app.test_client()
    assert enter(visitor, "county-officer") == 302
    return visitor


def add_towns(visitor, county="微山县", names="夏镇街道 370826001\n韩庄镇\n"):
    return visitor.post("/staff/towns/new/", data={"place": county, "names": names})


def test_an_officer_enters_the_towns_of_the_own_county_only(officer, approver, editor):
    assert 'value="微山县（370826）"' in officer.get("/staff/towns/new/").text
    assert add_towns(officer).status_code == 302
    assert "夏镇街道" in officer.get("/staff/towns/").text
    assert add_towns(officer, "鱼台县", "谷亭街道").status_code == 403
    assert add_towns(officer, names="夏镇街道").status_code == 409
    assert add_towns(officer, names="两城镇 12").status_code == 422
    assert add_towns(officer, names=" \n").status_code == 422
    assert add_towns(officer, "济宁市", "某镇").status_code == 403
    assert add_towns(approver, names="某镇").status_code == 403
    assert add_towns(editor, "鱼台县", "谷亭街道").status_code == 302
    theirs = next(each for each in places.children(places.by_code("370827")))
    assert "谷亭街道" not in officer.get("/staff/towns/").text
    address = f"/staff/towns/edit/?id={theirs.id}"
    assert officer.get(address).status_code == 404, "as if it did not exist"
    assert officer.get(f"/staff/uptakes/{theirs.id}/").status_code == 404
    own = places.by_code("370826001")
    renamed = {"name": "夏镇", "ended_on": "2026-01-01", "note": ""}
    edit = f"/staff/towns/edit/?id={own.id}"
    assert officer.post(edit, data=renamed).status_code == 422, "neither misspelt nor decided"
    decided = {"reason": "撤街道设镇", "basis": "济政字〔2026〕1号"}
    assert officer.post(edit, data={**renamed, **decided}).status_code == 302
    assert (own.name, own.ended_on) == ("夏镇", None)
    assert "原名：夏镇街道" in officer.get("/places/370826001").text
    assert officer.post(edit, data={"name": "夏阳镇", "misspelt": "y"}).status_code == 302
    assert "原名：夏镇街道" in officer.get("/places/370826001").text


def test_one_form_chooses_for_many_matters_and_towns(officer, approver, session, power_list):
    add_towns(officer)
    county, town = places.by_code("370826"), places.by_code("370826001")
    address = f"{MANY}?place=370826&list={power_list.slug}"
    page = officer.get(address).text
    assert "全部还没有选的（2 项）" in page
    assert "微山县全部镇街，以后登记的也算" in page
    assert "丙事项许可" not in page, "what the list has settled is not asked"
    form = {"mode": "window", "basis": "微政发1号", "only_missing": "y"}
    nothing = officer.post(address, data=form)
    assert nothing.status_code == 422
    assert "请至少选一处" in nothing.text
    everything = {**form, "matters": ["0"], "towns": [str(county.id), str(town.id)]}
    assert officer.post(address, data=everything).status_code == 302
    assert session.query(Choice).count() == 4
    assert "已选：窗口前移" in officer.get(address).text
    foreign = {**form, "matters": ["0"], "towns": [str(places.by_code("370827").id)]}
    assert officer.post(address, data=foreign).status_code == 422
    county_page = officer.get(f"/staff/uptakes/{county.id}/").text
    assert "还没有选方式的事项" not in county_page
    assert "夏镇街道" in county_page
    town_page = officer.get(f"/staff/uptakes/{town.id}/").text
    assert "由微山县选方式" in town_page
    assert "甲事项备案" in town_page
    assert "丙事项许可" not in town_page, "a town names bodies for its own answers only"


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 404), ("place=370827&list={}", 404), ("place=370826", 404), ("place=370826&list=nothing", 404)],
)
def test_the_form_for_many_is_for_own_places_and_open_matters(officer, power_list, query, status):
    assert officer.get(f"{MANY}?{query.format(power_list.slug)}").status_code == status


def test_an_approver_reads_for_which_town_a_mode_was_chosen(officer, approver, session, power_list):
    add_towns(officer)
    assert approver.get(f"{MANY}?place=370826&list={power_list.slug}").status_code == 403
    county = places.by_code("370826")
    matter = power_list.delegations[0].matter
    one = {"place": "韩庄镇", "power_list": power_list.slug, "matter": matter.name, "mode": "window"}
    unexplained = officer.post("/staff/choices/new/", data={**one, "mode": "entrusted", "basis": "微政发1号"})
    assert unexplained.status_code == 422
    assert "清单还没有写明“委托下放”" in unexplained.text
    assert 'value="微政发1号"' in unexplained.text, "nothing typed is lost"
    assert officer.post("/staff/choices/new/", data=one).status_code == 302
    assert "缺</" not in officer.get(f"/staff/uptakes/{county.id}/").text
    assert "缺夏镇街道" in officer.get(f"/staff/uptakes/{county.id}/").text
    assert officer.post(f"/staff/uptakes/{county.id}/propose", data={"reason": "x"}).status_code == 302
    proposal = session.scalars(select(Proposal).order_by(Proposal.id.desc())).first()
    assert "韩庄镇，甲事项备案，窗口前移" in approver.get(f"/staff/proposals/{proposal.id}/").text
    assert officer.post("/staff/choices/new/", data=one).status_code == 409, "bound by the proposal"
    approver.post(f"/staff/proposals/{proposal.id}/approve", data={})
    running.work_off()
    revision = session.scalars(select(Revision).order_by(Revision.id.desc())).first()
    assert revision.content["choices"][0]["town"] == "韩庄镇"


def test_the_pages_list_counties_with_their_towns(officer, editor, power_list):
    add_towns(officer)
    for visitor in (officer, editor):
        page = visitor.get("/staff/uptakes/").text
        assert page.index(">微山县<") < page.index(">夏镇街道<") < page.index(">韩庄镇<")
    assert "鱼台县" not in officer.get("/staff/uptakes/").text


def test_a_county_does_not_read_what_only_a_draft_holds(officer, editor, session, power_list):
    county, known = places.by_code("370826"), power_list.delegations[0].matter
    name, address = "丁事项许可", f"/staff/uptakes/{county.id}/"
    draft = Matter(identity=name, name=name, place=known.place, type=known.type)
    power_list.delegations.append(Delegation(matter=draft, position=99, seq=99, mode=Mode.UNDETERMINED))
    session.flush()
    assert known.name in officer.get(address).text
    assert name not in officer.get(address).text
    assert name in editor.get(address).text
    session.delete(session.get_one(Head, (Subject.LIST, power_list.id)))
    session.flush()
    assert power_list.title not in officer.get(address).text
    assert power_list.title in editor.get(address).text
