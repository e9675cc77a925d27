"""Bodies that something published names (G-3)."""

from __future__ import annotations

from portal.api.schemas.base import PlaceRef, Resource, said
from portal.i18n import mark


class Organisation(Resource):
    """A body with what it does in whatever is in force."""

    name: str = said(mark("名称"))
    place: PlaceRef = said(mark("所属的地方"))
    kind: str = said(mark("单位的种类"))
    uscc: str | None = said(mark("统一社会信用代码"))
    roles: dict[str, int] = said(
        mark(
            "做什么，各有多少项：department 放权的部门，receiver 承接单位，regulator_city 上级监管，"
            "regulator_place 本地监管，enforcement 执法"
        )
    )
    address: str = said(mark("本条的地址"))
    page: str | None = said(mark("网页的地址；只有放权的部门有"))
