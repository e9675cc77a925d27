"""Bodies with their other names as rows of a table (G-3). They stand below this slice, which therefore says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.naming import fitting, lines_of, own_place, word_of
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.rules import Column
from portal.foundation.organisations import queries, service
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind, fold
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Right
from portal.i18n import mark

KINDS = {
    OrganisationKind.DEPARTMENT: "部门",
    OrganisationKind.APPROVAL_BUREAU: "审批服务局",
    OrganisationKind.REGULATOR: "监管部门",
    OrganisationKind.GOVERNMENT: "政府、管委会",
    OrganisationKind.GOVERNMENT_OFFICE: "政府办公室",
    OrganisationKind.SERVICE_CENTRE: "服务中心",
}
"""What the kinds are called in files."""

COLUMNS = (
    Column("place", ("地方", "所在地方", "Place"), needed=True, place=True),
    Column("name", ("名称", "单位名称", "机构名称", "Name"), needed=True),
    Column("kind", ("性质", "种类", "Kind")),
    Column("aliases", ("别名", "简称", "Other names")),
    Column("uscc", ("统一社会信用代码", "Credit code")),
    Column("email", ("收通知的邮箱", "邮箱", "E-mail")),
)
LONGEST = {"name": 128, "email": 254}


def find(values: Mapping[str, str], by: Account) -> Organisation | None:
    """The body of that official name at that place; Refused for another name of a body, by which none is renamed."""
    place = own_place(values["place"], by, Right.MANAGE_ORGANISATIONS)
    body = queries.named(place, values["name"])
    if body is not None and fold(body.name) != fold(values["name"]):
        raise Refused("“%(name)s”是“%(body)s”的别名。请写正式名称。", name=values["name"], body=body.name)
    return body


def text(body: Organisation) -> dict[str, str]:
    """The body as a row says it."""
    return {
        "place": body.place.code,
        "name": body.name,
        "kind": KINDS[body.kind],
        "aliases": "\n".join(alias.name for alias in body.aliases),
        "uscc": body.uscc or "",
        "email": body.email,
    }


def save(body: Organisation | None, values: Mapping[str, str], by: Account) -> Organisation:
    """Enter the body or describe it anew; what the file has no column for stays. Refused as the verbs are."""
    place = own_place(values["place"], by, Right.MANAGE_ORGANISATIONS)
    stands = text(body) if body is not None else {}
    said = {column.name: values.get(column.name, stands.get(column.name, "")) for column in COLUMNS}
    for field, most in LONGEST.items():
        fitting(said[field], most)
    names = lines_of(said["aliases"], "、")
    if body is not None and said["aliases"] == stands["aliases"]:
        # A name that has a separator in it stays one.
        names = [alias.name for alias in body.aliases]
    for name in names:
        fitting(name, LONGEST["name"])
    kind = word_of(said["kind"] or stands.get("kind") or KINDS[OrganisationKind.DEPARTMENT], KINDS)
    if body is None:
        body = service.add(place, said["name"], kind, by=by, uscc=said["uscc"], email=said["email"])
    else:
        service.change(body, by=by, name=said["name"], kind=kind, uscc=said["uscc"], email=said["email"])
    service.set_aliases(body, names, by=by)
    db.session.refresh(body, ["aliases"])
    return body


def every(by: Account) -> Sequence[Organisation]:
    """The bodies that the person may keep, by place; those that ended, or whose place did, are left out."""
    own = places_of(by, Right.MANAGE_ORGANISATIONS)
    wanted = (
        select(Organisation)
        .join(Organisation.place)
        .where(Organisation.ended_on.is_(None), Place.ended_on.is_(None))
        .options(contains_eager(Organisation.place), selectinload(Organisation.aliases))
    )
    if own is not None:
        wanted = wanted.where(Organisation.place_id.in_(own))
    return db.session.scalars(wanted.order_by(Organisation.place_id, Organisation.id)).all()


BODIES = RowKind(
    name="bodies",
    label=mark("机构"),
    right=Right.MANAGE_ORGANISATIONS,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    every=every,
)
