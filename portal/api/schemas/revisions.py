"""Revisions of lists, of places' own statements and of memoranda (P-1, P-3)."""

from __future__ import annotations

import datetime as dt

from portal.api.schemas.base import Resource, said
from portal.api.schemas.lists import File
from portal.i18n import mark


class Counts(Resource):
    """How much a revision changed against the one before."""

    added: int = said(mark("加入的"))
    changed: int = said(mark("调整的"))
    withdrawn: int = said(mark("退出的"))
    frame: int = said(mark("清单本身的说明改了几处"))


class Revision(Resource):
    """One publication. It never changes, unless it is closed for a grave error."""

    subject: str = said(
        mark("list 清单，place 一个地方自己公布的承接单位和办事点，memorandum 审管衔接备忘录")
    )
    key: str = said(mark("清单的标识，地方的代码，或备忘录的编号"))
    title: str = said(mark("标题"))
    number: int = said(mark("版次的号码"))
    state: str = said(mark("published 已公布，closed 已关闭"))
    hash: str = said(mark("内容的 SHA-256"))
    effective_on: dt.date = said(mark("从这一天起执行"))
    published_at: dt.datetime | None = said(mark("公布的时刻，UTC"))
    backfilled: bool = said(mark("是不是补录的：执行很久以后才公布，或者插在已公布的版次之间"))
    compared_with: int | None = said(mark("和哪一版比，时间上的前一版；没有就是 null"))
    in_force: bool = said(mark("是不是现在执行的一版"))
    reason: str = said(mark("公布的理由"))
    closed_at: dt.datetime | None = said(mark("关闭的时刻，UTC"))
    closed_reason: str = said(mark("关闭的理由"))
    counts: Counts = said(mark("比前一版变了多少"))
    files: list[File] = said(mark("可以下载的文件"))
    address: str = said(mark("本条的地址"))
    page: str = said(mark("网页的地址"))
