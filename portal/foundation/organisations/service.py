"""Verbs on bodies: adding them, their aliases, changing them, loading the shipped ones.

`by` is the account that asks; all of them take MANAGE_ORGANISATIONS. It is None for the project's own data.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select
from stdnum.cn import uscc as credit_code
from stdnum.exceptions import ValidationError

from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.organisations import queries, spellings
from portal.foundation.organisations.models import Organisation, OrganisationAlias
from portal.foundation.organisations.rules import OrganisationKind, fold
from portal.foundation.places import queries as places
from portal.foundation.places import service as tree
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Actor, Right
from portal.foundation.rights.service import require


def add(
    place: Place,
    name: str,
    kind: OrganisationKind = OrganisationKind.DEPARTMENT,
    *,
    by: Actor | None,
    uscc: str = "",
    email: str = "",
) -> Organisation:
    """A new body of a place.

    Forbidden without the right; Refused for an empty name and for a credit code that fails GB 32100; Conflict for
    a name or a credit code that another body has.
    """
    _require(by, place)
    body = Organisation(
        place=place, place_id=place.id, name=_free_name(place, name), kind=kind, email=email.strip()
    )
    body.uscc = _free_credit_code(uscc, None)
    db.session.add(body)
    db.session.flush()
    return body


def change(
    body: Organisation, *, by: Actor | None, name: str, kind: OrganisationKind, uscc: str, email: str
) -> Organisation:
    """Rename or describe a body; the same refusals as `add`.

    Documents go on naming it as it was, so that its former name becomes another of its names (G-3).
    """
    rename(body, name, by=by)
    body.kind, body.uscc, body.email = kind, _free_credit_code(uscc, body), email.strip()
    db.session.flush()
    return body


def rename(body: Organisation, name: str, *, by: Actor | None) -> Organisation:
    """Another official name; the former one becomes another of its names. The same refusals as `add`."""
    _require(by, body.place)
    if fold(name) != fold(body.name):
        _rename(body, name)
    return body


def add_alias(body: Organisation, name: str, *, by: Actor | None) -> OrganisationAlias:
    """Another name that documents use for a body; refused when the place's bodies already use it."""
    _require(by, body.place)
    alias = OrganisationAlias(place_id=body.place_id, name=_free_name(body.place, name))
    body.aliases.append(alias)
    db.session.flush()
    return alias


def set_aliases(body: Organisation, names: list[str], *, by: Actor | None) -> None:
    """Let these be all other names of a body; refused when another body of the place uses one of them."""
    _require(by, body.place)
    wanted = {fold(name): name for name in names if fold(name) != fold(body.name)}
    for alias in list(body.aliases):
        if wanted.pop(fold(alias.name), None) is None:
            body.aliases.remove(alias)
    db.session.flush()
    for name in wanted.values():
        add_alias(body, name, by=by)


def check_credit_code(text: str) -> str | None:
    """The unified social credit code in canonical form, None for an empty one; Refused when it cannot be one."""
    if not text.strip():
        return None
    try:
        return str(credit_code.validate(text))
    except ValidationError:
        raise Refused(
            "统一社会信用代码“%(number)s”校验不通过，请对照证书再填一次。", number=text.strip()
        ) from None


def load(folder: Path) -> int:
    """Bring the shipped bodies in; a second time changes nothing. Returns how many are new.

    `place_code` is a place's code, or a parent's code and a name (370406/西集镇) where there is no official one.
    """
    new, codes = 0, tree.shipped_codes(folder)
    with (folder / "organisations.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            place = _place(row["place_code"], codes)
            # What went with its place, or ended, is not brought in again.
            if place.ended_on or queries.named(place, row["name"]) or _ended(place, row["name"]):
                continue
            body = add(place, row["name"], OrganisationKind(row["kind"]), by=None)
            for alias in filter(None, row["aliases"].split("、")):
                add_alias(body, alias, by=None)
            new += 1
    return new


def _rename(body: Organisation, name: str) -> None:
    former = body.name
    own = next((alias for alias in body.aliases if fold(alias.name) == fold(name)), None)
    if own is not None:
        body.aliases.remove(own)
        db.session.flush()
    body.name = _free_name(body.place, name)
    db.session.flush()
    body.aliases.append(OrganisationAlias(place_id=body.place_id, name=former))


def _require(by: Actor | None, place: Place) -> None:
    if by is not None:
        require(by, Right.MANAGE_ORGANISATIONS, place)


def _place(code: str, codes: Mapping[tuple[str, str], str]) -> Place:
    above, _, name = code.partition("/")
    place = places.by_code(above)
    if place is not None and name:
        # A place that was renamed since is known by its code.
        place = places.named(place, name) or places.by_code(codes.get((above, name), ""))
    if place is None:
        raise LookupError(f"organisations.csv: no place {code}")
    return place


def _free_credit_code(text: str, own: Organisation | None) -> str | None:
    code = check_credit_code(text)
    with db.session.no_autoflush:
        holder = db.session.scalar(select(Organisation).where(Organisation.uscc == code)) if code else None
    if holder is not None and holder is not own:
        raise Conflict(
            "统一社会信用代码“%(number)s”已经登记给“%(name)s”了，请核对。", number=code, name=holder.name
        )
    return code


def _free_name(place: Place, name: str) -> str:
    name = "".join(name.split())
    if not name:
        raise Refused("请填写单位名称。")
    twin = queries.named(place, name)
    if twin is not None:
        raise Conflict(
            "“%(name)s”已经是%(place)s“%(twin)s”的名称或别名。", name=name, place=place.name, twin=twin.name
        )
    if _ended(place, name):
        raise Conflict("%(place)s原来有过“%(name)s”，已经撤销，请换一个名称。", place=place.name, name=name)
    spellings.told(place.id, name)
    return name


def _ended(place: Place, name: str) -> bool:
    """Whether a body of this very name ended at the place: it keeps its name for what it did."""
    past = select(Organisation.name).where(
        Organisation.place_id == place.id, Organisation.ended_on.is_not(None)
    )
    return fold(name) in {fold(each) for each in db.session.scalars(past)}
