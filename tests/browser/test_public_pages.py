"""Every public page in both languages: no axe violation, no sideways scroll, no script needed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.accessibility import WCAG, violations
from tests.browser.conftest import Portal

# The pages are the same on both databases; what they are made from is compared elsewhere.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("portal", ["sqlite"], indirect=True)]

LIST = "/lists/jining-2021-annex-1"
PAGES = (
    "/?at=370826",
    "/search?q=备案&at=370826",
    "/search?q=飞船",
    "/lists",
    f"{LIST}?at=370826&mode=review",
    f"{LIST}/matters/47?at=370826",
    f"{LIST}/matters/20",
    "/lists/shanting-2021?at=370826",
    f"{LIST}/revisions/1?mode=window",
    "/revisions",
    "/places/370826",
    "/departments",
    "/departments/370800/市公安局",
    "/modes",
    "/data",
    "/data/api",
    "/about",
    "/accessibility",
    "/policies/1",
    "/nowhere",
    "/where?q=ws&next=/modes",
    "/where?q=飞船",
    "/entrusted?at=370826",
    "/reading",
    "/sitemap",
    "/workdays?from=2026-09-28&days=5",
    "/workdays/2026",
    "/tasks",
    "/deadlines/1",
)
FEW = (PAGES[0], f"{LIST}?at=370826&mode=review", f"{LIST}/matters/47?at=370826", "/where?q=ws&next=/modes")
"""A page of each kind: home, rows beside facets, an answer with its drawing, a form."""


def sideways(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


LOOKS = (
    (1280, "", PAGES),
    (320, "lang=en&text=large&contrast=high", PAGES),
    (320, "contrast=high", FEW),
    (1280, "lang=en&text=large", FEW),
)
"""Every width, language, size of type and choice of colours with every other, pair by pair."""


@pytest.mark.parametrize(
    ("width", "more", "paths"),
    LOOKS,
    ids=["wide", "narrow-en-large-strong", "narrow-strong", "wide-en-large"],
)
def test_pages_are_accessible_and_fit(
    portal: Portal, profiles: Callable[..., BrowserContext], width: int, more: str, paths: tuple[str, ...]
) -> None:
    page = profiles(viewport={"width": width, "height": 900}).new_page()
    wrong = []
    for path in paths:
        address = portal.address + path + ("&" if "?" in path else "?") + more
        page.goto(address)
        wrong += [f"{address} {each}" for each in violations(page, rules=WCAG)]
        if sideways(page) > 0:
            wrong.append(f"{address} scrolls sideways")
    assert wrong == []


STOPS = """() => {
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')]
        .filter(element => element.checkVisibility({visibilityProperty: true}) && !element.disabled)
        .map(element => element.textContent.trim() || element.name || element.tagName);
}"""
HERE = """() => {
    const element = document.activeElement, look = getComputedStyle(element);
    const marked = look.backgroundColor === 'rgb(255, 210, 51)' || look.outlineStyle !== 'none'
        || look.boxShadow !== 'none' || element.matches('input') && getComputedStyle(element.labels[0]
        ?? element, '::before').boxShadow !== 'none';
    return [element.textContent.trim() || element.name || element.tagName, marked];
}"""


@pytest.mark.parametrize("path", FEW)
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    portal: Portal, profiles: Callable[..., BrowserContext], path: str
) -> None:
    page = profiles(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(portal.address + path)
    stops = page.evaluate(STOPS)
    reached, unmarked = [], []
    for _stop in stops:
        page.keyboard.press("Tab")
        name, marked = page.evaluate(HERE)
        reached.append(name)
        if not marked:
            unmarked.append(name)
    assert reached == stops
    assert stops[0] == "跳到正文"
    assert unmarked == []


def test_the_first_link_skips_to_the_main_part(
    portal: Portal, profiles: Callable[..., BrowserContext]
) -> None:
    page = profiles().new_page()
    page.goto(f"{portal.address}/lists")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def colours(page: Page, where: str) -> tuple[str, str]:
    """Colour of the text and of the ground of an element."""
    return tuple(
        page.locator(where).first.evaluate(f"element => getComputedStyle(element).{name}")
        for name in ("color", "backgroundColor")
    )


def test_colours_follow_the_switch_and_the_system(
    portal: Portal, profiles: Callable[..., BrowserContext]
) -> None:
    address = f"{portal.address}{LIST}/matters/47?at=370826"
    page = profiles().new_page()
    page.goto(address)
    assert colours(page, ".header") == ("rgb(255, 255, 255)", "rgb(18, 58, 92)")
    page.get_by_role("link", name="高对比").click()
    page.wait_for_url(re.compile("contrast=high"))
    assert colours(page, ".header") == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
    assert colours(page, ".quiet")[0] == "rgb(0, 0, 0)"
    page.get_by_role("link", name="部门", exact=True).click()
    expect(page).to_have_url(re.compile("contrast=high"))
    page.get_by_role("link", name="标准颜色").click()
    expect(page).not_to_have_url(re.compile("contrast"))
    wishing = profiles(contrast="more").new_page()
    wishing.goto(address)
    assert colours(wishing, ".header") == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
    # Where the system sets all colours, the words in a drawing must not lose the ground they stand on.
    forced = profiles(forced_colors="active").new_page()
    forced.goto(address)
    word, box = (
        forced.locator(f".lanes__wide {each}").first.evaluate("element => getComputedStyle(element).fill")
        for each in (".lane-step", ".lane-box")
    )
    assert (word, box) == ("rgb(255, 255, 255)", "rgb(13, 67, 129)")


def test_paper_has_the_answers_and_nothing_to_press(
    portal: Portal, profiles: Callable[..., BrowserContext]
) -> None:
    page = profiles(viewport={"width": 700, "height": 990}).new_page()
    page.emulate_media(media="print")
    for path in (
        f"{LIST}?at=370826",
        "/search?q=备案&at=370826",
        "/places/370826?at=370826",
        f"{LIST}/revisions/1",
    ):
        page.goto(portal.address + path)
        pressed = page.locator(
            "button:visible, input:visible, select:visible, nav a:visible, .downloads:visible"
        )
        assert pressed.count() == 0, path
        assert sideways(page) <= 0, path
        assert page.get_by_text("微山县").first.is_visible() or "at=" not in path


def test_a_place_is_chosen_and_one_is_back_where_one_was(
    portal: Portal, profiles: Callable[..., BrowserContext]
) -> None:
    for language, link, button in (("", "选地方", "找地方"), ("&lang=en", "Choose place", "Find place")):
        page = profiles(java_script_enabled=False, viewport={"width": 320, "height": 800}).new_page()
        page.goto(f"{portal.address}{LIST}?mode=window{language}")
        page.get_by_role("link", name=link, exact=True).click()
        page.get_by_role("searchbox").fill("wsx")
        page.get_by_role("button", name=button).click()
        page.locator("main .places").first.get_by_role("link").first.click()
        page.wait_for_url(lambda url: f"{LIST}?mode=window" in url)
        assert "at=370826" in page.url
        assert ("lang=en" in page.url) == bool(language)
        page.close()


def test_only_one_drawing_is_read_out(portal: Portal, profiles: Callable[..., BrowserContext]) -> None:
    for width in (320, 800, 1280):
        page = profiles(viewport={"width": width, "height": 900}).new_page()
        page.goto(f"{portal.address}{LIST}/matters/47?at=370826")
        assert page.get_by_role("img").filter(has=page.locator("title")).count() == 1
        page.close()


def test_facets_work_folded_and_unfolded_without_script(
    portal: Portal, profiles: Callable[..., BrowserContext]
) -> None:
    for width in (320, 1280):
        page = profiles(java_script_enabled=False, viewport={"width": width, "height": 900}).new_page()
        page.goto(f"{portal.address}{LIST}?at=370826")
        if width == 320:
            page.get_by_text("筛选").click()
        page.get_by_role("checkbox", name="窗口前移").check()
        page.get_by_role("button", name="按条件显示").click()
        page.wait_for_url(lambda url: "mode=window" in url)
        assert "at=370826" in page.url
        expect(page.locator(".row")).to_have_count(7)
        page.close()
