"""The main job from end to end, in a real browser, with a real worker behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.annex import changed_annex
from tests.browser.conftest import Enter, Portal

pytestmark = [pytest.mark.browser]

LIST = "/lists/jining-2021-annex-1"


def matter_page(page: Page, portal: Portal, name: str, place: str) -> None:
    """Find a matter as a resident does: by its name, at a place."""
    page.goto(f"{portal.address}/?at={place}")
    page.get_by_label("您要办什么事").fill(name)
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name=name, exact=True).first.click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "noscript"])
def test_a_resident_finds_out_who_decides(
    portal: Portal, profiles: Callable[..., BrowserContext], script: bool
) -> None:
    page = profiles(java_script_enabled=script).new_page()
    matter_page(page, portal, "企业技术改造投资项目备案", "370826")
    expect(page.get_by_role("heading", level=1)).to_have_text("企业技术改造投资项目备案")
    main = page.get_by_role("main")
    expect(main).to_contain_text("在微山县就能办完")
    expect(main).to_contain_text("承接单位待公布")
    decides = page.get_by_role("row").filter(has_text="决定").first
    expect(decides).to_contain_text("微山县")
    expect(decides).to_contain_text("第6条")
    assert page.context.cookies() == []


def settle(page: Page, question: str, answer: str, label: str = "", value: str = "") -> None:
    """Answer one question of the import page."""
    asked = page.locator(".question").filter(has_text=question)
    asked.get_by_role("radio", name=answer).check()
    if label:
        asked.get_by_label(label, exact=True).fill(value)
    asked.get_by_role("button", name="就这样定").click()


def hand_in(page: Page, portal: Portal, path: Path) -> None:
    """Upload an annex and wait until it is read."""
    page.goto(f"{portal.address}/staff/imports/new")
    page.get_by_label("附件文件").set_input_files(path)
    page.get_by_label("哪个地方发的").fill("济宁市")
    page.get_by_label("政策文件").fill("济政字〔2021〕30号")
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("导入预览", timeout=30_000)


def explain(page: Page, portal: Portal) -> None:
    """Say of all changes why and on what basis, and go on to putting the list forward."""
    page.goto(f"{portal.address}/staff/lists/")
    page.get_by_role("link", name="纳入“市县同权”改革范围的相关行政权力事项清单").click()
    page.get_by_role("link", name="这次改了什么").click()
    page.get_by_role("textbox", name="理由").fill("新附件")
    page.get_by_role("textbox", name="依据").fill("济政字〔2021〕30号")
    page.get_by_role("button", name="都写上").click()
    page.get_by_role("link", name="去送审").click()


def approve(approver: Page, portal: Portal) -> None:
    """Approve the one list that waits, as a second person, and wait until it is public."""
    approver.goto(f"{portal.address}/staff/proposals/")
    approver.get_by_role("link", name="纳入“市县同权”改革范围的相关行政权力事项清单").first.click()
    expect(approver.get_by_role("main")).to_contain_text("企业投资项目备案")
    expect(approver.get_by_role("main")).to_contain_text("窗口前移")
    approver.get_by_role("button", name=re.compile("批准")).first.click()
    expect(approver.get_by_role("main")).to_contain_text(re.compile("已完成|已公布"), timeout=30_000)


def test_from_a_changed_annex_to_the_public_page(
    portal: Portal, enter: Enter, profiles: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    public = profiles().new_page()
    matter_page(public, portal, "企业投资项目备案", "370826")
    address = public.url
    expect(public.get_by_role("main")).to_contain_text("下放实质性审核权")

    editor = enter("editor")
    hand_in(editor, portal, changed_annex(tmp_path))
    bar = editor.locator(".bar")
    expect(bar).to_contain_text("没有处理")
    editor.get_by_label("清单", exact=True).select_option("jining-2021-annex-1")
    editor.get_by_role("button", name="选定").click()
    settle(editor, "市生态局", "就是这个单位", "单位", "市生态环境局")
    settle(editor, "具体按有关要求执行", "就按现在的样子", "理由", "国家规定本来就要执行，不改变方式")
    editor.get_by_role("button", name="全部确认").click()
    expect(editor.get_by_role("main")).to_contain_text("企业投资项目备案")
    editor.get_by_role("button", name="并入清单").click()
    expect(editor.get_by_role("main")).to_contain_text("修改 2 项，去掉 1 项")
    explain(editor, portal)
    editor.get_by_label("这次为什么公布").fill("按新附件调整")
    editor.get_by_role("button", name="送审").click()
    expect(editor.get_by_role("main")).to_contain_text("等另一个人批准")
    expect(editor.get_by_role("button", name=re.compile("^批准"))).to_have_count(0)

    approve(enter("approver"), portal)

    public.goto(address)
    expect(public.get_by_role("main")).to_contain_text("窗口前移")
    expect(public.get_by_role("main")).to_contain_text("第2版")
    plain = profiles(java_script_enabled=False).new_page()
    plain.goto(f"{portal.address}{LIST}/revisions/2")
    expect(plain.get_by_role("main")).to_contain_text("企业投资项目备案")
    old = plain.goto(f"{portal.address}{LIST}/revisions/1")
    assert old is not None
    assert old.status == 200


def test_a_county_officer_sees_own_place_only(portal: Portal, enter: Enter) -> None:
    officer = enter("weishan")
    officer.goto(f"{portal.address}/staff/uptakes/")
    expect(officer.get_by_role("main")).to_contain_text("微山县")
    expect(officer.get_by_role("main")).not_to_contain_text("鱼台县")
    refused = officer.goto(f"{portal.address}/staff/imports/new")
    assert refused is not None
    assert refused.status == 403
