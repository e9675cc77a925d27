"""`/changes`: what changed, newest first, for everybody who keeps a copy or follows one place (P-7)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flask import Response

from portal.api import replies
from portal.api.cursors import Key
from portal.api.differences import ListDifference, memorandum_changes, statement_changes
from portal.api.filters import AFTER_REVISION, DEPARTMENT, LIST, MATTER, PAGING, PLACE, SINCE, UNTIL
from portal.api.operations import Example, Operation, operation
from portal.api.parameters import Asked
from portal.api.problems import Kind, Problem
from portal.api.publications import Publications
from portal.api.schemas.changes import Change
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.i18n import mark


def _changes(published: Publications, revision: Revision) -> Iterator[Change]:
    if revision.subject is Subject.LIST:
        return ListDifference(published, revision).changes()
    if revision.subject is Subject.MEMORANDUM:
        narrowed = published.asked.many("department") or published.asked.one("matter") is not None
        return iter(()) if narrowed else memorandum_changes(revision)
    return iter(()) if published.asked.many("department") else statement_changes(published, revision)


@operation(
    Operation(
        "changes",
        "/changes",
        mark("变更，新的在前"),
        Change,
        parameters=(LIST, AFTER_REVISION, PLACE, DEPARTMENT, MATTER, SINCE, UNTIL, *PAGING),
        many=True,
        examples=(
            Example(
                mark("第 1 版以来一个地方的变更"),
                {"list": "{list}", "since_revision": "1", "place": "{place}"},
            ),
            Example(mark("一个部门的事项变了什么"), {"list": "{list}", "department": "{department}"}),
        ),
    )
)
def changes(asked: Asked) -> Response:
    """Entries of publications that concern a list, a place, a department or a matter, since a revision or a day."""
    most, since = asked.one("limit"), asked.one("since_revision")
    if since is not None and asked.one("list") is None:
        raise Problem(
            Kind.BAD_PARAMETER,
            mark("版次的号码属于一份清单：给了 %(name)s，就要同时给 list。"),
            {"parameter": "since_revision"},
            name="since_revision",
        )
    begin, published = replies.after(asked, int, int), Publications(asked)
    found: list[Change] = []
    last: Key | None = None
    later = () if since is None else (Revision.number > since,)
    for revision in published.newest_first(begin, *later):
        passed = int(begin[1]) + 1 if begin and begin[0] == revision.id else 0
        for index, change in islice(enumerate(_changes(published, revision)), passed, None):
            if len(found) == most:
                return replies.page(found, asked, last)
            found.append(change)
            last = (revision.id, index)
    return replies.page(found, asked, None)
