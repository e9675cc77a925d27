"""Choosing a place: what a few characters mean, and that the way back leads nowhere but back."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.foundation.places import service as places
from portal.foundation.places.rules import PlaceKind
from portal.site.finding.placenames import fold, rank, readings

LIST = "/lists/liaocheng-2020"
NAMES = ("微山县", "汶上县", "莘县", "单县", "济宁高新区", "东阿县", "任城区")

MEANT = [
    ("微山县", {"微山县"}),
    ("微山", {"微山县"}),
    ("山", {"微山县"}),
    (" 微 山 ", {"微山县"}),
    ("济宁市微山县夏镇", {"微山县"}),
    ("ws", {"微山县", "汶上县"}),
    ("weis", {"微山县"}),
    ("weishan", {"微山县"}),
    ("wsx", {"微山县", "汶上县"}),
    ("WEISHANXIAN", {"微山县"}),
    ("shanxian", {"微山县", "单县"}),
    ("shenx", {"莘县"}),
    ("gxq", {"济宁高新区"}),
    ("dongex", {"东阿县"}),
    ("飞船", set()),
    ("xyz", set()),
    ("w!", set()),
]


@pytest.mark.parametrize(("query", "meant"), MEANT)
def test_a_few_characters_mean_a_place(query, meant):
    assert {name for name in NAMES if rank(fold(query), [name], "370000") is not None} == meant


def test_the_exact_name_is_best_and_a_code_is_a_name():
    assert rank("微山县", ["微山县"], "370826") == 0
    assert rank("370826", ["微山县"], "370826") == 0
    assert rank("weishan county", ["微山县", "Weishan County"], "370826") is None
    assert rank(fold("Weishan county"), ["微山县", "Weishan County"], "370826") == 0
    assert rank("微", ["微山县"], "") < rank("山", ["微山县"], "") < rank("ws", ["微山县"], "")


@given(st.data())
def test_every_way_of_spelling_a_part_is_found(data):
    name = data.draw(st.sampled_from(NAMES))
    said = readings(name)
    start = data.draw(st.integers(0, len(said) - 1))
    end = data.draw(st.integers(start + 1, len(said)))
    parts = [data.draw(st.sampled_from(said[at])) for at in range(start, end)]
    short = [data.draw(st.booleans()) for _part in parts]
    spelled = "".join(part[:1] if brief else part for part, brief in zip(parts, short, strict=True))
    assert rank(spelled, [name], "") is not None


@settings(max_examples=50)
@given(st.text(max_size=30))
def test_any_query_is_answered(text):
    assert rank(fold(text), ["微山县"], "370826") in (None, 0, 1, 2, 3, 4)


def choices(client, next_, more=""):
    """The links of the chooser's places, by name."""
    answer = client.get("/where", query_string={"next": next_} | ({"q": more} if more else {}))
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    main = page[page.index("<main") : page.index("</main>")]
    found = re.findall(r'<li><a href="([^"]*)"[^>]*><span>([^<]*)', main)
    return {name: unescape(href) for href, name in found}


def test_choosing_leads_back_to_the_page_with_the_new_place(client, power_list, matter):
    address = f"{LIST}/matters/{matter(2).matter_id}"
    assert choices(client, address)["莘县"] == f"{address}?at=371522"
    assert (
        choices(client, f"{LIST}?mode=direct&page=3&junk=1&at=1")["莘县"] == f"{LIST}?mode=direct&at=371522"
    )
    assert choices(client, "/places/371502")["莘县"] == "/places/371522?at=371522"
    assert choices(client, "/")["莘县"] == "/?at=371522"


STRANGE = [
    "",
    "https://evil.example/",
    "//evil.example/lists",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/staff/",
    "/staff/sign-in",
    "/static/dist/app.css",
    "/nowhere",
    "/where?next=/where",
    "lists",
    "http:///lists",
    "/lists//evil.example",
    "/@evil.example",
    "//[",
    "/" + "a" * 5000,
    "/lists/%00",
]


@pytest.mark.parametrize("next_", STRANGE)
def test_any_other_address_leads_to_the_place_itself(client, power_list, next_):
    assert choices(client, next_)["莘县"] == "/places/371522?at=371522"


def test_what_the_address_carries_is_kept(client, power_list):
    page = client.get("/where?next=/modes&lang=en&text=large&contrast=high").get_data(as_text=True)
    assert "/modes?lang=en&amp;text=large&amp;contrast=high&amp;at=371522" in page or re.search(
        r'href="/modes\?(?=[^"]*at=371522)(?=[^"]*lang=en)(?=[^"]*text=large)(?=[^"]*contrast=high)', page
    )


def test_navigation_leads_to_the_chooser_and_back(client, power_list):
    page = client.get(f"{LIST}?mode=direct&at=371502").get_data(as_text=True)
    link = unescape(re.search(r'href="([^"]*)"[^>]*>换地方', page)[1])
    assert link.startswith("/where?")
    chooser = client.get(link).get_data(as_text=True)
    assert f'href="{LIST}?mode=direct&amp;at=371522"' in chooser
    assert "现在选的是东昌府区。" in chooser
    assert f'href="{LIST}?mode=direct">不选地方' in chooser


def test_an_unknown_name_says_what_to_try(client, power_list):
    page = client.get("/where", query_string={"q": "飞船<b>"}).get_data(as_text=True)
    assert "没有找到“飞船&lt;b&gt;”" in page
    assert "拼音首字母" in page
    assert "莘县" in page


def test_towns_are_found_below_their_county(client, city, power_list):
    places.add(city.county("莘县"), "燕塔街道", PlaceKind.TOWN, code="371522001", by=None)
    assert choices(client, "/modes", "燕塔")["燕塔街道"] == "/modes?at=371522001"
    assert choices(client, "/modes", "yt")["燕塔街道"] == "/modes?at=371522001"
    page = client.get("/where", query_string={"q": "莘县燕塔街道"}).get_data(as_text=True)
    assert page.index("燕塔街道</span>") if "燕塔街道</span>" in page else "燕塔街道" in page
    assert "莘县的 1 个镇（街道）" in page


def test_nothing_published_gives_no_places(client, session):
    assert "还没有公布清单。" in client.get("/where?q=x").get_data(as_text=True)
