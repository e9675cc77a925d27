"""The published memoranda, by place and department, each on its page, and all of them as files (Y-3, R-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Response, abort, request, url_for

from portal import clock
from portal.address import knows
from portal.db import db
from portal.downloads import disposition, download
from portal.foundation.files.models import StoredFile
from portal.foundation.files.service import path_of
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.memoranda import queries
from portal.powers.memoranda.queries import Published
from portal.powers.memoranda.rules import Support
from portal.site.blueprint import page, site
from portal.site.memoranda import sheet, words
from portal.site.seeing import paging

MEMORANDUM = "/memoranda/<int(max=2147483647):memorandum_id>"
ENDINGS = "csv,xlsx,json"
PAGE = 100


@dataclass(frozen=True)
class Version:
    """One revision on the memorandum's page: its number, its day, its address; a closed one has none."""

    revision: Revision
    href: str
    current: bool


@site.get("/memoranda")
@knows("place", "department", "page")
def memoranda() -> str:
    """Every memorandum that is public, narrowed to a place and a department, a page at a time."""
    found = queries.all_published(clock.today())
    place, department = request.args.get("place", ""), request.args.get("department", "")
    shown, here = _narrowed(found, place, department), paging.number()
    pages = paging.neighbours(here, max(1, -(-len(shown) // PAGE)))
    some = shown[(here - 1) * PAGE : here * PAGE]
    return page(
        "site/memoranda/index.html",
        groups=[(name, list(each)) for name, each in groupby(some, lambda one: one.place["name"])],
        total=len(shown),
        pages=pages,
        at=place,
        department=department,
        places={each.place["code"]: each.place["name"] for each in found},
        departments=sorted({each.department["name"] for each in found}),
        validity=_validity,
        today=clock.today(),
        files=[(ending, _file(ending, place, department)) for ending in ENDINGS.split(",")],
    )


@site.get(f"/memoranda.<any({ENDINGS}):kind>")
@knows("place", "department")
def memoranda_file(kind: str) -> Response:
    """The same as a file, for machines: a row for each memorandum."""
    found = queries.all_published(clock.today())
    shown = _narrowed(found, request.args.get("place", ""), request.args.get("department", ""))
    content, media_type = sheet.written(shown, kind)
    answer = Response(content, content_type=media_type)
    answer.headers["Content-Disposition"] = disposition(f"审管衔接备忘录.{kind}")
    return answer


@site.get(MEMORANDUM)
def memorandum(memorandum_id: int) -> str:
    """One memorandum as it holds today."""
    found = queries.published(memorandum_id, clock.today())
    if found is None:
        _gone(memorandum_id)
        abort(404)
    return _shown(found)


@site.get(f"{MEMORANDUM}/revisions/<int(max=2147483647):number>")
def memorandum_revision(memorandum_id: int, number: int) -> str:
    """One revision of it, as it was published (P-3)."""
    return _shown(Published(memorandum_id, _open(memorandum_id, number)))


@site.get(f"{MEMORANDUM}/revisions/<int(max=2147483647):number>/paper")
def memorandum_paper(memorandum_id: int, number: int) -> Response:
    """The signed paper of a revision, where it was made public."""
    said = _open(memorandum_id, number).content["paper"] or {}
    file = db.session.get(StoredFile, said["id"]) if "id" in said else None
    if file is None:
        abort(404)
    return download(path_of(file), name=file.name, media_type=file.media_type, sha256=file.sha256)


def _shown(found: Published) -> str:
    bureau, department = found.bureau["name"], found.department["name"]
    wording = found.wording
    revisions = publishing.revisions(Subject.MEMORANDUM, found.id)
    return page(
        "site/memoranda/show.html",
        found=found,
        bureau=bureau,
        department=department,
        wording=wording,
        validity=_validity(found),
        holds=found.holds(clock.today()),
        over=found.over(clock.today()),
        newest=queries.published(found.id, clock.today()),
        pushes=[
            (push, *words.sender_of(push, bureau, department), words.term(push)) for push in wording.pushes
        ],
        supports=[
            words.support(kind, wording.supports[kind], bureau, department)
            for kind in Support
            if kind in wording.supports
        ],
        versions=[_version(found, each) for each in revisions],
    )


def _version(found: Published, revision: Revision) -> Version:
    closed = revision.state is RevisionState.CLOSED
    href = url_for("site.memorandum_revision", memorandum_id=found.id, number=revision.number)
    return Version(revision, "" if closed else href, revision.id == found.revision.id)


def _open(memorandum_id: int, number: int) -> Revision:
    revision = publishing.revision(Subject.MEMORANDUM, memorandum_id, number)
    if revision is None:
        abort(404)
    if revision.state is RevisionState.CLOSED:
        abort(410)
    return revision


def _gone(memorandum_id: int) -> None:
    """What was public and is no more says so."""
    if publishing.revisions(Subject.MEMORANDUM, memorandum_id):
        abort(410)


def _narrowed(found: Sequence[Published], place: str, department: str) -> list[Published]:
    return [
        each
        for each in found
        if place in ("", each.place["code"]) and department in ("", each.department["name"])
    ]


def _validity(found: Published) -> str:
    return words.validity(found.wording.valid_from, found.wording.valid_until)


def _file(ending: str, place: str, department: str) -> str:
    return url_for("site.memoranda_file", kind=ending, place=place or None, department=department or None)
