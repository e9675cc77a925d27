"""Publishing: put forward, decided by a second person, prepared unseen, made public at one stroke (P-1 to P-3).

The content that is approved is the content that was put forward: its hash is taken then and compared when the
revision's rows are ready. While a proposal is open its working copy is closed to changes (`bound`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.accounts.standing.queries import acting_for
from portal.foundation.publishing import duty, fitting, placing, queries, telling
from portal.foundation.publishing.models import Head, Proposal, Revision
from portal.foundation.publishing.opinions import duty as answers
from portal.foundation.publishing.opinions import queries as opinions
from portal.foundation.publishing.registry import followed, publishable
from portal.foundation.publishing.rules import Nature, ProposalState, RevisionState, Subject, begins_on
from portal.foundation.rights.rules import Right
from portal.foundation.runs.models import Run
from portal.foundation.runs.queries import under_way
from portal.foundation.runs.rules import RunKind
from portal.foundation.runs.service import start
from portal.foundation.runs.work import Work
from portal.foundation.siteversion import service as siteversion
from portal.i18n import day, mark

MOST_BLOCKERS_SHOWN = 3
DIFFERS = mark("公布前核对发现内容和送审时不一致，已退回，请重新送审。")
WITHDRAWN = mark("送审已撤回")
RACED = mark("在您之前已经有人公布了新的一版，这次没有公布。请对照新版后重新送审。")


def bound(subject: Subject, subject_id: int) -> None:
    """Raise Conflict while a proposal waits on this working copy: what is approved must be what was put forward."""
    if queries.open_proposal(subject, subject_id) is not None:
        raise Conflict("这份内容已经送审，不能再改。请先撤回送审，或等批准人退回。", code="bound")


def unchanged(subject: Subject, subject_id: int, base: Revision | None) -> bool:
    """Whether the working copy says to the last byte what this revision says: nothing to put forward."""
    return base is not None and document_hash(publishable(subject).document(subject_id)) == base.hash


def propose(
    subject: Subject,
    subject_id: int,
    *,
    by: Account,
    effective_on: date | None = None,
    reason: str = "",
    hurry: str = "",
    nature: Nature = Nature.ADJUSTMENT,
) -> Proposal:
    """Put the working copy forward for publication on a day (today by default).

    Refused with the reason when something is unsettled, when nothing changed, or when the day cannot be
    (placing.place). Conflict when it is already put forward. While bodies are still asked for their opinion, `hurry`
    says why it is not waited for them; Refused without. An adjustment is Refused while changes lack reason or basis
    (P-5), an erratum when it changes more than words.
    """
    kind = publishable(subject)
    kind.require(by, subject_id)
    _ready(subject, subject_id, effective_on)
    standing = placing.place(subject, subject_id, effective_on)
    digest = _digest(subject, subject_id, standing.base)
    difference = kind.difference(subject_id, standing.base)
    fitting.check(nature, difference, standing, only_words=kind.only_words(difference))
    proposal = Proposal(
        subject=subject,
        subject_id=subject_id,
        **standing.facts,
        title=kind.title(subject_id),
        reason=reason.strip(),
        hurry=_not_waiting(subject, subject_id, standing.number, hurry),
        content_hash=digest,
        nature=nature,
        difference=difference.stored(),
        proposed_by_id=by.id,
    )
    _first(proposal)
    duty.owed(proposal, by=by)
    telling.waits(proposal)
    return proposal


def _ready(subject: Subject, subject_id: int, effective_on: date | None) -> None:
    bound(subject, subject_id)
    if blockers := publishable(subject).blockers(subject_id, effective_on):
        raise Refused(
            "还不能送审：%(first)s", code="blocked", first="；".join(blockers[:MOST_BLOCKERS_SHOWN])
        )


def _not_waiting(subject: Subject, subject_id: int, number: int, hurry: str) -> str:
    """Why it is not waited for those who are still asked (P-5); empty where nobody is."""
    until = opinions.running_until(subject, subject_id, number, clock.today())
    if until is None:
        return ""
    if not hurry.strip():
        raise Refused(
            "还在征求意见，%(day)s才到期。要提前送审，请写明为什么不等。",
            code="opinions",
            day=day(until),
        )
    return hurry.strip()


def _digest(subject: Subject, subject_id: int, base: Revision | None) -> str:
    digest = document_hash(publishable(subject).document(subject_id))
    if base is not None and base.hash == digest:
        raise Refused(
            "内容和已公布的第 %(number)s 版一样，没有可送审的改动。", code="same", number=base.number
        )
    return digest


def _first(proposal: Proposal) -> None:
    """Of two people who put the same forward at once, the database lets one through and the other is told."""
    try:
        with db.session.begin_nested():
            db.session.add(proposal)
    except IntegrityError:
        raise Conflict("刚才已经有人把这份内容送审了。", code="bound") from None


def approve(proposal_id: int, *, by: Account, note: str = "") -> Run:
    """Approve as a second person and start publishing. Forbidden for the proposer (P-2); Conflict when decided."""
    proposal = _get(proposal_id)
    _require(by, Right.APPROVE, proposal)
    _second_person(proposal, by)
    _decide(proposal, ProposalState.APPROVED, by, note)
    run = start(RunKind.PUBLISH, proposal.id, by=by.id)
    proposal.run_id = run.id
    db.session.flush()
    return run


def send_back(proposal_id: int, *, by: Account, note: str) -> Proposal:
    """Return a proposal to its proposer with what is to be put right; the working copy is open again.

    One that was approved, but whose publishing has failed for good, can be returned as well.
    """
    proposal = _get(proposal_id)
    _require(by, Right.APPROVE, proposal)
    _second_person(proposal, by)
    if not note.strip():
        raise Refused("请写明退回的原因。")
    if proposal.state is not ProposalState.APPROVED or under_way(RunKind.PUBLISH, proposal.id):
        return _decide(proposal, ProposalState.RETURNED, by, note)
    draft = _found_draft(proposal)
    if draft is not None:
        publishable(draft.subject).forget(draft)
        db.session.delete(draft)
    return _decide(proposal, ProposalState.RETURNED, by, note, expected=ProposalState.APPROVED)


def withdraw(proposal_id: int, *, by: Account) -> Proposal:
    """Take one's own unit's proposal back before it is decided."""
    proposal = _get(proposal_id)
    publishable(proposal.subject).require(by, proposal.subject_id)
    _move(proposal, ProposalState.PROPOSED, {"state": ProposalState.WITHDRAWN, "decided_at": clock.now()})
    duty.dropped(proposal, by=by, reason=WITHDRAWN)
    return proposal


def carry_out(run: Run, work: Work) -> dict[str, Any]:
    """Publish an approved proposal: prepare its rows in batches, then make them public in one short transaction.

    May be killed and called again at any moment; readers see the old revision until the last commit. Fails
    with Conflict when another revision was published meanwhile; the proposal then goes back to its proposer.
    """
    proposal = _get(run.subject_id)
    if proposal.state is ProposalState.PUBLISHED:
        return {"number": proposal.base_number + 1}
    if proposal.state is not ProposalState.APPROVED:
        raise Conflict("这份送审已经不在待公布状态。", code="state")
    kind = publishable(proposal.subject)
    revision = _draft(proposal, work)
    work.step(0, 0)
    blockers = kind.blockers(proposal.subject_id, proposal.effective_on) or placing.moved(proposal)
    if blockers:
        raise _given_back(proposal, revision, work, "；".join(blockers[:MOST_BLOCKERS_SHOWN]))
    kind.prepare(revision, work)
    if document_hash(kind.published_document(revision)) != proposal.content_hash:
        raise _given_back(proposal, revision, work, DIFFERS)
    work.step(1, 1)
    if not _take_head(proposal):
        raise _given_back(proposal, revision, work, RACED)
    _make_public(proposal, revision)
    return {"number": revision.number}


def ask_closing(revision_id: int, *, by: Account, reason: str) -> Revision:
    """Ask that a revision published by mistake be closed (P-3); a second person does it."""
    revision = _published(revision_id)
    _require(by, Right.EDIT_LISTS, revision)
    if not reason.strip():
        raise Refused("请写明关闭的原因，例如“含有个人信息”。")
    revision.closing_asked_by_id, revision.closed_reason = by.id, reason.strip()
    db.session.flush()
    return revision


def close(revision_id: int, *, by: Account) -> Revision:
    """Close a revision as a second person: its content is no longer shown, its number and hash stay (P-3)."""
    revision = _published(revision_id)
    _require(by, Right.APPROVE, revision)
    if revision.closing_asked_by_id is None:
        raise Conflict("还没有人申请关闭这一版。")
    if revision.closing_asked_by_id == by.id:
        raise Forbidden("申请关闭的人不能自己批准。", code="two_people")
    absent = _acting_for(by, revision)
    if absent is not None and absent.id == revision.closing_asked_by_id:
        raise Forbidden("申请关闭的人不能由代批人替自己批准。", code="two_people")
    revision.state, revision.closed_by_id, revision.closed_at = RevisionState.CLOSED, by.id, clock.now()
    revision.closed_for = absent
    siteversion.changed()
    followed(revision)
    db.session.flush()
    return revision


def document_hash(chunks: Iterable[bytes]) -> str:
    """SHA-256 over a document given in chunks, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _draft(proposal: Proposal, work: Work) -> Revision:
    """The unseen revision of a proposal, made on the first attempt and found again on later ones."""
    found = _found_draft(proposal)
    if found is not None:
        return found
    revision = Revision(
        subject=proposal.subject,
        subject_id=proposal.target_id,
        number=proposal.base_number + 1,
        rank=proposal.base_number + 1 if proposal.rank is None else proposal.rank,
        compared_with=proposal.compared_with,
        proposal=proposal,
        title=proposal.title,
        reason=proposal.reason,
        nature=proposal.nature,
        effective_on=proposal.effective_on,
        hash=proposal.content_hash,
        difference=proposal.difference,
    )
    try:
        with db.session.begin_nested():
            db.session.add(revision)
    except IntegrityError:
        raise _given_back(proposal, None, work, RACED) from None
    return revision


