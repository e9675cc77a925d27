"""Every staff page for everybody who may see it, in both languages: it is there, and axe finds nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import violations
from tests.browser.conftest import Enter, Portal

# The pages are the same on both databases; what they are made from is compared elsewhere.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("portal", ["sqlite"], indirect=True)]

STAFF = {
    "editor": (
        "/staff/",
        "/staff/imports/",
        "/staff/imports/new",
        "/staff/lists/",
        "/staff/lists/1/",
        "/staff/delegations/?list=1",
        "/staff/profiles/",
        "/staff/profiles/1/",
        "/staff/duties/",
        "/staff/points/",
        "/staff/choices/",
        "/staff/matters/",
        "/staff/places/",
        "/staff/place-groups/",
        "/staff/organisations/",
        "/staff/policies/",
        "/staff/runs/",
        "/staff/inbox/",
        "/staff/ways/",
        "/staff/receipts/",
        "/staff/uptakes/",
        "/staff/deadlines/",
        "/staff/deadlines/1/",
        "/staff/reviews/",
        "/staff/reviews/terms/",
        "/staff/reviews/terms/1",
        "/staff/calendar-feeds/",
        "/staff/tables/1/",
        "/staff/own/",
        "/staff/own/password/",
        "/staff/factor/",
    ),
    "approver": (
        "/staff/",
        "/staff/proposals/",
        "/staff/proposals/1/",
        "/staff/revisions/",
        "/staff/revisions/1/",
        "/staff/workdays/",
        "/staff/workdays/2026/",
        "/staff/workdays/2027/edit",
    ),
    "weishan": (
        "/staff/",
        "/staff/rows/",
        "/staff/find/?q=备案",
        "/staff/reorganisations/",
        "/staff/points/new/",
        "/staff/duties/many/",
        "/staff/choices/new/",
    ),
    "admin": (
        "/staff/",
        "/staff/accounts/",
        "/staff/accounts/new/",
        "/staff/posts/1/",
        "/staff/posts/1/new",
        "/staff/posts/1/1/end",
        "/staff/rights/",
        "/staff/handing-on/",
        "/staff/runs/",
        "/staff/schedule/",
        "/staff/deliveries/",
        "/staff/notice-texts/",
        "/staff/ways/?other=1",
        "/staff/access/1/",
    ),
}


def in_english(path: str) -> str:
    """The same page in English."""
    return f"{path}{'&' if '?' in path else '?'}lang=en"


def check(page: Page, address: str) -> list[str]:
    """What is wrong with a page; each fault on one line."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    return [f"{address}: {each}" for each in violations(page)]


@pytest.mark.parametrize("login", sorted(STAFF))
def test_staff_pages(portal: Portal, enter: Enter, login: str) -> None:
    """Each page in one language, turn by turn, and the first in both: what axe looks at is the same in both."""
    page = enter(login)
    addresses = [in_english(path) if turn % 2 else path for turn, path in enumerate(STAFF[login])]
    faults = []
    for path in (*addresses, in_english(STAFF[login][0])):
        faults += check(page, portal.address + path)
    assert faults == []
