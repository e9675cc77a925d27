"""A list as rows and as the document that a revision's hash is over; from the working copy or from a revision.

The document is JSON in UTF-8: `{"list": {…}, "rows": [ … ]}` with one row a line, keys sorted. Its
SHA-256 is the revision's hash, so anybody who downloads the revision as JSON can check it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.foundation.organisations.models import Organisation
from portal.foundation.places import queries as places
from portal.foundation.publishing.models import Revision
from portal.powers.lists.models import (
    Delegation,
    ListKind,
    PowerList,
    PublishedMatter,
    ScopeException,
)
from portal.powers.lists.rules import Mode, ScopeRule, resolve
from portal.powers.lists.transfers.queries import bureau_of
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterType

BATCH = 500


@dataclass(frozen=True)
class Row:
    """One matter of a list with its answer for every place (by place code)."""

    matter_id: int
    seq: int
    department: str
    code: str
    name: str
    type: str
    mode: str
    mode_label: str
    remark: str
    sub_items: tuple[str, ...] = ()
    status: Mapping[str, Any] = field(default_factory=dict)
    everyday_names: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    organisation_id: int | None = None

    def printed(self) -> dict[str, Any]:
        """What the document says of the row: everything but keys of this database."""
        said = asdict(self)
        del said["organisation_id"], said["matter_id"]
        return said


def render(frame: Mapping[str, Any], rows: Iterable[Row]) -> Iterator[bytes]:
    """The document, a row at a time."""
    yield b'{"list": ' + _json(frame) + b',\n"rows": [\n'
    mark = b""
    for row in rows:
        yield mark + _json(row.printed())
        mark = b",\n"
    yield b"\n]}\n"


def frame(power_list: PowerList) -> dict[str, Any]:
    """The list's own facts: document, places it reaches, what each mode means in it, notes and totals."""
    profile: dict[str, dict[str, dict[str, str]]] = {}
    for entry in power_list.profile:
        profile.setdefault(entry.mode.value, {})[entry.field] = {"value": entry.value, "source": entry.source}
    return {
        "slug": (power_list.earlier_of or power_list).slug,
        "title": power_list.title,
        "kind": power_list.kind.value,
        "annex": power_list.annex,
        "issuer": {"code": power_list.place.code, "name": power_list.place.name},
        "policy": power_list.policy.number,
        "places": [
            {"code": place.code, "name": place.name, "kind": place.kind.value}
            for place in power_list.scope.members
        ],
        "cross_border": power_list.cross_border,
        "profile": profile,
        "notes": power_list.notes,
        "totals": power_list.totals,
        "totals_waiver": power_list.totals_waiver,
        **_transferred_to(power_list),
    }


def _transferred_to(power_list: PowerList) -> dict[str, Any]:
    """The approval bureau to which a transfer list moves its matters (Y-1)."""
    bureau = bureau_of(power_list.place) if power_list.kind is ListKind.TRANSFER else None
    return {"bureau": {"name": bureau.name}} if bureau else {}


def working_rows(power_list: PowerList, matters: Collection[int] | None = None) -> Iterator[Row]:
    """The working copy's rows in their order, each resolved for every place of the list's scope (D-6, D-7).

    With `matters` only those of these few. Raises ScopeError when two rules of one rank differ for a place.
    """
    codes = [place.code for place in power_list.scope.members]
    groups = places.members(power_list.place)
    wanted = (
        select(Delegation)
        .where(Delegation.list_id == power_list.id)
        .options(
            joinedload(Delegation.matter).joinedload(Matter.organisation),
            joinedload(Delegation.matter).selectinload(Matter.everyday_names),
            selectinload(Delegation.sub_items),
            selectinload(Delegation.exceptions).joinedload(ScopeException.place),
            selectinload(Delegation.exceptions).joinedload(ScopeException.group),
        )
        .order_by(Delegation.position)
        .execution_options(yield_per=BATCH)
    )
    if matters is not None:
        wanted = wanted.where(Delegation.matter_id.in_(matters))
    # Closed by hand: a reader that stops early would leave PostgreSQL's cursor open.
    with closing(db.session.scalars(wanted)) as delegations:
        for delegation in delegations:
            yield _working_row(delegation, codes, groups)


