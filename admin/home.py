"""The first page after signing in: what waits for this person, and what happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_admin import BaseView, expose
from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _

from admin.asking import EVERYBODY, asks
from admin.base import NO_PAGE, SIGNED_IN, StaffPage
from admin.foundation.owed import owed_first
from portal import clock
from portal.auth import DOOR
from portal.errors import NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.imports import queries as imports
from portal.foundation.imports.rules import TableState, UploadState
from portal.foundation.notifications import queries as notices
from portal.foundation.notifications.texts import said
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import ProposalState, RevisionState
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.foundation.runs import queries as runs
from portal.foundation.workdays import queries as workdays
from portal.foundation.workdays.rules import lacking
from portal.health.alarms import alarms
from portal.health.figures import gather
from portal.oversight.circulars import queries as circulars
from portal.powers.handovers import queries as handovers
from portal.powers.lists import queries as lists
from portal.powers.lists.intake.settling import unsettled

SHOWN = 8


class HomePage(StaffPage):
    """What waits for me, my background work, my unit's inbox, what is public."""

    key = "home"
    title = lazy_gettext("首页")
    section = "home"
    access = SIGNED_IN

    def __init__(self) -> None:
        # Bootstrap's files come with Flask-Admin; this page gives them their address.
        BaseView.__init__(self, name=self.title, endpoint=self.key, url=DOOR, static_folder="static")

    @expose("/")
    def index(self) -> str:
        """The four lists."""
        account, day = self.account, clock.today()
        inbox = notices.inbox(account, limit=SHOWN)
        return self.render(
            "staff/home.html",
            account=account,
            day=day,
            weekday=format_date(day, "EEEE"),
            waiting=list(self._waiting(account)),
            published=lists.published(day),
            runs=runs.started_by(account.id, limit=SHOWN),
            notices=[(each, said(each)[0]) for each in inbox],
            read=notices.read_by(account, inbox),
            unread=notices.unread(account),
            imports=may(account, Right.EDIT_LISTS),
            **owed_first(account, day),
        )

    @expose("/<path:unknown>", methods=("GET", "POST"))
    @asks(*EVERYBODY, reading=True)
    def lost(self, unknown: str) -> str:
        """Any address that no page has: said to those signed in; a stranger is asked to sign in first."""
        del unknown
        raise NotFound("没有这一页。", NO_PAGE)

    def _waiting(self, account: Account) -> Iterator[dict[str, Any]]:
        if may(account, Right.APPROVE):
            yield from self._to_approve(account)
            yield from self._to_publish(account)
        if may(account, Right.REVIEW_PLANS):
            yield from self._to_review(account)
        if may(account, Right.EDIT_LISTS):
            yield from self._to_settle(account)
        if may(account, Right.EDIT_CALENDAR):
            yield from self._to_announce()
        if may(account, Right.SEE_RUNS):
            yield from self._alarms()
        for each in publishing.proposals(limit=SHOWN * 2):
            if each.proposed_by_id == account.id and each.state is ProposalState.RETURNED:
                address = self.get_url("proposals.show", proposal_id=each.id)
                yield {
                    "what": _("改好再送"),
                    "title": each.title,
                    "address": address,
                    "note": each.decision_note,
                }

    def _to_publish(self, account: Account) -> Iterator[dict[str, Any]]:
        for each in circulars.waiting():
            if each.made_by_id != account.id and may(account, Right.APPROVE, each.policy.place):
                address = self.get_url("circulars.show", circular_id=each.id)
                title = _("%(policy)s调度通报第%(number)s期", policy=each.policy.number, number=each.number)
                note = _("%(name)s编制", name=each.made_by.name)
                yield {"what": _("公布或搁置"), "title": title, "address": address, "note": note}

    def _to_review(self, account: Account) -> Iterator[dict[str, Any]]:
        for each in handovers.to_review(account, SHOWN):
            plan = each.plan
            address = self.get_url("handovers.show", plan_id=plan.id)
            title = f"{_(plan.place.name)} {plan.terms.paper}"
            note = _("第 %(number)s 次报送", number=each.number)
            yield {"what": _("认可或退回"), "title": title, "address": address, "note": note}

    def _to_announce(self) -> Iterator[dict[str, Any]]:
        for year in lacking(workdays.calendar(), clock.today()):
            address = self.get_url("workdays.edit", number=year)
            title = _("%(year)s年的放假安排", year=year)
            note = _("填写以前，这一年只按周末算")
            yield {"what": _("填写"), "title": title, "address": address, "note": note}

    def _alarms(self) -> Iterator[dict[str, Any]]:
        address = self.get_url("schedule.index")
        for alarm in alarms(gather()):
            yield {"what": _("要处理"), "title": alarm, "address": address, "note": ""}

    def _to_approve(self, account: Account) -> Iterator[dict[str, Any]]:
        for each in publishing.proposals(open_only=True):
            if each.state is ProposalState.PROPOSED and each.proposed_by_id != account.id:
                address = self.get_url("proposals.show", proposal_id=each.id)
                note = _("%(name)s送审", name=each.proposed_by.name)
                yield {"what": _("批准或退回"), "title": each.title, "address": address, "note": note}
        for revision in publishing.latest_changes(50):
            asked_by = revision.closing_asked_by_id
            if revision.state is RevisionState.PUBLISHED and asked_by not in (None, account.id):
                address = self.get_url("revisions.show", revision_id=revision.id)
                note = revision.closed_reason
                yield {"what": _("批准关闭"), "title": revision.title, "address": address, "note": note}

    def _to_settle(self, account: Account) -> Iterator[dict[str, Any]]:
        for upload in imports.newest(SHOWN):
            if upload.created_by_id != account.id or upload.state is not UploadState.READ:
                continue
            for table in upload.tables:
                if table.state is TableState.OPEN:
                    left = len(unsettled(table))
                    note = _("%(count)s 处等您决定", count=left) if left else _("可以并入清单")
                    address = self.get_url("tables.show", table_id=table.id)
                    yield {
                        "what": _("确认"),
                        "title": table.title or upload.file.name,
                        "address": address,
                        "note": note,
                    }
