"""What is said when an address gives no page: what went wrong, and what to do instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from portal.i18n import gettext as _


@dataclass(frozen=True)
class Failure:
    """A heading, sentences, and the pages that help: each as the name of a public view and its label."""

    heading: str
    lines: Sequence[str]
    ways: Sequence[tuple[str, str]] = ()


def failure(code: int, description: str) -> Failure:
    """What a status means to a reader; `description` tells more: "place" of none, "preview" of a link that is over."""
    search = ("search", _("查要办的事"))
    if description == "place":
        return Failure(
            _("没有这个地方"),
            [_("网址里的地方不在任何一份清单里。请重新选您在哪里。")],
            [("where", _("选您在哪里"))],
        )
    if description == "preview":
        return Failure(
            _("预览打不开了"), [_("这个预览链接已经到期或者停用了，需要的话请让给您链接的人再发一个。")]
        )
    found = {
        HTTPStatus.BAD_REQUEST: Failure(
            _("网址有误"), [_("网址里有本站不认识的写法。请检查网址，或者从首页重新开始。")], [search]
        ),
        HTTPStatus.NOT_FOUND: Failure(
            _("没有这一页"),
            [_("网址可能写错了，或者这一页已经没有了。"), _("要办的事可以查，也可以在网站地图里找。")],
            [search, ("where", _("选您在哪里")), ("sitemap_page", _("网站地图"))],
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: Failure(_("不能这样做"), [_("这一页只能看，不能提交。")]),
        HTTPStatus.GONE: Failure(
            _("内容已经关闭"),
            [_("这一版已经关闭，文件不再提供。版次页上写着原因。")],
            [("revisions", _("全部版次与文件"))],
        ),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Failure(_("文件太大"), [_("请换一个小一点的文件。")]),
        HTTPStatus.TOO_MANY_REQUESTS: Failure(
            _("太频繁了"),
            [_("从您的网络来的请求太多了，请过一分钟再试。别的页面照常可以看。")],
            [("sitemap_page", _("网站地图"))],
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: Failure(_("现在打不开"), [_("不是您的问题。请过几分钟再试。")]),
    }
    broken = Failure(_("系统出错了"), [_("不是您的问题。请过一会儿再试。")])
    unknown = found[HTTPStatus.BAD_REQUEST] if code < HTTPStatus.INTERNAL_SERVER_ERROR else broken
    return next((said for status, said in found.items() if status == code), unknown)
