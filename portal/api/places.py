"""`/places`: the tree of places, with the lists that reach them and the points that they made public."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.api import replies
from portal.api.filters import KIND, LIST, PAGING, PLACE, WITHIN
from portal.api.operations import Example, Operation, operation
from portal.api.parameters import Asked
from portal.api.problems import Kind, Problem
from portal.api.schemas.base import PlaceRef, RevisionRef
from portal.api.schemas.places import Place, Point
from portal.db import db
from portal.foundation.places import queries
from portal.foundation.places.models import Place as Record
from portal.foundation.publishing.models import Revision
from portal.i18n import mark
from portal.powers.uptakes.queries import Point as Published
from portal.powers.uptakes.queries import statements
from portal.site import editions

CODE = PLACE.renamed("code")


def reference(revision: Revision) -> RevisionRef:
    """A revision as other resources name it."""
    return RevisionRef(number=revision.number, hash=revision.hash, effective_on=revision.effective_on)


def lineage(place: Record) -> Iterator[Record]:
    """A place and those above it, nearest first: a town is reached by the lists that reach its county (D-10)."""
    here: Record | None = place
    while here is not None:
        yield here
        here = here.parent


class Reader:
    """Places as resources; what all of them need is read once."""

    def __init__(self) -> None:
        day = clock.today()
        self.statements = statements(day)
        self.codes = {each.slug: {place.code for place in each.places} for each in editions.current(day)}

    def resource(self, place: Record) -> Place:
        """One place."""
        statement = self.statements.get(place.id)
        above, line = place.parent, {each.code for each in lineage(place)}
        return Place(
            code=place.code,
            name=place.name,
            kind=place.kind.value,
            official=place.official,
            parent=PlaceRef(code=above.code, name=above.name) if above else None,
            ended_on=place.ended_on,
            lists=[slug for slug, codes in self.codes.items() if codes & line],
            statement=reference(statement.revision) if statement else None,
            points=[_point(point) for point in statement.points] if statement else [],
            address=replies.address("api.place", code=place.code),
            page=replies.address("site.place", code=place.code),
        )


@operation(
    Operation(
        "places",
        "/places",
        mark("地方"),
        Place,
        parameters=(KIND, WITHIN, LIST, *PAGING),
        many=True,
        examples=(Example(mark("一份清单管到的地方"), {"list": "{list}", "fields": "code,name"}),),
    )
)
def places(asked: Asked) -> Response:
    """Places by code, those of one level, below one, or reached by one list."""
    most, reader = asked.one("limit"), Reader()
    wanted = select(Record).options(joinedload(Record.parent)).order_by(Record.code).limit(most + 1)
    if begin := replies.after(asked, str):
        wanted = wanted.where(Record.code > begin[0])
    if kinds := asked.many("kind"):
        wanted = wanted.where(Record.kind.in_(kinds))
    if above := asked.one("within"):
        wanted = wanted.where(Record.parent_id == _known(above).id)
    if slug := asked.one("list"):
        wanted = wanted.where(Record.code.in_(_reached(reader, slug)))
    found = db.session.scalars(wanted).all()
    following = (found[most - 1].code,) if len(found) > most else None
    return replies.page([reader.resource(place) for place in found[:most]], asked, following)


@operation(
    Operation(
        "place",
        "/places/{code}",
        mark("一个地方，和它公布的办事点"),
        Place,
        path_parameters=(CODE,),
        examples=(Example(mark("按代码"), path={"code": "{place}"}),),
    )
)
def place(asked: Asked, code: str) -> Response:
    """One place by its code."""
    return replies.one(Reader().resource(_known(code)), asked)


def _point(point: Published) -> Point:
    return Point(
        name=point.name,
        kind=point.kind,
        organisation=point.organisation,
        address=point.address,
        hours=point.hours,
        phone=point.phone,
    )


def _known(code: str) -> Record:
    found = queries.by_code(code)
    if found is None:
        raise Problem(Kind.NOT_FOUND, mark("没有代码是“%(code)s”的地方。"), code=code)
    return found


def _reached(reader: Reader, slug: str) -> set[str]:
    if slug not in reader.codes:
        raise Problem(Kind.NOT_FOUND, mark("没有现在执行的、标识是“%(slug)s”的清单。"), slug=slug)
    return reader.codes[slug]
