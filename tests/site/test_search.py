"""The search page: what is marked, what is said, where a place named in a query leads, what is tried instead."""

from __future__ import annotations

from urllib.parse import unquote, urlencode

import pytest

from portal import auth
from portal.powers.matters.models import EverydayName, Matter
from portal.site.finding.placed import placed
from tests.fixtures import worlds
from tests.lists.making import make_list, publish, row, take_over


@pytest.fixture
@worlds.kept
def known(session, city):
    """A list with an everyday name, a code and a part."""
    made = make_list(city)
    rows = [
        row(1, "企业投资项目备案", code="3700000117086"),
        row(2, "城市建筑垃圾处置核准", department="市住建局"),
        row(3, "典当业特种行业许可", department="市公安局", type="其他行政权力"),
    ]
    take_over(city, made, rows)
    matter = session.query(Matter).filter_by(name="典当业特种行业许可").one()
    matter.everyday_names.append(EverydayName(name="开当铺"))
    publish(city, made)
    return made


def get(client, address, status=200, **said):
    answer = client.get(address, **said)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("备案", "企业投资项目<mark>备案</mark>"),
        ("投 资", "企业<mark>投资</mark>项目备案"),
        ("touzi", "企业<mark>投资</mark>项目备案"),
        ("qytz", "<mark>企业投资</mark>项目备案"),
        ("touxi", "企业<mark>投资</mark>项目备案"),
        ("17086", "37000001<mark>17086</mark>"),
        ("公安", "市<mark>公安</mark>局"),
        ("开当铺", "<mark>开当铺</mark>"),
        ("我想开当铺", "<mark>开当铺</mark>"),
        ("kaidangpu", "<mark>开当铺</mark>"),
    ],
)
def test_the_hit_is_marked_where_it_is(client, known, query, shown):
    assert shown in get(client, f"/search?q={query}")


def test_it_says_when_one_letter_was_put_right(client, known):
    assert "读音相近" in get(client, "/search?q=touxi")
    assert "读音相近" not in get(client, "/search?q=touzi")


def test_it_says_what_was_left_out_of_a_question(client, known):
    assert "下面是按“开当铺”查到的" in get(client, "/search?q=我想开当铺")
    assert "下面是按" not in get(client, "/search?q=开当铺")


def test_a_place_in_the_query_becomes_the_place_of_the_page(client, known, city):
    code = city.county("茌平区").code
    for query in ("茌平区 备案", "茌平 备案", "备案 茌平区", "茌平备案", "在茌平区备案"):
        answer = client.get(f"/search?q={query}&lang=en")
        assert answer.status_code == 302, query
        address = unquote(answer.headers["Location"])
        assert f"at={code}" in address
        assert "q=备案" in address
        assert "lang=en" in address
    other = client.get(f"/search?q=茌平区 备案&at={city.county('莘县').code}")
    assert f"at={code}" in other.headers["Location"]


def test_a_place_alone_or_with_what_is_nowhere_ends_somewhere(client, known):
    assert "没有找到“茌平区”" in get(client, "/search?q=茌平区")
    address = client.get("/search?q=茌平区飞船").headers["Location"]
    assert "没有找到“飞船”" in get(client, address)


class Named:
    def __init__(self, name):
        self.name = name


@pytest.mark.parametrize(
    ("query", "place", "rest"),
    [
        ("微山县 备案", "微山县", "备案"),
        ("微山备案", "微山县", "备案"),
        ("我想在微山县开饭店", "微山县", "我想 开饭店"),
        ("济宁高新区备案", "济宁高新区", "备案"),
        ("高新区 备案", "高新区", "备案"),
        ("备案微山", "", ""),
        ("微山县", "", ""),
        ("", "", ""),
    ],
)
def test_which_place_is_named(query, place, rest):
    found = placed(query, [Named("微山县"), Named("高新区"), Named("济宁高新区"), Named("莘县")])
    assert (found[0].name, found[1]) == (place, rest) if place else found is None


def test_without_words_it_shows_every_list_narrowed(client, known):
    page = get(client, "/search?type=10")
    assert "典当业特种行业许可" in page
    assert "企业投资项目备案" not in page


def test_a_filter_narrows_what_words_find(client, known):
    assert "典当业" in get(client, "/search?q=许可&type=10")
    page = get(client, "/search?q=许可&type=01")
    assert "去掉筛选条件" in page


@pytest.mark.parametrize(
    ("query", "way"),
    [
        ("备案 飞船", "q=备案"),
        ("企业投资飞船", "q=企业投资"),
        ("飞船备案", "q=备案"),
        ("企业头资", "q=qiyetouzi"),
    ],
)
def test_what_finds_nothing_leads_on(client, known, query, way):
    page = get(client, f"/search?q={query}")
    assert "没有找到" in page
    assert way in unquote(page)


def test_pages_follow_each_other(client, session, city):
    made = make_list(city)
    take_over(city, made, [row(number, f"第{number}种船舶登记") for number in range(1, 121)])
    publish(city, made)
    first, second, third = (get(client, f"/search?q=登记&page={number}") for number in (1, 2, 3))
    assert "120 个事项" in first
    assert "第 51–100 个" in second
    assert (first + second + third).count('class="row row--hit"') == 120
    assert 'rel="next"' in second
    assert 'rel="next"' not in third
    for number in ("4", "21", "0", "x", "-1", "999999999999"):
        get(client, f"/search?q=登记&page={number}", status=404)


def test_suggestions_are_for_htmx_alone(client, known):
    typed = get(client, "/search/suggestions?q=备", headers={"HX-Request": "true"})
    assert "企业投资项目<mark>备</mark>案" in typed
    assert "<html" not in typed
    assert "没有建议" in get(client, "/search/suggestions?q=飞船", headers={"HX-Request": "true"})
    assert "<li>" not in get(client, "/search/suggestions?q=", headers={"HX-Request": "true"})
    plain = client.get("/search/suggestions?q=备案")
    assert plain.status_code == 302
    assert plain.headers["Location"].startswith("/search?q=")


def test_what_is_typed_never_becomes_a_tag(client, known):
    page = get(client, "/search?q=<b>备案</b>")
    assert "<b>" not in page


@pytest.mark.parametrize("query", ["投资　备案", "\ufeff备案", "备\u200b案", "\u202e备案\u202c", "备案\xa0"])
def test_what_comes_along_with_a_copy_is_no_part_of_the_words(client, known, query):
    assert "<mark>备案</mark>" in get(client, f"/search?{urlencode({'q': query})}")
    assert "<mark>备案</mark>" in get(client, f"/lists/liaocheng-2020?{urlencode({'q': query})}")


STRANGE = [
    '"', "''", "备* OR (NEAR", "NOT -备 ^备", "name_sounds : *{备}", "%_\\", "$1 &|!<-> :*",
    "👨\u200d👩\u200d👧", "\u202e",
    "\u0301" * 90, "\ufffe\U0010ffff", "ﷺ" * 90, "İ", "備" * 10000, "a " * 5000, "zhuang" * 2000, "9" * 400,
]  # fmt: skip


@pytest.mark.parametrize(
    "address", ["/search", "/search/suggestions", "/lists/liaocheng-2020", "/where", "/api/v1/matters"]
)
def test_whatever_is_asked_is_answered(client, known, address):
    """No sign is an operator of a search index, of LIKE or of an address, and none is too much."""
    auth.limiter.reset()
    for query in STRANGE:
        answer = client.get(f"{address}?{urlencode({'q': query})}", headers={"HX-Request": "true"})
        refused = 400 if address.startswith("/api") and len(query) > 100 else 200
        assert answer.status_code == refused, query[:20]
