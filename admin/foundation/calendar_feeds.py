"""Addresses at which calendar programs read what a unit owes: made, changed and taken back."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select

from admin.asking import asks
from admin.base import HIGHEST_ID, Answer, StaffPage, committed
from admin.foundation.owed import SEEN_WITH
from portal.address import absolute
from portal.db import db
from portal.errors import NotFound
from portal.foundation.deadlines import queries
from portal.foundation.deadlines.board import queries as board
from portal.foundation.deadlines.board.rules import Seen
from portal.foundation.deadlines.feeds import service
from portal.foundation.deadlines.models import CalendarFeed
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right


class CalendarFeedsPage(StaffPage):
    """The units whose address the visitor may keep, each with what it has."""

    key = "calendar-feeds"
    title = _("日历订阅")
    section = "deadlines"
    access = SEEN_WITH

    @expose("/")
    def index(self) -> Answer:
        """The units, those with an address or with something owed."""
        return self._page()

    def _page(self, made_for: Organisation | None = None, address: str = "") -> Answer:
        bodies = self._bodies()
        feeds = {feed.organisation_id: feed for feed in queries.feeds([body.id for body in bodies])}
        return self.render(
            "staff/calendar_feeds.html", bodies=bodies, feeds=feeds, made_for=made_for, address=address
        )

    def _bodies(self) -> Sequence[Organisation]:
        seen = board.seen_by(self.account)
        own = [body.id for body in board.units(seen)] if seen.everything else _own(seen)
        own += list(self.account.unit_ids)
        having = select(CalendarFeed.organisation_id)
        wanted = select(Organisation).where(or_(Organisation.id.in_(own), Organisation.id.in_(having)))
        found = db.session.scalars(wanted.order_by(Organisation.place_id, Organisation.id))
        return [body for body in found if service.may_keep(self.account, body)]

    def _body(self) -> Organisation:
        text = request.form.get("unit", "")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0  # noqa: PLR2004  digits of an id
        body = db.session.get(Organisation, number) if 0 < number <= HIGHEST_ID else None
        if body is None or not service.may_keep(self.account, body):
            raise NotFound("没有这个单位，或者您不能管它的日历订阅。")
        return body

    @expose("/make", methods=("POST",))
    @asks(Right.KEEP_UNIT, Right.MANAGE_DEADLINES, Right.EDIT_PLACE)
    def make(self) -> Answer:
        """A new address, shown this once; the old one shows nothing from now on."""
        body = self._body()
        secret = committed(lambda: service.make_feed(body, by=self.account))
        return self._page(body, absolute(url_for("site.calendar_feed", secret=secret)))

    @expose("/revoke", methods=("POST",))
    @asks(Right.KEEP_UNIT, Right.MANAGE_DEADLINES, Right.EDIT_PLACE)
    def revoke(self) -> Answer:
        """Take the address back."""
        body = self._body()
        committed(lambda: service.revoke_feed(body, by=self.account))
        flash(gettext("已经停用，原来的地址打不开了。"), "success")
        return redirect(self.get_url(".index"))


def _own(seen: Seen) -> list[int]:
    """Ids of the account's own unit and of those of its places."""
    wanted = select(Organisation.id).where(
        or_(Organisation.id.in_(seen.organisation_ids), Organisation.place_id.in_(seen.place_ids))
    )
    return list(db.session.scalars(wanted))
