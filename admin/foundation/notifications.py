"""The inbox of one's own unit, and for the administrator what could not be delivered."""

from __future__ import annotations

from math import ceil

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin.base import SIGNED_IN, Answer, StaffPage, committed, page_number
from portal.foundation.notifications import queries, service
from portal.foundation.notifications.rules import DeliveryState
from portal.foundation.rights.rules import Right

PAGE = 20


class InboxPage(StaffPage):
    """Notices to one's own unit, newest first."""

    key = "inbox"
    title = _("收件箱")
    section = "home"
    access = SIGNED_IN

    @expose("/")
    def index(self) -> Answer:
        """One page of notices."""
        total = queries.inbox_size(self.account)
        last = max(1, ceil(total / PAGE))
        page = page_number(last)
        found = queries.inbox(self.account, offset=(page - 1) * PAGE, limit=PAGE)
        return self.render("staff/inbox.html", notices=found, total=total, page=page, last=last)

    @expose("/<int:notice_id>/read", methods=("POST",))
    def read(self, notice_id: int) -> Answer:
        """Note that the unit has read it."""
        committed(lambda: service.mark_read(notice_id, by=self.account))
        return redirect(self.get_url(".index"))


class DeliveriesPage(StaffPage):
    """Notices on their way by e-mail: what failed can be sent again."""

    key = "deliveries"
    title = _("通知发送")
    section = "system"
    access = frozenset({Right.SEE_RUNS})

    @expose("/")
    def index(self) -> Answer:
        """What failed first, then the newest of all."""
        failed = queries.deliveries(DeliveryState.FAILED)
        return self.render("staff/deliveries.html", failed=failed, newest=queries.deliveries())

    @expose("/<int:delivery_id>/again", methods=("POST",))
    def again(self, delivery_id: int) -> Answer:
        """Send one that failed again."""
        committed(lambda: service.send_again(delivery_id, by=self.account))
        flash(gettext("已经重新排队发送。"), "success")
        return redirect(self.get_url(".index"))
