"""Groups of places as rows of a table (G-4). They stand below this slice, which therefore says it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.naming import fitting, lines_of, own_place
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.rules import Column
from portal.foundation.places import queries, service
from portal.foundation.places.models import Place, PlaceGroup
from portal.foundation.rights.rules import Right
from portal.i18n import mark

COLUMNS = (
    Column("parent", (mark("上级"), "Above"), needed=True, place=True),
    Column("key", (mark("代号"), "Code word"), needed=True),
    Column("name", ("名称", "Name"), needed=True),
    Column("members", (mark("包括哪些地方"), "包括", "Members")),
    Column("note", (mark("依据或说明"), "依据", "Basis")),
)
LONGEST = {"key": 32, "name": 64, "note": 500}

_KEY = re.compile(r"[a-z][a-z_]*")


def find(values: Mapping[str, str], by: Account) -> PlaceGroup | None:
    """The group of that code word among those of that place."""
    return queries.group(own_place(values["parent"], by, Right.EDIT_LISTS), values["key"])


def text(group: PlaceGroup) -> dict[str, str]:
    """The group as a row says it."""
    return {
        "parent": group.parent.code or group.parent.name,
        "key": group.key,
        "name": group.name,
        "members": "\n".join(place.name for place in group.members),
        "note": group.note,
    }


def save(group: PlaceGroup | None, values: Mapping[str, str], by: Account) -> PlaceGroup:
    """Say what documents mean by the group, and who belongs to it. Refused as `service.set_group` is."""
    parent = own_place(values["parent"], by, Right.EDIT_LISTS)
    stands = text(group) if group is not None else {}
    said = {column.name: values.get(column.name, stands.get(column.name, "")) for column in COLUMNS}
    for field, most in LONGEST.items():
        fitting(said[field], most)
    if not _KEY.fullmatch(said["key"]):
        raise Refused("代号只用小写字母和下划线，例如 zones。")
    if not said["name"]:
        raise Refused("请填写名称。")
    members = _members(said["members"], parent, group)
    return service.set_group(parent, said["key"], said["name"], members, said["note"], by=by)


def _members(said: str, parent: Place, group: PlaceGroup | None) -> list[Place]:
    """The places of a cell, by name or code; those that belong to the group already also when they have ended."""
    known: dict[str, Place] = {}
    for place in (*(group.members if group is not None else ()), *queries.children(parent)):
        known.setdefault(place.name, place)
        known.setdefault(place.code, place)
    names = lines_of(said, "、")
    for name in names:
        if name not in known:
            raise Refused("%(parent)s下面没有“%(name)s”这个地方。", parent=parent.name, name=name[:64])
    return list({known[name].id: known[name] for name in names}.values())


def every(by: Account) -> Sequence[PlaceGroup]:
    """The groups that the person may settle; those that a place is alone in are left out."""
    own = places_of(by, Right.EDIT_LISTS)
    wanted = (
        select(PlaceGroup)
        .where(PlaceGroup.key != service.OWN, PlaceGroup.parent.has(Place.ended_on.is_(None)))
        .options(joinedload(PlaceGroup.parent), selectinload(PlaceGroup.members))
    )
    if own is not None:
        wanted = wanted.where(PlaceGroup.parent_id.in_(own))
    return db.session.scalars(wanted.order_by(PlaceGroup.parent_id, PlaceGroup.id)).all()


GROUPS = RowKind(
    name="groups",
    label=mark("地方分组"),
    right=Right.EDIT_LISTS,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    every=every,
)
