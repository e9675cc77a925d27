"""The answer for one matter at one place: where to go, who does what, who answers for it (D-7, D-9 to D-11)."""

from __future__ import annotations

import datetime as dt

from portal.api.schemas.base import (
    ClauseRef,
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


class AnsweredMatter(Resource):
    """The matter that is answered for."""

    id: int = said(mark("事项的编号，与网页地址里的相同"))
    seq: int = said(mark("序号，照文件"))
    name: str = said(mark("名称，照文件"))
    code: str = said(mark("事项编码，照文件；没有就是空的"))
    type: TypeRef = said(mark("事项类型"))
    department: str = said(mark("放权的部门，照文件"))
    parts: tuple[str, ...] = said(mark("只下放的子项"))
    status: StatusRef = said(mark("事项的效力"))
    address: str = said(mark("事项的地址"))


class ReceivingBody(Resource):
    """The body that takes the matter over at the place."""

    name: str = said(mark("名称"))
    full_name: str = said(mark("带地方的名称"))
    from_on: dt.date | None = said(mark("从哪一天起办；没有说的是 null"))
    taken_over: bool = said(mark("今天是不是已经接手"))


class Part(Resource):
    """Who does a step, or answers for something."""

    actor: str | None = said(
        mark("place 承接的地方，posted 上级派驻的人员，issuer 上级；还没有公布的是 null")
    )
    body: str | None = said(mark("单位的名称；承接单位还没有公布的是 null"))
    clauses: tuple[ClauseRef, ...] = said(mark("依据"))


class Steps(Resource):
    """The steps of handling as they are today; where one body receives and accepts, both are the same."""

    receive: Part = said(mark("收件"))
    accept: Part = said(mark("受理"))
    review: Part = said(mark("审核"))
    decide: Part = said(mark("决定"))
    stamp: Part = said(mark("盖章"))


class Answer(Resource):
    """For a matter of a list and a place: the one mode and what follows from it."""

    id: str = said(mark("清单、事项、地方"))
    list: ListRef = said(mark("所在的清单"))
    revision: RevisionRef = said(mark("版次"))
    matter: AnsweredMatter = said(mark("事项"))
    place: PlaceRef = said(mark("问的地方"))
    answered_by: PlaceRef = said(mark("答案属于哪个地方：镇街的事多数由上面的县（市、区）办"))
    mode: str = said(mark("放权方式；地方自己公布了选择的，是它的选择"))
    label: str = said(mark("这份清单里的叫法"))
    in_force: bool = said(mark("是不是现在执行的一版；不是的只有文件自己说的"))
    mode_today: str | None = said(
        mark("今天怎么办：承接单位接手以前，等于没有下放；不是现在执行的一版是 null")
    )
    standing: str | None = said(
        mark(
            "办到哪一步：open 照此办理，unnamed 承接单位待公布，pending 还没有接手，kept 没有下放，undecided 方式待定；"
            "不是现在执行的一版是 null"
        )
    )
    suspended: SuspensionRef | None = said(mark("今天是不是紧急停办；没有停办的、不是现在执行的一版是 null"))
    sentence: str | None = said(mark("一句话：去哪儿办"))
    receiver: ReceivingBody | None = said(mark("承接单位；还没有公布的是 null"))
    apply_at: tuple[str, ...] = said(mark("今天可以到哪儿申请：place 本地，issuer 上级"))
    steps: Steps = said(mark("谁来办"))
    seal: str | None = said(mark("盖谁的章：own 本地，no2 上级的“2号章”，issuer 上级"))
    complaints: Part = said(mark("按政策，出了问题找谁"))
    respondent: Part = said(mark("按法律，不服决定，谁是行政复议的被申请人、行政诉讼的被告"))
    cross_border: tuple[ClauseRef, ...] = said(mark("跨地方的事仍归上级：依据"))
    remark: str = said(mark("备注，照文件"))
    address: str = said(mark("本条的地址"))
    page: str = said(mark("网页的地址"))
