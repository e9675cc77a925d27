"""What a list's working copy holds, read to be compared with a table that is to be taken over."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, select, type_coerce

from portal.db import db
from portal.foundation.places.models import Place, PlaceGroup
from portal.powers.lists.models import Delegation, PowerList, ScopeException, SubItem
from portal.powers.matters.models import Matter


class Present(NamedTuple):
    """One row as the working copy holds it now."""

    delegation_id: int
    position: int
    name: str
    compared: tuple[Any, ...]


def present_rows(power_list: PowerList) -> dict[str, Present]:
    """The working copy by matter identity; three plain queries, however long the list."""
    mine = Delegation.list_id == power_list.id
    parts, rules = _present_parts(mine), _present_rules(mine)
    wanted = (
        select(
            Delegation.id,
            Delegation.position,
            Delegation.seq,
            type_coerce(Delegation.mode, String).label("mode"),
            Delegation.mode_label,
            Delegation.remark,
            Matter.identity,
            Matter.name,
            type_coerce(Matter.type, String).label("type"),
            Matter.organisation_id,
            Delegation.printed,
        )
        .join(Delegation.matter)
        .where(mine)
        .order_by(Delegation.position)
    )
    found = {}
    for row in db.session.execute(wanted):
        compared = (
            row.seq,
            row.printed.get("type", row.type),
            row.mode,
            row.mode_label,
            row.remark,
            tuple(parts.get(row.id, ())),
            tuple(sorted(rules[row.id])) if row.id in rules else (),
            row.printed.get("organisation_id", row.organisation_id),
        )
        found[row.identity] = Present(row.id, row.position, row.name, compared)
    return found


def _present_parts(mine: ColumnElement[bool]) -> dict[int, list[str]]:
    """The names of the parts of the working copy's matters by delegation, in their order."""
    wanted = select(SubItem.delegation_id, SubItem.name).join(Delegation).where(mine)
    parts: dict[int, list[str]] = {}
    for key, name in db.session.execute(wanted.order_by(SubItem.position)):
        parts.setdefault(key, []).append(name)
    return parts


def _present_rules(mine: ColumnElement[bool]) -> dict[int, list[tuple[str, str]]]:
    """The exceptions of the working copy by delegation, each as Resolved.key."""
    wanted = (
        select(ScopeException.delegation_id, ScopeException.mode, Place.code, PlaceGroup.key)
        .join(Delegation)
        .join(ScopeException.place, isouter=True)
        .join(ScopeException.group, isouter=True)
        .where(mine)
    )
    rules: dict[int, list[tuple[str, str]]] = {}
    for key, mode, code, group in db.session.execute(wanted):
        rules.setdefault(key, []).append((code or f"@{group}", mode.value))
    return rules
