"""A town's answers (D-10): for itself where the list leaves the mode open, else those of the county above it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.foundation.organisations import queries as bodies
from portal.foundation.places import service as places
from portal.foundation.places.rules import PlaceKind
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.uptakes import service
from portal.powers.uptakes.rules import read_towns
from portal.site import editions
from portal.site.local import Local
from tests.lists.making import make_list, publish, row, take_over

LIST = "/lists/liaocheng-2020"
ONE, OTHER = "371522103", "371522105"


def words(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def say(city, place):
    proposal = publishing.propose(Subject.UPTAKE, place.id, by=city.editor, reason="公布")
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()


@pytest.fixture
def shen(city):
    return city.county("莘县")


@pytest.fixture
def towns(session, city, shen, power_list):
    """莘县 with two towns; the list leaves 公司登记 open everywhere."""
    rows = [
        row(1, "公司登记", mode="undetermined", mode_label=""),
        row(2, "典当许可", mode="window", mode_label="窗口前移"),
    ]
    take_over(city, power_list, rows)
    publish(city, power_list)
    return service.enter_towns(shen, read_towns([f"朝城镇 {ONE}", f"妹冢镇 {OTHER}"]), by=city.editor)


@pytest.fixture
def subject(session, towns):
    return session.query(Matter).filter_by(name="公司登记").one()


def pages(code, subject):
    """Everywhere that the matter is answered for a place, in few words."""
    return [
        f"{LIST}?at={code}",
        f"/search?q=公司&at={code}",
        f"/departments/371500/市商务局?at={code}",
    ]


def test_a_town_is_never_unknown_and_is_answered_by_its_county(client, towns, subject):
    for address in (*pages(ONE, subject), f"/places/{ONE}?at={ONE}", f"{LIST}/matters/{subject.id}?at={ONE}"):
        page = words(client, address)
        assert "不包括" not in page, address
        assert "没有这个地方" not in page, address
    page = words(client, f"/places/{ONE}")
    assert "朝城镇属于莘县" in page.replace(" ", "")
    assert "在莘县就能办完1项" in page.replace(" ", ""), "what the list settles is the county's"


def test_before_the_county_chose_everybody_says_so(client, towns, subject):
    for address in pages(ONE, subject):
        assert "还没有公布怎么办" in words(client, address), address
    page = words(client, f"{LIST}/matters/{subject.id}?at={ONE}")
    assert "莘县还没有公布朝城镇怎么办。" in page
    assert "文件让莘县给自己的镇街定办法" in page
    english = words(client, f"{LIST}/matters/{subject.id}?at={ONE}&lang=en")
    assert "has not published how" in english


def test_one_town_has_its_own_answer_and_the_other_the_one_for_all(
    client, city, shen, towns, power_list, subject
):
    service.choose(shen, power_list, subject, Mode.DIRECT, by=city.editor)
    service.choose(towns[0], power_list, subject, Mode.WINDOW, by=city.editor, basis="莘政发1号")
    say(city, shen)
    for address in pages(ONE, subject):
        assert "窗口前移" in words(client, address), address
    for address in pages(OTHER, subject)[:2]:
        assert "承接单位待公布" in words(client, address), address
    page = words(client, f"{LIST}/matters/{subject.id}?at={ONE}")
    assert "方式由莘县选定：窗口前移。依据：莘政发1号。" in page
    assert "按莘县定的办法，" in page
    assert "承接单位待公布：朝城镇还没有公布由哪个单位办。公布以前，请到聊城市商务局办。" in page
    assert "莘县的镇街怎么办" in page
    assert "朝城镇是“窗口前移”" in page
    at_county = words(client, f"{LIST}/matters/{subject.id}?at={shen.code}")
    assert "莘县的镇街怎么办" in at_county
    assert "在莘县就能办完" in at_county
    assert "公司登记" in words(client, f"{LIST}?at={ONE}&mode=window")
    assert "公司登记" not in words(client, f"{LIST}?at={OTHER}&mode=window")


def test_where_only_towns_were_chosen_for_the_countys_page_leads_to_them(
    client, city, shen, towns, power_list, subject
):
    service.choose(towns[0], power_list, subject, Mode.WINDOW, by=city.editor)
    say(city, shen)
    led = "莘县给一部分镇街单独定了办法，请选您所在的镇街。"
    assert led in words(client, f"{LIST}/matters/{subject.id}?at={shen.code}")
    assert led not in words(client, f"{LIST}/matters/{subject.id}?at={OTHER}")
    assert "choose yours" in words(client, f"{LIST}/matters/{subject.id}?at={shen.code}&lang=en")
    service.choose(shen, power_list, subject, Mode.DIRECT, by=city.editor)
    say(city, shen)
    assert led not in words(client, f"{LIST}/matters/{subject.id}?at={shen.code}")
    for place in (shen, towns[0]):
        service.choose(place, power_list, subject, None, by=city.editor)
    say(city, shen)
    for code in (shen.code, ONE):
        assert "还没有公布" in words(client, f"{LIST}/matters/{subject.id}?at={code}"), "taken back"


def test_what_the_list_settles_later_goes_before_what_was_chosen(
    client, city, shen, towns, power_list, subject
):
    service.choose(shen, power_list, subject, Mode.REVIEW, by=city.editor)
    service.choose(towns[0], power_list, subject, Mode.COLLECTION, by=city.editor)
    say(city, shen)
    assert "窗口前移" not in words(client, f"{LIST}/matters/{subject.id}?at={ONE}")
    power_list.delegations[0].mode = Mode.WINDOW
    power_list.delegations[0].mode_label = "窗口前移"
    publish(city, power_list)
    for address in (*pages(ONE, subject), f"{LIST}/matters/{subject.id}?at={ONE}"):
        page = words(client, address)
        assert "窗口前移" in page, address
        assert "方式由莘县选定" not in page, address
    assert "在莘县就能办完" in words(client, f"{LIST}/matters/{subject.id}?at={ONE}")


def test_the_town_names_its_own_receiver(client, city, shen, towns, power_list, subject):
    service.choose(towns[0], power_list, subject, Mode.DIRECT, by=city.editor)
    say(city, shen)
    body = bodies.named(towns[0], "朝城镇人民政府")
    duties.set_duty(towns[0], subject, DutyRole.RECEIVER, body, by=city.editor)
    say(city, towns[0])
    page = words(client, f"{LIST}/matters/{subject.id}?at={ONE}")
    assert "在朝城镇就能办完。" in page
    assert "朝城镇人民政府" in page
    assert "到朝城镇办" in words(client, pages(ONE, subject)[0])
    place = words(client, f"/places/{ONE}").replace(" ", "")
    assert "在朝城镇就能办完1项" in place
    assert "在莘县就能办完1项" in place
    # The county's own receiver is not the town's.
    assert "到朝城镇办" not in words(client, pages(OTHER, subject)[0])


def test_where_the_list_settles_the_mode_there_is_no_strip_of_towns(client, session, towns, shen):
    settled = session.query(Matter).filter_by(name="典当许可").one()
    assert "镇街怎么办" not in words(client, f"{LIST}/matters/{settled.id}?at={shen.code}")
    page = words(client, f"{LIST}/matters/{settled.id}?at={ONE}")
    assert "按文件，在莘县就能办完。" in page


def test_the_countys_page_leads_to_its_towns_and_theirs_back(client, shen, towns, power_list):
    county = client.get(f"/places/{shen.code}").text
    assert f"/places/{ONE}?at={ONE}" in county
    assert f"/places/{shen.code}?at={shen.code}" in client.get(f"/places/{ONE}").text
    places.change(
        towns[1], by=None, name="妹冢镇", note="", certainty=towns[1].certainty, ended_on=clock.today()
    )
    assert OTHER not in client.get(f"/places/{shen.code}").text
    assert "撤销" in words(client, f"/places/{OTHER}")


def test_a_town_that_a_list_names_answers_for_itself_and_below_its_county_for_other_lists(
    client, city, shen, towns, power_list
):
    """As in Shanting, where towns are a list's own places."""
    group = places.set_group(shen, "towns", "各镇", [towns[0]], by=None)
    own = make_list(city, "towns-only")
    take_over(city, own, [row(1, "再生育审批")])
    own.place, own.scope = shen, group
    publish(city, own)
    current = editions.current(clock.today())
    found = editions.place_named(current, ONE)
    assert found is not None
    assert found.within is None
    assert next(each for each in current if each.slug == power_list.slug).place(ONE).within.code == shen.code
    assert "在朝城镇" in words(client, f"/lists/towns-only?at={ONE}").replace(" ", "")
    assert "这份清单不包括妹冢镇" in words(client, f"/lists/towns-only?at={OTHER}")
    assert "这份清单不包括莘县" in words(client, f"/lists/towns-only?at={shen.code}")


