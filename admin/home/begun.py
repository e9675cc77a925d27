"""What goes on only when this person goes on with it: returned proposals, imports, a first statement, the system."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import aliased, defer

from admin.foundation.drafts import left
from admin.home.desk import FIRST, Desk, gathered
from admin.home.items import Act, Item, Lot
from admin.powers.whose import of_places
from portal.foundation.files.models import StoredFile
from portal.foundation.imports.models import ImportedTable, Question, Upload
from portal.foundation.imports.rules import TableState, UploadState
from portal.foundation.places.models import Place, PlaceGroupMember
from portal.foundation.publishing.models import Head, Proposal
from portal.foundation.publishing.queries import OPEN
from portal.foundation.publishing.rules import ProposalState, Subject
from portal.foundation.rights.rules import Right
from portal.foundation.workdays import queries as workdays
from portal.foundation.workdays.rules import lacking
from portal.health.alarms import LATE_NOTICES, LOST_NOTICES, Alarm, alarms
from portal.health.figures import gather
from portal.i18n import gettext as _
from portal.powers.lists.models import PowerList

FORMS = {
    Subject.LIST: ("lists.show", "list_id"),
    Subject.UPTAKE: ("uptakes.show", "place_id"),
    Subject.MEMORANDUM: ("memoranda.show", "memorandum_id"),
}
"""Where each kind of working copy is changed and put forward again."""
EVERY = func.count().over()
"""How many rows there are, whatever the limit."""


def lots(desk: Desk) -> Iterator[Lot]:
    """What waits for nobody else."""
    yield _drafts(desk)
    if desk.may(Right.EDIT_LISTS, Right.EDIT_PLACE):
        yield _returned(desk)
    if desk.may(Right.EDIT_LISTS):
        yield _tables(desk)
    if desk.below(Right.EDIT_PLACE):
        yield _statements(desk)
    if desk.may(Right.EDIT_CALENDAR):
        yield _years(desk)
    if desk.may(Right.SEE_RUNS):
        yield _alarms()


def _drafts(desk: Desk) -> Lot:
    """What was left half-filled, of pages that are still open to the person."""
    found, total = left(desk.account, FIRST)
    items = [
        Item(_("接着填"), f"{each.page}{_('：') if each.what else ''}{each.what}", each.address, note)
        for each in found
        if each.address is not None and (note := _("%(when)s存的草稿", when=each.when))
    ]
    return Lot(_("接着填"), items, total - len(found) + len(items), url_for("drafts.index"))


def _returned(desk: Desk) -> Lot:
    """What came back and has not been put forward again since."""
    later = aliased(Proposal)
    again = select(later.id).where(
        later.subject == Proposal.subject, later.subject_id == Proposal.subject_id, later.id > Proposal.id
    )
    wanted = (
        select(Proposal, EVERY)
        .where(
            Proposal.proposed_by_id == desk.account.id,
            Proposal.state == ProposalState.RETURNED,
            of_places(Proposal, desk.places(Right.EDIT_LISTS), desk.places(Right.EDIT_PLACE)),
            ~again.exists(),
        )
        .options(defer(Proposal.difference))
        .order_by(Proposal.id)
    )
    return gathered(_("改好再送"), url_for("proposals.index"), wanted, _came_back)


def _came_back(row: Any) -> Item:
    found: Proposal = row[0]
    form, argument = FORMS[found.subject]
    values: dict[str, Any] = {argument: found.subject_id}
    address = url_for(form, **values)
    return Item(_("改好再送"), found.title, address, found.decision_note)


def _tables(desk: Desk) -> Lot:
    left = (
        select(func.count())
        .where(Question.table_id == ImportedTable.id, Question.answer.is_(None))
        .correlate(ImportedTable)
        .scalar_subquery()
    )
    wanted = (
        select(ImportedTable.id, ImportedTable.title, StoredFile.name, left.label("left"), EVERY)
        .join(ImportedTable.upload)
        .join(Upload.file)
        .where(
            Upload.created_by_id == desk.account.id,
            Upload.state == UploadState.READ,
            ImportedTable.state == TableState.OPEN,
            desk.at(Upload.place_id, Right.EDIT_LISTS),
        )
        .order_by(Upload.id.desc(), ImportedTable.position)
    )
    return gathered(_("确认"), url_for("imports.index"), wanted, _table)


def _table(row: Any) -> Item:
    note = _("%(count)s 处等您决定", count=row.left) if row.left else _("可以并入清单")
    return Item(_("确认"), row.title or row.name, url_for("tables.show", table_id=row.id), note)


def _statements(desk: Desk) -> Lot:
    """Own places that lists hand something down to and that have never made public who takes it over (D-11)."""
    reached = (
        select(PlaceGroupMember.place_id)
        .join(PowerList, PowerList.scope_id == PlaceGroupMember.group_id)
        .join(Head, (Head.subject == Subject.LIST) & (Head.subject_id == PowerList.id))
    )
    public = select(Head.subject_id).where(Head.subject == Subject.UPTAKE)
    waiting = select(Proposal.subject_id).where(Proposal.subject == Subject.UPTAKE, Proposal.state.in_(OPEN))
    wanted = (
        select(Place, EVERY)
        .where(
            Place.id.in_(desk.below(Right.EDIT_PLACE)),
            Place.id.in_(reached),
            Place.id.not_in(public),
            Place.id.not_in(waiting),
        )
        .order_by(Place.code)
    )
    return gathered(_("填写并公布"), url_for("uptakes.index"), wanted, _statement)


def _statement(row: Any) -> Item:
    place: Place = row[0]
    title = _("%(place)s的承接单位和办事点", place=_(place.name))
    address = url_for("uptakes.show", place_id=place.id)
    return Item(_("填写并公布"), title, address, _("还没有公布过，公众不知道去哪里办"))


def _years(desk: Desk) -> Lot:
    items = [
        Item(
            _("填写"),
            _("%(year)s年的放假安排", year=year),
            url_for("workdays.edit", number=year),
            _("填写以前，这一年只按周末算"),
            date(year - 1, 12, 31) if year > desk.today.year else None,
        )
        for year in lacking(workdays.calendar(), desk.today)
    ]
    return Lot(_("填写"), items, len(items), url_for("workdays.index"))


def _alarms() -> Lot:
    items = [_alarm(each) for each in alarms(gather())]
    return Lot(_("要处理"), items[:FIRST], len(items), url_for("schedule.index"))


def _alarm(alarm: Alarm) -> Item:
    if alarm.sentence == LOST_NOTICES:
        again = Act(_("全部重发"), url_for("deliveries.all_again"), {"back": url_for("home.index")})
        return Item(_("补发"), str(alarm), url_for("deliveries.index", state="failed"), act=again)
    page = "deliveries.index" if alarm.sentence == LATE_NOTICES else "schedule.index"
    return Item(_("要处理"), str(alarm), url_for(page))
