"""Policies as rows of a table: documents are entered by file. They stand below this slice, which therefore says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.naming import day_of, fitting, own_place
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.rules import Column
from portal.foundation.policies import service
from portal.foundation.policies.models import Policy
from portal.foundation.policies.rules import numbered_clauses
from portal.foundation.rights.rules import Right
from portal.i18n import mark

COLUMNS = (
    Column("number", (mark("文号"), "Number"), needed=True),
    Column("title", (mark("标题"), "Title"), needed=True),
    Column("issuer", (mark("发文机关"), "Issuer")),
    Column("issued_on", (mark("发文日期"), "Issued on")),
    Column("place", ("地方", "哪个地方的文件", "Place"), needed=True, place=True),
    Column("text", (mark("正文"), "Text")),
)
LONGEST = {"number": 64, "title": 255, "issuer": 128, "text": 200_000}


def find(values: Mapping[str, str], by: Account) -> Policy | None:
    """The document of that number. Refused for places whose documents are not the person's to enter (R-3)."""
    own_place(values["place"], by, Right.EDIT_LISTS)
    return service.by_number(values["number"])


def text(policy: Policy) -> dict[str, str]:
    """The document as a row says it. Its text was cut into clauses, and is not said again."""
    return {
        "number": policy.number,
        "title": policy.title,
        "issuer": policy.issuer,
        "issued_on": policy.issued_on.isoformat() if policy.issued_on else "",
        "place": policy.place.code or policy.place.name,
        "text": "",
    }


def save(policy: Policy | None, values: Mapping[str, str], by: Account) -> Policy:
    """Enter the document with the numbered clauses of its text. Refused as `service.add` is.

    What is entered stays, as revisions quote it: Refused for a row that says otherwise.
    """
    place = own_place(values["place"], by, Right.EDIT_LISTS)
    for field, most in LONGEST.items():
        fitting(values.get(field, ""), most)
    issued_on = day_of(values.get("issued_on", ""))
    if policy is None:
        return service.add(
            place,
            by=by,
            number=values["number"],
            title=values["title"],
            issuer=values.get("issuer", ""),
            issued_on=issued_on,
            clauses=numbered_clauses(values.get("text", "")),
        )
    stands = text(policy)
    other = any(values.get(name) not in (None, "", stands[name]) for name in ("title", "issuer", "text"))
    if other or place.id != policy.place_id or issued_on not in (None, policy.issued_on):
        raise Refused(
            "“%(number)s”已经登记过了。文件登记以后不能改，清单和任务都引用它。", number=policy.number
        )
    return policy


def every(by: Account) -> Sequence[Policy]:
    """The documents of the person's places, the oldest first."""
    own = places_of(by, Right.EDIT_LISTS)
    wanted = select(Policy).options(joinedload(Policy.place))
    if own is not None:
        wanted = wanted.where(Policy.place_id.in_(own))
    return db.session.scalars(wanted.order_by(Policy.issued_on, Policy.id)).all()


DOCUMENTS = RowKind(
    name="documents",
    label=mark("政策文件"),
    right=Right.EDIT_LISTS,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    every=every,
)
