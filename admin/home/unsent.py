"""Lists whose changes are said why, or asked opinions of, and that nobody has put forward yet (P-5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from sqlalchemy import func, or_, select

from admin.home.desk import Desk, gathered
from admin.home.items import Item, Lot
from portal.foundation.publishing.models import Head, Proposal
from portal.foundation.publishing.opinions.models import Opinion, OpinionRound
from portal.foundation.publishing.queries import OPEN
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.powers.lists.adjusting.models import ChangeNote, Succession
from portal.powers.lists.models import PowerList


def lots(desk: Desk) -> Iterator[Lot]:
    """What the person's office has begun to adjust."""
    if desk.may(Right.EDIT_LISTS):
        yield _lists(desk)


def _lists(desk: Desk) -> Lot:
    """Each with how many were asked about what is to follow its newest revision, and how many of them are silent."""
    asked = (
        select(Opinion.id)
        .join(Opinion.round)
        .join(Head, (Head.subject == OpinionRound.subject) & (Head.subject_id == OpinionRound.subject_id))
        .where(
            OpinionRound.subject == Subject.LIST,
            OpinionRound.subject_id == PowerList.id,
            OpinionRound.base_number == Head.number,
        )
        .correlate(PowerList)
    )
    said = [select(each.list_id) for each in (ChangeNote, Succession)]
    waiting = select(Proposal.subject_id).where(Proposal.subject == Subject.LIST, Proposal.state.in_(OPEN))
    wanted = (
        select(
            PowerList.id,
            PowerList.title,
            _count(asked).label("asked"),
            _count(asked.where(Opinion.stance.is_(None))).label("silent"),
            func.count().over(),
        )
        .where(
            desk.at(PowerList.place_id, Right.EDIT_LISTS),
            PowerList.earlier_of_id.is_(None),
            or_(PowerList.id.in_(said[0]), PowerList.id.in_(said[1]), asked.exists()),
            PowerList.id.not_in(waiting),
        )
        .order_by(PowerList.id)
    )
    return gathered(_("改好送审"), url_for("lists.index"), wanted, _list)


def _count(asked: Any) -> Any:
    return select(func.count()).select_from(asked.subquery()).scalar_subquery()


def _list(row: Any) -> Item:
    address = url_for("adjusting.show", list_id=row.id)
    if row.asked and row.silent:
        note = ngettext("还有 %(num)s 个单位没有回复意见", "还有 %(num)s 个单位没有回复意见", row.silent)
    elif row.asked:
        note = _("征求的意见都回复了，可以送审")
    else:
        note = _("有改动，还没有送审")
    return Item(_("改好送审"), row.title, address, note)
