"""The first page after signing in: what waits for this person, where to begin, what happened."""

from __future__ import annotations

from itertools import chain
from typing import Any

from flask import request
from flask_admin import BaseView, expose
from flask_babel import format_date, lazy_gettext

from admin.asking import EVERYBODY, asks
from admin.base import NO_PAGE, SIGNED_IN, StaffPage
from admin.foundation import standing
from admin.foundation.owed import owed_first
from admin.home import agreeing, begun, deciding, news, owing, sent, starts, unsent
from admin.home.desk import Desk
from admin.home.items import beyond, first_of
from admin.home.running import subjects
from portal import clock
from portal.auth import DOOR
from portal.errors import NotFound
from portal.foundation.notifications import queries as notices
from portal.foundation.notifications.texts import said
from portal.foundation.rights.rules import Right
from portal.foundation.runs import queries as runs

WAITING = 12
"""So many of the things that wait stand on the page; the others are counted."""
SHOWN = 5


class HomePage(StaffPage):
    """What waits for me, where to begin, what is due, what was made public, my notices and background work."""

    key = "home"
    title = lazy_gettext("首页")
    section = "home"
    access = SIGNED_IN

    def __init__(self) -> None:
        # Bootstrap's files come with Flask-Admin; this page gives them their address.
        BaseView.__init__(self, name=self.title, endpoint=self.key, url=DOOR, static_folder="static")

    @expose("/")
    def index(self) -> str:
        """The page, for whichever roles are held."""
        desk = Desk(self.account, clock.today())
        return self.render(
            "staff/home.html",
            day=desk.today,
            weekday=format_date(desk.today, "EEEE"),
            starts=list(starts.lines(desk)),
            runs=(begun := runs.started_by(desk.account.id, limit=SHOWN)),
            run_subjects=subjects(begun),
            imports=desk.may(Right.EDIT_LISTS),
            here=request.full_path.rstrip("?"),
            **standing.home(desk.account),
            **_waiting(desk),
            **_news(desk),
            **_notices(desk),
            **owed_first(desk.account, desk.today),
        )

    @expose("/<path:unknown>", methods=("GET", "POST"))
    @asks(*EVERYBODY, reading=True)
    def lost(self, unknown: str) -> str:
        """Any address that no page has: said to those signed in; a stranger is asked to sign in first."""
        del unknown
        raise NotFound("没有这一页。", NO_PAGE)


def _waiting(desk: Desk) -> dict[str, Any]:
    every = (deciding.lots(desk), owing.lots(desk), agreeing.lots(desk), unsent.lots(desk), begun.lots(desk))
    lots = [lot for lot in chain.from_iterable(every) if lot.items]
    shown = first_of(lots, WAITING, desk.today)
    return {
        "waiting": shown,
        "count": sum(lot.total for lot in lots),
        "beyond": beyond(lots, shown),
        "sent": sent.proposals(desk),
        "all_done": starts.all_done(desk),
    }


def _news(desk: Desk) -> dict[str, Any]:
    published = news.published(desk)
    return {
        "published": published,
        "published_all": news.all_of(desk),
        "changed": news.changed(desk, [each.id for each in published or ()]),
    }


def _notices(desk: Desk) -> dict[str, Any]:
    inbox = notices.inbox(desk.account, limit=SHOWN)
    return {
        "notices": [(each, said(each)[0]) for each in inbox],
        "read": notices.read_by(desk.account, inbox),
        "unread": notices.unread(desk.account),
    }
