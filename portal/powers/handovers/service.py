"""Verbs on plans: what a list asks for, filing, accepting and returning (H-1, H-3).

A place files for itself, a second person of the reform office decides. Filing in time is what is owed: the deadline
is met on the day of filing and runs again, with its old day, when the paper is returned.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, BinaryIO

from flask import current_app
from sqlalchemy import CursorResult, update

from portal import clock
from portal.clock import HOME
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.accounts.standing.queries import acting_for
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.correcting import Correction, correct_many
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.opening import not_too_far
from portal.foundation.deadlines.rules import State, Terms
from portal.foundation.files import service as files
from portal.foundation.organisations.models import Organisation
from portal.foundation.policies.models import Clause
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.powers.handovers import opening, queries, telling
from portal.powers.handovers.models import HandoverCorrection, HandoverFiling, HandoverPlan, HandoverTerms
from portal.powers.handovers.rules import Begin, PlanState, Verdict
from portal.powers.lists.models import PowerList

OPEN = (PlanState.DUE, PlanState.FILED, PlanState.RETURNED)
DECIDED = mark("这次报送已经有人审过，或者已经换了新的一份。请看最新的一份。")


def set_terms(
    power_list: PowerList,
    paper: str,
    terms: Terms,
    *,
    by: Account,
    counts_from: Begin = Begin.ISSUED,
    clause: Clause | None = None,
    basis: str = "",
) -> HandoverTerms:
    """Write down that every place of a list files a paper by then; of a published list they owe it from now on.

    Forbidden without REVIEW_PLANS; Refused without the paper's name and the words it rests on, and for a day more than
    ten years off; Conflict when the list asks for that paper already: its terms are put right instead.
    """
    require(by, Right.REVIEW_PLANS, power_list.place_id)
    paper, basis = paper.strip(), basis.strip()
    if not paper or not basis:
        raise Refused("请写明要报送什么、依据是什么。")
    not_too_far(clock.today(), terms.on)
    # What ships for the document is there first, so that it is not lost beside what a person adds.
    if any(each.paper == paper for each in opening.terms_at(power_list)):
        raise Conflict("这份清单已经要求报送“%(paper)s”。期限写错了，请更正。", paper=paper)
    made = HandoverTerms(
        power_list=power_list,
        paper=paper,
        counting=terms.counting,
        amount=terms.amount,
        fixed_on=terms.on,
        counts_from=counts_from,
        clause=clause,
        basis=basis,
    )
    db.session.add(made)
    db.session.flush()
    revision = publishing.newest(Subject.LIST, power_list.id)
    if revision is not None:
        opening.open_for(revision, by=by)
    return made


def correct_terms(
    terms: HandoverTerms,
    right: Terms,
    *,
    counts_from: Begin,
    basis: str,
    reason: str,
    seen: int,
    by: Account,
) -> HandoverCorrection:
    """Put right what was written down wrongly: what every place still owes is counted anew, and its body told.

    What the terms said stays on record. `seen` is how many corrections there were when `by` looked. Forbidden without
    REVIEW_PLANS; Refused without basis and reason, and when nothing would be other; Conflict when somebody put them
    right since. A paper that is accepted, or that a place need not file, keeps its day.
    """
    require(by, Right.REVIEW_PLANS, terms.power_list.place_id)
    basis, reason = basis.strip(), reason.strip()
    if not basis or not reason:
        raise Refused("请写明依据和更正的原因。")
    not_too_far(clock.today(), right.on)
    # Whoever opens plans by these terms at this moment waits, or is waited for.
    db.session.refresh(terms, with_for_update={"key_share": True})
    if len(queries.corrections(terms)) != seen:
        raise Conflict("期限刚被别人更正过，请重新打开，核对以后再改。", code="seen")
    if (queries.counted(terms), terms.counts_from, terms.basis) == (right, counts_from, basis):
        raise Refused("和现在写的一样，没有要更正的。", code="same")
    made = _kept(terms, reason, by)
    # The clause goes with the words that it was shown for.
    terms.clause = terms.clause if basis == terms.basis else None
    terms.counting, terms.amount, terms.fixed_on = right.counting, right.amount, right.on
    terms.counts_from, terms.basis = counts_from, basis
    db.session.flush()
    _count_anew(made, terms, by)
    return made


def _kept(terms: HandoverTerms, reason: str, by: Account) -> HandoverCorrection:
    made = HandoverCorrection(
        terms_id=terms.id,
        counting=terms.counting,
        amount=terms.amount,
        fixed_on=terms.fixed_on,
        counts_from=terms.counts_from,
        basis=terms.basis,
        reason=reason,
        by_id=by.id,
        by=by,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _count_anew(made: HandoverCorrection, terms: HandoverTerms, by: Account) -> None:
    plans = {
        plan.id: plan for plan in queries.plans_of(terms).values() if plan.state is not PlanState.ACCEPTED
    }
    first, right = opening.first_days(terms), queries.counted(terms)
    found = correct_many(
        {
            each.id: Correction(first[plans[key].place_id], right, terms.clause, terms.basis)
            for key, each in queries.deadlines_of(plans).items()
        },
        reason=made.reason,
        by=by,
    )
    telling.tell_all(
        telling.letter(
            each.deadline.owed_by,
            telling.CORRECTED,
            plans[each.deadline.subject_id],
            f"corrected-{made.id}",
            old=each.before,
            day=each.deadline.due_on,
            reasons=made.reason,
        )
        for each in found
        if each.moved and (each.alarmed or (each.deadline.state.running and not each.deadline.history))
    )


def file(plan: HandoverPlan, content: BinaryIO, *, name: str, by: Account, note: str = "") -> HandoverFiling:
    """Hand a paper in, with the receivers that the place has named by now; one that waits is replaced by it.

    Forbidden to other places (R-3); Refused for an empty or too large file; Conflict once the plan is accepted.
    """
    require(by, Right.EDIT_PLACE, plan.place_id)
    _move(plan, OPEN, PlanState.FILED)
    kept = files.store(content, name=name, limit=current_app.config["REMIT"].upload_limit)
    if kept.size == 0:
        raise Refused("文件“%(name)s”是空的，请重新选择。", name=kept.name)
    earlier = queries.filings(plan)
    if earlier and earlier[0].verdict is None:
        earlier[0].verdict, earlier[0].decided_at = Verdict.REPLACED, clock.now()
        db.session.flush()
    filing = HandoverFiling(
        plan=plan,
        number=len(earlier) + 1,
        file=kept,
        note=note.strip(),
        receivers=[each.stored() for each in queries.handings(plan)],
        filed_by=by,
        filed_by_id=by.id,
    )
    db.session.add(filing)
    db.session.flush()
    deadline = queries.deadline_of(plan)
    if deadline is not None and deadline.state.running:
        deadlines.fulfil(deadline, on=clock.today(), by=by, note=filing.note)
    office = opening.office_of(plan.terms.power_list)
    telling.tell(office, telling.FILED, plan, f"filed-{filing.number}", number=filing.number)
    return filing


def accept(filing: HandoverFiling, *, by: Account, note: str = "") -> HandoverPlan:
    """Accept a plan as a second person; its deadline is met on the day of filing.

    Forbidden without REVIEW_PLANS and for whoever filed it; Conflict when it was decided on or replaced meanwhile.
    """
    plan = _decide(filing, Verdict.ACCEPTED, note.strip(), by)
    deadline = queries.deadline_of(plan)
    if deadline is not None and deadline.state.running:
        deadlines.fulfil(deadline, on=_day(filing), by=by, note=note)
    telling.tell(_place_side(plan, deadline), telling.ACCEPTED, plan, f"accepted-{filing.number}")
    return plan


def send_back(
    filing: HandoverFiling, *, by: Account, reasons: str, until: date | None = None
) -> HandoverPlan:
    """Return a plan with reasons. What is owed is owed again by its old day, or by `until`, which extends it.

    A plan that is history stays so unless a new day is given (T-7). Forbidden and Conflict as `accept`; Refused
    without reasons, and for a day that is not later than the old one or lies in the past.
    """
    if not reasons.strip():
        raise Refused("请写明退回的理由。")
    if until is not None and until < clock.today():
        raise Refused("新的期限不能早于今天。")
    plan = _decide(filing, Verdict.RETURNED, reasons.strip(), by)
    deadline = queries.deadline_of(plan)
    if deadline is not None:
        _owed_again(deadline, reasons.strip(), until, by)
    said = {"reasons": reasons.strip()}
    occasion = f"returned-{filing.number}"
    if deadline is not None and deadline.state.running and not deadline.history:
        telling.tell(deadline.owed_by, telling.RETURNED, plan, occasion, day=deadline.due_on, **said)
    else:
        telling.tell(_place_side(plan, deadline), telling.RETURNED_UNDATED, plan, occasion, **said)
    return plan


def _owed_again(deadline: Deadline, reasons: str, until: date | None, by: Account) -> None:
    if deadline.history and until is None:
        return
    if deadline.state is State.FULFILLED or deadline.history:
        deadlines.reopen(deadline, reason=reasons, by=by)
    if until is not None and deadline.state.running:
        granted = by.unit.name if by.unit else by.name
        deadlines.extend(deadline, until=until, reason=reasons, granted_by=granted, by=by)


def _decide(filing: HandoverFiling, verdict: Verdict, words: str, by: Account) -> HandoverPlan:
    require(by, Right.REVIEW_PLANS, filing.plan.place_id)
    absent = acting_for(by, Right.REVIEW_PLANS, filing.plan.place)
    if filing.filed_by_id in (by.id, absent.id if absent else by.id):
        raise Forbidden("报送人不能审自己报的方案，请换一个人审。", code="two_people")
    if filing.verdict is not None:
        raise Conflict(DECIDED, code="decided")
    plan = filing.plan
    # The plan first: whoever files at this moment waits for it, or is waited for.
    _move(plan, (PlanState.FILED,), PlanState(verdict.value))
    decided = (
        update(HandoverFiling)
        .where(HandoverFiling.id == filing.id, HandoverFiling.verdict.is_(None))
        .values(verdict=verdict, decided_by_id=by.id, decided_at=clock.now(), reasons=words)
    )
    if not _changed(decided):
        raise Conflict(DECIDED, code="decided")
    db.session.refresh(filing)
    return plan


def _move(plan: HandoverPlan, expected: Iterable[PlanState], state: PlanState) -> None:
    """Change the plan if it still is in one of the states, in one statement, so that one of two people wins."""
    statement = update(HandoverPlan).where(HandoverPlan.id == plan.id, HandoverPlan.state.in_(list(expected)))
    if not _changed(statement.values(state=state)):
        raise Conflict("这份方案刚才已经由别人处理了。", code="state")
    db.session.refresh(plan)


def _changed(statement: Any) -> bool:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return isinstance(result, CursorResult) and result.rowcount > 0


def _day(filing: HandoverFiling) -> date:
    return filing.filed_at.astimezone(HOME).date()


def _place_side(plan: HandoverPlan, deadline: Deadline | None) -> Organisation | None:
    if deadline is not None:
        return deadline.owed_by
    return opening.owing([plan.place_id]).get(plan.place_id)
