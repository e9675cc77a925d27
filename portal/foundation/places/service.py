"""Verbs on places: loading the shipped tree, adding, renaming, ending, grouping.

`by` is the account that asks. It is None where nobody does: the project's own data, and groups that follow from
the kinds of places.
"""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.places import queries
from portal.foundation.places.models import Place, PlaceGroup
from portal.foundation.places.rules import Certainty, PlaceKind, read_kind
from portal.foundation.rights.rules import Actor, Right
from portal.foundation.rights.service import may, require

LONGEST_NAME = 64
OWN = "own"
"""The key of the group that a place is alone in; nobody edits it."""
OWN_CODE_LETTERS = {PlaceKind.ZONE: "z", PlaceKind.TOWN: "t", PlaceKind.COUNTY: "c"}


def add(
    parent: Place | None,
    name: str,
    kind: PlaceKind,
    *,
    by: Actor | None,
    code: str = "",
    certainty: Certainty = Certainty.HIGH,
    printed_kind: str = "",
    note: str = "",
) -> Place:
    """A new place under a parent. Without an official code it gets one of our own (G-1).

    A county officer may enter the towns of its own county (D-10), all else takes MANAGE_ORGANISATIONS.
    Forbidden without the right; Refused for no name or one of more than 64 characters; Conflict when the parent
    has a place of that name that has not ended, or when the code is taken.
    """
    _require(by, parent, kind)
    name = _name(name)
    _free(parent, name)
    official = bool(code)
    code = code or _own_code(parent, kind)
    if queries.by_code(code):
        raise Conflict("代码 %(number)s 已经有地方在用。", number=code)
    place = Place(
        code=code,
        official=official,
        name=name,
        kind=kind,
        parent=parent,
        position=_next_position(parent),
        certainty=certainty,
        printed_kind=printed_kind,
        note=note,
    )
    db.session.add(place)
    db.session.flush()
    return place


def change(
    place: Place, *, by: Actor | None, name: str, note: str, certainty: Certainty, ended_on: date | None
) -> Place:
    """Rename a place, note something, or end it; what was published under it stays (G-1).

    Takes the same right as adding it.
    """
    _require(by, place.parent, place.kind)
    name = _name(name)
    if ended_on is None or name != place.name:
        _free(place.parent, name, place)
    place.name, place.note, place.certainty, place.ended_on = name, note.strip(), certainty, ended_on
    db.session.flush()
    return place


def set_group(
    parent: Place, key: str, name: str, members: list[Place], note: str = "", *, by: Actor | None
) -> PlaceGroup:
    """Say what documents mean by a group (G-4); every member must lie straight under the parent.

    Takes EDIT_LISTS: it decides whom a list reaches.
    """
    if by is not None:
        require(by, Right.EDIT_LISTS, parent)
    if key == OWN:
        raise Refused("“%(key)s”是地方自己用的组，不能改。", key=OWN)
    strangers = [place.name for place in members if place.parent_id != parent.id]
    if strangers:
        raise Refused(
            "%(names)s 不在%(parent)s下面，不能放进这一组。", names="、".join(strangers), parent=parent.name
        )
    found = queries.group(parent, key) or PlaceGroup(parent=parent, key=key)
    found.name, found.note, found.members = name, note, sorted(members, key=lambda place: place.position)
    db.session.add(found)
    db.session.flush()
    return found


def own_group(place: Place, name: str, *, by: Actor) -> PlaceGroup:
    """The group of a place alone, for what is decided for the place itself; made when first asked for.

    Takes EDIT_LISTS, as every group does.
    """
    require(by, Right.EDIT_LISTS, place)
    found = queries.group(place, OWN)
    if found is None:
        found = PlaceGroup(parent=place, key=OWN, name=name, note="", members=[place])
        db.session.add(found)
        db.session.flush()
    return found


def load(folder: Path) -> int:
    """Bring the shipped tree and groups in; a second time changes nothing. Returns how many places are new.

    What was renamed since is known by its code: the document's, or the one that it was given in the file's order.
    """
    plan = tomllib.loads((folder / "places.toml").read_text("utf-8"))
    new = sum(_load_above(entry) for entry in plan["above"])
    codes = shipped_codes(folder)
    with (folder / "places.csv").open(encoding="utf-8", newline="") as lines:
        new += sum(_load_row(row, codes[row["parent_code"], row["name"]]) for row in csv.DictReader(lines))
    for entry in plan["groups"]:
        _load_group(entry)
    return new


