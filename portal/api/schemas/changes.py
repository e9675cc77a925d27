"""What changed, entry by entry, as each publication recorded it (P-1, P-7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.api.schemas.base import PlaceRef, Resource, said
from portal.i18n import mark


class ChangedMatter(Resource):
    """The matter that changed, by its name after the change."""

    id: int = said(mark("事项的编号，与网页地址里的相同"))
    seq: int | None = said(mark("序号，照文件"))
    name: str = said(mark("名称"))
    department: str | None = said(mark("放权的部门，照文件"))


class WasIs(Resource):
    """A value before and after."""

    was: Any = said(mark("原来的值；原来没有的是 null"))
    now: Any = said(mark("现在的值；现在没有的是 null"), serialization_alias="is")


class AnswerChange(Resource):
    """How the mode changed at one place."""

    place: PlaceRef = said(mark("地方"))
    was: str | None = said(mark("原来的放权方式；原来不包括的是 null"))
    now: str | None = said(mark("现在的放权方式；现在不包括的是 null"), serialization_alias="is")


class Change(Resource):
    """One thing that one publication changed."""

    subject: str = said(
        mark("list 清单，place 一个地方自己公布的承接单位和办事点，memorandum 审管衔接备忘录")
    )
    key: str = said(mark("清单的标识，地方的代码，或备忘录的编号"))
    title: str = said(mark("清单、备忘录的标题，或地方的名称"))
    revision: int = said(mark("版次的号码"))
    effective_on: dt.date = said(mark("从这一天起执行"))
    published_at: dt.datetime | None = said(mark("公布的时刻，UTC"))
    change: str = said(
        mark(
            "published 第一次公布，added 加入，changed 调整，withdrawn 退出，frame 清单本身的说明有变，"
            "closed 这一版已经关闭"
        )
    )
    count: int | None = said(mark("第一次公布时，一共多少项"))
    matter: ChangedMatter | None = said(mark("事项；不属于一个事项的是 null"))
    part: str | None = said(
        mark("地方公布的哪一部分：duties 职责，points 办事点，choices 自选方式；清单本身和备忘录的是哪一处")
    )
    fields: dict[str, WasIs] = said(mark("改了的字段"))
    answers: tuple[AnswerChange, ...] = said(mark("改了办法的地方；给了 place 就只有那里"))
    page: str = said(mark("网页的地址"))
