"""The matrix and the figures say what the answers say, however they are narrowed."""

from __future__ import annotations

import re
from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.powers.lists import snapshot
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterType
from portal.site import editions
from portal.site.editions import PlaceName
from portal.site.local import Local
from portal.site.seeing import grid, matrix
from portal.site.seeing.grid import Line
from tests.seeing.reading import every, first, page

LIST = "/lists/liaocheng-2020"


def cells(tree):
    """The matrix as people see it: {matter: [(mode, solid), …]} in the order of the columns."""
    found = {}
    for line in every(tree, ".matrix tbody:not(.matrix__totals) tr:not(.matrix__group)"):
        tiles = [first(cell, "a.tile") for cell in every(line, "td")]
        name = first(line, "th a").text_content()
        found[name] = [
            (re.search(r"tile--(?!tint)(\w+)", tile.get("class"))[1], "tile--tint" not in tile.get("class"))
            for tile in tiles
        ]
    return found


def published(slug="liaocheng-2020"):
    edition = editions.current_of(slug, clock.today())
    return edition, list(snapshot.published_rows(edition.revision))


def test_every_cell_is_the_answer_and_solid_where_it_is_not_the_usual_one(client, power_list):
    edition, rows = published()
    codes = [place.code for place in grid.columns(edition)]
    wanted = {
        row.name: [(row.answers[code], row.answers[code] != row.mode) for code in codes] for row in rows
    }
    assert cells(page(client, f"{LIST}/matrix")) == wanted
    assert len(wanted) == 9


def test_totals_are_counted_over_all_places(client, power_list):
    edition, rows = published()
    tree = page(client, f"{LIST}/matrix")
    shown = {}
    for line in every(tree, ".matrix__totals tr:not(.matrix__group)"):
        mode = re.search(r"tile--(\w+)", first(line, ".tile").get("class"))[1]
        shown[mode] = [int(cell.text_content().replace("–", "0")) for cell in every(line, "td")]
    for at, place in enumerate(grid.columns(edition)):
        counted = Counter(row.answers[place.code] for row in rows)
        assert {mode: counts[at] for mode, counts in shown.items() if counts[at]} == counted
    said = tree.text_content()
    assert "9 个事项在 6 个地方各怎么办，共 54 个答案。" in said
    assert "共 5 格" in said


def test_the_small_list_says_the_same_in_words(client, power_list):
    rows = every(page(client, f"{LIST}/matrix"), ".matrix-rows li")
    said = {first(row, "a").text_content(): row.text_content() for row in rows}
    words = re.sub(r"\s+", "", said["户外广告设置许可"])
    assert "其他3个地方" in words
    assert "茌平区" in words
    assert "2个功能区" in words
    one = every(page(client, f"{LIST}/matrix?place=371503"), ".matrix-rows__share")
    assert len(one) == 9


def test_what_a_place_chose_is_seen_and_solid(client, city, power_list, choose):
    choose("莘县", "公司登记", Mode.WINDOW)
    edition, _rows = published()
    at = [place.name for place in grid.columns(edition)].index("莘县")
    line = cells(page(client, f"{LIST}/matrix"))["公司登记"]
    assert line[at] == ("window", True)
    assert [cell for index, cell in enumerate(line) if index != at] == [("undetermined", False)] * 5


def test_the_address_narrows_matters_and_places(client, power_list):
    assert set(cells(page(client, f"{LIST}/matrix?mode=undelegated"))) == {
        "城市建筑垃圾处置核准",
        "户外广告设置许可",
    }
    assert set(cells(page(client, f"{LIST}/matrix?mode=undelegated&place=371503"))) == set()
    assert set(cells(page(client, f"{LIST}/matrix?differing=1"))) == {
        "城市建筑垃圾处置核准",
        "户外广告设置许可",
    }
    assert {
        len(line) for line in cells(page(client, f"{LIST}/matrix?place=371503&place=371522")).values()
    } == {2}
    assert set(cells(page(client, f"{LIST}/matrix?department=市公安局&type=01"))) == {
        "城市建筑垃圾处置核准",
        "船舶登记",
    }
    assert "没有符合这些条件的事项" in page(client, f"{LIST}/matrix?mode=nonsense").text_content()
    for bad in ("page=2", "page=0", "page=x", "page=99999999"):
        page(client, f"{LIST}/matrix?{bad}", 404)
    page(client, "/lists/nothing/matrix", 404)


def test_english_has_its_own_letters(client, power_list):
    tree = page(client, f"{LIST}/matrix?lang=en")
    assert {tile.text_content() for tile in every(tree, ".matrix .tile")} == set("DERWCNU")


