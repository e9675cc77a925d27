"""Reading lists: the working copy for staff, the published rows for everybody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select

from portal.db import db
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Head, Revision
from portal.foundation.publishing.rules import Subject
from portal.powers.lists.models import Answer, Delegation, PowerList, PublishedMatter, ScopeException
from portal.powers.lists.rules import Mode
from portal.powers.lists.totals import Mismatch, compare_totals
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterType, fold_name


@dataclass(frozen=True)
class Published:
    """A list and the revision of it that holds."""

    power_list: PowerList
    revision: Revision


def by_slug(slug: str) -> PowerList | None:
    """The list with this address word."""
    return db.session.scalar(select(PowerList).where(PowerList.slug == slug))


def every() -> Sequence[PowerList]:
    """All lists in their order; older states of one that are being entered (earlier) are none of their own."""
    wanted = select(PowerList).where(PowerList.earlier_of_id.is_(None))
    return db.session.scalars(wanted.order_by(PowerList.position, PowerList.id)).all()


def working_copies() -> Sequence[PowerList]:
    """Everything that is worked on: all lists, and behind them the older states of some."""
    order = (PowerList.earlier_of_id.is_not(None), PowerList.position, PowerList.id)
    return db.session.scalars(select(PowerList).order_by(*order)).all()


def public() -> Sequence[PowerList]:
    """The lists of which something was ever published, in their order; nobody outside knows of others (P-1)."""
    heads = select(Head.subject_id).where(Head.subject == Subject.LIST, Head.number > 0)
    wanted = select(PowerList).where(PowerList.id.in_(heads))
    return db.session.scalars(wanted.order_by(PowerList.position, PowerList.id)).all()


def size(list_id: int) -> int:
    """How many matters the working copy holds."""
    return db.session.scalar(select(func.count()).where(Delegation.list_id == list_id)) or 0


def mismatches(power_list: PowerList) -> list[Mismatch]:
    """The totals of its document that the working copy does not hold (P-4)."""
    wanted = select(Delegation.mode, Matter.type, Delegation.printed).join(Delegation.matter)
    rows = db.session.execute(wanted.where(Delegation.list_id == power_list.id)).all()
    return compare_totals(
        power_list.totals,
        (row.mode.value for row in rows),
        (MatterType(row.printed.get("type", row.type)).label for row in rows),
    )


def printed_label(list_id: int, mode: Mode) -> str:
    """How the working copy mostly prints a usual mode; empty where it prints nothing for it."""
    wanted = (
        select(Delegation.mode_label)
        .where(Delegation.list_id == list_id, Delegation.mode == mode, Delegation.mode_label != "")
        .group_by(Delegation.mode_label)
        .order_by(func.count().desc(), func.min(Delegation.position))
        .limit(1)
    )
    return db.session.scalar(wanted) or ""


def prints_modes(list_id: int) -> bool:
    """Whether the working copy prints a mode anywhere: some documents name it in their title alone."""
    wanted = select(Delegation.id).where(Delegation.list_id == list_id, Delegation.mode_label != "")
    return db.session.scalar(wanted.limit(1)) is not None


def published(day: date) -> list[Published]:
    """Every list that has a revision in force on the day, in order."""
    current = publishing.all_current(Subject.LIST, day)
    return [Published(each, current[each.id]) for each in every() if each.id in current]


def published_list(slug: str, day: date) -> Published | None:
    """One list with its revision in force on the day."""
    power_list = by_slug(slug)
    if power_list is None:
        return None
    revision = publishing.current(Subject.LIST, power_list.id, day)
    return Published(power_list, revision) if revision else None


def touched_matters(revision: Revision) -> Select[int]:
    """Ids of the matters that a revision adds, changes or withdraws.

    All of them for a first revision, and where the list itself changed: what a mode means concerns each.
    """
    if revision.first or revision.difference.get("frame"):
        return select(PublishedMatter.matter_id).where(PublishedMatter.revision_id == revision.id)
    ids = [entry["matter_id"] for entry in revision.difference.get("entries", ())]
    return select(Matter.id).where(Matter.id.in_(ids))


def left_open(revision: Revision, place_id: int) -> frozenset[int]:
    """Ids of a revision's rows whose mode the list leaves to the place (D-2 `undetermined`).

    No join: right after a long list is published PostgreSQL knows nothing of the new rows.
    """
    rows = PublishedMatter.revision_id == revision.id
    first = select(func.min(PublishedMatter.id)).where(rows).scalar_subquery()
    last = select(func.max(PublishedMatter.id)).where(rows).scalar_subquery()
    wanted = select(Answer.published_matter_id).where(
        Answer.place_id == place_id,
        Answer.mode == Mode.UNDETERMINED,
        Answer.published_matter_id.between(first, last),
    )
    return frozenset(db.session.scalars(wanted))


def answers(ids: Collection[int]) -> dict[int, dict[int, Mode]]:
    """Every answer of some published rows, as the list itself gives it: by row id, then by place id."""
    found: dict[int, dict[int, Mode]] = {key: {} for key in ids}
    if ids:
        wanted = select(Answer.published_matter_id, Answer.place_id, Answer.mode)
        for key, place_id, mode in db.session.execute(wanted.where(Answer.published_matter_id.in_(ids))):
            found[key][place_id] = mode
    return found


def published_size(revision: Revision) -> int:
    """How many matters a revision holds."""
    return db.session.scalar(select(func.count()).where(PublishedMatter.revision_id == revision.id)) or 0


def entrusted_names(list_id: int) -> Select[str]:
    """Names of the matters that a working copy hands down by entrustment, usually or somewhere."""
    somewhere = select(ScopeException.delegation_id).where(ScopeException.mode == Mode.ENTRUSTED)
    return (
        select(Matter.name)
        .join(Delegation, Delegation.matter_id == Matter.id)
        .where(
            Delegation.list_id == list_id,
            or_(Delegation.mode == Mode.ENTRUSTED, Delegation.id.in_(somewhere)),
        )
        .order_by(Delegation.position)
    )


def held_names(place_id: int, day: date) -> frozenset[str]:
    """Names, folded (fold_name), of the matters that a place itself holds only by entrustment on a day (D-8)."""
    current = [each.id for each in publishing.all_current(Subject.LIST, day).values()]
    wanted = (
        select(PublishedMatter.name)
        .join(Answer, Answer.published_matter_id == PublishedMatter.id)
        .where(
            Answer.place_id == place_id,
            Answer.mode == Mode.ENTRUSTED,
            PublishedMatter.revision_id.in_(current),
        )
    )
    return frozenset(map(fold_name, db.session.scalars(wanted)))
