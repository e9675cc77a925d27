"""What lists ask for as rows of a table: to whom each is filed, where it is announced, within how many days (P-6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.deadlines.rules import LONGEST as MOST_DAYS
from portal.foundation.deadlines.rules import Counting, Terms
from portal.foundation.imports.rows.naming import fitting, lines_of, word_of
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.remembering import once
from portal.foundation.imports.rows.rules import Column, says_the_same
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.powers.filings import service
from portal.powers.filings.models import FilingTerms
from portal.powers.filings.rules import FilingKind
from portal.powers.lists.models import PowerList
from portal.powers.lists.naming import called, list_among, mode_said
from portal.powers.lists.rules import Mode

KINDS = {FilingKind.FILING: "备案", FilingKind.ANNOUNCEMENT: "公示"}
"""What files call the kinds."""

COUNTINGS = {Counting.WORKING_DAYS: "工作日", Counting.CALENDAR_DAYS: "自然日"}
"""What files call that by which days are counted."""

MODES = {mode: mode.label for mode in Mode}

COLUMNS = (
    Column("power_list", (mark("清单"), "List"), needed=True),
    Column("kind", (mark("备案还是公示"), "Kind"), needed=True),
    Column("name", (mark("报给谁，或者在哪里公示"), "报给谁", "To whom"), needed=True),
    Column("copies", (mark("抄送"), "Copies")),
    Column("modes", (mark("只涉及这些方式的才要"), "Modes")),
    Column("amount", (mark("公布以后多少天之内"), "Days"), needed=True),
    Column("counting", (mark("怎么数"), "Counted in")),
    Column("basis", ("依据", "Basis"), needed=True),
)
LONGEST = {"name": 128, "copies": 255, "basis": 255}


def find(values: Mapping[str, str], by: Account) -> FilingTerms | None:
    """What the list asks for of that kind and name already; another's list is as none (R-3)."""
    power_list = _list(values, by)
    kind = word_of(values["kind"], KINDS)
    found: FilingTerms | None = db.session.scalar(
        select(FilingTerms).where(
            FilingTerms.list_id == power_list.id, FilingTerms.kind == kind, FilingTerms.name == values["name"]
        )
    )
    return found


def _list(values: Mapping[str, str], by: Account) -> PowerList:
    return list_among(values["power_list"], once(("own lists", by.id), lambda: _own(by)))


def _own(by: Account) -> Sequence[PowerList]:
    own = places_of(by, Right.EDIT_LISTS)
    wanted = select(PowerList).where(PowerList.earlier_of_id.is_(None))
    wanted = wanted.order_by(PowerList.position, PowerList.id)
    return db.session.scalars(wanted if own is None else wanted.where(PowerList.place_id.in_(own))).all()


def text(terms: FilingTerms) -> dict[str, str]:
    """It as a row says it."""
    return {
        "power_list": called(terms.power_list),
        "kind": KINDS[terms.kind],
        "name": terms.name,
        "copies": terms.copies,
        "modes": "、".join(Mode(each).label for each in terms.modes),
        "amount": str(terms.amount),
        "counting": COUNTINGS.get(terms.counting, ""),
        "basis": terms.basis,
    }


def save(terms: FilingTerms | None, values: Mapping[str, str], by: Account) -> FilingTerms:
    """Write down what the list asks for from now on. Refused as `service.set_terms` is, and for a change of it."""
    if terms is not None:
        if not says_the_same(text(terms), {name: said for name, said in values.items() if said}):
            raise Refused("这份清单已经写明了“%(name)s”，写明以后不能改。", name=terms.name)
        return terms
    for field, most in LONGEST.items():
        fitting(values.get(field, ""), most)
    counting = word_of(values.get("counting") or COUNTINGS[Counting.WORKING_DAYS], COUNTINGS)
    return service.set_terms(
        _list(values, by),
        word_of(values["kind"], KINDS),
        values["name"],
        Terms(counting, _days(values["amount"])),
        by=by,
        basis=values["basis"],
        copies=values.get("copies", ""),
        modes=[mode_said(each, MODES) for each in lines_of(values.get("modes", ""), "、")],
    )


def _days(said: str) -> int:
    """So many days; a spreadsheet may write 5 as 5.0."""
    number = said.removesuffix(".0")
    short = number.isascii() and number.isdigit() and len(number) <= len(str(MOST_DAYS))
    if not short or not 1 <= int(number) <= MOST_DAYS:
        raise Refused("天数请写 1 到 %(most)s 之间的整数。", most=MOST_DAYS)
    return int(number)


def every(by: Account) -> Sequence[FilingTerms]:
    """What the lists that the person edits ask for, list by list."""
    own = places_of(by, Right.EDIT_LISTS)
    wanted = select(FilingTerms).join(FilingTerms.power_list).options(contains_eager(FilingTerms.power_list))
    if own is not None:
        wanted = wanted.where(PowerList.place_id.in_(own))
    order = (PowerList.position, PowerList.id, FilingTerms.kind.desc(), FilingTerms.id)
    return db.session.scalars(wanted.order_by(*order)).all()


TERMS = RowKind(
    name="filing-terms",
    label=mark("备案和公示的要求"),
    right=Right.EDIT_LISTS,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    every=every,
)
