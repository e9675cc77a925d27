"""Matters as a list's revision prints them."""

from __future__ import annotations

from portal.api.schemas.base import (
    ListRef,
    PlaceRef,
    Resource,
    RevisionRef,
    StatusRef,
    SuspensionRef,
    TypeRef,
    said,
)
from portal.i18n import mark


class Matter(Resource):
    """One matter of a list, as printed and as read."""

    id: int = said(mark("事项的编号，与网页地址里的相同；同一事项在各清单、各版次里不变"))
    list: ListRef = said(mark("所在的清单"))
    revision: RevisionRef = said(mark("版次"))
    seq: int = said(mark("序号，照文件"))
    name: str = said(mark("名称，照文件"))
    code: str = said(mark("事项编码，照文件；没有就是空的"))
    type: TypeRef = said(mark("事项类型"))
    department: str = said(mark("放权的部门，照文件"))
    issuer: PlaceRef = said(mark("放权的地方"))
    mode: str = said(mark("通常的放权方式"))
    label: str = said(mark("文件里的叫法"))
    remark: str = said(mark("备注，照文件"))
    parts: tuple[str, ...] = said(mark("只下放的子项"))
    everyday_names: tuple[str, ...] = said(mark("俗称"))
    status: StatusRef = said(mark("事项的效力"))
    suspended: SuspensionRef | None = said(mark("今天是不是紧急停办；没有停办的、不是现在执行的一版是 null"))
    answers: dict[str, str] = said(mark("每个地方的放权方式，按地方代码；含地方自己公布的选择"))
    address: str = said(mark("本条的地址"))
    page: str = said(mark("网页的地址"))
