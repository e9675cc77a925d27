"""Reading what is filed and announced."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.filings.models import Filing, FilingTerms
from portal.powers.filings.rules import FilingKind, FilingState

SUBJECT = "filing"
"""What deadlines call the record that they are about."""

ADDRESS = "/staff/filings"
"""Where the staff door keeps them: notices and boards lead there."""


def get(filing_id: int) -> Filing | None:
    """The one with this id."""
    return db.session.get(Filing, filing_id)


def terms_of(list_id: int) -> Sequence[FilingTerms]:
    """What a list asks for, filings first."""
    wanted = select(FilingTerms).where(FilingTerms.list_id == list_id)
    return db.session.scalars(wanted.order_by(FilingTerms.kind.desc(), FilingTerms.id)).all()


def newest(limit: int = 200) -> Sequence[Filing]:
    """What was asked for lately: what is still to do first, then what waits for its receipt, the newest of each."""
    waiting = (Filing.state == FilingState.DONE) & (FilingTerms.kind == FilingKind.FILING)
    wanted = (
        select(Filing)
        .join(Filing.terms)
        .options(joinedload(Filing.terms).joinedload(FilingTerms.power_list), joinedload(Filing.revision))
        .order_by(Filing.state != FilingState.DUE, ~waiting, Filing.id.desc())
    )
    return db.session.scalars(wanted.limit(limit)).all()


def of_revision(revision_id: int) -> dict[int, Filing]:
    """What a revision asked for, by the id of the terms."""
    found = db.session.scalars(select(Filing).where(Filing.revision_id == revision_id))
    return {each.terms_id: each for each in found}


def newest_revisions(list_ids: Collection[int]) -> dict[int, int]:
    """The key of each list's newest public revision, by the list's id; lists without one are left out."""
    found = db.session.execute(
        select(Revision.subject_id, Revision.id)
        .where(
            Revision.subject == Subject.LIST,
            Revision.state == RevisionState.PUBLISHED,
            Revision.subject_id.in_(list_ids),
        )
        .order_by(Revision.rank, Revision.effective_on)
    )
    return dict(found.all())


def asked_of(revision_ids: Iterable[int]) -> set[tuple[int, int]]:
    """What some revisions were asked for: (revision id, terms id)."""
    wanted = select(Filing.revision_id, Filing.terms_id).where(Filing.revision_id.in_(list(revision_ids)))
    return {(revision, terms) for revision, terms in db.session.execute(wanted)}


def terms_of_lists(list_ids: Collection[int]) -> dict[int, list[FilingTerms]]:
    """What each of some lists asks for, by its id, in the order of `terms_of`."""
    wanted = select(FilingTerms).where(FilingTerms.list_id.in_(list_ids))
    found: dict[int, list[FilingTerms]] = {}
    for each in db.session.scalars(wanted.order_by(FilingTerms.kind.desc(), FilingTerms.id)):
        found.setdefault(each.list_id, []).append(each)
    return found


def deadlines_of(filings: Iterable[Filing]) -> dict[int, Deadline]:
    """The one deadline of each, by the filing's id; none where no office is known that owes it."""
    return {each.subject_id: each for each in deadlines.of_many(SUBJECT, [each.id for each in filings])}
