"""Counts and examples of the overview pages are those of the rows, and a department's page answers as its lists do."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from portal import clock
from portal.powers.lists.models import PublishedMatter
from portal.site import departments, editions, overview
from tests.lists.making import make_list, publish, row, take_over

LIST = "/lists/liaocheng-2020"


@pytest.fixture
def two_lists(session, city, power_list):
    """A second list, which shares a department with the first and has a matter of none."""
    second = make_list(city, "second")
    rows = [
        row(1, "船舶登记", department="市公安局", type="其他行政权力"),
        row(2, "登记", department=""),
        row(3, "商店招牌设置", mode="undetermined", mode_label=""),
    ]
    take_over(city, second, rows)
    publish(city, second)
    return editions.current(clock.today())


def test_counts_are_those_of_the_rows(session, two_lists):
    rows = session.query(PublishedMatter).all()
    totals = overview.totals(two_lists)
    assert totals.matters == len(rows) == 6
    assert totals.modes == Counter(each.mode for each in rows)
    assert dict(totals.types) == Counter(each.type for each in rows)
    assert [count for _kind, count in totals.types] == sorted(dict(totals.types).values(), reverse=True)
    assert overview.sizes(two_lists) == {"liaocheng-2020": 3, "second": 3}
    ((issuer, bodies),) = departments.every(two_lists).items()
    assert issuer == "聊城市"
    assert {body.name: body.count for body in bodies} == Counter(
        each.department for each in rows if each.department
    )


def test_nothing_published_counts_nothing(session):
    assert overview.totals([]).matters == 0
    assert overview.sizes([]) == departments.every([]) == {}
    assert overview.examples([]) == []


def test_examples_are_found(client, two_lists):
    *names, letters = overview.examples(two_lists)
    assert (names[0], letters) == ("登记", "dj")
    for words in (*names, letters):
        assert "<mark>" in client.get(f"/search?q={words}").get_data(as_text=True), words


def rows(client, address):
    page = client.get(address)
    assert page.status_code == 200, address
    return re.findall(r'<li class="row">.*?</li>', page.get_data(as_text=True), re.DOTALL)


def test_a_department_answers_as_its_lists_do(client, city, two_lists):
    for place in ("", city.county("莘县").code, city.county("聊城经济技术开发区").code):
        for name in ("市住房城乡建设局", "市公安局"):
            listed = [
                each
                for edition in two_lists
                for each in rows(client, f"/lists/{edition.slug}?department={name}&at={place}")
            ]
            assert listed
            assert rows(client, f"/departments/371500/{name}?at={place}") == listed
    for nobody in ("371500/没有的局", "371599/市公安局", "370000/市公安局"):
        assert client.get(f"/departments/{nobody}").status_code == 404
