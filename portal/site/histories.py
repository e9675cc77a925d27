"""What became of a matter in its list, and where else it stands (P-3, P-7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from portal.db import db
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.i18n import gettext as _
from portal.powers.lists.models import PublishedMatter
from portal.site import wording
from portal.site.adjusting import sentences
from portal.site.editions import Edition


def events(edition: Edition, row: PublishedMatter) -> list[dict[str, Any]]:
    """What happened to the matter in this list, newest first, down to the revision that brought it in (P-7)."""
    found = []
    for revision in publishing.revisions(Subject.LIST, edition.list_id):
        entries = revision.difference.get("entries", ())
        entry = next((each for each in entries if each["matter_id"] == row.matter_id), None)
        if entry is None and not revision.first:
            continue
        found.append(
            {
                "date": revision.effective_on,
                "text": sentences.event(entry, wording.named(edition.labels[row.mode], row.mode)),
                "href": url_for("site.revision", slug=edition.slug, number=revision.number),
                "link": _("第%(number)s版", number=revision.number),
                "why": sentences.why(entry) if entry else "",
                "kin": _kin(edition, entry),
            }
        )
        if entry and entry["change"] == "added":
            break
    return found


def _kin(edition: Edition, entry: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """The matters that it came from or became, with their pages in this list: those that are gone have one too."""
    said = (entry or {}).get("succession") or {"from": (), "into": ()}
    return [
        {
            "name": each["name"],
            "href": url_for("site.matter", slug=edition.slug, matter_id=each["matter_id"]),
        }
        for each in (*said["from"], *said["into"])
    ]


@dataclass(frozen=True)
class Withdrawn:
    """A matter that the list in force holds no longer: its last row, the revision with it, the one without."""

    row: PublishedMatter
    last: Revision
    by: Revision


def withdrawn(edition: Edition, matter_id: int) -> Withdrawn | None:
    """How the matter left the list by the revision in force; None when it never was in it."""
    line = publishing.revisions(Subject.LIST, edition.list_id)
    earlier = [each for each in line if each.order < edition.revision.order]
    last = db.session.scalar(
        select(PublishedMatter)
        .join(PublishedMatter.revision)
        .where(
            Revision.id.in_([each.id for each in earlier if each.state is RevisionState.PUBLISHED]),
            PublishedMatter.matter_id == matter_id,
        )
        .order_by(*publishing.IN_TIME)
        .limit(1)
    )
    if last is None:
        return None
    later = [each for each in line if last.revision.order < each.order <= edition.revision.order]
    return Withdrawn(last, last.revision, later[-1])


def elsewhere(editions: Sequence[Edition], edition: Edition, matter_id: int) -> list[dict[str, str]]:
    """The other lists in force that hold the same matter, with the addresses of its pages there."""
    others = {each.revision.id: each for each in editions if each.list_id != edition.list_id}
    holding = db.session.scalars(
        select(PublishedMatter.revision_id)
        .where(PublishedMatter.revision_id.in_(others), PublishedMatter.matter_id == matter_id)
        .order_by(PublishedMatter.revision_id)
    )
    return [
        {
            "title": others[key].title,
            "href": url_for("site.matter", slug=others[key].slug, matter_id=matter_id),
        }
        for key in holding
    ]
