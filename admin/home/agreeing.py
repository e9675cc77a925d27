"""Memoranda: what the other body has agreed to or returned, and pairs of bodies that still lack one (Y-3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from admin.home.desk import FIRST, Desk, gathered
from admin.home.items import Item, Lot
from portal.foundation.rights.rules import Reach, Right, reach_of
from portal.i18n import gettext as _
from portal.powers.memoranda.models import Memorandum, MemorandumAnswer
from portal.powers.memoranda.pairs import Pair, lacking
from portal.powers.memoranda.rules import Party


def lots(desk: Desk) -> Iterator[Lot]:
    """What waits for a body that the person acts for; an office's bodies do not wait for the office."""
    reaches = {reach_of(post.role, Right.EDIT_DUTIES) for post in desk.account.held}
    if reaches & {Reach.ORGANISATION, Reach.PLACE}:
        yield _answered(desk)
        yield _lacking(desk)


def _answered(desk: Desk) -> Lot:
    """Wordings of which the other body has spoken, and the own one not since."""
    own, later = desk.bodies(Right.EDIT_DUTIES), aliased(MemorandumAnswer)
    said = MemorandumAnswer
    after = select(later.id).where(
        later.memorandum_id == said.memorandum_id, later.version == said.version, later.id > said.id
    )
    across = or_(
        and_(said.party == Party.DEPARTMENT, Memorandum.bureau_id.in_(own)),
        and_(said.party == Party.BUREAU, Memorandum.department_id.in_(own)),
    )
    wanted = (
        select(said, func.count().over())
        .join(said.memorandum)
        .where(
            said.version == Memorandum.version,
            Memorandum.ended_on.is_(None),
            said.by_id != desk.account.id,
            across,
            ~after.exists(),
            or_(said.agrees.is_(False), _alone()),
        )
        .options(
            contains_eager(said.memorandum).options(
                joinedload(Memorandum.bureau), joinedload(Memorandum.department)
            )
        )
        .order_by(said.id)
    )
    return gathered(_("对备忘录表态"), url_for("memoranda.index"), wanted, _waiting)


def _alone() -> Any:
    """Whether the other side has not agreed to the same wording before."""
    first = aliased(MemorandumAnswer)
    before = select(first.id).where(
        first.memorandum_id == MemorandumAnswer.memorandum_id,
        first.version == MemorandumAnswer.version,
        first.party != MemorandumAnswer.party,
        first.agrees.is_(True),
    )
    return ~before.exists()


def _waiting(row: Any) -> Item:
    said: MemorandumAnswer = row[0]
    body = said.memorandum.bureau if said.party is Party.BUREAU else said.memorandum.department
    note = _("%(body)s已经同意", body=body.name) if said.agrees else said.note
    what = _("对备忘录表态") if said.agrees else _("改备忘录")
    address = url_for("memoranda.show", memorandum_id=said.memorandum_id)
    return Item(what, said.memorandum.title, address, note)


def _lacking(desk: Desk) -> Lot:
    """Those of the bureaus that the person acts for: they found it."""
    found = lacking(desk.today, desk.bodies(Right.EDIT_DUTIES))
    return Lot(_("写备忘录"), [_pair(each) for each in found[:FIRST]], len(found), url_for("memoranda.index"))


def _pair(pair: Pair) -> Item:
    title = _("%(bureau)s与%(department)s", bureau=pair.bureau.name, department=pair.department.name)
    note = _("共 %(count)s 项事项，还没有公布备忘录", count=pair.matters)
    if pair.memorandum_id:
        address = url_for("memoranda.show", memorandum_id=pair.memorandum_id)
    else:
        address = url_for("memoranda.found", bureau=pair.bureau.id, department=pair.department.id)
    return Item(_("写备忘录"), title, address, note)