def shipped_codes(folder: Path) -> dict[tuple[str, str], str]:
    """The code of every shipped place, by its parent's code and the name that the file gives it.

    Without an official one it is the code of our own that loading the file into an empty tree gives.
    """
    found: dict[tuple[str, str], str] = {}
    given: Counter[str] = Counter()
    with (folder / "places.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            stem = _stem(row["parent_code"], read_kind(row["kind"]))
            given[stem] += not row["code"]
            found[row["parent_code"], row["name"]] = row["code"] or f"{stem}{given[stem]}"
    return found


def _load_above(entry: dict[str, Any]) -> int:
    if queries.by_code(entry["code"]):
        return 0
    parent = queries.by_code(entry["parent"]) if "parent" in entry else None
    add(parent, entry["name"], PlaceKind(entry["kind"]), code=entry["code"], by=None)
    return 1


def _load_row(row: dict[str, str], code: str) -> int:
    parent = queries.by_code(row["parent_code"])
    if parent is None:
        raise LookupError(f"places.csv: no parent {row['parent_code']}")
    if queries.named(parent, row["name"]) or queries.by_code(code):
        return 0
    kind = read_kind(row["kind"])
    add(
        parent,
        row["name"],
        kind,
        by=None,
        code=row["code"],
        certainty=Certainty(row["certainty"]),
        printed_kind=row["kind"],
        note=row["note"],
    )
    return 1


def _load_group(entry: dict[str, Any]) -> None:
    parent = queries.by_code(entry["parent"])
    if parent is None:
        raise LookupError(f"places.toml: no parent {entry['parent']}")
    if queries.group(parent, entry["key"]):
        return  # a person may have decided otherwise since
    wanted = set(entry.get("members", ()))
    without = set(entry.get("without", ()))
    kind = entry.get("kind")
    chosen = [
        place
        for place in queries.children(parent)
        if place.name not in without
        and (place.name in wanted if wanted else kind in (None, place.kind.value))
    ]
    if wanted - {place.name for place in chosen}:
        raise LookupError(f"places.toml: unknown members of {entry['key']}")
    set_group(parent, entry["key"], entry["name"], chosen, entry.get("note", ""), by=None)


def _require(by: Actor | None, parent: Place | None, kind: PlaceKind) -> None:
    if by is None:
        return
    # Without a parent it would be nobody's town, and EDIT_PLACE would be asked for no place at all.
    if kind is PlaceKind.TOWN and parent is not None and may(by, Right.EDIT_PLACE):
        require(by, Right.EDIT_PLACE, parent)
    else:
        require(by, Right.MANAGE_ORGANISATIONS, parent)


def _name(text: str) -> str:
    name = text.strip()
    if not name:
        raise Refused("请填写地方的名称。")
    if len(name) > LONGEST_NAME:
        raise Refused("名称最多 %(count)d 个字符。", count=LONGEST_NAME)
    return name


def _free(parent: Place | None, name: str, own: Place | None = None) -> None:
    """Raise Conflict for a name that another place under the parent has; one that ended gives its name free."""
    if parent is None:
        return
    twins = (each for each in queries.children(parent) if each.name == name and each is not own)
    if any(each.ended_on is None for each in twins):
        raise Conflict("%(parent)s下面已经有“%(name)s”了。", parent=parent.name, name=name)


def _own_code(parent: Place | None, kind: PlaceKind) -> str:
    stem = _stem(parent.code if parent else "", kind)
    number = 1
    while queries.by_code(f"{stem}{number}"):
        number += 1
    return f"{stem}{number}"


def _stem(parent_code: str, kind: PlaceKind) -> str:
    return f"{parent_code}{OWN_CODE_LETTERS.get(kind, 'x')}"


def _next_position(parent: Place | None) -> int:
    return len(queries.children(parent)) + 1 if parent is not None and parent.id else 1
