"""`/matters/….jsonld`: a matter in the words of CPSV-AP and schema.org."""

from __future__ import annotations

from typing import Any

from flask import Response

from portal import clock
from portal.api import lists, matters, replies
from portal.api.filters import MATTER, PLACE
from portal.api.operations import Example, Operation, operation
from portal.api.parameters import Asked
from portal.api.problems import Kind, Problem
from portal.api.schemas.linked import LinkedData
from portal.i18n import mark
from portal.site.linked import services
from portal.site.local import Local
from portal.site.matters import ask

MEDIA_TYPE = "application/ld+json"


@operation(
    Operation(
        "matter_linked",
        "/matters/{slug}/{matter}.jsonld",
        mark("事项的 JSON-LD：CPSV-AP 和 schema.org"),
        LinkedData,
        parameters=(PLACE,),
        path_parameters=(lists.SLUG, MATTER),
        media_type=MEDIA_TYPE,
        examples=(
            Example(
                mark("一个事项在一个地方"), {"place": "{place}"}, {"slug": "{list}", "matter": "{matter}"}
            ),
        ),
    )
)
def matter_linked(asked: Asked, slug: str, matter: int) -> Response:
    """A matter of a list in force; with a place what holds there, its receiver and its counters."""
    edition, code = lists.edition_of(slug, None), asked.one("place")
    place = edition.place(code) if code else None
    if code and place is None:
        raise Problem(
            Kind.NOT_FOUND, mark("清单“%(slug)s”不包括代码是“%(code)s”的地方。"), slug=slug, code=code
        )
    row = matters.row_of(edition, matter)
    said: dict[str, Any] = services.document(ask(edition, row, place, Local(clock.today())))
    return replies.written(said, MEDIA_TYPE)
