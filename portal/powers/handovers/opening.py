"""When a place begins to owe a plan: its list is made public, or the terms are written down later (H-1, T-7).

Asked any number of times, each plan and each deadline is opened once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.opening import Opening, open_many
from portal.foundation.deadlines.registry import DeadlineKind, Record, register_kind, register_subject
from portal.foundation.deadlines.rules import State
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.queries import of_place
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.foundation.reorganisations.queries import standing_places
from portal.i18n import mark
from portal.powers.handovers import queries, telling
from portal.powers.handovers.models import HandoverPlan, HandoverTerms
from portal.powers.handovers.queries import ADDRESS, SUBJECT
from portal.powers.handovers.rules import PlanState, first_day
from portal.powers.handovers.shipped import terms_for
from portal.powers.lists import queries as lists
from portal.powers.lists.models import PowerList

log = structlog.get_logger(__name__)

PLAN = register_kind(DeadlineKind("handover_plan", mark("承接方案")))
OWING = (
    OrganisationKind.GOVERNMENT,
    OrganisationKind.GOVERNMENT_OFFICE,
    OrganisationKind.APPROVAL_BUREAU,
)
"""Who owes a place's plan, the first that it has: documents ask its government for it."""

LEFT_OUT = mark("清单的新版不再适用到这里")
BACK = mark("清单的新版又适用到这里")
LONGEST_TITLE = 255


def follow(revision: Revision) -> None:
    """After a list is published: what its places owe by it, in the same transaction."""
    if revision.subject is Subject.LIST and revision.state is RevisionState.PUBLISHED:
        open_for(revision, by=revision.proposal.decided_by)


def open_all() -> int:
    """Open whatever is lacking of every list that is public, as after an upgrade; gives how many deadlines."""
    newest = (publishing.newest(Subject.LIST, each.id) for each in lists.every())
    return sum(open_for(revision, by=None) for revision in newest if revision)


def open_for(revision: Revision, *, by: Account | None) -> int:
    """The plans that a list's places owe by its terms; gives how many deadlines are new.

    A list that nobody has written terms for takes those that ship for its document. What a place owes that the
    revision leaves out is cancelled.
    """
    power_list = db.session.get_one(PowerList, revision.subject_id)
    occasion = _Occasion(revision, office_of(power_list), by)
    return sum(_open_terms(terms, occasion) for terms in terms_at(power_list))


@dataclass(frozen=True)
class _Occasion:
    """What plans are opened by: a revision, the office that they go to, and whoever approved it."""

    revision: Revision
    office: Organisation | None
    by: Account | None


def terms_at(power_list: PowerList) -> Sequence[HandoverTerms]:
    """The list's terms; those that ship for its document are brought in while it has none.

    Whoever puts them right at this moment waits, or is waited for: nothing is opened by terms that no longer hold.
    """
    known = queries.terms_of(power_list.id, held=True)
    if not known:
        _unless_there(*terms_for(power_list))
        known = queries.terms_of(power_list.id, held=True)
    return known


def _unless_there(*rows: HandoverTerms) -> None:
    """Write rows, unless another process has written them at the same moment: then its own stay.

    What it did not write, the next turn of the schedule does.
    """
    try:
        with db.session.begin_nested():
            db.session.add_all(rows)
    except IntegrityError:
        log.info("somebody else has opened the same")


def _open_terms(terms: HandoverTerms, occasion: _Occasion) -> int:
    """Open what is lacking under the terms in a few statements, however many places there are; gives how many."""
    plans = queries.plans_of(terms)
    # A place that ended since owes nothing: whatever it went into does.
    reached = standing_places({place["id"] for place in occasion.revision.content["place_ids"]})
    held = queries.deadlines_of([plan.id for plan in plans.values()])
    for place_id, plan in plans.items():
        if plan.id in held:
            _follow(plan, held[plan.id], occasion, reached=place_id in reached)
    lacking = sorted(reached - plans.keys())
    if lacking:
        _planned(terms, lacking)
        plans = queries.plans_of(terms)
    # One that was returned before anybody was known who owes it is owed from now on.
    waiting = {
        place_id: plan
        for place_id, plan in sorted(plans.items())
        if place_id in reached and plan.id not in held and plan.state in (PlanState.DUE, PlanState.RETURNED)
    }
    return _owed(terms, waiting, occasion) if waiting else 0


