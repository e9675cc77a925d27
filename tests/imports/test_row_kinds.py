"""Duties, bodies and everyday names as rows: what goes out comes back unchanged, what was changed is changed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.foundation.imports.rows import service
from portal.foundation.imports.rows.registry import row_kind
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations import spellings
from portal.foundation.organisations.models import Organisation
from portal.foundation.places import service as places
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from portal.powers.duties import service as duties
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.matters import service as matters
from portal.powers.matters.models import Matter
from tests.fixtures.people import somebody
from tests.imports.handing import fates, handed_in, present, written
from tests.lists.making import account, make_city, make_list, publish, row, take_over

DUTY_HEAD = "地方,事项,部门,角色,单位,从哪一天起,依据\n"


@pytest.fixture
def city(session):
    return make_city()


@pytest.fixture
def power_list(city):
    return make_list(city)


@pytest.fixture
def listed(city, power_list):
    rows = [row(1, "企业备案"), row(2, "典当业许可"), row(3, "典当业许可", department="市公安局")]
    take_over(city, power_list, rows)
    return [each.matter for each in power_list.delegations]


@pytest.fixture
def shen(city):
    return city.county("莘县")


@pytest.fixture
def bureau(shen):
    return organisations.add(shen, "莘县行政审批服务局", by=None)


def said(duty):
    day = duty.from_on.isoformat() if duty.from_on else ""
    return (duty.matter.organisation.name, duty.role.value, duty.organisation.name, day, duty.basis)


def test_duties_go_out_and_come_back(city, power_list, listed, shen, bureau):
    publish(city, power_list)
    officer = account(Role.COUNTY_OFFICER, place=shen)
    police = organisations.add(shen, "莘县公安局", by=None)
    duties.set_duty(shen, listed[2], DutyRole.RECEIVER, police, by=officer, basis="第2条")
    db.session.commit()
    out = present("duties", officer)
    assert fates(handed_in("duties", out, officer)) == ["same"]
    table = handed_in(
        "duties",
        DUTY_HEAD
        + "莘县,典当业许可,市公安局,承接单位,莘县行政审批服务局,2021年6月15日,第2条\n"
        + "371522,典当业许可,市商务局,本地监管,莘县公安局,,\n"
        + "莘县,企业备案,,市级监管,市住建局,,\n",
        officer,
    )
    assert fates(table) == ["change", "new", "new"]
    assert db.session.query(Duty).count() == 1
    written(table, officer)
    assert sorted(said(each) for each in db.session.query(Duty)) == [
        ("市公安局", "receiver", "莘县行政审批服务局", "2021-06-15", "第2条"),
        ("市商务局", "regulator_city", "市住房城乡建设局", "", ""),
        ("市商务局", "regulator_place", "莘县公安局", "", ""),
    ]


def test_a_row_of_somebody_else_is_as_one_that_is_not_there(city, listed, shen, bureau):
    officer = account(Role.COUNTY_OFFICER, place=city.county("茌平区"))
    own = organisations.add(city.county("茌平区"), "茌平区行政审批服务局", by=None)
    duties.set_duty(own.place, listed[0], DutyRole.ENFORCEMENT, own, by=city.editor)
    db.session.commit()
    table = handed_in(
        "duties",
        DUTY_HEAD
        + "莘县,企业备案,,承接单位,莘县行政审批服务局,,\n"
        + "莘县,没有这一项,,承接单位,莘县行政审批服务局,,\n"
        + "茌平区,企业备案,,承接单位,莘县行政审批服务局,,\n"
        + "茌平区,典当业许可,,承接单位,茌平区行政审批服务局,,\n"
        + "茌平区,企业备案,,承接单位,茌平区行政审批服务局,去年,\n",
        officer,
    )
    assert fates(table) == ["wrong"] * 5
    others, missing = table.report[0]["why"], table.report[1]["why"]
    assert others[0] == missing[0]
    assert "没有登记" in table.report[2]["why"][0]
    # Nothing is published, and the county knows of no working copy (P-1).
    assert table.report[3]["why"][0] == missing[0]


def test_a_name_that_two_matters_have_needs_more(city, listed, shen, bureau):
    table = handed_in("duties", DUTY_HEAD + "莘县,典当业许可,,承接单位,莘县行政审批服务局,,\n", _keeper())
    assert fates(table) == ["wrong"]
    assert "不止一个" in table.report[0]["why"][0]


def _keeper():
    """An office that reaches every place."""
    made = somebody(Role.EDITOR)
    db.session.add(made)
    db.session.commit()
    return made


def test_bodies_go_out_and_come_back_and_none_is_renamed_by_its_other_name(city, shen):
    keeper = account(Role.ADMINISTRATOR)
    odd = organisations.add(city.place, "市文化局", by=None)
    organisations.add_alias(odd, "文、旅局", by=None)
    db.session.commit()
    out = present("bodies", keeper)
    assert set(fates(handed_in("bodies", out, keeper))) == {"same"}
    table = handed_in(
        "bodies",
        "所在地方,名称,别名,性质,统一社会信用代码,收通知的邮箱\n"
        "聊城市,市住房城乡建设局,市住建局、市建设局,部门,,js@example.cn\n"
        '聊城市,市文化局,"文、旅局",监管部门,,\n'
        "莘县,莘县公安局,,,,\n"
        "莘县,莘县发改局,,茶馆,,\n"
        "聊城市,市住建局,,,,\n"
        "莘县,莘县教育局,,,123,\n",
        keeper,
    )
    assert fates(table) == ["change", "change", "new", "wrong", "wrong", "wrong"]
    written(table, keeper)
    named = {
        body.name: sorted(alias.name for alias in body.aliases) for body in db.session.query(Organisation)
    }
    assert named["市住房城乡建设局"] == ["市住建局", "市建设局"]
    assert named["市文化局"] == ["文、旅局"]
    assert named["莘县公安局"] == []
    assert "市住建局" not in named


def test_everyday_names_go_out_and_come_back(city, listed):
    matters.set_everyday_names(listed[0], ["办执照", "开店、开业"], by=city.editor)
    matters.set_everyday_names(listed[1], ["当铺"], by=city.editor)
    db.session.commit()
    assert fates(handed_in("names", present("names", city.editor), city.editor)) == ["same"] * 3
    text = '事项,部门,常用叫法\n企业备案,,"办执照\n注册"\n典当业许可,市商务局,\n没有,,a\n'
    table = handed_in("names", text, city.editor)
    assert fates(table) == ["change", "change", "wrong"]
    written(table, city.editor)
    assert {each.name for each in listed[0].everyday_names} == {"办执照", "注册"}
    assert listed[1].everyday_names == []


def test_what_one_row_left_half_done_is_nothing_to_the_next(city):
    keeper = account(Role.ADMINISTRATOR)
    db.session.commit()
    table = handed_in(
        "bodies",
        "所在地方,名称,别名\n聊城市,市住房城乡建设局,市商务局\n聊城市,市城管局,市住建局\n聊城市,市城管局,\n",
        keeper,
    )
    # The other name was still there when the second row asked for it.
    assert fates(table) == ["wrong", "wrong", "new"]


def test_statements_grow_with_the_rows_alone(city, listed, shen, bureau, app):
    """A row costs what it costs, however many there are."""

    def asked(count):
        texts = [f"莘县,企业备案,,执法,莘县第{number}局,,\n" for number in range(count)]
        for number in range(count):
            if organisations.queries.named(shen, f"莘县第{number}局") is None:
                organisations.add(shen, f"莘县第{number}局", by=None)
        db.session.commit()
        seen = []

        def heard(*_args):
            seen.append(1)

        event.listen(db.engine, "before_cursor_execute", heard)
        try:
            table = handed_in("duties", DUTY_HEAD + "".join(texts), keeper)
        finally:
            event.remove(db.engine, "before_cursor_execute", heard)
        assert set(fates(table)) == {"new"}
        return len(seen)

    keeper = _keeper()
    few, many = asked(2), asked(22)
    assert (many - few) / 20 < 20


def test_whoever_stands_there_is_meant_whatever_others_are_called(city, listed, shen):
    above = organisations.add(city.place, "综合行政执法局", by=None)
    ended = organisations.add(shen, "莘县工商局", by=None)
    for body in (above, ended):
        duties.set_duty(shen, listed[0], DutyRole.ENFORCEMENT, body, by=city.editor)
    organisations.add(shen, "综合行政执法局", by=None)
    ended.ended_on = clock.today()
    db.session.commit()
    table = handed_in("duties", present("duties", city.editor), city.editor)
    assert fates(table) == ["same", "same"]


def test_a_duty_is_not_handed_to_whoever_has_it(city, listed, shen, bureau):
    police = organisations.add(shen, "莘县公安局", by=None)
    since = date(2021, 6, 15)
    one = duties.set_duty(shen, listed[0], DutyRole.ENFORCEMENT, police, by=city.editor)
    duties.set_duty(shen, listed[0], DutyRole.ENFORCEMENT, bureau, by=city.editor, from_on=since, basis="甲")
    table = service.choose_many("duties-hand", [one.id], {"body": str(bureau.id), "day": ""}, by=city.editor)
    db.session.commit()
    work_off()
    assert fates(table) == ["wrong"]
    assert "已经担任" in table.report[0]["why"][0]


def test_a_matter_of_another_city_is_none_of_this_one(city, listed, shen, bureau):
    elsewhere = places.add(city.place.parent, "济宁市", PlaceKind.CITY, by=None)
    body = organisations.add(elsewhere, "市商务局", by=None)
    for name in (listed[0].name, "只有那里有"):
        db.session.add(
            Matter(place=elsewhere, organisation=body, name=name, type=listed[0].type, identity=name)
        )
    db.session.commit()
    rows = "".join(f"莘县,{name},市商务局,承接单位,{bureau.name},,\n" for name in ("企业备案", "只有那里有"))
    table = handed_in("duties", DUTY_HEAD + rows, _keeper())
    assert fates(table) == ["new", "wrong"]


def test_what_a_place_that_ended_has_left_is_not_taken_along(city, listed, shen, bureau):
    duties.set_duty(shen, listed[0], DutyRole.RECEIVER, bureau, by=city.editor)
    shen.ended_on = clock.today()
    db.session.commit()
    assert list(row_kind("duties").every(city.editor)) == []


def test_a_duty_in_a_matter_of_another_line_comes_back_and_none_is_made(city, listed, shen, bureau):
    elsewhere = places.add(city.place.parent, "济宁市", PlaceKind.CITY, by=None)
    body = organisations.add(elsewhere, "市商务局", by=None)
    made = Matter(
        place=elsewhere, organisation=body, name="企业备案", type=listed[0].type, identity="企业备案"
    )
    db.session.add(Duty(place=shen, matter=made, role=DutyRole.RECEIVER, organisation=bureau))
    db.session.commit()
    keeper = _keeper()
    assert fates(handed_in("duties", present("duties", keeper), keeper)) == ["same"]
    table = handed_in(
        "duties",
        DUTY_HEAD
        + f"莘县,企业备案,市商务局,承接单位,{bureau.name},,第3条\n"
        + f"莘县,企业备案,市商务局,执法,{bureau.name},,\n",
        keeper,
    )
    # The first is the one that stands; the second is of the place's own line.
    assert fates(table) == ["change", "new"]
    written(table, keeper)
    assert {(each.matter is made, each.role.value) for each in db.session.query(Duty)} == {
        (True, "receiver"),
        (False, "enforcement"),
    }


def test_bodies_are_found_by_every_spelling_within_one_file_and_none_of_ended_places_goes_out(city, shen):
    organisations.add(shen, "莘县（新）发改局", by=None)
    keeper = account(Role.ADMINISTRATOR)
    table = handed_in(
        "bodies",
        "所在地方,名称,别名\n"
        "莘县,莘县教育局,教育局（县）\n"
        "莘县,莘县 教育局,\n"
        "莘县,教育局(县),\n"
        "莘县,莘县(新) 发改局,县发改局\n"
        "莘县,莘县财政局,县发改局\n"
        "莘县,莘县财政局,\n",
        keeper,
    )
    assert fates(table) == ["new", "wrong", "wrong", "change", "wrong", "new"]
    assert table.report[1]["why"][1] == {"line": 2}
    shen.ended_on = clock.today()
    db.session.commit()
    assert shen.id not in {body.place_id for body in row_kind("bodies").every(keeper)}


def test_the_names_of_a_place_are_gone_through_once_for_a_whole_file(city, shen, monkeypatch):
    """Five thousand new bodies would else cost the square of that."""
    gone_through = []
    real = spellings._gone_through
    monkeypatch.setattr(spellings, "_gone_through", lambda place: gone_through.append(place) or real(place))
    rows = "".join(f"莘县,莘县第{number}局,第{number}局\n" for number in range(6))
    table = handed_in("bodies", "所在地方,名称,别名\n" + rows, account(Role.ADMINISTRATOR))
    assert fates(table) == ["new"] * 6
    assert gone_through == [shen.id]
