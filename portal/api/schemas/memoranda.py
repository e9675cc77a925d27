"""Memoranda between approval bureaus and departments (Y-3)."""

from __future__ import annotations

import datetime as dt

from portal.api.schemas.base import PlaceRef, Resource, RevisionRef, said
from portal.i18n import mark


class Push(Resource):
    """What one body pushes to the other, and by when."""

    what: str = said(mark("推送什么"))
    sender: str = said(mark("谁推送：bureau 审批局，department 主管部门；另一方接收"))
    days: int = said(mark("几天之内；0 是当天"))
    unit: str = said(mark("working_days 工作日，calendar_days 自然日"))
    clause: str = said(mark("依据的条款"))


class Support(Resource):
    """Who does a step of technical support."""

    step: str = said(
        mark("site_visit 现场勘验，technical_review 技术审查，testing 检验检测，hearing 听证论证")
    )
    by: str = said(mark("bureau 审批局，department 主管部门，both 双方共同，nobody 不涉及"))
    how: str = said(mark("怎么做"))


class CoveredMatter(Resource):
    """One matter that was chosen for a memorandum."""

    id: int = said(mark("事项的编号，与网页地址里的相同"))
    name: str = said(mark("名称"))


class Paper(Resource):
    """The signed and stamped text."""

    sha256: str = said(mark("文件的 SHA-256"))
    name: str | None = said(mark("文件名；没有公开的是 null"))
    href: str | None = said(mark("下载地址；没有公开的是 null"))


class Memorandum(Resource):
    """What an approval bureau and a department have agreed on, as it was published."""

    id: int = said(mark("备忘录的编号，与网页地址里的相同"))
    title: str = said(mark("标题"))
    place: PlaceRef = said(mark("审批局所在的地方"))
    bureau: str = said(mark("行政审批服务局"))
    department: str = said(mark("行业主管部门"))
    department_place: str = said(mark("主管部门所在地方的代码"))
    boundary: str = said(mark("职责边界：谁审批，谁监管"))
    pushes: list[Push] = said(mark("推送和反馈"))
    supports: list[Support] = said(mark("技术支撑：每一步由谁做"))
    every_matter: bool = said(mark("是不是双方之间的全部事项"))
    matters: list[CoveredMatter] = said(mark("选定的事项；是全部的时候为空"))
    valid_from: dt.date | None = said(mark("有效期从哪一天起"))
    valid_until: dt.date | None = said(mark("有效期到哪一天为止，含这一天"))
    holds: bool = said(mark("今天有没有效：没有终止，没有换成新的一版，也在有效期里"))
    bureau_contact: str = said(mark("审批局的联系方式"))
    department_contact: str = said(mark("主管部门的联系方式"))
    paper: Paper | None = said(mark("签字盖章的文本"))
    revision: RevisionRef = said(mark("取自哪一版"))
    address: str = said(mark("本条的地址"))
    page: str = said(mark("网页的地址"))
