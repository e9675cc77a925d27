"""Taking one change of a working copy back: the matter stands again as the newest revision has it (P-5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.organisations.models import Organisation
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound
from portal.foundation.rights.rules import Right
from portal.powers.lists import difference, snapshot
from portal.powers.lists.adjusting.gaps import close_gap, number_again
from portal.powers.lists.adjusting.models import ChangeNote, Succession
from portal.powers.lists.adjusting.rules import SuccessionKind, only_number
from portal.powers.lists.models import Delegation, PowerList, PublishedMatter, ScopeException, SubItem
from portal.powers.lists.scopes import resolving
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterStatus, identity
from portal.powers.matters.service import set_everyday_names


def undo(power_list: PowerList, matter_id: int, *, by: Account) -> None:
    """Bring one matter back to what is public: what was taken in leaves, what was taken out returns.

    The matters of a split or a merge go back together. A number that other changes have given away is not taken back.
    Where the matter itself was changed (its name, department, code, type, status), every list that holds it
    follows: Conflict while one of them waits for a decision, when nothing differs, and when the old name is taken.
    Refused before the first revision, and where something else made the difference: what was put in or taken out
    above it, a scope, or a body that was renamed.
    """
    require(by, Right.EDIT_LISTS, power_list.place_id)
    bound(Subject.LIST, power_list.id)
    base = publishing.newest(Subject.LIST, power_list.id)
    if base is None:
        raise Refused("这份清单还没有公布过，没有可以恢复的版本。", code="first")
    links = _links(power_list.id, matter_id)
    together = {matter_id, *(each.old_id for each in links), *(each.new_id for each in links)}
    changed = _entries(power_list, base, together)
    if not changed:
        raise Conflict("这一项和已公布的一样，没有可以撤销的改动。", code="same")
    if all(only_number(each) for each in changed.values()):
        raise Refused("这一项只是序号跟着别的改动变了。撤销那些改动，序号自己会回来。", code="number")
    _leave(power_list, [key for key, each in changed.items() if each["change"] == "added"], links)
    for published in _published(base, changed):
        _return(power_list, base, published, changed[published.matter_id], by)
    _unsaid(power_list.id, together, links)
    _nothing_left(_entries(power_list, base, together))


def _links(list_id: int, matter_id: int) -> list[Succession]:
    """Every split and merge that hangs together with the matter's own."""
    left = list(db.session.scalars(select(Succession).where(Succession.list_id == list_id)))
    found: list[Succession] = []
    reached = {matter_id}
    while near := [each for each in left if {each.old_id, each.new_id} & reached]:
        found += near
        reached |= {key for each in near for key in (each.old_id, each.new_id)}
        left = [each for each in left if each not in near]
    return found


def _entries(power_list: PowerList, base: Revision, matters: Collection[int]) -> dict[int, dict[str, Any]]:
    """What differs of these matters (difference.compare), by matter."""
    before = list(snapshot.published_rows(base, matters))
    with resolving():
        after = list(snapshot.working_rows(power_list, matters))
    return {each["matter_id"]: each for each in difference.compare(before, after).entries}


def _published(base: Revision, matters: Collection[int]) -> Sequence[PublishedMatter]:
    wanted = select(PublishedMatter).where(
        PublishedMatter.revision_id == base.id, PublishedMatter.matter_id.in_(matters)
    )
    return db.session.scalars(wanted.order_by(PublishedMatter.position)).all()


def _row(power_list: PowerList, matter_id: int) -> Delegation | None:
    return db.session.scalar(
        select(Delegation).where(Delegation.list_id == power_list.id, Delegation.matter_id == matter_id)
    )


def _leave(power_list: PowerList, matters: Sequence[int], links: Sequence[Succession]) -> None:
    """Take out what is new; what a split had pushed down comes up again with its printed number."""
    gone = [row for row in (_row(power_list, each) for each in matters) if row is not None]
    if gone and links and all(each.kind is SuccessionKind.SPLIT for each in links):
        last, count = max(row.position for row in gone), len(gone) - len({each.old_id for each in links})
        below = select(Delegation).where(Delegation.list_id == power_list.id, Delegation.position > last)
        for each in db.session.scalars(below):
            each.position -= count
            each.seq -= count
    for row in gone:
        if not links:
            close_gap(power_list, row)
        db.session.delete(row)
    db.session.flush()
    db.session.expire(power_list, ["delegations"])