def test_a_list_that_names_a_county_and_one_of_its_towns_answers_for_each(
    client, city, shen, towns, power_list, subject
):
    power_list.scope.members.append(towns[0])
    publish(city, power_list)
    service.choose(shen, power_list, subject, Mode.DIRECT, by=city.editor)
    service.choose(towns[0], power_list, subject, Mode.WINDOW, by=city.editor)
    say(city, shen)
    say(city, towns[0])
    assert "窗口前移" in words(client, pages(ONE, subject)[0])
    for code in (shen.code, OTHER):
        page = words(client, f"{LIST}/matters/{subject.id}?at={code}")
        strip = page.partition("莘县的镇街怎么办")[2]
        assert "窗 朝城镇 ：窗口前移 直 妹冢镇 ：直接下放" in strip, code
    chooser = client.get("/where").get_data(as_text=True)
    assert [chooser.count(f">{name}<") for name in ("朝城镇", "妹冢镇")] == [1, 1], "each is offered once"


def test_a_town_that_the_list_names_is_entrusted_once(client, city, shen, towns, power_list, subject):
    power_list.scope.members.append(towns[0])
    publish(city, power_list)
    service.choose(shen, power_list, subject, Mode.DIRECT, by=city.editor)
    for town in towns:
        service.choose(town, power_list, subject, Mode.ENTRUSTED, by=city.editor)
    for place in (shen, towns[0]):
        say(city, place)
    rows = words(client, "/entrusted").rpartition("依据")[0]
    assert [rows.count(name) for name in ("朝城镇", "妹冢镇")] == [2, 1], "a choice, a row"


