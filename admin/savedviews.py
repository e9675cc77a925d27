"""常用视图: how a person keeps a list of the staff door, and the page on which the views are put in order.

A page that offers views names in `remembers` the parameters that a view keeps, asks `opening_address` first and shows
`bar` above its list (staff/views.html). Asking writes nothing; what is kept is kept by a button.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import current_app, flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin.asking import EVERYBODY, asks
from admin.base import NO_PAGE, SIGNED_IN, Answer, StaffPage, committed
from portal.auth import DOOR
from portal.errors import NotFound
from portal.foundation.savedviews import queries, rules, service
from portal.foundation.savedviews.models import SavedView
from portal.foundation.savedviews.rules import Pairs

WHOLE = "view"
"""`?view=all` is the list as it is, whatever view the page opens with."""
PAGING = ("page", "before")
"""Parameters that say how far down a list one is; they ask for something, and no view keeps them."""


@dataclass(frozen=True)
class Tab:
    """A view above a list."""

    view: SavedView
    title: str
    address: str
    current: bool


@dataclass(frozen=True)
class Bar:
    """The views above a list, and what the list is asked for now."""

    tabs: list[Tab]
    whole: str
    pairs: Pairs
    """What could be kept; nothing when the whole list is shown."""
    context: Pairs
    """Parameters that say which list it is; no view keeps them."""
    asked: str
    """Both as one query string, for the buttons that keep them."""

    @property
    def aside(self) -> str | None:
        """What `view` says in a link that may ask for nothing else: `all` where the page opens with a view."""
        return "all" if any(each.view.opens for each in self.tabs) else None


def title_of(view: SavedView) -> str:
    """What a view is called; the one without a name is what was remembered."""
    return view.name or gettext("记住的样子")


def _context(page: StaffPage) -> Pairs:
    """The parameters of this request that say which list it is, and in which language."""
    return [(name, value) for name in (*page.kept, "lang") if (value := request.args.get(name))]


def _address(page: StaffPage, pairs: Pairs) -> str:
    path = str(page.get_url(f"{page.key}.{page._default_view}")).partition("?")[0]  # noqa: SLF001  Flask-Admin's name
    return f"{path}?{urlencode(pairs)}" if pairs else path


def opening_address(page: StaffPage) -> str | None:
    """Where to go on to when the address asks for nothing and the page opens with a view; None otherwise."""
    if WHOLE in request.args or any(name in request.args for name in (*page.remembers, *PAGING)):
        return None
    view = queries.opening(page.account, page.key)
    pairs = rules.read(view.parameters, page.remembers) if view else []
    return _address(page, [*_context(page), *pairs]) if pairs else None


def bar(page: StaffPage) -> Bar:
    """The person's views of this page, and what could be kept of the present address."""
    pairs = rules.cleaned(request.args.items(multi=True), page.remembers)
    context, tabs = _context(page), []
    for view in queries.views_of(page.account, page.key):
        kept = rules.read(view.parameters, page.remembers)
        address = _address(page, [*context, *kept] if kept else [*context, (WHOLE, "all")])
        tabs.append(Tab(view, title_of(view), address, bool(kept) and set(kept) == set(pairs)))
    whole = _address(page, [*context, (WHOLE, "all")])
    return Bar(tabs, whole, pairs, context, urlencode([*context, *pairs]))


def _page(key: str) -> StaffPage:
    """The page of that key, if it offers views and the visitor may read it."""
    door = next(each for each in current_app.extensions["admin"] if each.url == DOOR)
    for page in door._views:  # noqa: SLF001  Flask-Admin's name
        if isinstance(page, StaffPage) and page.key == key and page.remembers and page.is_accessible():
            return page
    raise NotFound("没有这一页。", NO_PAGE)


class ViewsPage(StaffPage):
    """One's own views of all lists: rename, choose what a page opens with, remove."""

    key = "views"
    title = _("常用视图")
    section = "home"
    listed = False
    access = SIGNED_IN

    @expose("/")
    def index(self) -> Answer:
        """The views, page by page; those of pages that are closed by now can still be removed."""
        parts = []
        for key, views in groupby(queries.all_of(self.account), key=lambda each: each.page):
            try:
                page, title = _page(key), str(_page(key).title)
            except NotFound:
                page, title = None, gettext("打不开的页面")
            parts.append((title, [(each, title_of(each), _opened(page, each)) for each in views]))
        return self.render("staff/views.html", parts=parts)

    @expose("/keep", methods=("POST",))
    @asks(*EVERYBODY)
    def keep(self) -> Answer:
        """Keep what a list shows now, under a name."""
        opens = request.form.get("opens") == "1"
        return self._kept(
            lambda page, pairs: service.keep(
                self.account, page.key, request.form.get("name", ""), pairs, opens=opens
            )
        )

    @expose("/remember", methods=("POST",))
    @asks(*EVERYBODY)
    def remember(self) -> Answer:
        """Keep what a list shows now without a name; the page opens with it."""
        return self._kept(lambda page, pairs: service.remember(self.account, page.key, pairs))

    def _kept(self, verb: Any) -> Answer:
        page = _page(request.form.get("page", ""))
        said = request.form.get("parameters", "")[:4000]
        pairs = rules.read(said, page.remembers)
        committed(lambda: verb(page, pairs))
        flash(gettext("已经记住。"), "success")
        return redirect(_address(page, rules.read(said, {*page.remembers, *page.kept, "lang"})))

    @expose("/<int:view_id>/rename", methods=("POST",))
    @asks(*EVERYBODY)
    def rename(self, view_id: int) -> Answer:
        """Call it otherwise."""
        committed(lambda: service.rename(self.account, view_id, request.form.get("name", "")))
        flash(gettext("已经保存。"), "success")
        return redirect(self.get_url(".index"))

    @expose("/<int:view_id>/opens", methods=("POST",))
    @asks(*EVERYBODY)
    def opens(self, view_id: int) -> Answer:
        """Its page opens with it, or no longer does."""
        committed(lambda: service.open_with(self.account, view_id, request.form.get("opens") == "1"))
        flash(gettext("已经保存。"), "success")
        return redirect(self.get_url(".index"))

    @expose("/<int:view_id>/remove", methods=("POST",))
    @asks(*EVERYBODY)
    def remove(self, view_id: int) -> Answer:
        """Take it away; the records stay."""
        committed(lambda: service.remove(self.account, view_id))
        flash(gettext("已经删除。"), "success")
        return redirect(self.get_url(".index"))


def _opened(page: StaffPage | None, view: SavedView) -> str | None:
    """The address that a view opens; None where nothing of it is left."""
    pairs = rules.read(view.parameters, page.remembers) if page else []
    return _address(page, [*_context(page), *pairs]) if page and pairs else None
