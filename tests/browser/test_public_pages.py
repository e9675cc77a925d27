"""Every public page in both languages: no axe violation, no sideways scroll, no script needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

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
    "/about",
    "/accessibility",
    "/policies/1",
    "/nowhere",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, address: str) -> list[str]:
    """What axe finds on the page, by rule and first element."""
    page.goto(address)
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{address} {each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


def sideways(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize(
    ("width", "more"), [(1280, ""), (320, "lang=en&text=large")], ids=["wide-zh", "narrow-large-en"]
)
def test_pages_are_accessible_and_fit(
    portal: Portal, profiles: Callable[..., BrowserContext], width: int, more: str
) -> None:
    page = profiles(viewport={"width": width, "height": 900}).new_page()
    wrong = []
    for path in PAGES:
        address = portal.address + path + ("&" if "?" in path else "?") + more
        wrong += violations(page, address)
        if sideways(page) > 0:
            wrong.append(f"{address} scrolls sideways")
    assert wrong == []


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
        assert "mode=window" in page.url
        assert "at=370826" in page.url
        assert page.locator(".row").count() == 7
        page.close()
