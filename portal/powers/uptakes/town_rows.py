"""Towns as rows of a table: a county, or a city for all of its counties, enters them by file (D-10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.naming import fitting, own_place
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.rules import Column
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.powers.uptakes import service
from portal.powers.uptakes.rules import read_towns

COLUMNS = (
    Column("parent", (mark("上级"), "县（市、区）", "Above"), needed=True, place=True),
    Column("name", ("名称", "镇街", "镇街名称", "Name"), needed=True),
    Column("code", (mark("代码"), "Code")),
    Column("note", (mark("备注"), "Note")),
)
LONGEST_NOTE = 500


def find(values: Mapping[str, str], by: Account) -> Place | None:
    """The town of that name below that place."""
    county = own_place(values["parent"], by, Right.EDIT_PLACE)
    wanted = select(Place).where(
        Place.parent_id == county.id,
        Place.name == values["name"],
        Place.kind == PlaceKind.TOWN,
        Place.ended_on.is_(None),
    )
    return db.session.scalars(wanted.limit(1)).first()


def text(town: Place) -> dict[str, str]:
    """The town as a row says it."""
    return {
        "parent": town.parent.code if town.parent else "",
        "name": town.name,
        "code": town.code,
        "note": town.note,
    }


def save(town: Place | None, values: Mapping[str, str], by: Account) -> Place:
    """Enter the town with its body, or note something of it. Refused as the verbs are, and for another code (G-1)."""
    note = fitting(values.get("note", town.note if town else ""), LONGEST_NOTE)
    code = values.get("code", "")
    if town is None:
        county = own_place(values["parent"], by, Right.EDIT_PLACE)
        (town,) = service.enter_towns(county, read_towns([f"{values['name']} {code}"]), by=by)
    elif code not in ("", town.code):
        raise Refused("“%(name)s”的代码是 %(number)s，登记以后不能改。", name=town.name, number=town.code)
    if note != town.note:
        service.change_town(town, by=by, name=town.name, note=note)
    return town


def every(by: Account) -> Sequence[Place]:
    """The towns that the person may enter, by the place that they lie in."""
    own = places_of(by, Right.EDIT_PLACE)
    wanted = (
        select(Place)
        .where(Place.kind == PlaceKind.TOWN, Place.ended_on.is_(None))
        .options(joinedload(Place.parent))
    )
    if own is not None:
        wanted = wanted.where(Place.id.in_(own))
    return db.session.scalars(wanted.order_by(Place.parent_id, Place.position, Place.id)).all()


TOWNS = RowKind(
    name="towns",
    label=mark("镇街"),
    right=Right.EDIT_PLACE,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    every=every,
)
