"""The duty to settle what was stopped by an adjustment, and the revision that does it."""

from __future__ import annotations

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries as owed
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.registry import DeadlineKind, Record, register_kind, register_subject
from portal.foundation.publishing.models import Revision
from portal.i18n import mark
from portal.powers.lists.adjusting import queries as adjusting
from portal.powers.suspensions import queries
from portal.powers.suspensions.models import Suspension
from portal.powers.suspensions.queries import ADDRESS, SUBJECT

SUSPENSION = register_kind(DeadlineKind("suspension", mark("紧急停办后的调整")))


def follow(revision: Revision) -> None:
    """After a list is published: what it changes or withdraws is stopped no longer, from its day on."""
    changed = adjusting.of_powers(revision)
    if not changed:
        return
    for each in queries.lasting(revision.subject_id):
        if each.matter_id in changed:
            each.ended_on, each.revision_number = revision.effective_on, revision.number
            met(each, by=revision.proposal.decided_by)
    db.session.flush()


def met(suspension: Suspension, *, by: Account | None) -> None:
    """It was settled today."""
    for each in owed.of(SUBJECT, suspension.id):
        if each.state.running:
            deadlines.fulfil(each, on=clock.today(), by=by)


def _record(suspension_id: int) -> Record | None:
    suspension = queries.get(suspension_id)
    return Record(f"紧急停办：{suspension.name}", f"{ADDRESS}/") if suspension else None


register_subject(SUBJECT, _record)
