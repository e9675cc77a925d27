"""Reading plans: one, those of a list, how far everybody is, and whom a place has named for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from portal.clock import HOME
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.rules import Standing, State, Terms, standing
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.queries import PUBLIC
from portal.foundation.publishing.rules import Subject
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.handovers.models import HandoverCorrection, HandoverFiling, HandoverPlan, HandoverTerms
from portal.powers.handovers.rules import Coverage, coverage
from portal.powers.lists.models import Answer, PowerList, PublishedMatter
from portal.powers.lists.rules import Mode

SUBJECT = "handover_plan"
"""What deadlines call the record that they are about."""

ADDRESS = "/staff/handovers"
"""Where the staff door keeps the plans: notices and boards lead there."""


@dataclass(frozen=True)
class Standings:
    """A plan with its deadline and what the two come to on a day."""

    plan: HandoverPlan
    deadline: Deadline | None
    standing: Standing | None
    coverage: Coverage


@dataclass(frozen=True)
class Table:
    """The papers that one place asks of those below it: who is how far with which (H-3).

    `rows` are the places with their plans by the ids of the terms; `counts` says for each of the terms how many plans
    are how far.
    """

    issuer: Place
    terms: Sequence[HandoverTerms]
    rows: Sequence[tuple[Place, Mapping[int, Standings]]]
    counts: Mapping[int, Counter[Coverage]]

    @property
    def found(self) -> list[Coverage]:
        """Whatever occurs in it, for its legend."""
        every = {word for counts in self.counts.values() for word in counts}
        return [word for word in Coverage if word in every]


@dataclass
class Handing:
    """What one department hands over at a place: how many matters, and who takes how many of them."""

    department: str
    matters: int = 0
    receivers: dict[str, int] = field(default_factory=dict)

    @property
    def unnamed(self) -> int:
        """Matters for which the place has named nobody yet."""
        return self.matters - sum(self.receivers.values())

    def stored(self) -> dict[str, Any]:
        """The form that a filing keeps."""
        return {"department": self.department, "matters": self.matters, "receivers": self.receivers}

    @classmethod
    def kept(cls, said: Mapping[str, Any]) -> Handing:
        """The same again from a filing."""
        return cls(said["department"], said["matters"], dict(said["receivers"]))


def get(plan_id: int) -> HandoverPlan | None:
    """The plan with this id."""
    return db.session.get(HandoverPlan, plan_id)


def terms(terms_id: int) -> HandoverTerms | None:
    """The terms with this id."""
    return db.session.get(HandoverTerms, terms_id)


def terms_of(list_id: int, *, held: bool = False) -> Sequence[HandoverTerms]:
    """The papers that a list asks for, in the order in which they were written down.

    `held`: nobody else changes them until the commit.
    """
    wanted = select(HandoverTerms).where(HandoverTerms.list_id == list_id).order_by(HandoverTerms.id)
    if held:
        wanted = wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    return db.session.scalars(wanted).all()


def corrections(terms: HandoverTerms) -> Sequence[HandoverCorrection]:
    """What the terms said before each time they were put right, the newest first."""
    wanted = select(HandoverCorrection).where(HandoverCorrection.terms_id == terms.id)
    return db.session.scalars(
        wanted.options(joinedload(HandoverCorrection.by)).order_by(HandoverCorrection.id.desc())
    ).all()


def first_reached(list_id: int) -> dict[int, date]:
    """On which day a revision of the list was first made public that holds at a place, by the place's id."""
    wanted = select(Revision.published_at, Revision.content).where(
        Revision.subject == Subject.LIST,
        Revision.subject_id == list_id,
        Revision.state.in_(PUBLIC),
        # From an older state that was entered later nothing is counted.
        Revision.rank == Revision.number,
    )
    found: dict[int, date] = {}
    read: Any = db.session.execute(wanted.order_by(Revision.number))
    for moment, content in read:
        for place in content.get("place_ids", ()):
            found.setdefault(place["id"], moment.astimezone(HOME).date())
    return found


def counted(terms: HandoverTerms) -> Terms:
    """How the terms are counted."""
    return Terms(terms.counting, terms.amount, on=terms.fixed_on, rolls=terms.fixed_on is None)


def plans_of(terms: HandoverTerms) -> dict[int, HandoverPlan]:
    """Every plan under the terms, by the id of its place."""
    wanted = select(HandoverPlan).where(HandoverPlan.terms_id == terms.id)
    found = db.session.scalars(wanted.options(joinedload(HandoverPlan.place)))
    return {each.place_id: each for each in found}


def deadlines_of(plan_ids: Iterable[int]) -> dict[int, Deadline]:
    """The one deadline of each plan that holds, by the plan's id: a cancelled one gives way to another."""
    found = deadlines.of_many(SUBJECT, plan_ids)
    ordered = sorted(found, key=lambda each: (each.state is not State.CANCELLED, each.id))
    return {each.subject_id: each for each in ordered}


