"""The ways from one page of a list to the others."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, redirect
from sqlalchemy import select

from portal.db import db
from portal.foundation.publishing.models import Revision
from portal.powers.lists.cube.rules import Order
from portal.powers.lists.models import PublishedMatter
from portal.site.finding import cursors
from portal.site.finding.asked import address
from portal.site.finding.cursors import Cursor
from portal.site.finding.listing import PAGE, Page, Question


@dataclass(frozen=True)
class Pages:
    """What stands below the rows: which they are, counted from 1, and the addresses of other pages."""

    begin: int
    end: int
    total: int
    first: str | None
    previous: str | None
    next: str | None


def cursor(question: Question) -> Cursor | None:
    """Where the address says that the page begins, as a row of this revision; None for the beginning.

    Answers 404 for a cursor that was not written for this list and order, and leads to the beginning where the row
    has left the list since.
    """
    text = question.asked.after or question.asked.before
    if not text:
        return None
    said = cursors.read(text, _scope(question)) or abort(404)
    return said if said.number == question.edition.number else _carried_over(question, said)


def pages(question: Question, page: Page) -> Pages:
    """The ways on from a page."""
    return Pages(
        begin=page.start + 1,
        end=page.stop,
        total=page.total,
        first=address() if page.start > PAGE else None,
        previous=_previous(question, page),
        next=address(after=_written(question, page.rows[-1])) if page.stop < page.total else None,
    )


def _previous(question: Question, page: Page) -> str | None:
    if page.start == 0 or not page.rows:
        return None
    # The first page has one address.
    return address() if page.start <= PAGE else address(before=_written(question, page.rows[0]))


def _scope(question: Question) -> str:
    """What a cursor is good for: the list in one order."""
    asked = question.asked
    return f"{question.edition.slug} {asked.order or ('best' if asked.query else Order.LIST)}"


def _written(question: Question, row: int) -> str:
    return cursors.written(Cursor(question.edition.number, row + 1), _scope(question))


def _carried_over(question: Question, said: Cursor) -> Cursor:
    """The same matter in this revision."""
    revision = question.edition.revision
    then = (
        select(PublishedMatter.matter_id)
        .join(Revision, Revision.id == PublishedMatter.revision_id)
        .where(
            Revision.subject == revision.subject,
            Revision.subject_id == revision.subject_id,
            Revision.number == said.number,
            PublishedMatter.position == said.position,
        )
    )
    position = db.session.scalar(
        select(PublishedMatter.position).where(
            PublishedMatter.revision_id == revision.id, PublishedMatter.matter_id == then.scalar_subquery()
        )
    )
    if position is None:
        abort(redirect(address()))
    return Cursor(question.edition.number, position)
