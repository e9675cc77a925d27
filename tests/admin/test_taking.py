"""A list of the staff door as a file: as narrowed and ordered as it is shown, whole, and written down."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from itertools import count

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from admin import taking
from portal.db import db
from portal.foundation.audit.models import Entry
from portal.foundation.audit.rules import Act
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Role
from portal.powers.points.models import PointKind, ServicePoint
from tests.admin.conftest import person

MANY = 120
LIST = "/staff/organisations/"


@pytest.fixture
def bodies(session, weishan):
    session.add_all(Organisation(name=f"第{number:03}局", place=weishan) for number in range(MANY))
    session.add(Organisation(name="=HYPERLINK(1)", place=weishan))
    session.flush()


def read(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


def test_every_row_of_every_page_comes_in_the_order_shown(as_role, bodies):
    visitor = as_role(Role.EDITOR)
    heading, *rows = read(visitor.get(f"{LIST}table.csv?search=局&sort=name&desc=1&column=name&page=2"))
    assert heading == ["名称"]
    assert rows == [[f"第{number:03}局"] for number in reversed(range(MANY))]


def test_without_a_choice_rows_stand_in_the_order_of_the_page_and_ties_in_one(as_role, bodies):
    visitor = as_role(Role.EDITOR)
    rows = [name for (name,) in read(visitor.get(f"{LIST}table.csv?column=name"))[1:]]
    assert rows == sorted(rows)
    tied = [name for (name,) in read(visitor.get(f"{LIST}table.csv?column=name&sort=kind&search=第"))[1:]]
    assert tied == sorted(tied)


def test_both_files_say_the_same_and_hold_no_formula(as_role, bodies):
    visitor = as_role(Role.EDITOR)
    heading, *rows = read(visitor.get(f"{LIST}table.csv?sort=name"))
    book = CalamineWorkbook.from_filelike(BytesIO(visitor.get(f"{LIST}table.xlsx?sort=name").data))
    found = book.get_sheet_by_index(0).to_python()
    assert len(rows) == db.session.query(Organisation).count()
    assert found == [heading, *([cell.removeprefix("'") for cell in row] for row in rows)]
    assert ["'=HYPERLINK(1)"] in [row[:1] for row in rows]


def test_the_page_leads_there_with_what_it_is_narrowed_by(as_role, bodies):
    visitor = as_role(Role.EDITOR)
    page = visitor.get(f"{LIST}?search=第00&column=name&column=place").text
    address = f"{LIST}table.csv?search=%E7%AC%AC00&amp;column=name&amp;column=place"
    assert address in page
    assert len(read(visitor.get(address.replace("&amp;", "&")))) == 11
    assert visitor.get(f"{LIST}table.pdf").status_code == 404


def test_a_county_takes_its_own_along_and_it_is_written_down(as_role, weishan, yutai, session):
    for place in (weishan, yutai):
        session.add(ServicePoint(place=place, name=f"{place.name}为民服务中心", kind=PointKind.CENTRE))
    session.flush()
    _heading, *rows = read(as_role(Role.COUNTY_OFFICER).get("/staff/points/table.csv?column=name"))
    assert rows == [["微山县为民服务中心"]]
    entry = session.scalars(select(Entry).where(Entry.act == Act.EXPORT)).one()
    assert (entry.kind, json.loads(entry.note)["count"]) == ("service_points", 1)


def test_rows_that_come_and_go_meanwhile_are_no_file(as_role, bodies, monkeypatch):
    visitor, seen = as_role(Role.EDITOR), count()
    rows = taking._rows
    monkeypatch.setattr(
        taking, "_rows", lambda *said: (row for row in rows(*said) if next(seen) != MANY // 2)
    )
    answer = visitor.get(f"{LIST}table.csv")
    assert answer.status_code == 409
    assert "请再试一次" in answer.text


def test_whoever_may_not_read_the_list_gets_no_file(app, session, client):
    person(Role.REGULATOR)
    assert client.get(f"{LIST}table.csv").status_code == 302
    client.post("/staff/sign-in/", data={"login": "regulator", "password": "correct horse battery"})
    assert client.get("/staff/accounts/table.csv").status_code == 403
