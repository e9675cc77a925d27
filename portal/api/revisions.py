"""`/revisions`: what was published when, by number and hash; old ones stay readable (P-1, P-3)."""

from __future__ import annotations

from functools import cached_property

from flask import Response

from portal import clock
from portal.api import lists, replies
from portal.api.cursors import Key
from portal.api.filters import LIST, PAGING, PLACE, REVISION, SINCE, UNTIL
from portal.api.operations import Example, Operation, operation
from portal.api.parameters import Asked
from portal.api.problems import Kind, Problem
from portal.api.publications import Publications
from portal.api.schemas.revisions import Counts, Revision
from portal.foundation.places import queries as places
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision as Record
from portal.foundation.publishing.rules import Subject
from portal.i18n import mark
from portal.powers.lists import queries
from portal.site.editions import backfilled

NUMBER = REVISION.renamed("number")


class Shower:
    """Publications as resources; which of them are in force is read once."""

    @cached_property
    def in_force(self) -> frozenset[int]:
        """The ids of all revisions that hold today."""
        day = clock.today()
        return frozenset(
            each.id for subject in Subject for each in publishing.all_current(subject, day).values()
        )

    def resource(self, record: Record, key: str, title: str) -> Revision:
        """One publication; `key` is the list's slug or the place's code."""
        listed, said = record.subject is Subject.LIST, record.difference
        page = (
            replies.address("site.revision", slug=key, number=record.number)
            if listed
            else replies.address("site.place", code=key)
        )
        where = {"slug": key} if listed else {"code": key}
        return Revision(
            subject="list" if listed else "place",
            key=key,
            title=title,
            number=record.number,
            state=record.state.value,
            hash=record.hash,
            effective_on=record.effective_on,
            published_at=record.published_at,
            backfilled=backfilled(record),
            compared_with=record.compared_with or None,
            in_force=record.id in self.in_force,
            reason=record.reason,
            closed_at=record.closed_at,
            closed_reason=record.closed_reason,
            counts=Counts(
                added=said.get("added", 0),
                changed=said.get("changed", 0),
                withdrawn=said.get("withdrawn", 0),
                frame=len(said.get("frame", ())),
            ),
            files=lists.files(record, key) if listed else [],
            address=replies.address(
                f"api.{'list' if listed else 'place'}_revision", number=record.number, **where
            ),
            page=page,
        )


@operation(
    Operation(
        "revisions",
        "/revisions",
        mark("公布过的版次，新的在前"),
        Revision,
        parameters=(LIST, PLACE, SINCE, UNTIL, *PAGING),
        many=True,
        examples=(
            Example(
                mark("一份清单的各版和校验码"),
                {"list": "{list}", "fields": "number,effective_on,hash,counts"},
            ),
        ),
    )
)
def revisions(asked: Asked) -> Response:
    """Publications of lists and of places; with a place its own and those of the lists that reach it."""
    most, published = asked.one("limit"), Publications(asked)
    begin = replies.after(asked, int)
    shower = Shower()
    found: list[Revision] = []
    last: Key | None = None
    for record in published.newest_first(begin):
        if (begin and record.id == begin[0]) or not published.concerned(record):
            continue
        if len(found) == most:
            return replies.page(found, asked, last)
        if record.subject is Subject.LIST:
            power_list = published.lists[record.subject_id]
            found.append(shower.resource(record, power_list.slug, power_list.title))
        else:
            place = published.speakers[record.subject_id]
            found.append(shower.resource(record, place.code, place.name))
        last = (record.id,)
    return replies.page(found, asked, None)


def _numbered(subject: Subject, subject_id: int | None, number: int) -> Record:
    found = publishing.revision(subject, subject_id, number) if subject_id else None
    if found is None:
        raise Problem(Kind.NOT_FOUND, mark("没有公布过第 %(number)s 版。"), number=number)
    return found


@operation(
    Operation(
        "list_revision",
        "/lists/{slug}/revisions/{number}",
        mark("一份清单的一版"),
        Revision,
        path_parameters=(lists.SLUG, NUMBER),
        examples=(Example(mark("第 1 版"), path={"slug": "{list}", "number": "1"}),),
    )
)
def list_revision(asked: Asked, slug: str, number: int) -> Response:
    """One revision of a list; a closed one keeps its number and hash, without files."""
    power_list = queries.by_slug(slug)
    record = _numbered(Subject.LIST, power_list.id if power_list else None, number)
    title = power_list.title if power_list else ""
    return replies.one(Shower().resource(record, slug, title), asked)


@operation(
    Operation(
        "place_revision",
        "/places/{code}/revisions/{number}",
        mark("一个地方自己公布的一版"),
        Revision,
        path_parameters=(PLACE.renamed("code"), NUMBER),
    )
)
def place_revision(asked: Asked, code: str, number: int) -> Response:
    """One revision of what a place made public of itself."""
    place = places.by_code(code)
    record = _numbered(Subject.UPTAKE, place.id if place else None, number)
    return replies.one(Shower().resource(record, code, place.name if place else ""), asked)
