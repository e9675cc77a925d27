"""What is suggested while somebody types: a few matters, each with its list where names are the same."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select

from portal.db import db
from portal.foundation.search.queries import find
from portal.foundation.search.rules import fold
from portal.foundation.search.showing.rules import sounds_by_line, spans
from portal.powers.lists.indexing import KIND
from portal.powers.lists.models import PublishedMatter
from portal.site import wording
from portal.site.finding.marking import marked
from portal.site.finding.searching import Search

MOST = 8


@dataclass(frozen=True)
class Suggestion:
    """One matter: its name with the hit marked, its list's title, its address, and that it is stopped, if it is."""

    name: Markup
    title: str
    href: str
    stopped: str = ""


def suggestions(asked: Search) -> list[Suggestion]:
    """The best few, those first that the chosen place can be answered for."""
    reached = sorted(asked.editions, key=lambda each: asked.place(each) is None)
    by_revision = {each.revision.id: each for each in reached}
    found = find(KIND, list(by_revision), asked.query, limit=MOST)
    wanted = select(PublishedMatter.id, PublishedMatter.matter_id, PublishedMatter.name)
    ids = [hit.record_id for hit in found.hits]
    matters = {row.id: row for row in db.session.execute(wanted.where(PublishedMatter.id.in_(ids)))}
    shown = []
    for hit in found.hits:
        edition, row = by_revision[hit.subject_id], matters[hit.record_id]
        parts = spans(row.name, found.words, sounds_by_line(hit.held).get(fold(row.name), ""))
        href = url_for("site.matter", slug=edition.slug, matter_id=row.matter_id)
        stop = asked.local.stopped(edition, row.matter_id)
        said = wording.stopped(stop.since) if stop else ""
        shown.append(Suggestion(marked(row.name, parts), edition.title, href, said))
    return shown