def test_a_town_in_a_countys_own_zone_is_answered_by_the_county(
    client, city, shen, towns, power_list, subject
):
    zone = places.add(shen, "莘县经济开发区", PlaceKind.ZONE, by=None)
    town = places.add(zone, "莘州街道", PlaceKind.TOWN, by=None)
    service.choose(shen, power_list, subject, Mode.DIRECT, by=city.editor)
    service.choose(town, power_list, subject, Mode.WINDOW, by=city.editor)
    say(city, shen)
    for address in pages(town.code, subject):
        assert "窗口前移" in words(client, address), address
    assert "方式由莘县选定：窗口前移" in words(client, f"{LIST}/matters/{subject.id}?at={town.code}")


def test_a_town_is_its_countys_though_another_list_reaches_its_city(city, shen, towns, power_list):
    group = places.set_group(city.place.parent, "cities", "各市", [city.place], by=None)
    province = make_list(city, "of-the-province")
    take_over(city, province, [row(1, "丁")])
    province.place, province.scope, province.position = city.place.parent, group, 0
    publish(city, province)
    current = editions.current(clock.today())
    assert [each.slug for each in current] == ["of-the-province", power_list.slug]
    assert current[0].place(ONE).within.code == city.place.code
    assert editions.place_named(current, ONE).within.code == shen.code
    assert editions.place_named(current, shen.code).within is None


def test_the_places_to_choose_from_know_their_towns_by_one_question(app, towns, shen, power_list):
    asked = []
    reach = editions.reaches(editions.current(clock.today()))[0]

    def count(*said):
        asked.append(said)

    event.listen(db.engine, "before_cursor_execute", count)
    found = reach.towns
    event.remove(db.engine, "before_cursor_execute", count)
    assert [town.code for town in found[shen.code]] == [ONE, OTHER]
    assert [town.within.code for town in found[shen.code]] == [shen.code] * 2
    assert len(asked) == 1


MODES = st.sampled_from(service.CHOOSABLE)


@given(whole=st.none() | MODES, one=st.none() | MODES)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_page_says_the_same_of_a_town(
    client, session, city, shen, towns, power_list, subject, whole, one
):
    """Rows, matter page and strip agree with the rule: the town's own choice, else the one for all, else nothing."""
    said = session.query(Revision).filter_by(subject=Subject.UPTAKE, subject_id=shen.id).one_or_none()
    if said is None:
        service.choose(shen, power_list, subject, Mode.DIRECT, by=city.editor)
        say(city, shen)
        said = session.query(Revision).filter_by(subject=Subject.UPTAKE, subject_id=shen.id).one()
    common = {
        "list_id": power_list.id,
        "matter_id": subject.id,
        "matter": subject.name,
        "basis": "",
        "list": "x",
    }
    chosen = [{**common, "mode": whole}] if whole else []
    if one:
        chosen.append({**common, "mode": one, "town": "朝城镇", "town_code": ONE})
    said.content = {**said.content, "choices": chosen}
    session.commit()
    expected: Mapping[str, Mode] = {
        ONE: one or whole or Mode.UNDETERMINED,
        OTHER: whole or Mode.UNDETERMINED,
        shen.code: whole or Mode.UNDETERMINED,
    }
    edition = editions.current_of(power_list.slug, clock.today())
    local = Local(clock.today())
    for code, mode in expected.items():
        place = edition.place(code)
        assert local.mode(edition, subject.id, place, Mode.UNDETERMINED) is mode
        found = client.get(f"{LIST}?at={code}&mode={mode.value}").text
        assert f"/matters/{subject.id}?at={code}" in found, (code, mode)
        page = client.get(f"{LIST}/matters/{subject.id}?at={code}").text
        assert f"tile--{mode.value} tile--large" in page, (code, mode)
