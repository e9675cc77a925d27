"""Pages that one network address may not open as often as it likes."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar

from flask_limiter.errors import RateLimitExceeded

from admin.base import StaffPage
from portal import auth
from portal.errors import Refused
from portal.i18n import mark


class TooMany(Refused):
    """Too many requests from one address."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class LimitedPage(StaffPage):
    """The base of such pages: whoever comes too often reads `too_often`, and when to come again."""

    abstract = True
    too_often: ClassVar[str] = mark("从您的网络来的请求太多了，请过一分钟再试。")

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._run_view(fn, *args, **kwargs)
        except RateLimitExceeded:
            return *self.refused(TooMany(self.too_often)), {"Retry-After": str(auth.wait())}
