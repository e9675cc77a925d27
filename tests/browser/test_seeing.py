"""Matrix, figures, map, comparison, changes: accessible, as wide as the screen, whole by keyboard and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pypdfium2
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.accessibility import WCAG, violations
from tests.browser.conftest import Portal

# The pages are the same on both databases; what they are made from is compared elsewhere.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("portal", ["sqlite"], indirect=True)]

LIST = "/lists/jining-2021-annex-1"
PAGES = (
    # A part of it: the rows are alike, and axe takes a quarter of a minute for all of them.
    f"{LIST}/matrix?at=370831&mode=review",
    f"{LIST}/matrix?differing=1&place=370831",
    f"{LIST}/figures",
    "/places",
    f"{LIST}/compare",
    "/changes?place=370831",
)
A4 = (595, 842)

Profiles = Callable[..., BrowserContext]


@pytest.mark.parametrize(
    ("width", "more"), [(1280, ""), (320, "lang=en&text=large")], ids=["wide-zh", "narrow-large-en"]
)
def test_pages_are_accessible_and_fit(portal: Portal, profiles: Profiles, width: int, more: str) -> None:
    page = profiles(viewport={"width": width, "height": 900}).new_page()
    wrong = []
    for path in PAGES:
        page.goto(f"{portal.address}{path}{'&' if '?' in path else '?'}{more}")
        wrong += [f"{path} {each}" for each in violations(page, rules=WCAG)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{path} scrolls sideways")
    assert wrong == []


def test_the_headings_stay_while_the_matrix_scrolls(portal: Portal, profiles: Profiles) -> None:
    page = profiles(viewport={"width": 1280, "height": 700}).new_page()
    page.goto(f"{portal.address}{LIST}/matrix")
    page.get_by_role("row").filter(has_text="船舶登记").scroll_into_view_if_needed()
    head = page.locator(".matrix thead th").nth(1)
    group = page.locator(".matrix__group th").filter(has_text="下放实质性审核权").first
    assert head.bounding_box()["y"] == 0  # type: ignore[index]
    assert group.bounding_box()["y"] == head.bounding_box()["height"]  # type: ignore[index]


def test_the_middle_width_scrolls_in_a_region_of_its_own(portal: Portal, profiles: Profiles) -> None:
    page = profiles(viewport={"width": 768, "height": 700}).new_page()
    page.goto(f"{portal.address}{LIST}/matrix")
    region = page.get_by_role("region", name="对照表")
    region.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(region).to_be_focused()
    page.wait_for_function("document.querySelector('.matrix-region').scrollLeft > 0")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_phone_chooses_one_place_without_script(portal: Portal, profiles: Profiles) -> None:
    page = profiles(java_script_enabled=False, viewport={"width": 320, "height": 700}).new_page()
    page.goto(f"{portal.address}{LIST}/matrix")
    expect(page.locator(".matrix")).to_be_hidden()
    page.get_by_label("只看一个地方").select_option(label="泗水县")
    page.get_by_role("button", name="显示", exact=True).click()
    expect(page).to_have_url(re.compile("place=370831"))
    expect(page.locator(".matrix-rows__share")).to_have_count(61)


def test_a_tile_of_the_map_is_reached_by_keyboard(portal: Portal, profiles: Profiles) -> None:
    page = profiles().new_page()
    page.goto(f"{portal.address}/places")
    page.get_by_role("link", name="泗水县：").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/370831?at=370831")


def test_on_paper_every_page_of_the_matrix_has_its_headings(portal: Portal, profiles: Profiles) -> None:
    page = profiles().new_page()
    page.goto(f"{portal.address}{LIST}/matrix")
    paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    texts = [sheet.get_textpage().get_text_range() for sheet in paper]
    assert {tuple(map(round, sheet.get_size())) for sheet in paper} == {A4}
    with_rows = [text for text in texts if "审 审 审" in text]
    assert 1 < len(with_rows) <= len(texts) <= 3
    assert all("泗水" in text for text in with_rows)
    assert "筛选" not in "".join(texts)
