"""What the examples of the documentation ask about: the first matter of the first list in force, at its first place."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from sqlalchemy import func, select

from portal import clock
from portal.api.blueprint import PREFIX
from portal.api.operations import Example, Operation
from portal.db import db
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.lists.models import Answer, PublishedMatter
from portal.site import editions


def samples() -> Mapping[str, str] | None:
    """What fills the holes of examples; None while nothing is in force."""
    current = editions.current(clock.today())
    if not current:
        return None
    edition = current[0]
    row = db.session.scalars(
        select(PublishedMatter)
        .where(PublishedMatter.revision_id == edition.revision.id)
        .order_by(PublishedMatter.position)
        .limit(1)
    ).one()
    place = edition.places[0]
    mode = db.session.scalars(
        select(Answer.mode).where(Answer.published_matter_id == row.id, Answer.place_id == place.id)
    ).one()
    return {
        "list": edition.slug,
        "place": place.code,
        "issuer": edition.issuer_code,
        "matter": str(row.matter_id),
        "department": row.department,
        "words": row.name[:4],
        "mode": mode.value,
        "memorandum": _memorandum(),
    }


def _memorandum() -> str:
    """The key of the first memorandum that is public; empty while there is none."""
    found = db.session.scalar(
        select(func.min(Revision.subject_id)).where(
            Revision.subject == Subject.MEMORANDUM, Revision.state == RevisionState.PUBLISHED
        )
    )
    return str(found or "")


def address(operation: Operation, example: Example, known: Mapping[str, str]) -> str | None:
    """The example's address; None where it asks for something that is not known, such as a department."""
    path = operation.path
    values = {name: value.format_map(known) for name, value in {**example.path, **example.query}.items()}
    if not all(values.values()):
        return None
    for name in example.path:
        path = path.replace(f"{{{name}}}", quote(values[name], safe=""))
    query = urlencode({name: values[name] for name in example.query}, safe=",")
    return f"{PREFIX}{path}?{query}" if query else f"{PREFIX}{path}"