def published_rows(revision: Revision, matters: Collection[int] | None = None) -> Iterator[Row]:
    """A revision's rows in their order, as they were frozen; with `matters` only those of these few."""
    wanted = (
        select(PublishedMatter)
        .where(PublishedMatter.revision_id == revision.id)
        .options(selectinload(PublishedMatter.answers))
        .order_by(PublishedMatter.position)
        .execution_options(yield_per=BATCH)
    )
    if matters is not None:
        wanted = wanted.where(PublishedMatter.matter_id.in_(matters))
    codes = {place["id"]: place["code"] for place in revision.content["place_ids"]}
    with closing(db.session.scalars(wanted)) as found:
        for published in found:
            yield _published_row(published, codes)


def scope_rules(exceptions: Iterable[ScopeException]) -> list[ScopeRule]:
    """The stored exceptions as rules, by place codes and group keys."""
    return [
        ScopeRule(
            mode=each.mode,
            places=frozenset({each.place.code} if each.place else ()),
            groups=frozenset({each.group.key} if each.group else ()),
        )
        for each in exceptions
    ]


def _working_row(delegation: Delegation, codes: list[str], groups: Mapping[str, frozenset[str]]) -> Row:
    matter, (name, code, kind, body) = delegation.matter, _printed(delegation)
    rules = scope_rules(delegation.exceptions)
    default = delegation.mode
    answers = (
        {code: resolve(code, default, rules, groups).value for code in codes}
        if rules
        else dict.fromkeys(codes, Mode(default).value)
    )
    return Row(
        matter_id=matter.id,
        seq=delegation.seq,
        department=body.name if body else "",
        code=code,
        name=name,
        type=kind.label,
        mode=default.value,
        mode_label=delegation.mode_label,
        remark=delegation.remark,
        sub_items=tuple(item.name for item in delegation.sub_items),
        status=_status(matter),
        # Sorted here: the two databases order Chinese differently, and a fresh record is in the order of typing.
        everyday_names=tuple(sorted(each.name for each in matter.everyday_names)),
        answers=answers,
        organisation_id=body.id if body else None,
    )


def _printed(delegation: Delegation) -> tuple[str, str, MatterType, Organisation | None]:
    """A matter's name, code, type and department, or those that it had when an older state of a list was printed."""
    matter, then = delegation.matter, delegation.printed
    if not then:
        return matter.name, matter.code, matter.type, matter.organisation
    body = db.session.get(Organisation, then["organisation_id"]) if then["organisation_id"] else None
    return then["name"], then["code"], MatterType(then["type"]), body


def _published_row(published: PublishedMatter, codes: Mapping[int, str]) -> Row:
    given = {answer.place_id: answer.mode.value for answer in published.answers}
    return Row(
        matter_id=published.matter_id,
        seq=published.seq,
        department=published.department,
        code=published.code,
        name=published.name,
        type=published.type.label,
        mode=published.mode.value,
        mode_label=published.mode_label,
        remark=published.remark,
        sub_items=tuple(published.sub_items),
        status=published.status,
        everyday_names=tuple(published.everyday_names),
        answers={code: given[place_id] for place_id, code in codes.items()},
        organisation_id=published.organisation_id,
    )


def _status(matter: Matter) -> dict[str, Any]:
    said: dict[str, Any] = {"state": matter.status.value}
    if matter.status_since:
        said["since"] = matter.status_since.isoformat()
    if matter.status_document:
        said["document"] = matter.status_document
    return said


def _json(value: Any) -> bytes:
    # Sorted, since PostgreSQL's JSONB does not keep the order of keys.
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(", ", ": ")).encode()