def _found_draft(proposal: Proposal) -> Revision | None:
    return db.session.query(Revision).filter_by(proposal_id=proposal.id).one_or_none()


def _given_back(proposal: Proposal, revision: Revision | None, work: Work, sentence: str) -> Conflict:
    """Undo what was prepared and return the proposal; gives the error that tells whoever published."""
    db.session.rollback()
    if revision is not None:
        publishable(revision.subject).forget(revision)
        db.session.delete(revision)
    _move(proposal, ProposalState.APPROVED, {"state": ProposalState.RETURNED, "decision_note": sentence})
    duty.dropped(proposal, by=None, reason=sentence)
    telling.answer(proposal)
    work.step(0, 0)
    return Conflict(sentence, code="given_back")


def _make_public(proposal: Proposal, revision: Revision) -> None:
    """The rest of the short transaction in which the head was taken."""
    revision.state, revision.published_at = RevisionState.PUBLISHED, clock.now()
    proposed_on = proposal.proposed_at.astimezone(clock.HOME).date()
    past = not proposal.base_number or revision.entered
    revision.effective_on = begins_on(revision.effective_on, proposed_on, clock.today(), past=past)
    proposal.state = ProposalState.PUBLISHED
    duty.met(proposal)
    answers.decided(proposal)
    telling.answer(proposal)
    siteversion.changed()
    if revision.entered:
        answers.carried_on(revision)
    else:
        telling.tell(revision)
    db.session.flush()
    publishable(revision.subject).after(revision)
    followed(revision)
    db.session.flush()


