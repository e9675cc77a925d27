"""The page that finds everything: `?q=` from the header of every staff page."""

from __future__ import annotations

from flask import request
from flask_admin import expose
from flask_babel import lazy_gettext

from admin.base import SIGNED_IN, Answer
from admin.finding.kinds import KINDS
from admin.finding.matching import Group, Query
from admin.limited import LimitedPage
from portal.i18n import gettext as _
from portal.limits import searching


class FindPage(LimitedPage):
    """What the visitor may read, by name, code, pinyin or initials; a kind at a time."""

    key = "find"
    title = lazy_gettext("查找")
    section = "home"
    listed = False
    access = SIGNED_IN

    @expose("/")
    @searching
    def index(self) -> Answer:
        """The first of each kind; nothing yet where nothing was typed."""
        query = Query.of(request.args.get("q", ""))
        open_kinds = [each for each in KINDS if each.open_to(self.account)]
        groups = []
        for kind in open_kinds if query.words else ():
            hits, total = kind.find(query, self.account)
            if hits:
                groups.append(Group(_(kind.title), hits, total, kind.address(query)))
        return self.render(
            "staff/finding.html",
            typed=query.text,
            asked=bool(query.words),
            groups=groups,
            kinds=[_(each.title) for each in open_kinds],
        )
