"""`/answers`: for every matter of a list and every place exactly one (D-7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response

from portal.api import lists, matters, replies, rows
from portal.api.answering import Answerer
from portal.api.cursors import Key
from portal.api.filters import (
    ANSWER_MODE,
    DEPARTMENT,
    EARLIER,
    LIST,
    MATTER,
    PAGING,
    PLACE,
    QUERY,
    REVISION,
    STATUS,
    TYPE,
)
from portal.api.matters import Source
from portal.api.operations import Example, Operation, operation
from portal.api.parameters import Asked
from portal.api.problems import Kind, Problem
from portal.api.rows import Narrowed
from portal.api.schemas.answers import Answer
from portal.i18n import mark
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.rules import Mode
from portal.site.editions import Edition, PlaceName

Cell = tuple[PublishedMatter, PlaceName, Mode]


def _cells(
    source: Source, edition: Edition, wanted: Narrowed, position: int, begin: Key | None
) -> Iterator[Cell]:
    """Rows × places of an edition with their modes, from a position on; `begin` is the cell to go on after."""
    places = _places(edition, wanted.place)
    if not places:
        return
    codes = [place.code for place in places]
    passed = set(codes[: codes.index(str(begin[3])) + 1]) if begin and begin[3] in codes else set()
    for batch in rows.batches(edition, wanted, position):
        for row, printed in source.answered(edition, batch):
            for place in places:
                if begin and row.position == begin[2] and place.code in passed:
                    continue
                mode = source.mode(edition, row, place, printed)
                if not wanted.modes or mode in wanted.modes:
                    yield row, place, mode


def _places(edition: Edition, code: str | None) -> Sequence[PlaceName]:
    if code is None:
        return edition.places
    here = edition.place(code)
    return (here,) if here else ()


@operation(
    Operation(
        "answers",
        "/answers",
        mark("每个事项在每个地方怎么办"),
        Answer,
        parameters=(LIST, REVISION, PLACE, MATTER, ANSWER_MODE, TYPE, DEPARTMENT, STATUS, QUERY, *PAGING),
        many=True,
        closed=True,
        examples=(
            Example(
                mark("查到的事项在一个地方怎么办、谁办、不服找谁"),
                {
                    "place": "{place}",
                    "q": "{words}",
                    "fields": "matter,sentence,receiver,steps,respondent,page",
                },
            ),
            Example(
                mark("一个地方按一种方式办的，一页两条"),
                {"place": "{place}", "mode": "{mode}", "limit": "2", "fields": "id,sentence"},
            ),
        ),
    )
)
def answers(asked: Asked) -> Response:
    """Answers in the order of the lists, their rows and their places."""
    most, wanted = asked.one("limit"), rows.narrowed(asked)
    source = Source(lists.numbered(asked))
    begin = replies.after(asked, str, int, int, str)
    found: list[Answer] = []
    last: Key | None = None
    for edition, position in source.editions_after((*begin[:2], int(begin[2]) - 1) if begin else None):
        answerer = Answerer(edition, source.local if source.in_force(edition) else None)
        resume = begin if begin and begin[0] == edition.slug else None
        for row, place, mode in _cells(source, edition, wanted, position, resume):
            if len(found) == most:
                return replies.page(found, asked, last)
            found.append(answerer.answer(row, place, mode))
            last = (edition.slug, edition.number, row.position, place.code)
    return replies.page(found, asked, None)


@operation(
    Operation(
        "answer",
        "/answers/{slug}/{matter}/{code}",
        mark("一个事项在一个地方怎么办"),
        Answer,
        parameters=(EARLIER,),
        path_parameters=(lists.SLUG, MATTER, PLACE.renamed("code")),
        closed=True,
        examples=(
            Example(
                mark("一个事项在一个地方怎么办"),
                path={"slug": "{list}", "matter": "{matter}", "code": "{place}"},
            ),
        ),
    )
)
def one_answer(asked: Asked, slug: str, matter: int, code: str) -> Response:
    """One answer; a town is answered by the place above it, unless the list leaves the mode open."""
    edition = lists.edition_of(slug, asked.one("revision"))
    source = Source([edition])
    place = edition.place(code)
    if place is None:
        raise Problem(
            Kind.NOT_FOUND, mark("清单“%(slug)s”不包括代码是“%(code)s”的地方。"), slug=slug, code=code
        )
    ((row, printed),) = source.answered(edition, [matters.row_of(edition, matter)])
    answerer = Answerer(edition, source.local if source.in_force(edition) else None)
    return replies.one(answerer.answer(row, place, source.mode(edition, row, place, printed)), asked)
