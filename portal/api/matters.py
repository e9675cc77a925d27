"""`/matters`: the matters of published lists, as printed, with the mode at every place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus

from flask import Response, request
from sqlalchemy import select

from portal import clock
from portal.api import lists, replies, rows
from portal.api.cursors import Key
from portal.api.filters import (
    DEPARTMENT,
    EARLIER,
    LIST,
    MATTER,
    MODE,
    PAGING,
    PLACE,
    QUERY,
    REVISION,
    STATUS,
    TYPE,
)
from portal.api.operations import Example, Operation, operation
from portal.api.parameters import Asked
from portal.api.problems import Kind, Problem
from portal.api.rows import Narrowed
from portal.api.schemas.base import PlaceRef, StatusRef, SuspensionRef, TypeRef
from portal.api.schemas.matters import Matter
from portal.db import db
from portal.i18n import mark
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.suspensions.models import Suspension
from portal.site import editions
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local

LINKED = "application/ld+json"


class Source:
    """The editions that a collection is taken from, and what places published that holds for those in force."""

    def __init__(self, found: Sequence[Edition]) -> None:
        self.local = Local(clock.today())
        self.editions = found
        self.current = {each.slug: each.number for each in editions.current(self.local.day)}

    def in_force(self, edition: Edition) -> bool:
        """Whether the edition is the one that holds today; others are shown as they were printed."""
        return self.current.get(edition.slug) == edition.number

    def stopped(self, edition: Edition, row: PublishedMatter) -> Suspension | None:
        """The suspension that lies over a row today; none over a revision that is not in force."""
        return self.local.stopped(edition, row.matter_id) if self.in_force(edition) else None

    def answered(
        self, edition: Edition, found: Sequence[PublishedMatter]
    ) -> Iterator[tuple[PublishedMatter, Mapping[int, Mode]]]:
        """Each row with its answers by place id, as the revision has them."""
        given = rows.printed(edition, found)
        yield from ((row, given[row.id]) for row in found)

    def mode(
        self, edition: Edition, row: PublishedMatter, place: PlaceName, printed: Mapping[int, Mode]
    ) -> Mode:
        """The mode at a place, or at a town below it, with what was chosen there laid over (D-10)."""
        given = printed[place.reached.id]
        return self.local.mode(edition, row.matter_id, place, given) if self.in_force(edition) else given

    def modes(
        self, edition: Edition, row: PublishedMatter, printed: Mapping[int, Mode]
    ) -> Mapping[int, Mode]:
        """The same for every place of the list."""
        return self.local.answers(edition, row.matter_id, printed) if self.in_force(edition) else printed

    def editions_after(self, begin: Key | None) -> Iterator[tuple[Edition, int]]:
        """The editions from where a cursor (slug, revision, position) left off, with the position to begin after.

        A list is read to its end in the revision in which its reading began, whatever is published meanwhile.
        """
        if begin is None:
            yield from ((each, 0) for each in self.editions)
            return
        slug, number, position = str(begin[0]), int(begin[1]), int(begin[2])
        slugs = [each.slug for each in self.editions]
        if slug not in slugs:
            raise Problem(Kind.BAD_CURSOR, mark("翻页标记所在的清单现在没有了，请不带 cursor 重新开始。"))
        here = self.editions[slugs.index(slug)]
        yield (here if here.number == number else lists.edition_of(slug, number)), position
        yield from ((each, 0) for each in self.editions[slugs.index(slug) + 1 :])


def resource(
    edition: Edition,
    row: PublishedMatter,
    answers: Mapping[int, Mode],
    *,
    in_force: bool,
    stop: Suspension | None = None,
) -> Matter:
    """One matter of an edition, and that it is stopped, if it is."""
    own = {} if in_force else {"revision": edition.number}
    page = (
        replies.address("site.matter", slug=edition.slug, matter_id=row.matter_id)
        if in_force
        else replies.address("site.revision", slug=edition.slug, number=edition.number)
    )
    return Matter(
        id=row.matter_id,
        list=lists.list_reference(edition),
        revision=lists.reference(edition),
        seq=row.seq,
        name=row.name,
        code=row.code,
        type=TypeRef(code=row.type.value, label=row.type.label),
        department=row.department,
        issuer=PlaceRef(code=edition.issuer_code, name=edition.issuer),
        mode=row.mode.value,
        label=row.mode_label or edition.labels[row.mode],
        remark=row.remark,
        parts=tuple(row.sub_items),
        everyday_names=tuple(row.everyday_names),
        status=status(row),
        suspended=suspended(stop),
        answers={place.code: answers[place.id].value for place in edition.places},
        address=replies.address("api.matter", slug=edition.slug, matter=row.matter_id, **own),
        page=page,
    )


def suspended(stop: Suspension | None) -> SuspensionRef | None:
    """Since when and why a matter is stopped; None while it is not."""
    return SuspensionRef(since=stop.since, reason=stop.reason) if stop else None


def status(row: PublishedMatter) -> StatusRef:
    """Whether the matter still exists, as the revision has it (M-5)."""
    said = row.status
    return StatusRef(
        state=said.get("state", "unverified"), since=said.get("since"), document=said.get("document")
    )


def _kept(
    source: Source, edition: Edition, wanted: Narrowed, begin: int
) -> Iterator[tuple[PublishedMatter, Mapping[int, Mode]]]:
    """The rows that meet everything; with a place the mode there counts, else the usual one."""
    here = edition.place(wanted.place)
    if wanted.place and here is None:
        return
    for batch in rows.batches(edition, wanted, begin):
        for row, printed in source.answered(edition, batch):
            mode = source.mode(edition, row, here, printed) if here else row.mode
            if not wanted.modes or mode in wanted.modes:
                yield row, source.modes(edition, row, printed)


@operation(
    Operation(
        "matters",
        "/matters",
        mark("清单里的事项"),
        Matter,
        parameters=(LIST, REVISION, PLACE, MODE, TYPE, DEPARTMENT, STATUS, QUERY, *PAGING),
        many=True,
        closed=True,
        examples=(
            Example(
                mark("按名称、编码、部门、俗称或拼音查"),
                {"q": "{words}", "limit": "3", "fields": "name,department,page"},
            ),
            Example(
                mark("在一个地方按一种方式办的事项"),
                {"place": "{place}", "mode": "{mode}", "limit": "3", "fields": "seq,name,list"},
            ),
        ),
    )
)
def matters(asked: Asked) -> Response:
    """Rows of one list or of all, in the lists' order."""
    most, wanted = asked.one("limit"), rows.narrowed(asked)
    source = Source(lists.numbered(asked))
    found: list[Matter] = []
    last: Key | None = None
    for edition, begin in source.editions_after(replies.after(asked, str, int, int)):
        in_force = source.in_force(edition)
        for row, answers in _kept(source, edition, wanted, begin):
            if len(found) == most:
                return replies.page(found, asked, last)
            stop = source.stopped(edition, row)
            found.append(resource(edition, row, answers, in_force=in_force, stop=stop))
            last = (edition.slug, edition.number, row.position)
    return replies.page(found, asked, None)


