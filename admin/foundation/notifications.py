"""The inbox, who has read what was sent, and for the administrator how it was delivered."""

from __future__ import annotations

from math import ceil
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from admin.asking import EVERYBODY, asks
from admin.base import SIGNED_IN, Answer, StaffPage, committed, page_number
from admin.door import own_address
from admin.foundation.lookups import ORGANISATIONS
from admin.foundation.notice_words import TAGS, reason
from portal.foundation.accounts.queries import bodies_of, names
from portal.foundation.notifications import queries, service
from portal.foundation.notifications.rules import AGAIN, Channel, DeliveryState, NoticeKind
from portal.foundation.notifications.texts import said
from portal.foundation.notifications.undelivered import queries as undelivered
from portal.foundation.notifications.undelivered import service as acts
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right
from portal.i18n import DEFAULT, language

PAGE = 20
DELIVERIES = 50


def chosen(kind: Any, name: str) -> Any:
    """The enumeration's value that stands in the address or the form under the name; None for none."""
    text = request.values.get(name, "")
    return kind(text) if text in [each.value for each in kind] else None


def unit() -> tuple[str, Organisation | None]:
    """What was typed as a unit, and the one that it names."""
    typed = request.values.get("unit", "").strip()[:200]
    return typed, ORGANISATIONS.settle(typed)[0] if typed else None


def onward(address: str) -> str:
    """A notice's address of this site in the reader's language; empty for any other."""
    if not address.startswith("/") or address.startswith("//"):
        return ""
    parts = urlsplit(address)
    if language() == DEFAULT:
        return address
    return urlunsplit(parts._replace(query=f"{parts.query}&lang={language()}".lstrip("&")))


class InboxPage(StaffPage):
    """Notices to one's own unit and to oneself, newest first."""

    key = "inbox"
    title = _("收件箱")
    section = "home"
    access = SIGNED_IN

    @expose("/")
    def index(self) -> Answer:
        """One page of notices, on wish of those not read yet."""
        account, unread = self.account, request.args.get("unread") == "1"
        total = queries.inbox_size(account, unread=unread)
        last = max(1, ceil(total / PAGE))
        page = page_number(last)
        found = queries.inbox(account, unread=unread, offset=(page - 1) * PAGE, limit=PAGE)
        return self.render(
            "staff/inbox.html",
            notices=[(each, *said(each), onward(each.address)) for each in found],
            read=queries.read_by(account, found),
            unread=unread,
            waiting=queries.unread(account),
            total=total,
            page=page,
            last=last,
        )

    @expose("/<int:notice_id>/read", methods=("POST",))
    @asks(*EVERYBODY)
    def read(self, notice_id: int) -> Answer:
        """Note that one has read it; back to where the button stood."""
        committed(lambda: service.mark_read(notice_id, by=self.account))
        back = own_address(request.form.get("back"))
        return redirect(back or self.get_url(".index", unread=request.args.get("unread")))

    @expose("/read", methods=("POST",))
    @asks(*EVERYBODY)
    def read_all(self) -> Answer:
        """Note that one has read everything."""
        count = committed(lambda: service.mark_all_read(by=self.account))
        flash(ngettext("%(num)s 条通知标为已读。", "%(num)s 条通知标为已读。", count), "success")
        return redirect(self.get_url(".index"))


class ReceiptsPage(StaffPage):
    """What was sent to whom, and who has read it: for those who caused it."""

    key = "receipts"
    title = _("通知回执")
    section = "publishing"
    access = frozenset({Right.EDIT_LISTS, Right.APPROVE, Right.SEE_RUNS})

    @expose("/")
    def index(self) -> Answer:
        """One page of notices, narrowed by kind and unit."""
        kind, (typed, body) = chosen(NoticeKind, "kind"), unit()
        body_id = body.id if body else (0 if typed else None)
        within = self._within()
        total = queries.sent_size(kind, body_id, within=within)
        last = max(1, ceil(total / PAGE))
        page = page_number(last)
        found = queries.sent(kind, body_id, within=within, offset=(page - 1) * PAGE, limit=PAGE)
        return self.render(
            "staff/receipts.html",
            notices=[(each, *said(each)) for each in found],
            kinds=[each for each in NoticeKind if each is not NoticeKind.TRIAL],
            kind=kind,
            typed=typed,
            total=total,
            page=page,
            last=last,
            tags=TAGS,
        )

    def _within(self) -> queries.Within:
        """The bodies of the own city, or all of them: another city's notices are nobody's business here (R-3)."""
        reached = [each for right in self.access if (each := bodies_of(self.account, right)) is not None]
        return reached if len(reached) == len(self.access) else None


