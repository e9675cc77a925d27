"""`/memoranda`: what approval bureaus and departments have agreed on, as it was published (Y-3)."""

from __future__ import annotations

from flask import Response

from portal import clock
from portal.api import replies
from portal.api.filters import EARLIER, PAGING, PLACE
from portal.api.operations import Example, Operation, operation
from portal.api.parameters import NAME, Asked, Parameter
from portal.api.problems import Kind, Problem
from portal.api.revisions import MEMORANDUM
from portal.api.schemas.base import PlaceRef, RevisionRef
from portal.api.schemas.memoranda import CoveredMatter, Memorandum, Paper, Push, Support
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.i18n import mark
from portal.powers.memoranda import queries
from portal.powers.memoranda.queries import Published
from portal.powers.memoranda.rules import Support as Step

BODY = Parameter("department", mark("行业主管部门的名称，可以给几个"), NAME, many=True)


def resource(found: Published, *, numbered: bool = False) -> Memorandum:
    """A memorandum as one of its revisions has it; `numbered` where that one was asked for, in force or not."""
    said, wording, revision = found.content, found.wording, found.revision
    number = {"revision": revision.number} if numbered else {}
    return Memorandum(
        id=found.id,
        title=revision.title,
        place=PlaceRef(code=found.place["code"], name=found.place["name"]),
        bureau=found.bureau["name"],
        department=found.department["name"],
        department_place=found.department["place"],
        boundary=wording.boundary,
        pushes=[Push(**each.stored()) for each in wording.pushes],
        supports=[
            Support(
                step=step.value, by=wording.supports[step].doer.value, how=wording.supports[step].sentence
            )
            for step in Step
            if step in wording.supports
        ],
        every_matter=wording.every_matter,
        matters=[CoveredMatter(**each) for each in said["matters"]],
        valid_from=wording.valid_from,
        valid_until=wording.valid_until,
        holds=found.holds(clock.today()) and (not numbered or _in_force(found)),
        bureau_contact=wording.bureau_contact,
        department_contact=wording.department_contact,
        paper=_paper(found),
        revision=RevisionRef(number=revision.number, hash=revision.hash, effective_on=revision.effective_on),
        address=replies.address("api.memorandum", memorandum=found.id, **number),
        page=_page(found, numbered=numbered),
    )


def _in_force(found: Published) -> bool:
    """Whether no later revision stands in its stead, and the memorandum was not ended."""
    current = queries.published(found.id, clock.today())
    return current is not None and current.revision.id == found.revision.id


def _page(found: Published, *, numbered: bool) -> str:
    if not numbered:
        return replies.address("site.memorandum", memorandum_id=found.id)
    number = found.revision.number
    return replies.address("site.memorandum_revision", memorandum_id=found.id, number=number)


def _paper(found: Published) -> Paper | None:
    said = found.content["paper"]
    if said is None:
        return None
    if "id" not in said:
        return Paper(sha256=said["sha256"], name=None, href=None)
    where = {"memorandum_id": found.id, "number": found.revision.number}
    return Paper(
        sha256=said["sha256"], name=said["name"], href=replies.address("site.memorandum_paper", **where)
    )


@operation(
    Operation(
        "memoranda",
        "/memoranda",
        mark("审管衔接备忘录：没有终止的，有效期过了的写明不再有效"),
        Memorandum,
        parameters=(PLACE, BODY, *PAGING),
        many=True,
        examples=(
            Example(mark("一个地方的审批局签的"), {"place": "{place}", "fields": "title,department,holds"}),
        ),
    )
)
def memoranda(asked: Asked) -> Response:
    """Memoranda by their keys: of one place's bureaus or of all, with some departments or with any."""
    most, departments = asked.one("limit"), asked.many("department")
    every = queries.all_published(clock.today(), asked.one("place") or "")
    begin = replies.after(asked, int) or (0,)
    found = sorted(
        (
            each
            for each in every
            if each.id > int(begin[0]) and (not departments or each.department["name"] in departments)
        ),
        key=lambda each: each.id,
    )
    following = (found[most - 1].id,) if len(found) > most else None
    return replies.page([resource(each) for each in found[:most]], asked, following)


@operation(
    Operation(
        "memorandum",
        "/memoranda/{memorandum}",
        mark("一份备忘录：职责边界、推送和反馈、技术支撑"),
        Memorandum,
        parameters=(EARLIER,),
        path_parameters=(MEMORANDUM,),
        closed=True,
        examples=(Example(mark("现在的一版"), path={"memorandum": "{memorandum}"}),),
    )
)
def memorandum(asked: Asked, memorandum: int) -> Response:
    """One memorandum as it is in force, or by any revision that was published; Problem for one that was ended."""
    number = asked.one("revision")
    if number is not None:
        return replies.one(resource(_numbered(memorandum, number), numbered=True), asked)
    found = queries.published(memorandum, clock.today())
    if found is None:
        issued = publishing.revisions(Subject.MEMORANDUM, memorandum)
        if any(each.effective_on <= clock.today() for each in issued):
            raise Problem(Kind.CLOSED, mark("这份备忘录已经终止，或者不再公开。以前的各版可以按版次读。"))
        raise Problem(Kind.NOT_FOUND, mark("没有公布过这份备忘录。"))
    return replies.one(resource(found), asked)


def _numbered(memorandum_id: int, number: int) -> Published:
    found = publishing.revision(Subject.MEMORANDUM, memorandum_id, number)
    if found is None:
        raise Problem(Kind.NOT_FOUND, mark("没有公布过第 %(number)s 版。"), number=number)
    if found.state is RevisionState.CLOSED:
        raise Problem(
            Kind.CLOSED, mark("这份备忘录的第 %(number)s 版已经关闭，内容不再提供。"), number=number
        )
    return Published(memorandum_id, found)