def deadline_of(plan: HandoverPlan) -> Deadline | None:
    """The plan's deadline; None while nobody is known who could owe it."""
    return deadlines_of([plan.id]).get(plan.id)


def stands(plan: HandoverPlan, deadline: Deadline | None, today: date) -> Standings:
    """How far a plan is on a day."""
    said = (
        standing(deadline.state, deadline.due_on, today, done_on=deadline.done_on, history=deadline.history)
        if deadline
        else None
    )
    return Standings(plan, deadline, said, coverage(plan.state, said))


def tables(own: Collection[int] | None, today: date) -> list[Table]:
    """How far everybody is, a table for each place that issues lists; `own`: only plans of these places (R-3)."""
    wanted = select(HandoverPlan).options(
        joinedload(HandoverPlan.place),
        joinedload(HandoverPlan.terms)
        .joinedload(HandoverTerms.power_list)
        .options(joinedload(PowerList.place), joinedload(PowerList.policy)),
    )
    if own is not None:
        wanted = wanted.where(HandoverPlan.place_id.in_(own))
    plans = db.session.scalars(wanted).all()
    held = deadlines_of([plan.id for plan in plans])
    by_issuer: dict[int, list[Standings]] = {}
    for plan in plans:
        issuer = plan.terms.power_list.place_id
        by_issuer.setdefault(issuer, []).append(stands(plan, held.get(plan.id), today))
    return sorted(map(_table, by_issuer.values()), key=lambda table: table.issuer.code)


def _table(found: Sequence[Standings]) -> Table:
    terms = {each.plan.terms_id: each.plan.terms for each in found}
    order = sorted(terms.values(), key=lambda each: (each.power_list.position, each.list_id, each.id))
    places = {each.plan.place_id: each.plan.place for each in found}
    rows: dict[int, dict[int, Standings]] = {}
    counts: dict[int, Counter[Coverage]] = {key: Counter() for key in terms}
    for each in found:
        rows.setdefault(each.plan.place_id, {})[each.plan.terms_id] = each
        counts[each.plan.terms_id][each.coverage] += 1
    ordered = sorted(places.values(), key=lambda place: (place.position, place.id))
    return Table(order[0].power_list.place, order, [(place, rows[place.id]) for place in ordered], counts)


def filings(plan: HandoverPlan) -> Sequence[HandoverFiling]:
    """Everything that was filed, the newest first, with the files and the people."""
    return db.session.scalars(
        select(HandoverFiling)
        .where(HandoverFiling.plan_id == plan.id)
        .options(
            joinedload(HandoverFiling.file),
            joinedload(HandoverFiling.filed_by),
            joinedload(HandoverFiling.decided_by),
        )
        .order_by(HandoverFiling.number.desc())
    ).all()


def filing(plan: HandoverPlan, number: int) -> HandoverFiling | None:
    """One filing of the plan by its number."""
    return db.session.scalar(
        select(HandoverFiling).where(HandoverFiling.plan_id == plan.id, HandoverFiling.number == number)
    )


def to_review(account: Account, limit: int) -> Sequence[HandoverFiling]:
    """Filings that wait for somebody other than the account that filed them, the first filed first."""
    wanted = select(HandoverFiling).where(
        HandoverFiling.verdict.is_(None), HandoverFiling.filed_by_id != account.id
    )
    return db.session.scalars(wanted.order_by(HandoverFiling.id).limit(limit)).all()


def handings(plan: HandoverPlan) -> list[Handing]:
    """What the list as published hands down at the plan's place, a department at a time, and who takes it there."""
    revision = publishing.newest(Subject.LIST, plan.terms.list_id)
    if revision is None:
        return []
    receives = and_(
        Duty.matter_id == PublishedMatter.matter_id,
        Duty.place_id == plan.place_id,
        Duty.role == DutyRole.RECEIVER,
    )
    wanted = (
        select(
            PublishedMatter.department,
            Organisation.name,
            func.count(),
            func.min(PublishedMatter.position).label("first"),
        )
        .join(Answer, Answer.published_matter_id == PublishedMatter.id)
        .outerjoin(Duty, receives)
        .outerjoin(Organisation, Organisation.id == Duty.organisation_id)
        .where(
            PublishedMatter.revision_id == revision.id,
            Answer.place_id == plan.place_id,
            Answer.mode != Mode.UNDELEGATED,
        )
        .group_by(PublishedMatter.department, Organisation.name)
        .order_by("first")
    )
    found: dict[str, Handing] = {}
    for department, receiver, count, _first in db.session.execute(wanted):
        handing = found.setdefault(department, Handing(department))
        handing.matters += count
        if receiver is not None:
            handing.receivers[receiver] = count
    return list(found.values())
