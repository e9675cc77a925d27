"""The first page after signing in: what waits for this person."""

from __future__ import annotations

from flask_admin import BaseView, expose
from flask_babel import lazy_gettext as _

from admin.base import SIGNED_IN, StaffPage
from portal import clock
from portal.auth import DOOR
from portal.foundation.notifications import queries as notices
from portal.foundation.runs import queries as runs


class HomePage(StaffPage):
    """What waits for me, my background work, my unit's inbox."""

    key = "home"
    title = _("首页")
    section = "home"
    access = SIGNED_IN

    def __init__(self) -> None:
        # Bootstrap's files come with Flask-Admin; this page gives them their address.
        BaseView.__init__(self, name=self.title, endpoint=self.key, url=DOOR, static_folder="static")

    @expose("/")
    def index(self) -> str:
        """The three lists."""
        account = self.account
        return self.render(
            "staff/home.html",
            account=account,
            day=clock.today(),
            runs=runs.started_by(account.id, limit=5),
            notices=notices.inbox(account, limit=5),
            unread=notices.unread(account),
        )