def row_of(edition: Edition, matter: int) -> PublishedMatter:
    """A matter's row in an edition; Problem when the edition does not hold it."""
    found = db.session.scalar(
        select(PublishedMatter).where(
            PublishedMatter.revision_id == edition.revision.id, PublishedMatter.matter_id == matter
        )
    )
    if found is None:
        raise Problem(
            Kind.NOT_FOUND,
            mark("清单“%(slug)s”第 %(number)s 版里没有编号是 %(matter)s 的事项。"),
            slug=edition.slug,
            number=edition.number,
            matter=matter,
        )
    return found


@operation(
    Operation(
        "matter",
        "/matters/{slug}/{matter}",
        mark("一份清单里的一个事项"),
        Matter,
        parameters=(EARLIER,),
        path_parameters=(lists.SLUG, MATTER),
        closed=True,
        examples=(Example(mark("按网页地址里的编号"), path={"slug": "{list}", "matter": "{matter}"}),),
    )
)
def one_matter(asked: Asked, slug: str, matter: int) -> Response:
    """One matter by list and number; who would rather have JSON-LD is led to it."""
    kinds = request.accept_mimetypes
    if kinds.best_match(("application/json", LINKED)) == LINKED:
        return _elsewhere(replies.address("api.matter_linked", slug=slug, matter=matter))
    source = Source([lists.edition_of(slug, asked.one("revision"))])
    edition = source.editions[0]
    ((row, printed),) = source.answered(edition, [row_of(edition, matter)])
    answers = source.modes(edition, row, printed)
    stop = source.stopped(edition, row)
    response = replies.one(
        resource(edition, row, answers, in_force=source.in_force(edition), stop=stop), asked
    )
    response.vary.add("Accept")
    return response


def _elsewhere(address: str) -> Response:
    """Another description of the same thing (303)."""
    response = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
    response.vary.add("Accept")
    return response
