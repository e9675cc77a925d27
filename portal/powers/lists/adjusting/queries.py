"""Reading what is said of a working copy's changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from portal.db import db
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Nature, RevisionState, Subject
from portal.powers.lists.adjusting.models import ChangeNote, Succession
from portal.powers.lists.adjusting.rules import OF_POWERS, kinds
from portal.powers.lists.models import Delegation
from portal.powers.matters.models import Matter


def mergeable(row: Delegation) -> Sequence[Delegation]:
    """The other rows of the list whose matters are the same department's, in the list's order, with their matters."""
    wanted = (
        select(Delegation)
        .join(Delegation.matter)
        .where(
            Delegation.list_id == row.list_id,
            Delegation.id != row.id,
            Matter.organisation_id.is_not_distinct_from(row.matter.organisation_id),
        )
        .options(contains_eager(Delegation.matter))
        .order_by(Delegation.position)
    )
    return db.session.scalars(wanted).all()


def notes(list_id: int) -> dict[int, ChangeNote]:
    """What is said of each changed matter of a working copy, by the matter's id."""
    found = db.session.scalars(select(ChangeNote).where(ChangeNote.list_id == list_id))
    return {each.matter_id: each for each in found}


def successions(list_id: int) -> Sequence[Succession]:
    """The splits and merges of a working copy, in the order of their matters."""
    wanted = select(Succession).where(Succession.list_id == list_id)
    loaded = wanted.options(joinedload(Succession.old), joinedload(Succession.new))
    return db.session.scalars(loaded.order_by(Succession.old_id, Succession.new_id)).all()


def explained(list_id: int, entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The entries of a difference with what is said of them.

    Added are, where there are any: "reason", "basis", and "succession": {"kind": split|merge, "from": [matter],
    "into": [matter]}, a matter being {"matter_id", "name"}.
    """
    said, kin = notes(list_id), _kin(successions(list_id), {each["matter_id"] for each in entries})
    found = []
    for entry in entries:
        note = said.get(entry["matter_id"])
        more: dict[str, Any] = {}
        if note is not None:
            more = {key: text for key, text in (("reason", note.reason), ("basis", note.basis)) if text}
        if entry["matter_id"] in kin:
            more["succession"] = kin[entry["matter_id"]]
        found.append({**entry, **more})
    return found


def of_powers(revision: Revision) -> frozenset[int]:
    """Ids of the matters whose powers a published revision changes: none by an erratum, by words or numbers."""
    published = revision.subject is Subject.LIST and revision.state is RevisionState.PUBLISHED
    if not published or revision.nature is Nature.ERRATUM:
        return frozenset()
    entries = revision.difference.get("entries", ())
    return frozenset(each["matter_id"] for each in entries if OF_POWERS & set(kinds(each)))


def _kin(links: Sequence[Succession], changed: set[int]) -> dict[int, dict[str, Any]]:
    """What a matter came from and what became of it; a link whose one side was put back says nothing."""
    found: dict[int, dict[str, Any]] = {}
    for link in links:
        if not {link.old_id, link.new_id} <= changed:
            continue
        for key, side, other in ((link.new_id, "from", link.old), (link.old_id, "into", link.new)):
            of = found.setdefault(key, {"kind": link.kind.value, "from": [], "into": []})
            of[side].append(_named(other))
    return found


def _named(matter: Matter) -> dict[str, Any]:
    return {"matter_id": matter.id, "name": matter.name}
