"""The page of a list: facets, orders, cursors, the fragment for htmx and the table to copy."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from tests.lists.making import make_list, publish, row, take_over

LIST = "/lists/liaocheng-2020"
MANY = 230


def get(client, address, status=200, **kept):
    answer = client.get(address, **kept)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def numbers(page):
    """The rows' numbers in the order shown."""
    return [int(each) for each in re.findall(r'row__number">(\d+)<', page)]


def link(page, words):
    """The address behind a link of these words; None without one."""
    found = re.search(rf'<a href="([^"]+)"[^>]*>{words}</a>', page)
    return html.unescape(found[1]) if found else None


@pytest.fixture
def long_list(session, city):
    made = make_list(city)
    rows = [
        row(
            key, f"第{key}号备案", department="市公安局" if key % 2 else "市商务局", code=f"37{MANY - key:04}"
        )
        for key in range(1, MANY + 1)
    ]
    take_over(city, made, rows)
    publish(city, made, date(2021, 6, 15))
    return made, rows


def test_pages_follow_each_other_both_ways(client, long_list):
    first = get(client, LIST)
    second = get(client, link(first, "下一页"))
    third = get(client, link(second, "下一页"))
    assert numbers(first) + numbers(second) + numbers(third) == list(range(1, MANY + 1))
    assert f"第 101–200 项，共 {MANY} 项" in second
    assert link(third, "下一页") is None
    assert link(first, "上一页") is None
    assert numbers(get(client, link(third, "上一页"))) == numbers(second)
    assert link(second, "上一页") == LIST
    assert link(third, "第一页") == LIST
    # Addresses of pages by number, from before there were cursors.
    assert numbers(get(client, f"{LIST}?page=3")) == numbers(third)
    get(client, f"{LIST}?page=4", 404)
    # In another order, narrowed.
    one = get(client, f"{LIST}?department=市公安局&sort=code")
    two = get(client, link(one, "下一页"))
    assert numbers(one) + numbers(two) == list(range(MANY - 1, 0, -2))
    assert numbers(get(client, link(two, "上一页"))) == numbers(one)


def test_an_address_that_nobody_was_given_is_refused(client, long_list):
    cursor = re.search(r"after=([\w-]+)", link(get(client, LIST), "下一页"))[1]
    get(client, f"{LIST}?after={cursor}")
    changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    for text in (changed, cursor[:-1], cursor + "A", "x", "%E4%BA%8B", "=" * 40):
        get(client, f"{LIST}?after={text}", 404)
    get(client, f"{LIST}?after={cursor}&sort=name", 404)
    get(client, f"{LIST}?after={cursor}&before={cursor}", 404)
    for query in ("sort=nonsense", "view=nonsense", "page=0", "page=x"):
        get(client, f"{LIST}?{query}", 404)


def test_a_cursor_means_the_same_matter_in_the_next_revision(client, session, city, long_list):
    made, rows = long_list
    address = link(get(client, LIST), "下一页")
    take_over(city, made, rows[10:])
    publish(city, made)
    assert numbers(get(client, address))[0] == 101
    take_over(city, made, [*rows[:99], *rows[100:]])
    publish(city, made)
    # The hundredth, after which that page begins, has left the list.
    answer = client.get(address)
    assert (answer.status_code, answer.location) == (302, LIST)


def test_choices_carry_their_counts_and_can_be_taken_back(client, power_list):
    page = get(client, f"{LIST}?department=市公安局&department=市住房城乡建设局&mode=window")
    assert numbers(page) == [3]
    boxes = re.findall(r'name="(\w+)" value="([^"]+)"( checked)?>.*?count">(\d+)<', page, re.DOTALL)
    assert [each[1:] for each in boxes if each[0] == "mode"] == [
        ("window", " checked", "1"),
        ("review", "", "1"),
    ]
    assert ("department", "市公安局", " checked", "1") in boxes
    assert [each[1:] for each in boxes if each[0] == "status"] == [("unverified", "", "1")]
    without = [html.unescape(each) for each in re.findall(r'<li><a href="([^"]+)"><span class="vis', page)]
    assert len(without) == 3
    assert sorted(len(numbers(get(client, each))) for each in without) == [0, 1, 2]
    assert numbers(get(client, link(page, "全部去掉"))) == [1, 2, 3]


def test_the_place_shows_how_many_it_handles(client, city, power_list):
    zone = city.county("聊城经济技术开发区")
    page = get(client, f"{LIST}?at={zone.code}")
    assert "聊城经济技术开发区（能办 2 项）" in page
    assert "莘县（能办 3 项）" in page
    assert "莘县（能办 0 项）" in get(client, f"{LIST}?at={zone.code}&mode=undelegated")


def test_htmx_gets_the_part_and_nobody_else_does(client, power_list):
    whole = client.get(f"{LIST}?type=01")
    part = client.get(f"{LIST}?type=01", headers={"HX-Request": "true"})
    assert "<!doctype html>" not in part.get_data(as_text=True)
    assert numbers(part.get_data(as_text=True)) == numbers(whole.get_data(as_text=True)) == [1, 2, 3]
    assert "HX-Request" in part.vary
    assert "HX-Request" in whole.vary
    back = client.get(f"{LIST}?type=01", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<!doctype html>" in back.get_data(as_text=True)


def test_a_list_as_one_table_to_copy(client, city, power_list):
    page = get(client, f"{LIST}?view=table&at={city.county('莘县').code}&department=市公安局")
    cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", page)
    assert cells[0] == "序号"
    assert "典当业特种行业许可" in cells
    assert "企业投资项目备案" not in cells
    assert "<td>窗口前移</td>" in page
    assert "department=%E5%B8%82%E5%85%AC%E5%AE%89%E5%B1%80" in link(page, "回到清单")


def test_what_was_asked_for_is_marked_in_the_rows(client, power_list):
    assert "企业投资项目<mark>备案</mark>" in get(client, f"{LIST}?q=备案")
    sounds = get(client, f"{LIST}?q=qytz&sort=name")
    assert "<mark>企业投资</mark>项目备案" in sounds
    assert numbers(sounds) == [1]
    both = get(client, f"{LIST}?q=许可&department=市公安局&lang=en")
    assert '<span lang="zh-CN">典当业特种行业<mark>许可</mark></span>' in both
    assert "市<mark>公安</mark>局" in get(client, f"{LIST}?q=公安")
    assert "读音相近" in get(client, f"{LIST}?q=touxi")
    assert "<mark>" not in get(client, LIST)
    assert "<mark>" not in get(client, f"{LIST}?q=备案&view=table")
