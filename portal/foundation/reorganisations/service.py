"""The verbs: renaming a place or body, and ending one, with or without somebody who goes on with it.

Whatever hangs on it passes on or ends in the same transaction. A town takes EDIT_PLACE, as entering it does (D-10);
all else takes MANAGE_ORGANISATIONS, for the successors too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.standing import service as standing
from portal.foundation.organisations import queries as bodies
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import Organisation, OrganisationAlias
from portal.foundation.places import queries as places
from portal.foundation.places import service as tree
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.reorganisations import hanging, queries, telling
from portal.foundation.reorganisations.models import Reorganisation, Successor
from portal.foundation.reorganisations.registry import Hanging, Occasion, Subject, moving
from portal.foundation.reorganisations.rules import Change, change_of
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may, require

MOST_NAMED = 5
LONGEST_BASIS = 255
LONGEST_NAME = 128
ALIASES = "organisation_aliases.organisation_id"


@dataclass(frozen=True)
class Decision:
    """What was decided: the first day on which it holds, why, and by which document or clause."""

    on: date
    reason: str
    basis: str


@dataclass(frozen=True)
class Share:
    """Who gets what where there are several successors: by kind, and by record where a kind is chosen singly.

    `kinds` goes by the kind's key, `records` by that key and the record's key; both give the successor's key. With
    one successor nothing need be said.
    """

    kinds: Mapping[str, int] = field(default_factory=dict)
    records: Mapping[tuple[str, Any], int] = field(default_factory=dict)


def rename(
    subject: Subject,
    name: str,
    decision: Decision,
    along: Sequence[tuple[Organisation, str]] = (),
    *,
    by: Account,
) -> Reorganisation:
    """Another name from a day on; the former one is kept with its last day, and goes on being found (G-1, G-3).

    `along` are bodies of a place that are renamed with it, each with its new name; the others keep theirs. Forbidden
    without the right; Refused for an empty, overlong or the same name, another place's body, a day to come, no reason
    or no basis; Conflict for a name that is taken, and for what has ended.
    """
    _require(by, subject)
    made = _renamed(subject, name, decision, by)
    for body, called in along:
        if not isinstance(subject, Place) or body.place_id != subject.id:
            raise Refused("“%(name)s”不是这里的机构。", code="stranger", name=body.name)
        _renamed(body, called, decision, by)
    return made


def _renamed(subject: Subject, name: str, decision: Decision, by: Account) -> Reorganisation:
    decision = _decided(subject, decision)
    former = subject.name
    if len(name) > LONGEST_NAME:
        raise Refused("“%(name)s”的新名称太长了，最多 %(count)d 个字。", name=former, count=LONGEST_NAME)
    if isinstance(subject, Place):
        tree.change(subject, by=by, name=name, note=subject.note, certainty=subject.certainty, ended_on=None)
    else:
        # Whoever may rename a town renames its bodies with it.
        organisations.rename(subject, name, by=None)
    if subject.name == former:
        raise Refused("“%(name)s”的新名称和现在的一样。", code="same", name=former)
    made = _written(subject, Change.RENAMED, former, decision, by)
    telling.renamed(made, subject)
    return made


def end(
    subject: Subject,
    successors: Sequence[Subject],
    decision: Decision,
    share: Share | None = None,
    *,
    by: Account,
) -> Reorganisation:
    """End a place or body on a day: merged into one successor, split among several, or gone for good.

    What hangs on it passes on, ends, or stays as history, as the registry says. Forbidden without the right here and
    for each successor; Refused for a day to come, no reason, no basis, a successor that has ended, is the same, lies
    below or is of another sort, and for what somebody has to go on with and nobody is named for; Conflict when it
    has ended already. Whoever stands in for an approver does so no longer than the posts of both now allow (P-5).
    """
    _lock(subject, successors)
    for each in (subject, *successors):
        _require(by, each)
    decision = _decided(subject, decision)
    _fit(subject, successors)
    ending = _Ending(decision, by, _note(subject, successors, decision))
    made = ending.carry_out(subject, successors, share or Share())
    # Only now everybody's posts are where they go; until then one's own may have gone before the stand-in's.
    standing.all_fitted()
    return made


def _lock(subject: Subject, successors: Sequence[Subject]) -> None:
    """Read them anew and keep them until the end: two that go into each other at one moment make a circle."""
    model = type(subject)
    ids = {each.id for each in (subject, *successors) if isinstance(each, model)}
    wanted = select(model).where(model.id.in_(ids)).order_by(model.id).with_for_update()
    db.session.scalars(wanted, execution_options={"populate_existing": True}).all()


class _Ending:
    """One ending, with those of the bodies that follow from it."""

    def __init__(self, decision: Decision, by: Account, note: str) -> None:
        self.decision, self.by, self.note = decision, by, note

    def carry_out(self, subject: Subject, successors: Sequence[Subject], share: Share) -> Reorganisation:
        occasion = Occasion(subject, self.decision.on, self.by, self.note, self._absorb)
        made = _written(
            subject, change_of(len(successors)), subject.name, self.decision, occasion.by, successors
        )
        if isinstance(subject, Organisation):
            # A body that went stands in nobody's way: its names are free for the successor.
            subject.ended_on = self.decision.on
            db.session.flush()
        by_id = {each.id: each for each in successors}
        moved: list[dict[str, Any]] = []
        for kind in moving(subject):
            rows = hanging.rows(kind, subject)
            if rows:
                moved += _passed_on(kind, rows, occasion, by_id, share)
        subject.ended_on = self.decision.on
        if isinstance(subject, Organisation):
            # Of several it is the one that gets the other names; without a choice the name is nobody's.
            heir = share.kinds.get(ALIASES) if len(by_id) > 1 else next(iter(by_id), None)
            if heir is not None and heir in by_id:
                _known_as(subject, by_id[heir])
        made.moved = moved
        db.session.flush()
        telling.ended(made, subject, successors)
        return made

    def _absorb(self, body: Organisation, into: Organisation | None) -> None:
        """A body of a place that goes, into its namesake at the successor, or gone with it."""
        self.carry_out(body, [into] if into else [], Share())


def _passed_on(
    kind: Hanging, rows: Sequence[Any], occasion: Occasion, by_id: Mapping[int, Subject], share: Share
) -> list[dict[str, Any]]:
    """Let the records pass on, or end; gives what became of them: `label`, `count`, `to` whom and `to_id`."""
    if not by_id and kind.drop is None:
        names = "、".join(kind.name(row) for row in rows[:MOST_NAMED])
        raise Refused(
            "还有%(count)d项“%(label)s”（%(names)s）没有人接手，请先写明由谁接手。",
            code="successor",
            count=len(rows),
            label=kind.label,
            names=names,
        )
    counts: Counter[int | None] = Counter()
    for row in rows:
        key = _wanted(kind, by_id, share, row) if by_id else None
        if key is None:
            if kind.drop is not None:
                kind.drop(row, occasion)
            counts[None] += 1
        else:
            passed = kind.move(kind, row, by_id[key], occasion)
            counts[key if passed else None] += 1
    return [
        {"label": kind.label, "count": number, "to": by_id[to].name if to else "", "to_id": to}
        for to, number in counts.items()
    ]


def _wanted(kind: Hanging, by_id: Mapping[int, Subject], share: Share, row: Any) -> int:
    """The successor that gets this record; Refused where there are several and none is named.

    What belongs to a body of the place goes where that body has gone; Refused where it is sent elsewhere.
    """
    if len(by_id) == 1:
        return next(iter(by_id))
    singly = share.records.get((kind.key, hanging.key_of(row)))
    body_id = kind.follows(row) if kind.follows else None
    body = db.session.get(Organisation, body_id) if body_id else None
    if body is not None and body.place_id in by_id:
        if singly not in (None, body.place_id):
            raise Refused(
                "“%(record)s”是“%(body)s”的，这个机构转给了%(to)s，要一起转去。",
                code="parted",
                record=kind.name(row),
                body=body.name,
                to=by_id[body.place_id].name,
            )
        return body.place_id
    chosen = share.kinds.get(kind.key) if singly is None else singly
    if chosen is None or chosen not in by_id:
        raise Refused("拆分给几家的，每一类都要写明由谁接手。", code="share")
    return chosen


def _known_as(body: Organisation, successor: Subject) -> None:
    """Documents name the body as it was: the successor answers to that name, where no other body there does."""
    there = db.session.get_one(Organisation, successor.id)
    if bodies.named(there.place, body.name) is None:
        there.aliases.append(OrganisationAlias(place_id=there.place_id, name=body.name))
        db.session.flush()


def _written(
    subject: Subject,
    change: Change,
    former: str,
    decision: Decision,
    by: Account,
    successors: Sequence[Subject] = (),
) -> Reorganisation:
    column = _column(subject)
    made = Reorganisation(
        change=change,
        effective_on=decision.on,
        former_name=former,
        reason=decision.reason,
        basis=decision.basis,
        by_id=by.id,
        successors=[
            Successor(**{column: each.id}, position=number) for number, each in enumerate(successors)
        ],
        **{column: subject.id},
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise Conflict("“%(name)s”刚才已经由别人办了撤并。", code="ended", name=former) from None
    return made


def _column(subject: Subject) -> str:
    return "place_id" if isinstance(subject, Place) else "organisation_id"


def _decided(subject: Subject, decision: Decision) -> Decision:
    if subject.ended_on is not None:
        raise Conflict("“%(name)s”已经撤销了，不能再改。", code="ended", name=subject.name)
    said = replace(decision, reason=decision.reason.strip(), basis=decision.basis.strip())
    if not said.reason:
        raise Refused("请写明理由。", code="reason")
    if not said.basis or len(said.basis) > LONGEST_BASIS:
        raise Refused("请写明依据的文件和条款，最多 %(count)d 个字符。", code="basis", count=LONGEST_BASIS)
    if said.on > clock.today():
        raise Refused("日期不能晚于今天：还没有到的，到那天再办。", code="day")
    if any(each.effective_on > said.on for each in queries.of(subject)):
        raise Refused("日期不能早于上一次改名。", code="day")
    return said


def _fit(subject: Subject, successors: Sequence[Subject]) -> None:
    names = {each.id for each in successors}
    if any(type(each) is not type(subject) for each in successors) or len(names) < len(successors):
        raise Refused("接手的地方或者机构写重了，或者不是同一类。", code="twice")
    for each in successors:
        if each is subject:
            raise Refused("不能并入自己。", code="itself")
        if each.ended_on is not None:
            raise Refused("“%(name)s”已经撤销，不能接手。", code="ended", name=each.name)
        if isinstance(each, Place) and _below(each, subject.id):
            raise Refused(
                "“%(name)s”在“%(above)s”下面，不能接手。", code="below", name=each.name, above=subject.name
            )


def _below(place: Place, above_id: int) -> bool:
    return any(each.id == above_id for each in places.lineage(place.code))


def _note(subject: Subject, successors: Sequence[Subject], decision: Decision) -> str:
    """What journals say of it, in a sentence."""
    to = "、".join(each.name for each in successors)
    what = f"{subject.name}并入{to}" if len(successors) == 1 else f"{subject.name}撤销"
    if len(successors) > 1:
        what = f"{subject.name}拆分为{to}"
    return f"{what}。{decision.reason}（{decision.basis}）"


def allowed(by: Account, subject: Subject) -> bool:
    """Whether the account may reorganise this place or body."""
    return may(by, *_asked(by, subject))


def _require(by: Account, subject: Subject) -> None:
    require(by, *_asked(by, subject))


def _asked(by: Account, subject: Subject) -> tuple[Right, Place]:
    """The right that it takes, and the place whose it must be."""
    if isinstance(subject, Organisation):
        return Right.MANAGE_ORGANISATIONS, subject.place
    above = subject.parent or subject
    if subject.kind is PlaceKind.TOWN and not may(by, Right.MANAGE_ORGANISATIONS, above):
        return Right.EDIT_PLACE, above
    return Right.MANAGE_ORGANISATIONS, above
