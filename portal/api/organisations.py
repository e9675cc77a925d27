"""`/organisations`: the bodies that lists and statements in force name, by place and name (G-3)."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from flask import Response
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.api import replies
from portal.api.filters import PAGING, PLACE, ROLE
from portal.api.operations import Example, Operation, operation
from portal.api.parameters import NAME, Asked, Parameter
from portal.api.problems import Kind, Problem
from portal.api.schemas.base import PlaceRef
from portal.api.schemas.organisations import Organisation
from portal.db import db
from portal.foundation.organisations.models import Organisation as Record
from portal.foundation.places.models import Place
from portal.i18n import mark
from portal.powers.lists.models import PublishedMatter
from portal.powers.uptakes.queries import statements
from portal.site import editions

DEPARTMENT = "department"
BODY = Parameter("name", mark("单位的名称"), NAME)


class Named:
    """What is in force today, body by body."""

    @cached_property
    def roles(self) -> dict[int, Counter[str]]:
        """How many matters a body has in each role, by the body's key."""
        day = clock.today()
        found: dict[int, Counter[str]] = {}
        current = [each.revision.id for each in editions.current(day)]
        counted = db.session.execute(
            select(PublishedMatter.organisation_id, func.count())
            .where(PublishedMatter.revision_id.in_(current))
            .group_by(PublishedMatter.organisation_id)
        )
        for key, count in counted:
            if key is not None:
                found.setdefault(key, Counter())[DEPARTMENT] += count
        for statement in statements(day).values():
            for duty in statement.revision.content["duties"]:
                found.setdefault(duty["organisation_id"], Counter())[duty["role"]] += 1
        return found

    def wanted(self, role: str | None = None) -> Select[Record]:
        """The bodies that are named, in any role or in one."""
        ids = [key for key, roles in self.roles.items() if role is None or roles[role]]
        return select(Record).options(joinedload(Record.place)).where(Record.id.in_(ids)).order_by(Record.id)

    def resource(self, body: Record) -> Organisation:
        """One body."""
        roles = self.roles[body.id]
        place, own = body.place, {"code": body.place.code, "name": body.name}
        return Organisation(
            name=body.name,
            place=PlaceRef(code=place.code, name=place.name),
            kind=body.kind.value,
            uscc=body.uscc,
            roles={role: count for role, count in roles.items() if count},
            address=replies.address("api.organisation", **own),
            page=replies.address("site.department", **own) if roles[DEPARTMENT] else None,
        )


@operation(
    Operation(
        "organisations",
        "/organisations",
        mark("机构：清单和各地公布的内容里写到的"),
        Organisation,
        parameters=(PLACE, ROLE, *PAGING),
        many=True,
        examples=(
            Example(
                mark("一个地方放权的部门"),
                {"place": "{issuer}", "role": "department", "fields": "name,roles,page"},
            ),
        ),
    )
)
def organisations(asked: Asked) -> Response:
    """Bodies of one place or of all, in one role or in any."""
    most, named = asked.one("limit"), Named()
    wanted = named.wanted(asked.one("role")).limit(most + 1)
    if begin := replies.after(asked, int):
        wanted = wanted.where(Record.id > begin[0])
    if code := asked.one("place"):
        wanted = wanted.where(Record.place_id.in_(select(Place.id).where(Place.code == code)))
    found = db.session.scalars(wanted).all()
    following = (found[most - 1].id,) if len(found) > most else None
    return replies.page([named.resource(body) for body in found[:most]], asked, following)


@operation(
    Operation(
        "organisation",
        "/organisations/{code}/{name}",
        mark("一个机构"),
        Organisation,
        path_parameters=(PLACE.renamed("code"), BODY),
        examples=(Example(mark("按地方和名称"), path={"code": "{issuer}", "name": "{department}"}),),
    )
)
def organisation(asked: Asked, code: str, name: str) -> Response:
    """One body by its place and its name."""
    named = Named()
    body = db.session.scalar(
        named.wanted().where(
            Record.name == name, Record.place_id.in_(select(Place.id).where(Place.code == code))
        )
    )
    if body is None:
        raise Problem(Kind.NOT_FOUND, mark("公布的内容里没有这个单位：%(name)s。"), name=name)
    return replies.one(named.resource(body), asked)
