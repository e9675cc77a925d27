"""The public door: pages, their caching, and what is shown when something is not there."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, render_template, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, InternalServerError

from portal.auth import wait
from portal.errors import Refused
from portal.i18n import gettext as _
from portal.site import caching, plain_views, revision_views, views
from portal.site.around import entrusted, machines, sitemap
from portal.site.around.failures import failure
from portal.site.blueprint import site
from portal.site.counting import calendar_views
from portal.site.finding import drawing, power_lists, search_views, where
from portal.site.memoranda import memorandum_views
from portal.site.owed import deadline_views, feed_views
from portal.site.previews import preview_views
from portal.site.seeing import change_views, comparison_views, list_views
from portal.site.taking import codes, data_views, file_views
from portal.site.tasks import task_views

PRIVATE = "/staff"
VIEWS = (
    views,
    revision_views,
    plain_views,
    drawing,
    power_lists,
    search_views,
    where,
    entrusted,
    machines,
    sitemap,
    list_views,
    comparison_views,
    change_views,
    calendar_views,
    deadline_views,
    feed_views,
    preview_views,
    codes,
    data_views,
    file_views,
    task_views,
    memorandum_views,
)
"""The modules whose import hangs their pages, or what pages draw with, on the blueprint."""

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
    if request_ctx.url_adapter is None:
        # Asked for under a name that is not ours, or that is none: no link can be made, nor is the name said again.
        return Response(_("这里没有这个网站。"), code, mimetype="text/plain")
    if code < 400 or error.response is not None or request.path.startswith(PRIVATE):  # noqa: PLR2004
        return error
    said = failure(code, error.description or "")
    page = render_template("errors/error.html", heading=said.heading, lines=said.lines, ways=said.ways)
    if code != HTTPStatus.TOO_MANY_REQUESTS:
        return page, code
    return Response(page, code, {"Retry-After": str(wait()), "Cache-Control": "no-store"})


def _refused(error: Refused) -> tuple[str, int]:
    """What a service refused, with its own sentence."""
    sentence = _(error.sentence, **error.values)
    return render_template("errors/error.html", heading=_("办不了"), lines=[sentence]), error.status
