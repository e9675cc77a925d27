"""What changed, entry by entry: for a list, a place, a department, a matter, since a revision or a day."""

from __future__ import annotations

from datetime import date

import pytest

from portal.powers.lists.models import PublishedMatter
from tests.api.test_answers import receive, say  # noqa: F401  the fixture
from tests.fixtures import worlds
from tests.lists.making import exception, row, take_over

SLUG = "liaocheng-2020"


@pytest.fixture
@worlds.kept
def revised(session, city, power_list, republish):
    """Revision 2: a matter elsewhere by window, one gone, one new, one renamed."""
    rows = [
        row(1, "企业投资项目备案"),
        row(
            2,
            "典当业特种行业许可",
            department="市公安局",
            mode="window",
            mode_label="窗口前移",
            remark="到窗口办",
        ),
        row(3, "公司登记"),
    ]
    rows[0]["exceptions"] = [exception("window", places=["莘县"])]
    take_over(city, power_list, rows)
    return republish(date(2031, 5, 1))


@pytest.fixture
def ids(session, revised):
    return {row.name: row.matter_id for row in session.query(PublishedMatter)}


def changes(read, query=""):
    return read(f"/changes?list={SLUG}&since_revision=1{query}")["items"]


def test_every_change_is_told_once(read, revised):
    found = {each["matter"]["name"]: each["change"] for each in changes(read)}
    assert found == {
        "企业投资项目备案": "changed",
        "典当业特种行业许可": "changed",
        "公司登记": "added",
        "城市建筑垃圾处置核准": "withdrawn",
    }
    assert {(each["revision"], each["effective_on"]) for each in changes(read)} == {(2, "2031-05-01")}


def test_was_and_is(read, city, revised):
    by_name = {each["matter"]["name"]: each for each in changes(read)}
    county = city.county("莘县")
    assert by_name["企业投资项目备案"]["answers"] == [
        {"place": {"code": county.code, "name": "莘县"}, "was": "direct", "is": "window"}
    ]
    assert by_name["典当业特种行业许可"]["fields"]["remark"] == {"was": "", "is": "到窗口办"}
    assert by_name["公司登记"]["fields"]["mode"] == {"was": None, "is": "direct"}
    assert by_name["城市建筑垃圾处置核准"]["fields"]["mode"] == {"was": "review", "is": None}
    assert by_name["城市建筑垃圾处置核准"]["matter"]["department"] == "市住房城乡建设局"


def test_a_place_is_told_what_concerns_it(read, city, revised):
    here, other = city.county("莘县").code, city.county("茌平区").code
    found = {each["matter"]["name"]: each["answers"] for each in changes(read, f"&place={here}")}
    assert set(found) == {"企业投资项目备案", "典当业特种行业许可", "公司登记", "城市建筑垃圾处置核准"}
    assert [(each["was"], each["is"]) for each in found["企业投资项目备案"]] == [("direct", "window")]
    assert [(each["was"], each["is"]) for each in found["公司登记"]] == [(None, "direct")]
    assert [(each["was"], each["is"]) for each in found["城市建筑垃圾处置核准"]] == [("review", None)]
    elsewhere = {each["matter"]["name"] for each in changes(read, f"&place={other}")}
    assert elsewhere == {"典当业特种行业许可", "公司登记", "城市建筑垃圾处置核准"}


def test_a_department_and_a_matter(read, ids):
    found = [each["matter"]["name"] for each in changes(read, "&department=市住房城乡建设局")]
    assert found == ["城市建筑垃圾处置核准"]
    found = [each["change"] for each in changes(read, f"&matter={ids['公司登记']}")]
    assert found == ["added"]


def test_since_a_day(read, revised):
    assert [each["change"] for each in read("/changes?until=2030-01-01")["items"]] == ["published"]
    assert read("/changes?until=2030-01-01")["items"][0]["count"] == 3
    assert len(read("/changes?since=2030-01-01")["items"]) == 4
    assert read("/changes?since=2031-05-02")["items"] == []


def test_pages_of_changes_meet(read, revised):
    whole = read("/changes?limit=200")["items"]
    seen, query = [], "/changes?limit=2"
    while query:
        said = read(query)
        seen += said["items"]
        query = said["next"] and "/changes?" + said["next"].split("?")[1]
    assert seen == whole
    assert len(whole) == 5


def test_what_a_place_published_of_itself(read, city, power_list, receive, matter):  # noqa: F811
    place = city.county("茌平区")
    receive(place, 1)
    (entry,) = [each for each in read(f"/changes?place={place.code}")["items"] if each["subject"] == "place"]
    assert (entry["change"], entry["part"], entry["matter"]["name"]) == (
        "added",
        "duties",
        "企业投资项目备案",
    )
    assert entry["fields"]["organisation"] == {"was": None, "is": "茌平区行政审批服务局"}
    assert not set(entry["fields"]) & {"organisation_id", "list_id", "matter_id"}
    other = city.county("莘县").code
    assert {each["subject"] for each in read(f"/changes?place={other}")["items"]} == {"list"}
    revision = read(f"/places/{place.code}/revisions/1")
    assert revision["in_force"]
    assert read(f"/places/{place.code}?fields=statement")["statement"]["hash"] == revision["hash"]


def test_revisions_newest_first(read, city, power_list, revised):
    found = read("/revisions?fields=number,counts,in_force,key")["items"]
    assert [(each["key"], each["number"], each["in_force"]) for each in found] == [
        (SLUG, 2, False),
        (SLUG, 1, True),
    ]
    assert found[0]["counts"] == {"added": 1, "changed": 2, "withdrawn": 1, "frame": 0}
    first = read("/revisions?limit=1")
    assert [each["number"] for each in read("/revisions?" + first["next"].split("?")[1])["items"]] == [1]


def test_a_change_of_the_list_itself(read, session, city, power_list, republish):
    power_list.title = "放权清单"
    session.commit()
    republish()
    (entry,) = changes(read)
    assert (entry["change"], entry["part"]) == ("frame", "title")
    assert entry["fields"]["title"] == {"was": "清单 liaocheng-2020", "is": "放权清单"}
    assert changes(read, "&department=市公安局") == []
