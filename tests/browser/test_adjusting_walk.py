"""An adjustment through four roles, from the working copy to the record, in a real browser (P-5, R-2).

Everybody begins at home and follows what is written there: no address of the staff door is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from portal import clock
from tests.browser.conftest import Enter, Portal

# The pages are the same on both databases.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("portal", ["sqlite"], indirect=True)]

LIST = "jining-2021-annex-2"
TITLE = "第一批“市县镇三级同权”事项"
MATTER = "超限运输车辆行驶公路许可"
WHY = "县里已经有了专业人员"
OBJECTION = "我县还没有这样的人员，建议明年再改。"


def begin(page: Page, wish: str) -> None:
    """Home by the name in the masthead, and from there by what the person wants, as home words it."""
    page.locator(".masthead__brand").click()
    page.get_by_role("region", name="从这里开始").get_by_role("link", name=wish, exact=True).click()


def change_the_mode(editor: Page) -> None:
    """The editor's part: another mode in the working copy, with its reason and basis."""
    begin(editor, "要改清单里的一项")
    editor.get_by_role("main").get_by_label("查找").fill(MATTER)
    editor.get_by_role("main").get_by_role("button", name="查找").click()
    row = editor.get_by_role("row").filter(has_text=TITLE)
    row.get_by_role("link", name=re.compile(f"修改.*{MATTER}")).click()
    editor.get_by_label("通常的方式").select_option("window")
    editor.get_by_role("button", name="保存").click()
    begin(editor, "要把改好的清单送审")
    editor.get_by_role("link", name=TITLE).click()
    editor.get_by_role("link", name="这次改了什么").click()
    editor.get_by_role("textbox", name="理由").fill(WHY)
    editor.get_by_role("textbox", name="依据").fill("济政字〔2021〕30号第二条")
    editor.get_by_role("button", name="都写上").click()
    expect(editor.get_by_role("main")).to_contain_text(WHY)


def ask_around(editor: Page) -> None:
    """The county is asked what it thinks of it."""
    editor.get_by_role("link", name="去送审").click()
    editor.get_by_role("link", name="征求意见").last.click()
    editor.get_by_label("微山县人民政府").check()
    editor.get_by_label("哪天以前回复").fill((clock.today() + timedelta(days=10)).isoformat())
    editor.get_by_role("button", name="发出").click()
    expect(editor.get_by_role("main")).to_contain_text("等回复")


def object_to_it(officer: Page) -> None:
    """The county's part."""
    begin(officer, "要回复征求意见")
    officer.get_by_role("link", name=TITLE).first.click()
    expect(officer.get_by_role("main")).to_contain_text(MATTER)
    officer.get_by_role("combobox", name="意见").select_option("object")
    officer.get_by_role("textbox", name="理由或者建议").fill(OBJECTION)
    officer.get_by_role("button", name="回复", exact=True).click()
    expect(officer.get_by_role("main")).to_contain_text(OBJECTION)


def put_forward(editor: Page) -> None:
    """Everybody who was asked has answered, so that nobody is waited for."""
    begin(editor, "要把改好的清单送审")
    editor.get_by_role("link", name=TITLE).click()
    editor.get_by_label("这次为什么公布").fill("一项改办法")
    editor.get_by_role("button", name="送审").click()
    expect(editor.get_by_role("main")).to_contain_text("等另一个人批准")


@pytest.fixture
def approver(portal: Portal, enter: Enter, profiles: Callable[..., BrowserContext]) -> Iterator[Page]:
    """The approver, signed in with a second factor that is given up again at the end: others sign in without."""
    before = enter("approver")
    before.goto(f"{portal.address}/staff/factor/")
    before.get_by_role("button", name="开始设置").click()
    secret = before.locator("code.secret").inner_text()
    before.get_by_label("验证码").fill(pyotp.TOTP(secret).now())
    before.get_by_role("button", name="启用").click()
    spare = before.locator(".codes code").first.inner_text()
    page = profiles().new_page()
    page.goto(f"{portal.address}/staff/")
    page.get_by_label("登录名").fill("approver")
    page.get_by_label("密码").fill(portal.passwords["approver"])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请输入验证码")
    page.get_by_label("验证码").fill(spare)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{portal.address}/staff/")
    yield page
    page.goto(f"{portal.address}/staff/factor/")
    page.get_by_role("button", name="关闭第二验证").click()
    expect(page.get_by_role("main")).not_to_contain_text("已经设好")


def approve(approver: Page) -> None:
    """The approver's part: sees what it touches and what the county says, and decides."""
    begin(approver, "要批准公布")
    approver.get_by_role("link", name=TITLE).first.click()
    main = approver.get_by_role("main")
    for said in (MATTER, WHY, OBJECTION, "会影响到什么"):
        expect(main).to_contain_text(said)
    approver.get_by_role("textbox", name="意见").fill("同意，微山县的意见另行答复")
    approver.get_by_role("button", name="批准并公布").click()
    expect(main).to_contain_text(re.compile("已完成|已公布"), timeout=60_000)


def found_in_the_record(portal: Portal, auditor: Page, kind: str, who: str, words: str) -> None:
    """The auditor's part: among what a person did to records of a kind an entry holds the words."""
    begin(auditor, "要知道谁改了什么")
    auditor.get_by_text("筛选", exact=True).click()
    auditor.get_by_label("谁", exact=True).fill(who)
    auditor.get_by_label("种类").select_option(kind)
    auditor.get_by_role("main").get_by_role("button", name="查找").click()
    auditor.wait_for_url(re.compile(rf"[?&]kind={kind}\b"))
    entries = [
        f"{portal.address}{each.get_attribute('href')}"
        for each in auditor.locator(".record-list__when a").all()[:3]
    ]
    shown = []
    for entry in entries:
        auditor.goto(entry)
        shown.append(auditor.get_by_role("main").inner_text())
    assert any(words in each for each in shown), (kind, who, len(shown))


def test_an_adjustment_through_four_roles(
    portal: Portal, enter: Enter, profiles: Callable[..., BrowserContext], approver: Page
) -> None:
    editor = enter("editor")
    change_the_mode(editor)
    ask_around(editor)
    object_to_it(enter("weishan"))
    put_forward(editor)
    approve(approver)

    public = profiles().new_page()
    public.goto(f"{portal.address}/search?q={MATTER}")
    public.get_by_role("link", name=MATTER, exact=True).first.click()
    history = public.get_by_role("listitem").filter(has_text=WHY)
    expect(history).to_contain_text("窗口前移")

    auditor = enter("auditor")
    for kind, who, words in (
        ("delegations", "清单编辑", "窗口前移"),
        ("change_notes", "清单编辑", WHY),
        ("opinions", "微山县经办", OBJECTION),
        ("proposals", "清单编辑", "一项改办法"),
        ("proposals", "批准人", "微山县的意见另行答复"),
    ):
        found_in_the_record(portal, auditor, kind, who, words)
