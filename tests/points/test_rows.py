"""Service points handed in as rows: every row told what it does, nothing written before, all or nothing after."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from jobs.runs import work_off
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.imports.rows import queries, service
from portal.foundation.imports.rows.models import RowTable
from portal.foundation.imports.rows.rules import RowsState
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from portal.foundation.runs.rules import RunState
from portal.foundation.signins.passwords.service import set_password
from portal.powers.points.models import PointKind, ServicePoint
from tests.fixtures.people import somebody

HEAD = "办事点登记表\n地方,名称,种类,地址,电话\n"


@pytest.fixture
def city(session):
    city = Place(code="370800", name="济宁市", kind=PlaceKind.CITY)
    for number, name in enumerate(("微山县", "鱼台县")):
        session.add(Place(code=f"37082{6 + number}", name=name, kind=PlaceKind.COUNTY, parent=city))
    session.flush()
    return city


@pytest.fixture
def weishan(city):
    return next(place for place in db.session.query(Place) if place.name == "微山县")


@pytest.fixture
def officer(session, weishan):
    return _added(somebody(Role.COUNTY_OFFICER, place=weishan))


@pytest.fixture
def hall(session, weishan):
    body = Organisation(name="微山县行政审批服务局", place=weishan)
    return _added(
        ServicePoint(
            place=weishan,
            name="微山县为民服务中心",
            kind=PointKind.CENTRE,
            hours="9:00—17:00",
            organisation=body,
        )
    )


@pytest.fixture
def signed_in(app, client):
    """`signed_in(account)`: a browser in which that person is signed in."""

    def entered(account):
        set_password(None, account, "correct horse battery")
        db.session.commit()
        visitor = app.test_client()
        said = {"login": account.login, "password": "correct horse battery"}
        assert visitor.post("/staff/sign-in/", data=said).status_code == 302
        return visitor

    return entered


def _added(record):
    db.session.add(record)
    db.session.commit()
    return record


def handed_in(text, by):
    table = service.receive(text.encode(), name="办事点.csv", kind="points", by=by)
    db.session.commit()
    work_off()
    return queries.own(table.id, by, {"points"})


def fates(table):
    return [(row["line"], row["fate"]) for row in table.report]


def points():
    return {(each.name, each.address, each.hours) for each in db.session.query(ServicePoint)}


def test_every_row_is_told_what_it_does_and_nothing_is_written(officer, hall):
    before = points()
    table = handed_in(
        HEAD
        + "微山县,微山县为民服务中心,政务服务中心,,\n"
        + "370826,夏镇便民服务中心,镇街便民服务中心,夏镇街道1号,0537-8221001\n"
        + "鱼台县,鱼台县为民服务中心,,,\n"
        + "微山县,,,,\n"
        + "微山县,韩庄镇便民服务中心,茶馆,,\n"
        + "微山县,夏镇便民服务中心,镇街便民服务中心,夏镇街道2号,\n"
        + "微山县,南阳镇便民服务中心,镇街便民服务中心,,打电话\n",
        officer,
    )
    assert table.state is RowsState.READ
    assert fates(table) == [
        (3, "same"), (4, "new"), (5, "wrong"), (6, "wrong"), (7, "wrong"), (8, "wrong"), (9, "wrong"),
    ]  # fmt: skip
    assert table.report[2]["why"][1] == {"place": "鱼台县"}
    assert table.report[5]["why"][1] == {"line": 4}
    assert points() == before


def test_what_was_chosen_is_written_and_what_the_file_lacks_stays(officer, hall):
    table = handed_in(
        HEAD
        + "微山县,微山县为民服务中心,政务服务中心,金源路1号,\n"
        + "微山县,夏镇便民服务中心,镇街便民服务中心,,\n"
        + "微山县,韩庄镇便民服务中心,镇街便民服务中心,,\n",
        officer,
    )
    assert fates(table) == [(3, "change"), (4, "new"), (5, "new")]
    service.choose(table, {4, 5}, {4}, by=officer)
    service.carry_out(table, by=officer)
    db.session.commit()
    work_off()
    assert table.state is RowsState.APPLIED
    assert points() == {
        ("微山县为民服务中心", "金源路1号", "9:00—17:00"),
        ("夏镇便民服务中心", "", ""),
    }
    assert hall.organisation.name == "微山县行政审批服务局"
    with pytest.raises(Conflict):
        service.carry_out(table, by=officer)


def test_an_untouched_table_changes_nothing_whatever_begins_a_formula(officer, hall, signed_in):
    hall.phone, hall.address, hall.hours = "+86 537 3161234", "-1 层", "＝见公告"
    hall.organisation.ended_on = date(2021, 1, 1)
    db.session.commit()
    table = handed_in(signed_in(officer).get("/staff/rows/present.csv").data.decode("utf-8-sig"), officer)
    assert fates(table) == [(2, "same")]


def test_what_no_column_holds_and_what_is_not_one_record_is_told_by_row(officer, hall, weishan):
    for phone in ("1234567", "7654321"):
        _added(ServicePoint(place=weishan, name="自助机", kind=PointKind.KIOSK, phone=phone))
    text = HEAD + f"微山县,{'长' * 129},,,\n微山县,自助机,,,\n微山县,微山县为民服务中心,,{'长' * 256},\n"
    table = handed_in(text, officer)
    assert fates(table) == [(3, "wrong"), (4, "wrong"), (5, "wrong")]
    assert table.report[0]["why"][1]["most"] == 128


def test_several_tables_are_not_one_and_a_hidden_one_is_none(officer, hall, tmp_path):
    for hidden, state in ((False, RowsState.REFUSED), (True, RowsState.READ)):
        path = tmp_path / f"{hidden}.xlsx"
        with Workbook(str(path)) as book:
            for sheet, name in ((book.add_worksheet("旧"), "旧址"), (book.add_worksheet("新"), "新址")):
                sheet.write_row(0, 0, ("地方", "名称", "地址"))
                sheet.write_row(1, 0, ("微山县", "微山县为民服务中心", name))
            book.worksheets()[1].activate()
            if hidden:
                book.worksheets()[0].hide()
        table = service.receive(path, name="办事点.xlsx", kind="points", by=officer)
        db.session.commit()
        work_off()
        assert table.state is state
    assert table.report[0]["values"]["address"] == "新址"


def test_a_writing_that_was_stopped_can_be_set_aside(officer, hall):
    table = handed_in(HEAD + "微山县,夏镇便民服务中心,,,\n", officer)
    service.carry_out(table, by=officer)
    with pytest.raises(Conflict):
        service.drop(table, by=officer)
    table.run.state = RunState.CANCELLED
    service.drop(table, by=officer)
    assert table.state is RowsState.DROPPED


def test_all_or_nothing_when_somebody_changed_a_record_meanwhile(officer, hall):
    table = handed_in(HEAD + "微山县,夏镇便民服务中心,,,\n微山县,微山县为民服务中心,,新址,\n", officer)
    hall.address = "旧址"
    service.carry_out(table, by=officer)
    db.session.commit()
    work_off()
    assert table.state is RowsState.WAITING
    assert "一行也没有写入" in table.run.message
    assert points() == {("微山县为民服务中心", "旧址", "9:00—17:00")}
    service.again(table, by=officer)
    db.session.commit()
    work_off()
    assert fates(table) == [(3, "new"), (4, "change")]
    assert table.report[1]["before"]["address"] == "旧址"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a,b\n1,2\n", "没有找到表头"),
        ("地方,名称,种类\n,,\n", "一行也没有"),
        (HEAD + "微山县,中心,,,\n" * 5001, "超过 5000 行"),
        ("地方,名称,名称\n微山县,a,b\n", "没有找到表头"),
    ],
    ids=["no header", "no rows", "too many", "one column twice"],
)
def test_a_file_that_is_no_such_table_is_refused_with_a_sentence(officer, text, why):
    table = handed_in(text, officer)
    assert table.state is RowsState.REFUSED
    assert why in table.refusal
    with pytest.raises(Conflict):
        service.carry_out(table, by=officer)


def test_nothing_to_write_and_nothing_handed_in_are_refused(officer, hall, city):
    table = handed_in(HEAD + "微山县,微山县为民服务中心,政务服务中心,,\n", officer)
    with pytest.raises(Refused, match="没有要写入的行"):
        service.carry_out(table, by=officer)
    with pytest.raises(Refused, match="空的"):
        service.receive(b"", name="空.csv", kind="points", by=officer)
    other = _added(somebody(Role.AUDITOR))
    with pytest.raises(Forbidden):
        service.receive(HEAD.encode(), name="a.csv", kind="points", by=other)
    with pytest.raises(NotFound):
        queries.own(table.id, other, {"points"})
    with pytest.raises(NotFound):
        queries.own(table.id, officer, {"duties"})
    assert db.session.query(RowTable).count() == 1


def test_the_page_leads_from_the_present_table_to_what_was_written(app, client, officer, hall, signed_in):
    visitor = signed_in(officer)
    present = visitor.get("/staff/rows/present.csv").data.decode("utf-8-sig")
    assert present.splitlines() == [
        "地方,名称,种类,管理单位,地址,办公时间,电话",
        "370826,微山县为民服务中心,政务服务中心,微山县行政审批服务局,,9:00—17:00,",
    ]
    text = present + "370826,夏镇便民服务中心,镇街便民服务中心,,,,\n370826,坏的,茶馆,,,,\n"
    assert visitor.post("/staff/rows/", data={}).status_code == 422
    address = visitor.post(
        "/staff/rows/",
        data={"file": (BytesIO(text.encode()), "办事点.csv")},
        content_type="multipart/form-data",
    ).location
    assert "看看到哪一步了" in visitor.get(address).text
    work_off()
    page = visitor.get(address).text
    assert "新增 1 行，修改 0 行，没有变化 1 行，有问题 1 行。" in page
    assert "没有“茶馆”这一种。" in page
    assert "夏镇便民服务中心" not in visitor.get(f"{address}?fate=wrong").text
    assert visitor.post(f"{address}choose", data={"shown": ["3"]}).status_code == 302
    assert "写入 1 行" not in visitor.get(address).text
    assert visitor.post(f"{address}write").status_code == 422
    visitor.post(f"{address}choose", data={"shown": ["3"], "line": ["3"]})
    assert "写入 1 行" in visitor.get(address).text
    visitor.post(f"{address}write")
    work_off()
    assert "已经写入" in visitor.get(address).text
    assert {name for name, _address, _hours in points()} == {"微山县为民服务中心", "夏镇便民服务中心"}


def test_another_person_s_table_is_as_none(client, officer, hall, weishan, signed_in):
    table = handed_in(HEAD + "微山县,夏镇便民服务中心,,,\n", officer)
    other = signed_in(_added(somebody(Role.COUNTY_OFFICER, login="other", place=weishan)))
    assert other.get(f"/staff/rows/{table.id}/").status_code == 404
    for verb in ("choose", "write", "again", "drop"):
        assert other.post(f"/staff/rows/{table.id}/{verb}").status_code == 404
    assert table.state is RowsState.READ
