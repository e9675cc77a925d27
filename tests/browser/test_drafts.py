"""Somebody types and does nothing else: it is kept by itself, and found again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter, Portal

# The verbs are tried on both databases; here it is the browser that is looked at.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("portal", ["sqlite"], indirect=True)]


def test_what_is_typed_is_kept_by_itself(portal: Portal, enter: Enter) -> None:
    editor = enter("editor")
    address = f"{portal.address}/staff/organisations/edit/?id=1"
    editor.goto(address)
    editor.get_by_label("别名").fill("还没有写完的别名")
    expect(editor.get_by_text("已存草稿")).to_be_visible()
    editor.goto(address)
    editor.get_by_role("link", name="用草稿").click()
    expect(editor.get_by_label("别名")).to_have_value("还没有写完的别名")
    editor.get_by_role("button", name="删掉草稿").click()
    expect(editor.get_by_text("草稿已经删掉")).to_be_visible()
