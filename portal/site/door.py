"""The public door: pages, their caching, and what is shown when something is not there."""

from __future__ import annotations

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from portal.errors import Refused
from portal.i18n import gettext as _
from portal.site import caching, plain_views, revision_views, views
from portal.site.around import entrusted
from portal.site.blueprint import site
from portal.site.finding import where
from portal.site.seeing import list_views

PRIVATE = "/staff"
VIEWS = (views, revision_views, plain_views, where, entrusted, list_views)
"""The modules whose import hangs their pages on the blueprint."""

# Once for the blueprint, not for each application: tests make several.
caching.init_pages(site)


def init_app(app: Flask) -> None:
    """Put the public pages into the application."""
    app.register_blueprint(site)
    app.register_error_handler(HTTPException, _show)
    app.register_error_handler(Refused, _refused)


def _show(error: HTTPException) -> HTTPException | Response | tuple[str, int]:
    """A page in the site's own look for every status; redirects and the staff door's errors stay as they are."""
    code = error.code or InternalServerError.code
    if code < 400 or error.response is not None or request.path.startswith(PRIVATE):  # noqa: PLR2004
        return error
    heading, lines = _words(code, error.description or "")
    return render_template("errors/error.html", heading=heading, lines=lines), code


def _refused(error: Refused) -> tuple[str, int]:
    """What a service refused, with its own sentence."""
    sentence = _(error.sentence, **error.values)
    return render_template("errors/error.html", heading=_("办不了"), lines=[sentence]), error.status


def _words(code: int, description: str) -> tuple[str, list[str]]:
    if description == "place":
        return _("没有这个地方"), [_("网址里的地方不在任何一份清单里。请从首页重新选您在哪里。")]
    found = {
        400: (_("网址有误"), [_("请检查网址，或者从首页重新开始。")]),
        404: (
            _("没有这一页"),
            [_("网址可能写错了，或者这一页已经没有了。"), _("可以从首页查询您要办的事。")],
        ),
        405: (_("不能这样做"), [_("这一页只能看，不能提交。")]),
        410: (_("内容已经关闭"), [_("这一版已经关闭，文件不再提供。版次页上写着原因。")]),
        413: (_("文件太大"), [_("请换一个小一点的文件。")]),
        429: (_("太频繁了"), [_("请过一会儿再试。")]),
        500: (_("系统出错了"), [_("不是您的问题。请过一会儿再试。")]),
    }
    return found.get(code, found[400] if code < 500 else found[500])  # noqa: PLR2004