PLACES = [PlaceName(key, str(key), f"地方{key}", "zone" if key > 3 else "county") for key in range(1, 6)]
lines = st.lists(
    st.builds(
        lambda kind, body, usual, others: (
            kind,
            body,
            usual,
            {k: m for k, m in others.items() if m is not usual},
        ),
        st.sampled_from([MatterType.LICENCE, MatterType.CONFIRMATION]),
        st.sampled_from(["市商务局", "市公安局"]),
        st.sampled_from(list(Mode)),
        st.dictionaries(st.integers(1, 5), st.sampled_from(list(Mode)), max_size=3),
    ),
    max_size=12,
)


@given(
    lines,
    st.frozensets(st.sampled_from([mode.value for mode in Mode]), max_size=2),
    st.frozensets(st.sampled_from(["01", "07"]), max_size=1),
    st.frozensets(st.sampled_from(["1", "4", "9"]), max_size=3),
    st.booleans(),
)
def test_narrowing_is_what_looking_at_every_cell_gives(drawn, modes, types, places, differing):
    made = [Line(key, key, *parts) for key, parts in enumerate(drawn)]
    wanted = matrix.Asked(modes, types, frozenset(), places, differing, 1)
    shown = matrix.make(SimpleNamespace(places=PLACES), made, wanted)
    columns = [place for place in PLACES if place.code in places] or PLACES
    kept = [
        line
        for line in made
        if (not modes or any(line.at(place.id).value in modes for place in columns))
        and (not types or line.type.value in types)
        and (not differing or any(line.at(place.id) is not line.usual for place in columns))
    ]
    assert list(shown.columns) == columns
    assert sorted(line.id for line in shown.kept) == [line.id for line in kept]
    assert shown.differing == sum(line.at(place.id) is not line.usual for line in kept for place in columns)
    tally = grid.tally(kept, columns)
    for place in columns:
        brute = Counter(line.at(place.id) for line in kept)
        assert +tally[place.id] == brute


def numbers(tree, key):
    """A figure's table: {label: count}."""
    return {
        first(line, "th a").text_content(): int(first(line, "td").text_content())
        for line in every(tree, f"#{key} tbody tr")
    }


def facets(tree):
    """The list page's choices, group by group: {label: count}."""
    return {
        first(group, "input").get("name"): {
            named(first(option, "label")): int(first(option, ".count").text_content())
            for option in every(group, ".facet__option")
        }
        for group in every(tree, "fieldset.facet")
    }


def named(label):
    """A choice's words without the sign of its state."""
    sign = "".join(tile.text_content() for tile in every(label, ".tile"))
    return label.text_content().strip().removeprefix(sign).strip()


@pytest.mark.parametrize("at", ["", "?at=371503", "?at=371522"])
def test_figures_are_the_numbers_of_the_list_page(client, power_list, choose, at):
    choose("莘县", "公司登记", Mode.WINDOW)
    shown, choices = page(client, f"{LIST}/figures{at}"), facets(page(client, f"{LIST}{at}"))
    for key in ("mode", "type", "department"):
        assert numbers(shown, key) == choices[key], key
        drawn = every(shown, f"#{key} svg .bars__count")
        assert [int(each.text_content()) for each in drawn] == list(numbers(shown, key).values())


def test_the_tiles_count_what_a_place_can_do_and_are_links(client, power_list, choose):
    choose("莘县", "公司登记", Mode.WINDOW)
    tree = page(client, "/places")
    tiles = {each.get("aria-label"): each.get("href") for each in every(tree, "svg a")}
    assert tiles["莘县：9 项"] == "/places/371522?at=371522"
    assert "茌平区：8 项" in tiles
    assert len(tiles) == 6
    lines = {first(row, "a").text_content(): row for row in every(tree, ".figure tbody tr")}
    assert [cell.text_content() for cell in every(lines["聊城经济技术开发区"], "td")] == ["6", "1", "2"]


def test_a_known_city_lies_as_on_its_map_and_newcomers_below(app):
    from portal.site.seeing.tilemaps import spots

    known = [PlaceName(1, "a", "梁山县", "county"), PlaceName(2, "b", "微山县", "county")]
    placed = {
        spot.place.name: spot for spot in spots("370800", [*known, PlaceName(3, "c", "新设县", "county")])
    }
    assert placed["梁山县"].row < placed["微山县"].row
    assert placed["梁山县"].column < placed["微山县"].column
    assert placed["新设县"].row > placed["微山县"].row
    plain = spots("999999", PLACES)
    assert len({(spot.column, spot.row) for spot in plain}) == len(PLACES)
    assert spots("999999", []) == []


def test_the_thumbnail_leads_to_the_matrix(client, power_list):
    tree = page(client, "/")
    assert first(tree, "a.thumbnail").get("href") == f"{LIST}/matrix"
    local = Local(clock.today())
    assert len(grid.read(published()[0], local)) == 9