class DeliveriesPage(StaffPage):
    """Notices on their way by every channel: what failed can be sent again, one or all."""

    key = "deliveries"
    title = _("通知发送")
    section = "system"
    access = frozenset({Right.SEE_RUNS})

    @expose("/")
    def index(self) -> Answer:
        """One page of deliveries, narrowed by state, channel and unit."""
        state, narrowed = chosen(DeliveryState, "state"), self._narrowed()
        states = (state,) if state else ()
        total = queries.deliveries_count(*states, **narrowed)
        last = max(1, ceil(total / DELIVERIES))
        page = page_number(last)
        found = queries.deliveries(*states, **narrowed, offset=(page - 1) * DELIVERIES, limit=DELIVERIES)
        records = undelivered.newest_records([each.id for each in found])
        return self.render(
            "staff/deliveries.html",
            deliveries=[(each, said(each.notice)[0], reason(each.error)) for each in found],
            failed=queries.deliveries_count(DeliveryState.FAILED, **narrowed),
            again=AGAIN,
            records=records,
            people=names(each.by_id for each in records.values()),
            total=total,
            page=page,
            last=last,
            **self._as_shown(),
        )

    def _as_shown(self) -> dict[str, Any]:
        """By what the page is narrowed, for its fields and for what its buttons send along."""
        shown = {"state": chosen(DeliveryState, "state"), "channel": chosen(Channel, "channel")}
        said_so = {name: word.value if word else "" for name, word in shown.items()}
        typed = unit()[0]
        return {
            "shown": {**shown, "unit": typed},
            "as_shown": {**said_so, "unit": typed},
            "tags": TAGS,
            "words": (DeliveryState, Channel),
        }

    @expose("/<int:delivery_id>/again", methods=("POST",))
    @asks(Right.SEE_RUNS)
    def again(self, delivery_id: int) -> Answer:
        """Send one that failed again."""
        committed(lambda: acts.send_again(delivery_id, by=self.account))
        flash(gettext("已经重新排队发送。"), "success")
        return self._back()

    @expose("/<int:delivery_id>/give-up", methods=("POST",))
    @asks(Right.SEE_RUNS)
    def give_up(self, delivery_id: int) -> Answer:
        """Leave one that failed as it is."""
        committed(lambda: acts.give_up(delivery_id, by=self.account))
        flash(gettext("已经放弃，以后还可以重新发送。"), "success")
        return self._back()

    @expose("/again", methods=("POST",))
    @asks(Right.SEE_RUNS)
    def all_again(self) -> Answer:
        """Send everything that failed again, as far as the page shows it."""
        narrowed = self._narrowed()
        count = committed(lambda: acts.send_all_again(by=self.account, **narrowed))
        flash(ngettext("%(num)s 条已经重新排队发送。", "%(num)s 条已经重新排队发送。", count), "success")
        return self._back()

    @expose("/give-up", methods=("POST",))
    @asks(Right.SEE_RUNS)
    def give_all_up(self) -> Answer:
        """Leave everything that failed as it is, as far as the page shows it."""
        narrowed = self._narrowed()
        count = committed(lambda: acts.give_all_up(by=self.account, **narrowed))
        flash(ngettext("放弃了 %(num)s 条。", "放弃了 %(num)s 条。", count), "success")
        return self._back()

    def _narrowed(self) -> dict[str, Any]:
        """Channel and unit that the page is narrowed by; a unit that nobody knows is nobody's."""
        typed, body = unit()
        return {
            "channel": chosen(Channel, "channel"),
            "organisation_id": body.id if body else (0 if typed else None),
        }

    def _back(self) -> Answer:
        """To where the button stood, or to the page as it was narrowed."""
        if (back := own_address(request.form.get("back"))) is not None:
            return redirect(back)
        kept = {name: request.values.get(name) or None for name in ("state", "channel", "unit", "page")}
        return redirect(self.get_url(".index", **kept))
