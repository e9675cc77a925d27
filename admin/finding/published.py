"""Published matters, found as the public finds them: by the index of the revisions that hold today."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import select

from admin.finding.matching import SHOWN, Hit, Query
from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.foundation.search.queries import find
from portal.i18n import gettext as _
from portal.powers.lists.indexing import KIND
from portal.powers.lists.models import PowerList, PublishedMatter

MOST = 100
"""Hits are counted up to here."""


def published_matters(query: Query, _account: Account) -> tuple[list[Hit], int]:
    """The first hits in every list in force, and how many there are, up to MOST."""
    found = find(KIND, _current(), query.text, limit=MOST)
    ids = [hit.record_id for hit in found.hits[:SHOWN]]
    wanted = (
        select(
            PublishedMatter.id,
            PublishedMatter.matter_id,
            PublishedMatter.name,
            PublishedMatter.department,
            PowerList.slug,
            PowerList.title,
        )
        .join(Revision, Revision.id == PublishedMatter.revision_id)
        .join(PowerList, PowerList.id == Revision.subject_id)
        .where(PublishedMatter.id.in_(ids))
    )
    rows = {row.id: row for row in db.session.execute(wanted)} if ids else {}
    hits = [
        Hit(
            rows[key].name,
            url_for("site.matter", slug=rows[key].slug, matter_id=rows[key].matter_id),
            _("，").join(filter(None, (rows[key].department, rows[key].title))),
        )
        for key in ids
        if key in rows
    ]
    return hits, len(found.hits)


def _current() -> list[int]:
    """Ids of the revisions of lists that hold today, in the order of the lists; columns alone, for they are long."""
    wanted = (
        select(Revision.id)
        .join(PowerList, PowerList.id == Revision.subject_id)
        .where(Revision.id.in_(publishing.holding_ids(Subject.LIST, clock.today())))
        .order_by(PowerList.position, PowerList.id)
    )
    return list(db.session.scalars(wanted))
