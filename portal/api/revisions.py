"""`/revisions`: what was published when, by number and hash; old ones stay readable (P-1, P-3)."""

from __future__ import annotations

from functools import cached_property

from flask import Response

from portal import clock
from portal.api import lists, replies
from portal.api.cursors import Key
from portal.api.filters import LIST, PAGING, PLACE, REVISION, SINCE, UNTIL
from portal.api.operations import Example, Operation, operation
from portal.api.parameters import NUMBER as PARAMETER_NUMBER
from portal.api.parameters import Asked, Parameter
from portal.api.problems import Kind, Problem
from portal.api.publications import Publications
from portal.api.schemas.revisions import Counts, Revision
from portal.foundation.places import queries as places
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision as Record
from portal.foundation.publishing.rules import Subject
from portal.i18n import mark
from portal.powers.lists import queries
from portal.powers.memoranda import queries as memoranda
from portal.site.editions import backfilled

NUMBER = REVISION.renamed("number")
MEMORANDUM = Parameter("memorandum", mark("备忘录的编号，与网页地址里的相同"), PARAMETER_NUMBER)
NAMES = {Subject.LIST: "list", Subject.UPTAKE: "place", Subject.MEMORANDUM: "memorandum"}
"""What a revision is one of, as programs are told."""


class Shower:
    """Publications as resources; which of them are in force is read once."""

    @cached_property
    def in_force(self) -> frozenset[int]:
        """The ids of all revisions that hold today; none of a memorandum that was ended."""
        day = clock.today()
        lasting = {each.revision.id for each in memoranda.all_published(day)}
        return frozenset(
            each.id
            for subject in Subject
            for each in publishing.all_current(subject, day).values()
            if subject is not Subject.MEMORANDUM or each.id in lasting
        )

    def resource(self, record: Record, key: str, title: str) -> Revision:
        """One publication; `key` is the list's slug, the place's code, or the memorandum's key."""
        said = record.difference
        address, page = _addresses(record, key)
        return Revision(
            subject=NAMES[record.subject],
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
            files=lists.files(record, key) if record.subject is Subject.LIST else [],
            address=address,
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
    """All publications; with a place its own, its bureaus' memoranda and those of the lists that reach it."""
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
        found.append(shower.resource(record, *_named(published, record)))
        last = (record.id,)
    return replies.page(found, asked, None)


def _named(published: Publications, record: Record) -> tuple[str, str]:
    """Of what a publication is one, by its key and its title."""
    if record.subject is Subject.LIST:
        power_list = published.lists[record.subject_id]
        return power_list.slug, power_list.title
    if record.subject is Subject.MEMORANDUM:
        return str(record.subject_id), record.title
    place = published.speakers[record.subject_id]
    return place.code, place.name


def _addresses(record: Record, key: str) -> tuple[str, str]:
    """Where programs and people read a publication."""
    number = record.number
    if record.subject is Subject.LIST:
        page = replies.address("site.revision", slug=key, number=number)
        return replies.address("api.list_revision", slug=key, number=number), page
    if record.subject is Subject.MEMORANDUM:
        page = replies.address("site.memorandum_revision", memorandum_id=record.subject_id, number=number)
        return replies.address("api.memorandum_revision", memorandum=key, number=number), page
    page = replies.address("site.place", code=key)
    return replies.address("api.place_revision", code=key, number=number), page


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


@operation(
    Operation(
        "memorandum_revision",
        "/memoranda/{memorandum}/revisions/{number}",
        mark("一份备忘录的一版"),
        Revision,
        path_parameters=(MEMORANDUM, NUMBER),
    )
)
def memorandum_revision(asked: Asked, memorandum: int, number: int) -> Response:
    """One revision of a memorandum; a closed one keeps its number and hash."""
    record = _numbered(Subject.MEMORANDUM, memorandum, number)
    return replies.one(Shower().resource(record, str(memorandum), record.title), asked)