def _take_head(proposal: Proposal) -> bool:
    if proposal.base_number == 0 and db.session.get(Head, (proposal.subject, proposal.target_id)) is None:
        try:
            with db.session.begin_nested():
                db.session.add(Head(subject=proposal.subject, subject_id=proposal.target_id, number=1))
        except IntegrityError:
            return False
        return True
    return _changed(
        update(Head)
        .where(
            Head.subject == proposal.subject,
            Head.subject_id == proposal.target_id,
            Head.number == proposal.base_number,
        )
        .values(number=proposal.base_number + 1)
    )


def _get(proposal_id: int) -> Proposal:
    proposal = db.session.get(Proposal, proposal_id, populate_existing=True)
    if proposal is None:
        raise NotFound("没有这份送审。")
    return proposal


def _published(revision_id: int) -> Revision:
    revision = db.session.get(Revision, revision_id)
    if revision is None or revision.state is RevisionState.PREPARING:
        raise NotFound("没有这一版。")
    if revision.state is RevisionState.CLOSED:
        raise Conflict("这一版已经关闭了。")
    return revision


def _require(by: Account, right: Right, thing: Proposal | Revision) -> None:
    """Let it pass or raise Forbidden: the right for the place whose list or statement it is."""
    require(by, right, publishable(thing.subject).owes(thing.subject_id).place.id)


def _second_person(proposal: Proposal, by: Account) -> None:
    """Neither the proposer nor whoever stands in for the proposer (P-2)."""
    if proposal.proposed_by_id == by.id:
        raise Forbidden("批准人不能是送审人本人。", code="two_people")
    absent = _acting_for(by, proposal)
    if absent is not None and absent.id == proposal.proposed_by_id:
        raise Forbidden("您代的人就是送审人，不能替他批准。", code="two_people")


def _acting_for(by: Account, thing: Proposal | Revision) -> Account | None:
    """For whom the person decides who stands in for an approver; None in the person's own right."""
    return acting_for(by, Right.APPROVE, publishable(thing.subject).owes(thing.subject_id).place)


def _decide(
    proposal: Proposal,
    state: ProposalState,
    by: Account,
    note: str,
    *,
    expected: ProposalState = ProposalState.PROPOSED,
) -> Proposal:
    absent = _acting_for(by, proposal)
    values = {
        "state": state,
        "decided_by_id": by.id,
        "decided_for_id": absent.id if absent else None,
        "decided_at": clock.now(),
        "decision_note": note.strip(),
    }
    _move(proposal, expected, values)
    telling.decided(proposal, by=by)
    if state is ProposalState.RETURNED:
        duty.dropped(proposal, by=by, reason=note)
        telling.answer(proposal)
    return proposal


def _move(proposal: Proposal, expected: ProposalState, values: dict[str, Any]) -> None:
    """Change the proposal if it still is in the expected state, in one statement, so one of two people wins."""
    statement = update(Proposal).where(Proposal.id == proposal.id, Proposal.state == expected).values(values)
    if not _changed(statement):
        raise Conflict("这份送审刚才已经由别人处理了。", code="decided")
    db.session.refresh(proposal)


def _changed(statement: Any) -> bool:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return isinstance(result, CursorResult) and result.rowcount > 0
