"""Lists narrowed by a place: in words, with or without what lies below, kept like any other choice, within rights."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest

from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from portal.powers.points.models import PointKind, ServicePoint

LIST = "/staff/points/"


@pytest.fixture
def town(session, weishan):
    town = Place(name="夏镇街道", code="370826001", kind=PlaceKind.TOWN, parent=weishan, position=1)
    session.add(town)
    session.flush()
    return town


@pytest.fixture
def points(session, weishan, yutai, town):
    for place in (weishan, yutai, town):
        session.add(ServicePoint(place=place, name=f"{place.name}为民服务中心", kind=PointKind.CENTRE))
    session.flush()


def named(page):
    return re.findall(r"<td>([^<]*)为民服务中心", page.text)


def test_a_place_is_meant_with_what_lies_below_it_or_alone(as_role, points):
    editor = as_role(Role.EDITOR)
    assert len(named(editor.get(LIST))) == 3
    for words in ("微山县", "370826", "微山县（370826）", "从前的名称（370826）"):
        page = editor.get(LIST, query_string={"place": words})
        assert named(page) == ["微山县", "夏镇街道"], words
        assert 'value="微山县（370826）"' in page.text
    assert named(editor.get(f"{LIST}?place=微山县&alone=1")) == ["微山县"]
    assert named(editor.get(f"{LIST}?place=微山县&kind=station&alone=1")) == []


def test_words_that_name_no_place_find_nothing_and_say_so(as_role, points):
    editor = as_role(Role.EDITOR)
    page = editor.get(f"{LIST}?place=没有这个县")
    assert (page.status_code, named(page)) == (200, [])
    assert "没有找到“没有这个县”。" in page.text
    unclear = editor.get(f"{LIST}?place=县")
    assert named(unclear) == []
    assert "不清楚是哪一个" in unclear.text
    assert "微山县（370826）" in unclear.text


def test_it_is_kept_in_views_and_files_and_reaches_no_further_than_the_person(as_role, points, session):
    editor = as_role(Role.EDITOR)
    kept = editor.post("/staff/views/remember", data={"page": "points", "parameters": "place=370826&alone=1"})
    assert kept.status_code == 302
    assert named(editor.get(editor.get(LIST).location)) == ["微山县"]
    taken = editor.get(f"{LIST}table.csv?place=370826&column=name").data.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(StringIO(taken))][1:] == [
        "微山县为民服务中心",
        "夏镇街道为民服务中心",
    ]
    county = as_role(Role.COUNTY_OFFICER)
    assert named(county.get(f"{LIST}?place=鱼台县")) == []


@pytest.mark.parametrize(
    ("key", "role"), [("towns", Role.EDITOR), ("choices", Role.EDITOR), ("duties", Role.EDITOR)]
)
def test_the_other_lists_of_places_have_it_too(as_role, points, key, role):
    page = as_role(role).get(f"/staff/{key}/?place=微山县")
    assert page.status_code == 200
    assert 'value="微山县（370826）"' in page.text
    assert ("夏镇街道" in page.text) is (key == "towns")


def test_rows_of_other_places_offer_nothing_that_would_be_refused(as_role, weishan):
    editor = as_role(Role.EDITOR)
    for address in re.findall(r'href="(/staff/places/edit/[^"]+)"', editor.get("/staff/places/").text):
        assert editor.get(address.replace("&amp;", "&")).status_code == 200
