"""`/lists`: the lists that are published, each by the revision in force or by an earlier one (P-3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response

from portal import clock
from portal.api import replies
from portal.api.filters import EARLIER, LIST, PAGING, PLACE
from portal.api.operations import Example, Operation, operation
from portal.api.parameters import Asked
from portal.api.problems import Kind, Problem
from portal.api.schemas.base import ListRef, PlaceRef, RevisionRef
from portal.api.schemas.lists import File, PolicyRef, PowerList, ProfileEntry, ReachedPlace
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.i18n import mark
from portal.powers.lists import queries
from portal.powers.lists.exports.formats import Part, ending_of, keys, part_of
from portal.powers.lists.exports.making import all_exported
from portal.site import editions
from portal.site.editions import Edition

SLUG = LIST.renamed("slug")


def edition_of(slug: str, number: int | None) -> Edition:
    """A list by the revision in force or by a numbered one; Problem for none, and for one that is closed."""
    if number is None:
        current = editions.current_of(slug, clock.today())
        if current is None:
            raise Problem(Kind.NOT_FOUND, mark("没有现在执行的、标识是“%(slug)s”的清单。"), slug=slug)
        return current
    power_list = queries.by_slug(slug)
    found = publishing.revision(Subject.LIST, power_list.id, number) if power_list else None
    if found is None:
        raise Problem(Kind.NOT_FOUND, mark("清单“%(slug)s”没有第 %(number)s 版。"), slug=slug, number=number)
    if found.state is RevisionState.CLOSED:
        raise Problem(
            Kind.CLOSED,
            mark("清单“%(slug)s”第 %(number)s 版已经关闭，内容不再提供。"),
            slug=slug,
            number=number,
        )
    return Edition(slug, found)


def numbered(asked: Asked) -> list[Edition]:
    """The editions that a collection is taken from: of one list, also by number, or every one in force."""
    slug, number = asked.one("list"), asked.one("revision")
    if number is not None and slug is None:
        raise Problem(
            Kind.BAD_PARAMETER,
            mark("版次的号码属于一份清单：给了 %(name)s，就要同时给 list。"),
            {"parameter": "revision"},
            name="revision",
        )
    return [edition_of(slug, number)] if slug else list(editions.current(clock.today()))


def reference(edition: Edition) -> RevisionRef:
    """An edition's revision as other resources name it."""
    return RevisionRef(number=edition.number, hash=edition.revision.hash, effective_on=edition.date)


def list_reference(edition: Edition) -> ListRef:
    """A list as other resources name it, with the mark of what has not been checked (M-5)."""
    return ListRef(slug=edition.slug, title=edition.title, unchecked=edition.unchecked)


def files(revision: Revision, slug: str) -> list[File]:
    """The files of a revision that are there, with their sizes and digests; none of a closed one."""
    there = {} if revision.state is RevisionState.CLOSED else all_exported(revision)
    return [
        File(
            format=name,
            media_type=row.file.media_type,
            name=row.file.name,
            size=row.file.size,
            sha256=row.file.sha256,
            href=_file_address(slug, revision.number, name),
        )
        for name in keys(revision)
        if (row := there.get(name)) and row.file is not None
    ]


def _file_address(slug: str, number: int, name: str) -> str:
    where = {"slug": slug, "number": number, "kind": ending_of(name)}
    part = part_of(name)
    if part is Part.LIST:
        return replies.address("site.revision_file", **where)
    return replies.address("site.revision_table", part=part.value, **where)


def _policy(edition: Edition) -> PolicyRef:
    found = edition.policy
    return PolicyRef(
        number=edition.policy_number,
        title=found.title if found else None,
        issuer=found.issuer if found else None,
        issued_on=found.issued_on if found else None,
        validity=found.validity if found else None,
        page=replies.address("site.policy", policy_id=found.id) if found else None,
    )


def resource(edition: Edition, *, in_force: bool) -> PowerList:
    """A list as one of its revisions has it."""
    frame: dict[str, Any] = edition.revision.content["frame"]
    own = {} if in_force else {"revision": edition.number}
    page = (
        replies.address("site.power_list", slug=edition.slug)
        if in_force
        else replies.address("site.revision", slug=edition.slug, number=edition.number)
    )
    return PowerList(
        **list_reference(edition).model_dump(),
        kind=frame["kind"],
        annex=edition.annex,
        policy=_policy(edition),
        issuer=PlaceRef(code=edition.issuer_code, name=edition.issuer),
        revision=reference(edition),
        in_force=in_force,
        size=queries.published_size(edition.revision),
        places=[ReachedPlace(code=each.code, name=each.name, kind=each.kind) for each in edition.places],
        modes={
            mode: {name: ProfileEntry(**entry) for name, entry in fields.items()}
            for mode, fields in frame["profile"].items()
        },
        labels={mode.value: label for mode, label in edition.labels.items()},
        cross_border=edition.cross_border,
        notes=list(edition.notes),
        totals=frame["totals"],
        files=files(edition.revision, edition.slug),
        address=replies.address("api.list", slug=edition.slug, **own),
        page=page,
    )


@operation(
    Operation(
        "lists",
        "/lists",
        mark("现在执行的清单"),
        PowerList,
        parameters=(PLACE, *PAGING),
        many=True,
        examples=(Example(mark("管到一个地方的清单"), {"place": "{place}", "fields": "slug,title,size"}),),
    )
)
def lists(asked: Asked) -> Response:
    """The lists in force in their order, all or those that reach a place."""
    most, code = asked.one("limit"), asked.one("place")
    found: Sequence[Edition] = editions.current(clock.today())
    if code is not None:
        found = [each for each in found if each.place(code)]
    if begin := replies.after(asked, str):
        slugs = [each.slug for each in found]
        found = found[slugs.index(str(begin[0])) + 1 :] if begin[0] in slugs else found
    following = (found[most - 1].slug,) if len(found) > most else None
    return replies.page([resource(each, in_force=True) for each in found[:most]], asked, following)


@operation(
    Operation(
        "list",
        "/lists/{slug}",
        mark("一份清单：文件、适用范围、每种方式的意思"),
        PowerList,
        parameters=(EARLIER,),
        path_parameters=(SLUG,),
        closed=True,
        examples=(
            Example(mark("现在执行的一版"), path={"slug": "{list}"}),
            Example(
                mark("第 1 版的文件和校验码"),
                {"revision": "1", "fields": "revision,policy,files"},
                {"slug": "{list}"},
            ),
        ),
    )
)
def one_list(asked: Asked, slug: str) -> Response:
    """One list by the revision in force, or by any that was published."""
    edition = edition_of(slug, asked.one("revision"))
    current = editions.current_of(slug, clock.today())
    in_force = current is not None and current.number == edition.number
    return replies.one(resource(edition, in_force=in_force), asked)
