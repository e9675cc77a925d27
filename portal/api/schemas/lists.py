"""Lists (PowerList) and what each mode means in them (D-3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.api.schemas.base import PlaceRef, Resource, RevisionRef, said
from portal.i18n import mark


class PolicyRef(Resource):
    """The document that a list rests on."""

    number: str = said(mark("文号"))
    title: str | None = said(mark("标题"))
    issuer: str | None = said(mark("发文机关"))
    issued_on: dt.date | None = said(mark("成文日期"))
    validity: str | None = said(mark("效力；unverified 是今天是否有效没有核对过"))
    page: str | None = said(mark("条款所在的网页"))


class ReachedPlace(Resource):
    """A place that a list reaches, by its name in the revision."""

    code: str = said(mark("代码"))
    name: str = said(mark("名称"))
    kind: str = said(mark("级别"))


class ProfileEntry(Resource):
    """One field of a mode profile with its source."""

    value: str = said(mark("谁：place 承接的地方，posted 上级派驻的人员，issuer 上级；或者哪一种章"))
    source: str = said(mark("依据的条款或法律"))


class File(Resource):
    """A file to take along."""

    format: str = said(mark("内容和格式：csv 是清单，answers.csv 是各地的答案，changes.csv 是与前一版的差别"))
    media_type: str = said(mark("媒体类型"))
    name: str = said(mark("文件名"))
    size: int = said(mark("字节数"))
    sha256: str = said(mark("内容的 SHA-256"))
    href: str = said(mark("地址"))


class PowerList(Resource):
    """A list by one of its revisions, usually the one in force."""

    slug: str = said(mark("清单的标识"))
    title: str = said(mark("标题，照文件"))
    kind: str = said(mark("delegation 下放，transfer 划转"))
    annex: str = said(mark("附件"))
    policy: PolicyRef = said(mark("依据的政策文件"))
    issuer: PlaceRef = said(mark("放权的地方"))
    unchecked: bool = said(mark("文件今天是否有效还没有核对过"))
    revision: RevisionRef = said(mark("版次"))
    in_force: bool = said(mark("是不是现在执行的一版"))
    size: int = said(mark("事项的数目"))
    places: list[ReachedPlace] = said(mark("适用范围：管到的地方"))
    modes: dict[str, dict[str, ProfileEntry]] = said(
        mark("每种放权方式在这份清单里的意思：谁收件、受理、审核、决定、盖章，谁负责")
    )
    labels: dict[str, str] = said(mark("每种放权方式在文件里的叫法"))
    cross_border: str = said(mark("跨地方的事仍归上级的条款；没有就是空的"))
    notes: list[str] = said(mark("清单的注，照文件"))
    totals: dict[str, Any] = said(mark("文件自己说的总数"))
    files: list[File] = said(mark("可以下载的文件"))
    address: str = said(mark("本条的地址"))
    page: str = said(mark("网页的地址"))
