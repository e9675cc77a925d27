"""The keys of the staff door: they open what they say, rest in fields, and are switched off for good."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.conftest import Enter, Portal

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("portal", ["sqlite"], indirect=True)]


def test_keys_open_what_they_say_rest_in_fields_and_are_switched_off(portal: Portal, enter: Enter) -> None:
    page = enter("editor")
    page.goto(f"{portal.address}/staff/organisations/?lang=en")
    dialog, focused = page.locator("#keys"), page.locator(":focus")
    expect(dialog).to_be_hidden()
    page.keyboard.press("?")
    expect(dialog.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    rows = page.locator("main .table > tbody > tr")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1).locator(":focus")).to_have_count(1)
    page.keyboard.press("k")
    expect(rows.nth(0).locator(":focus")).to_have_count(1)
    page.keyboard.press("Control+j")
    expect(rows.nth(0).locator(":focus")).to_have_count(1)

    page.keyboard.press("/")
    expect(focused).to_have_id("find")
    page.keyboard.type("?/gj")
    expect(focused).to_have_value("?/gj")
    expect(dialog).to_be_hidden()

    page.locator("#keys-open").click()
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button").click()
    page.reload()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.locator("#keys-open").click()
    dialog.get_by_role("checkbox").uncheck()
    dialog.get_by_role("button").click()
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/staff/?lang=en")
