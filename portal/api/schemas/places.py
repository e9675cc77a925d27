"""Places (G-1) with what they made public of themselves."""

from __future__ import annotations

import datetime as dt

from portal.api.schemas.base import PlaceRef, Resource, RevisionRef, said
from portal.i18n import mark


class Point(Resource):
    """Where people go (G-5); what has not been entered is empty."""

    name: str = said(mark("名称"))
    kind: str = said(mark("办事点的种类"))
    organisation: str = said(mark("所属单位"))
    address: str = said(mark("地址"))
    hours: str = said(mark("办公时间"))
    phone: str = said(mark("电话"))


class Place(Resource):
    """A jurisdiction."""

    code: str = said(mark("代码；功能区没有国家代码的，用本站的代码"))
    name: str = said(mark("名称"))
    kind: str = said(mark("级别：province 省，city 市，county 县（市、区），zone 功能区，town 镇街"))
    official: bool = said(mark("代码是不是国家的代码"))
    parent: PlaceRef | None = said(mark("上级地方"))
    ended_on: dt.date | None = said(mark("撤销的日子；还在的是 null"))
    lists: list[str] = said(mark("管到这里的清单，现在执行的"))
    statement: RevisionRef | None = said(mark("这个地方自己公布的承接单位和办事点，现在执行的一版"))
    points: list[Point] = said(mark("公布的办事点"))
    address: str = said(mark("本条的地址"))
    page: str = said(mark("网页的地址"))
