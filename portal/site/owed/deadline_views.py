"""How a date was counted, for everybody: of what was published, and of tasks that are public (T-4)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort

from portal.foundation.deadlines import queries
from portal.foundation.deadlines.explaining import saying
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.registry import kind_named, record_of
from portal.foundation.publishing.duty import PUBLICATION, SUBJECT
from portal.foundation.workdays import queries as workdays
from portal.site.blueprint import page, site


@site.get("/deadlines/<int(max=2147483647):deadline_id>")
def deadline(deadline_id: int) -> str:
    """Every day from the beginning to the last day, counted or not and why; 404 for what the public may not see."""
    found = queries.get(deadline_id)
    if found is None or not public(found):
        abort(404)
    return page(
        "site/deadline.html",
        deadline=found,
        kind=kind_named(found.kind).label,
        said=saying.of(found, workdays.calendar()),
        causes=saying.CAUSES,
    )


def public(found: Deadline) -> bool:
    """Whether the public may see a deadline: its kind is shown and it knows of the record."""
    if not kind_named(found.kind).shown:
        return False
    record = record_of(found.subject_kind, found.subject_id)
    return record is not None and record.public


def publication(proposal_id: int) -> Deadline | None:
    """Until when a revision had to be public, if that was owed (P-6)."""
    found: Sequence[Deadline] = queries.of(SUBJECT, proposal_id)
    return next((each for each in found if each.kind == PUBLICATION.name), None)
