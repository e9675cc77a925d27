"""What went wrong, for programs and for people: RFC 9457, with a sentence in Chinese and one in English."""

from __future__ import annotations

import json
from enum import Enum
from http import HTTPStatus
from typing import Any

from flask import Response, url_for
from flask_babel import force_locale
from werkzeug.exceptions import HTTPException

from portal.address import CARRIED
from portal.i18n import DEFAULT, mark
from portal.i18n import gettext as _

MEDIA_TYPE = "application/problem+json"
QUOTA = "https://iana.org/assignments/http-problem-types#quota-exceeded"
"""The type that the draft on RateLimit fields registers."""


class Kind(Enum):
    """Everything that can go wrong: its code, its status, its title."""

    UNKNOWN_PARAMETER = "unknown-parameter", HTTPStatus.BAD_REQUEST, mark("没有这个参数")
    BAD_PARAMETER = "bad-parameter", HTTPStatus.BAD_REQUEST, mark("参数的值不对")
    UNKNOWN_FIELD = "unknown-field", HTTPStatus.BAD_REQUEST, mark("没有这个字段")
    BAD_CURSOR = "bad-cursor", HTTPStatus.BAD_REQUEST, mark("翻页标记不对")
    BAD_REQUEST = "bad-request", HTTPStatus.BAD_REQUEST, mark("请求有误")
    NOT_FOUND = "not-found", HTTPStatus.NOT_FOUND, mark("没有找到")
    METHOD = "method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, mark("只能读取")
    CLOSED = "closed", HTTPStatus.GONE, mark("这一版已经关闭")
    TOO_MANY = "too-many-requests", HTTPStatus.TOO_MANY_REQUESTS, mark("请求太频繁")
    FAILED = "server-error", HTTPStatus.INTERNAL_SERVER_ERROR, mark("系统出错了")

    @property
    def code(self) -> str:
        """The word by which programs tell kinds apart."""
        return self.value[0]

    @property
    def status(self) -> HTTPStatus:
        """The status of the answer."""
        return self.value[1]

    @property
    def title(self) -> str:
        """The kind in a few words, Chinese."""
        return self.value[2]


USUAL = {
    Kind.NOT_FOUND: mark("没有这个地址，或者它指的内容没有公布。所有地址见 /api/v1/openapi.json。"),
    Kind.METHOD: mark("这个接口只能读取，请用 GET。"),
    Kind.BAD_REQUEST: mark("请检查网址。"),
    Kind.FAILED: mark("不是您的问题，请过一会儿再试。"),
}
"""What is said where nothing more exact is known."""


class Problem(Exception):  # noqa: N818  it is an answer, not a fault
    """A request that is answered with a problem. `detail` is a Chinese sentence with named `values`.

    `more` are further members of the answer, e.g. the parameters that are known.
    """

    def __init__(
        self, kind: Kind, detail: str = "", more: dict[str, Any] | None = None, **values: Any
    ) -> None:
        self.kind = kind
        self.detail = detail or USUAL.get(kind, kind.title)
        self.more = more or {}
        self.values = values
        super().__init__(kind.code)


def of(error: HTTPException) -> Problem:
    """What Flask or Werkzeug raised, as a problem."""
    by_status = {kind.status: kind for kind in (Kind.NOT_FOUND, Kind.METHOD, Kind.FAILED)}
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    usual = Kind.BAD_REQUEST if code < HTTPStatus.INTERNAL_SERVER_ERROR else Kind.FAILED
    return Problem(by_status.get(HTTPStatus(code), usual))


def response(problem: Problem) -> Response:
    """The problem as an answer; `title` and `detail` are Chinese, `title_en` and `detail_en` English."""
    kind = problem.kind
    said: dict[str, Any] = {
        "type": QUOTA
        if kind is Kind.TOO_MANY
        else f"{url_for('site.api', **dict.fromkeys(CARRIED))}#{kind.code}",
        "code": kind.code,
        "status": int(kind.status),
    }
    for locale, ending in ((DEFAULT, ""), ("en", "_en")):
        with force_locale(locale):
            said[f"title{ending}"] = _(kind.title)
            said[f"detail{ending}"] = _(problem.detail, **problem.values)
    body = json.dumps(said | problem.more, ensure_ascii=False)
    answer = Response(body + "\n", status=int(kind.status), content_type=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer
