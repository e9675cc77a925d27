"""What a publication of a list asks for: opened with it, in the same transaction (P-6, P-10, T-7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.registry import DeadlineKind, Record, register_kind, register_subject
from portal.foundation.deadlines.rules import Terms
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.i18n import mark
from portal.powers.filings import queries, shipped
from portal.powers.filings.models import Filing, FilingTerms
from portal.powers.filings.queries import ADDRESS, SUBJECT
from portal.powers.filings.rules import FilingKind, asked_for
from portal.powers.handovers.opening import office_of
from portal.powers.lists.adjusting.rules import OF_POWERS, kinds
from portal.powers.lists.models import PowerList, PublishedMatter

KINDS = {
    FilingKind.FILING: register_kind(DeadlineKind("filing", mark("备案"))),
    FilingKind.ANNOUNCEMENT: register_kind(DeadlineKind("announcement", mark("公示"))),
}
LONGEST_TITLE = 255


def follow(revision: Revision) -> None:
    """After a list is published: to whom it is filed and where it is announced."""
    if revision.subject is Subject.LIST and revision.state is RevisionState.PUBLISHED:
        open_for(revision, by=revision.proposal.decided_by)


def open_for(revision: Revision, *, by: Account | None) -> int:
    """What a revision asks for and nobody has opened yet; gives how many are new.

    An erratum asks for nothing: no power is another one. A change asks for what its matters' modes do.
    """
    power_list = db.session.get_one(PowerList, revision.subject_id)
    touched = touched_modes(revision)
    present = queries.of_revision(revision.id)
    new = 0
    for terms in terms_at(power_list):
        if terms.id not in present and asked_for(terms.modes, touched):
            _open(terms, revision, by=by)
            new += 1
    return new


@dataclass(frozen=True)
class Lacking:
    """A list whose newest revision, of this key, was not asked for some of its terms."""

    power_list: PowerList
    revision_id: int
    terms: Sequence[FilingTerms]


def lacking(power_lists: Sequence[PowerList]) -> list[Lacking]:
    """What lists ask for and their newest revisions were not asked for; writes nothing, three questions in all.

    So it is with terms that were not there when it was published, and with a revision whose modes they leave out.
    """
    newest = queries.newest_revisions([each.id for each in power_lists])
    asked, given = queries.asked_of(newest.values()), queries.terms_of_lists(newest)
    found = []
    for each in power_lists:
        if each.id in newest:
            terms = given.get(each.id) or list(shipped.terms_for(each))
            left = [one for one in terms if (newest[each.id], one.id) not in asked]
            found.append(Lacking(each, newest[each.id], left))
    return [each for each in found if each.terms]


def open_all(revision: Revision, *, by: Account) -> int:
    """Everything that its list asks for, whatever the revision changed; gives how many are new."""
    power_list = db.session.get_one(PowerList, revision.subject_id)
    present = queries.of_revision(revision.id)
    new = [each for each in terms_at(power_list) if each.id not in present]
    for terms in new:
        _open(terms, revision, by=by)
    return len(new)


def terms_at(power_list: PowerList) -> list[FilingTerms]:
    """What a list asks for; one that nobody has written terms for takes those that ship for it."""
    present = list(queries.terms_of(power_list.id))
    if not present:
        present = list(shipped.terms_for(power_list))
        db.session.add_all(present)
        db.session.flush()
    return present


def touched_modes(revision: Revision) -> set[str]:
    """The modes of the matters that a revision changed, before and after; of all of them for a first one."""
    matters = select(PublishedMatter.mode).where(PublishedMatter.revision_id == revision.id)
    if revision.number == 1:
        return {mode.value for mode in db.session.scalars(matters.distinct())}
    entries = [
        each for each in revision.proposal.difference.get("entries", ()) if OF_POWERS & set(kinds(each))
    ]
    found = {mode for each in entries for pair in each.get("answers", {}).values() for mode in pair if mode}
    return found | _modes_of({each["matter_id"] for each in entries}, revision)


def _modes_of(matter_ids: Collection[int], revision: Revision) -> set[str]:
    """The usual modes of matters in this revision or the one before, which a withdrawn one was in."""
    wanted = (
        select(PublishedMatter.mode)
        .join(PublishedMatter.revision)
        .where(
            PublishedMatter.matter_id.in_(matter_ids),
            Revision.subject == revision.subject,
            Revision.subject_id == revision.subject_id,
            Revision.number.in_((revision.proposal.compared_with, revision.number)),
        )
    )
    return {mode.value for mode in db.session.scalars(wanted.distinct())}


def begun(revision: Revision) -> date:
    """The day from which it is counted: publication; of a first revision that dates back to its document, that day."""
    published = clock.day_of(revision.published_at or clock.now())
    return min(published, revision.effective_on) if revision.number == 1 else published


def _open(terms: FilingTerms, revision: Revision, *, by: Account | None) -> None:
    filing = Filing(terms=terms, revision=revision)
    db.session.add(filing)
    db.session.flush()
    office = office_of(terms.power_list)
    if office is None:
        return
    what = f"报{terms.name}备案" if terms.kind is FilingKind.FILING else f"在{terms.name}公示"
    deadlines.open(
        KINDS[terms.kind],
        subject=(SUBJECT, filing.id),
        owed_by=office,
        place=terms.power_list.place,
        list_id=terms.list_id,
        title=f"{what}《{revision.title}》第{revision.number}版"[:LONGEST_TITLE],
        begin=begun(revision),
        terms=Terms(terms.counting, terms.amount),
        basis=terms.basis,
        by=by,
    )


def _record(filing_id: int) -> Record | None:
    filing = queries.get(filing_id)
    if filing is None:
        return None
    title = f"{filing.terms.name}：《{filing.revision.title}》第{filing.revision.number}版"
    return Record(title, f"{ADDRESS}/{filing.id}/")


register_subject(SUBJECT, _record)
