"""The files themselves: of a revision, and of one place under it. Each address always gives the same bytes."""

from __future__ import annotations

from flask import Response, abort

from portal.downloads import download
from portal.foundation.files.models import StoredFile
from portal.foundation.files.service import path_of
from portal.foundation.places import queries as places
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.approvals import queries as approvals
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.handouts import queries as handouts
from portal.powers.lists import queries as lists
from portal.powers.lists.exports.making import exported
from portal.site.blueprint import site

REVISION = "/lists/<slug>/revisions/<int(max=2147483647):number>"


def issue(slug: str, number: int) -> Revision:
    """A revision of a list whose content may be handed out: 404 for none, 410 for a closed one (P-3)."""
    power_list = lists.by_slug(slug) or abort(404)
    return _open(publishing.revision(Subject.LIST, power_list.id, number))


@site.get(f"{REVISION}.<any(csv,xlsx,json,pdf,docx):kind>")
def revision_file(slug: str, number: int, kind: str) -> Response:
    """A revision as a file; gone with its content when the revision was closed."""
    return _handed(exported(issue(slug, number), kind))


@site.get(f"{REVISION}/<any(answers,changes):part>.<any(csv,xlsx,json):kind>")
def revision_table(slug: str, number: int, part: str, kind: str) -> Response:
    """The answers of a revision, one row each, or its differences from the one before."""
    return _handed(exported(issue(slug, number), f"{part}.{kind}"))


@site.get(f"{REVISION}/approvals/<int(max=2147483647):approval_id>")
def stamped_approval(slug: str, number: int, approval_id: int) -> Response:
    """A stamped approval of a revision that is marked for the public (P-5)."""
    found = approvals.one(issue(slug, number).proposal_id, approval_id)
    return _handed(found.file if found and found.public else None)


@site.get(f"{REVISION}/places/<code>/<int(max=2147483647):statement>.<any(pdf,docx):kind>")
def handout(slug: str, number: int, code: str, statement: int, kind: str) -> Response:
    """A revision as it holds at one place under that statement of the place's own; 0 is none."""
    revision, place = issue(slug, number), places.by_code(code) or abort(404)
    if statement:
        _open(publishing.revision(Subject.UPTAKE, place.id, statement))
    found = handouts.one(revision.id, place.id, statement, kind)
    return _handed(found.file if found else None)


def _open(revision: Revision | None) -> Revision:
    if revision is None:
        abort(404)
    if revision.state is RevisionState.CLOSED:
        abort(410)
    return revision


def _handed(file: StoredFile | None) -> Response:
    if file is None:
        abort(404)
    return download(path_of(file), name=file.name, media_type=file.media_type, sha256=file.sha256)