def _planned(terms: HandoverTerms, place_ids: Iterable[int]) -> None:
    """Write down that these places have a plan to file, by one statement; those of another process stay."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(HandoverPlan).on_conflict_do_nothing(index_elements=["terms_id", "place_id"])
    rows = [{"terms_id": terms.id, "place_id": key, "state": PlanState.DUE} for key in place_ids]
    db.session.execute(statement, rows)


def _follow(plan: HandoverPlan, deadline: Deadline, occasion: _Occasion, *, reached: bool) -> None:
    """What a revision means for a plan that has its deadline: history is left alone, opened again it would alarm."""
    if not reached and deadline.state.running and not deadline.history:
        deadlines.cancel(deadline, reason=LEFT_OUT, by=occasion.by)
    lapsed = deadline.state is State.CANCELLED and plan.state is not PlanState.ACCEPTED
    if reached and lapsed:
        deadlines.renew(deadline, reason=BACK, by=occasion.by)


def _owed(terms: HandoverTerms, waiting: Mapping[int, HandoverPlan], occasion: _Occasion) -> int:
    """Let the places owe these plans, where a body is known that can; gives how many deadlines are new."""
    bodies = owing(waiting.keys())
    by_plan = {plan.id: plan for place_id, plan in waiting.items() if place_id in bodies}
    first = first_days(terms) if by_plan else {}
    openings = [
        _opening(plan, bodies[plan.place_id], occasion.office, first.get(plan.place_id, clock.today()))
        for plan in by_plan.values()
    ]
    made = open_many(PLAN, openings, by=occasion.by)
    telling.tell_all(
        telling.letter(each.owed_by, telling.OWED, by_plan[each.subject_id], "owed", day=each.due_on)
        for each in made
        if not each.history
    )
    return len(made)


def _opening(plan: HandoverPlan, unit: Organisation, office: Organisation | None, first: date) -> Opening:
    terms, power_list = plan.terms, plan.terms.power_list
    return Opening(
        subject=(SUBJECT, plan.id),
        owed_by=unit,
        owed_to=office,
        place=plan.place,
        list_id=power_list.id,
        title=f"{terms.paper}：《{power_list.title}》"[:LONGEST_TITLE],
        begin=first,
        terms=queries.counted(terms),
        clause=terms.clause,
        basis=terms.basis,
    )


def first_days(terms: HandoverTerms) -> dict[int, date]:
    """From which day the terms count at each place that the list has ever reached, by the place's id."""
    issued_on = terms.power_list.policy.issued_on
    return {
        place_id: first_day(terms.counts_from, issued_on, day, terms.fixed_on)
        for place_id, day in queries.first_reached(terms.list_id).items()
    }


def owing(place_ids: Collection[int]) -> dict[int, Organisation]:
    """The body of each place that owes its plan, by the place's id; places without one are left out."""
    wanted = select(Organisation).where(
        Organisation.place_id.in_(place_ids), Organisation.kind.in_(OWING), Organisation.ended_on.is_(None)
    )
    found = sorted(db.session.scalars(wanted), key=lambda body: (-OWING.index(body.kind), -body.id))
    return {body.place_id: body for body in found}


def office_of(power_list: PowerList) -> Organisation | None:
    """The reform office of the government that issued the list: plans go to it, and it decides (H-3)."""
    return next(iter(of_place(power_list.place, OrganisationKind.GOVERNMENT_OFFICE)), None)


def _record(plan_id: int) -> Record | None:
    plan = queries.get(plan_id)
    if plan is None:
        return None
    return Record(f"{plan.place.name}{plan.terms.paper}", f"{ADDRESS}/{plan.id}/")


register_subject(SUBJECT, _record)
