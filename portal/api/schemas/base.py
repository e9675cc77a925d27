"""What all resources share, and the small parts that stand in several of them.

Field descriptions are Chinese and marked for translation: the description of the API is made from them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from portal.i18n import mark


def said(description: str, **more: Any) -> Any:
    """A field with what it means, Chinese; the description of the API translates it."""
    return Field(description=description, **more)


class Resource(BaseModel):
    """Whatever comes back; nothing in it changes once it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class PlaceRef(Resource):
    """A place by code and name."""

    code: str = said(mark("代码"))
    name: str = said(mark("名称"))


class RevisionRef(Resource):
    """The revision that an item is taken from."""

    number: int = said(mark("版次的号码"))
    hash: str = said(mark("内容的 SHA-256，与这一版 JSON 文件的相同"))
    effective_on: dt.date = said(mark("从这一天起执行"))


class ListRef(Resource):
    """A list by slug and title."""

    slug: str = said(mark("清单的标识"))
    title: str = said(mark("标题，照文件"))
    unchecked: bool = said(mark("文件今天是否有效还没有核对过"))


class TypeRef(Resource):
    """A matter's type."""

    code: str = said(mark("两位数字"))
    label: str = said(mark("名称"))


class ClauseRef(Resource):
    """A clause as people cite it, with its page where the site has its words."""

    label: str = said(mark("条款，或法律的名称"))
    page: str | None = said(mark("原文所在的网页"))


class SuspensionRef(Resource):
    """That a matter is stopped at once, until an adjustment settles it (P-3)."""

    since: dt.date = said(mark("从哪一天起停办"))
    reason: str = said(mark("为什么停办"))


class StatusRef(Resource):
    """Whether a matter still exists (M-5)."""

    state: str = said(mark("in_force 有效，abolished 已取消，unverified 未核对"))
    since: dt.date | None = said(mark("从哪一天起"))
    document: str | None = said(mark("依据的文件"))