def _return(
    power_list: PowerList, base: Revision, published: PublishedMatter, entry: Mapping[str, Any], by: Account
) -> None:
    """Give a matter its published row again."""
    row = _row(power_list, published.matter_id)
    if row is None:
        row = Delegation(
            list_id=power_list.id,
            matter_id=published.matter_id,
            position=_place_for(power_list, base, published),
            seq=published.seq,
        )
        db.session.add(row)
    fresh = row.id is None
    row.mode, row.mode_label = published.mode, published.mode_label
    row.remark = published.remark
    number_again(base, row, published, fresh=fresh)
    if fresh or "mode" in entry["fields"] or entry["answers"]:
        _answer_as(row, power_list, published)
    if fresh or "sub_items" in entry["fields"]:
        row.sub_items.clear()
        db.session.flush()
        row.sub_items = [SubItem(name=name, position=at) for at, name in enumerate(published.sub_items, 1)]
    db.session.flush()
    _named_as(db.session.get_one(Matter, published.matter_id), published, by)


def _answer_as(row: Delegation, power_list: PowerList, published: PublishedMatter) -> None:
    """The published answer of every place that the list still reaches, as exceptions from the usual mode."""
    reached = {place.id for place in power_list.scope.members}
    row.exceptions.clear()
    db.session.flush()
    row.exceptions = [
        ScopeException(place_id=answer.place_id, mode=answer.mode)
        for answer in sorted(published.answers, key=lambda answer: answer.place_id)
        if answer.mode is not published.mode and answer.place_id in reached
    ]


def _place_for(power_list: PowerList, base: Revision, published: PublishedMatter) -> int:
    """The position right after the row that stood above it and is still there; what stands below makes room."""
    above = (
        select(Delegation.position)
        .join(PublishedMatter, PublishedMatter.matter_id == Delegation.matter_id)
        .where(
            Delegation.list_id == power_list.id,
            PublishedMatter.revision_id == base.id,
            PublishedMatter.position < published.position,
        )
        .order_by(PublishedMatter.position.desc())
        .limit(1)
    )
    position = (db.session.scalar(above) or 0) + 1
    below = select(Delegation).where(Delegation.list_id == power_list.id, Delegation.position >= position)
    for each in db.session.scalars(below):
        each.position += 1
    return position


def _named_as(matter: Matter, published: PublishedMatter, by: Account) -> None:
    """Give the matter itself its published name, code, type, status, and its department unless that has ended."""
    status = published.status
    body = db.session.get(Organisation, published.organisation_id) if published.organisation_id else None
    ended = body is not None and body.ended_on is not None
    said = {
        "name": published.name,
        "organisation_id": matter.organisation_id if ended else published.organisation_id,
        "code": published.code,
        "type": published.type,
        "status": MatterStatus(status["state"]),
        "status_since": date.fromisoformat(status["since"]) if status.get("since") else None,
        "status_document": status.get("document", ""),
    }
    same = all(getattr(matter, name) == value for name, value in said.items())
    sayings = sorted(each.name for each in matter.everyday_names) == sorted(published.everyday_names)
    if same and sayings:
        return
    holding = select(Delegation.list_id).join(Delegation.power_list).where(Delegation.matter_id == matter.id)
    for list_id in db.session.scalars(holding.where(PowerList.earlier_of_id.is_(None))):
        bound(Subject.LIST, list_id)
    for name, value in said.items():
        setattr(matter, name, value)
    db.session.flush()
    db.session.refresh(matter, ["organisation"])
    _identified(matter)
    if not sayings:
        set_everyday_names(matter, published.everyday_names, by=by)


def _identified(matter: Matter) -> None:
    body = matter.organisation.name if matter.organisation else ""
    key = identity(matter.place.code, body, matter.name, matter.code)
    taken = select(Matter.id).where(Matter.identity == key, Matter.id != matter.id)
    if db.session.scalar(taken) is not None:
        raise Conflict("已经有叫“%(name)s”的事项了。", name=matter.name)
    matter.identity = key
    db.session.flush()


def _unsaid(list_id: int, matters: Collection[int], links: Sequence[Succession]) -> None:
    """What was said of the change goes with it."""
    notes = select(ChangeNote).where(ChangeNote.list_id == list_id, ChangeNote.matter_id.in_(matters))
    for each in (*db.session.scalars(notes), *links):
        db.session.delete(each)
    db.session.flush()


def _nothing_left(entries: Mapping[int, Mapping[str, Any]]) -> None:
    for entry in entries.values():
        if only_number(entry):
            continue
        scoped = any(None in pair for pair in entry.get("answers", {}).values())
        if scoped:
            raise Refused("这一项的改动是适用范围变了带来的，请先改回适用范围。", code="scope")
        raise Refused("这一项的改动是别处带来的（例如机构改名），不能在这里撤销。", code="elsewhere")
