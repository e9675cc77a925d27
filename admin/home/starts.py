"""Where to begin (从这里开始): what people come to do, in their words, each with the page on which it begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from admin.home.desk import Desk
from portal.foundation.rights.rules import Right
from portal.i18n import gettext as _
from portal.i18n import mark


@dataclass(frozen=True)
class Start:
    """What somebody wants, and where that begins; `then` says how it goes on."""

    wish: str
    endpoint: str
    then: str
    rights: frozenset[Right]
    unless: Right | None = None
    """Whoever holds it has another start for the same page."""

    @property
    def address(self) -> str:
        """The page."""
        return url_for(self.endpoint)


def _start(wish: str, endpoint: str, then: str, *rights: Right) -> Start:
    return Start(wish, endpoint, then, frozenset(rights))


STARTS = (
    _start(
        mark("要登一份新清单"),
        "imports.create",
        mark("交来文件，逐条确认，并入清单，再送审。"),
        Right.EDIT_LISTS,
    ),
    _start(
        mark("要改清单里的一项"),
        "delegations.index_view",
        mark(
            "找到它，改好保存，写上理由和依据；要加一项，先打开那份清单，点“看事项”。再送审，由另一个人批准公布。"
        ),
        Right.EDIT_LISTS,
    ),
    _start(
        mark("要把改好的清单送审"),
        "lists.index",
        mark("打开那份清单，看清改了什么，填上生效日期送审。"),
        Right.EDIT_LISTS,
    ),
    _start(
        mark("要批准公布"),
        "proposals.index",
        mark("打开送审的那份，看清改了什么，批准或者退回。"),
        Right.APPROVE,
    ),
    _start(
        mark("要马上停办一个事项"),
        "suspensions.suspend",
        mark("写明原因，公众马上看到；以后要用一次调整了结。"),
        Right.APPROVE,
    ),
    _start(
        mark("要写明本地由谁承接、去哪里办"),
        "uptakes.index",
        mark("填好承接单位和办事点，送审，由市里批准公布。"),
        Right.EDIT_PLACE,
    ),
    _start(
        mark("要报承接方案"),
        "handovers.index",
        mark("打开要报的那一份，填好附上，报出去等认可。"),
        Right.EDIT_PLACE,
    ),
    _start(
        mark("要写一个事项由谁监管、谁执法"),
        "duties.index_view",
        mark("找到那个事项和地方，写明单位；随那个地方的下一次公布生效。"),
        Right.EDIT_DUTIES,
    ),
    Start(
        mark("要看哪些事项由谁监管、谁承接"),
        "duties.index_view",
        mark("按事项、地方或者单位查找，从哪一天起、依据什么都写着。"),
        frozenset({Right.READ_DRAFTS}),
        unless=Right.EDIT_DUTIES,
    ),
    _start(
        mark("要订审管衔接备忘录"),
        "memoranda.index",
        mark("和审批局写好谁做什么、几天内推送，双方同意后公布。"),
        Right.EDIT_DUTIES,
    ),
    _start(
        mark("要回复征求意见"),
        "opinions.index",
        mark("到期以前写明同意、不同意或者建议。"),
        Right.GIVE_OPINIONS,
    ),
    _start(
        mark("要报任务的进展"),
        "tasks.index",
        mark("打开任务，写明办到哪一步，附上材料。"),
        Right.REPORT_TASKS,
    ),
    _start(
        mark("要看谁还欠什么"),
        "deadlines.index",
        mark("按单位、地方和日期看，每个日期怎么算的都写着。"),
        Right.READ_DRAFTS,
    ),
    _start(
        mark("要知道谁改了什么"),
        "record.index",
        mark("每一次改动、登录和导出，谁、什么时候、改前改后，都在操作记录里。"),
        Right.READ_RECORD,
    ),
    _start(
        mark("要知道公布的内容是谁改、谁批的"),
        "revisions.index",
        mark("每一版都写着送审人、批准人和改了什么。"),
        Right.EDIT_LISTS,
        Right.APPROVE,
        Right.EDIT_PLACE,
        Right.READ_ALL,
    ),
    _start(
        mark("要请一个人进来"),
        "accounts.create_view",
        mark("填姓名和任职，系统给本人寄去设密码的链接。"),
        Right.MANAGE_ACCOUNTS,
    ),
    _start(
        mark("有人要离开"),
        "handing-on.index",
        mark("看他手上有什么，交给接手的人。"),
        Right.HAND_ON,
    ),
    _start(
        mark("要看后台是否正常"),
        "schedule.index",
        mark("定时的事做了没有，通知发出去没有。"),
        Right.SEE_RUNS,
    ),
)


def starts(desk: Desk) -> list[Start]:
    """Those that the person may begin."""
    return [
        each
        for each in STARTS
        if desk.may(*each.rights) and not (each.unless is not None and desk.may(each.unless))
    ]


ALL_DONE = (
    (Right.APPROVE, mark("没有等您批准的。")),
    (Right.EDIT_LISTS, mark("没有等您办的。要改清单，从“从这里开始”进去。")),
    (Right.SEE_RUNS, mark("一切正常，没有要您处理的。")),
    (Right.READ_ALL, mark("审计不用办事，可以查看全部内容和操作记录。")),
    (Right.GIVE_OPINIONS, mark("本单位现在没有到手的事。有事时这里会写明哪天到期。")),
    (Right.KEEP_UNIT, mark("现在没有等您办的事。公布了什么新内容，下面会写明。")),
)
"""What is said when nothing waits, by the first right that is held."""


def all_done(desk: Desk) -> str:
    """The sentence for a page on which nothing waits."""
    return next((_(said) for right, said in ALL_DONE if desk.may(right)), _("现在没有等您办的事。"))


def lines(desk: Desk) -> Iterator[tuple[str, str, str]]:
    """The starts as the page shows them: what is wished, the address, how it goes on."""
    for each in starts(desk):
        yield _(each.wish), each.address, _(each.then)
