"""A county enters a town, chooses for it and names its body; the town's people see their own answer (D-10)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Enter, Portal

# A walk takes half a minute: this one goes over one database, others over PostgreSQL; the verbs are tried on both.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("portal", ["sqlite"], indirect=True)]

LIST = "jining-2021-annex-2"
MATTER = "公司（企业）登记"
CODE = "370826100"


def put_forward(officer: Page, portal: Portal, place: str) -> None:
    """Put a place's statement forward."""
    officer.goto(f"{portal.address}/staff/uptakes/")
    officer.get_by_role("link", name=place, exact=True).click()
    officer.get_by_label("这次为什么公布").fill("按镇街公布")
    officer.get_by_role("button", name="送审").click()
    expect(officer.get_by_role("main")).to_contain_text("已经送审")


def approve(approver: Page, portal: Portal, place: str, words: str) -> None:
    """Approve the place's statement and wait until it is public."""
    approver.goto(f"{portal.address}/staff/proposals/")
    approver.get_by_role("link", name=f"{place}的承接单位").first.click()
    expect(approver.get_by_role("main")).to_contain_text(words)
    approver.get_by_role("button", name=re.compile("批准")).first.click()
    # The worker may have files of the lists published at the start before it.
    expect(approver.get_by_role("main")).to_contain_text(re.compile("已完成|已公布"), timeout=90_000)


def enter_and_choose(officer: Page, portal: Portal) -> None:
    """The county's side: the town, the mode, the receiving body."""
    officer.goto(f"{portal.address}/staff/towns/new/")
    officer.get_by_label("镇街").fill(f"韩庄镇 {CODE}")
    officer.get_by_role("button", name="保存").click()
    expect(officer.get_by_role("main")).to_contain_text("韩庄镇")
    officer.goto(f"{portal.address}/staff/choices/many/?place=370826&list={LIST}")
    officer.get_by_label(MATTER).check()
    officer.get_by_label("韩庄镇").check()
    officer.get_by_label("方式", exact=True).select_option("direct")
    officer.get_by_label("依据").fill("微政发〔2026〕1号")
    officer.get_by_role("button", name="就这样选").click()
    expect(officer.get_by_role("main")).to_contain_text("选好了 1 处")
    officer.get_by_role("link", name="韩庄镇", exact=True).click()
    officer.get_by_role("link", name=MATTER, exact=True).click()
    officer.get_by_label("单位", exact=True).fill("韩庄镇人民政府")
    officer.get_by_role("button", name="保存").click()
    expect(officer.get_by_role("main")).to_contain_text("韩庄镇人民政府")


def test_from_a_countys_choice_to_the_towns_answer(
    portal: Portal, enter: Enter, profiles: Callable[..., BrowserContext]
) -> None:
    officer, approver = enter("weishan"), enter("approver")
    enter_and_choose(officer, portal)
    for place, words in (("微山县", "韩庄镇，公司（企业）登记，直接下放"), ("韩庄镇", "韩庄镇人民政府")):
        put_forward(officer, portal, place)
        approve(approver, portal, place, words)

    public = profiles(java_script_enabled=False).new_page()
    public.goto(f"{portal.address}/places/370826?at=370826")
    public.get_by_role("link", name="韩庄镇", exact=True).click()
    expect(public.get_by_role("heading", level=1)).to_have_text("在韩庄镇怎么办")
    public.get_by_role("link", name=MATTER, exact=True).click()
    main = public.get_by_role("main")
    expect(main).to_contain_text("在韩庄镇就能办完。")
    expect(main).to_contain_text("依据：微政发〔2026〕1号。")
    expect(main).to_contain_text("微山县的镇街怎么办")
    public.get_by_role("link", name="English").first.click()
    expect(main).to_contain_text("You can finish this in 韩庄镇.")
    expect(main).to_contain_text("In the towns of Weishan")
