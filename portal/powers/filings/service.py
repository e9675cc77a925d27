"""Verbs on filings: what a list asks for, proof that it was done, its receipt (P-6, P-10)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, BinaryIO

from flask import current_app
from sqlalchemy import CursorResult, update

from portal import clock
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.deadlines import queries as owed
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.rules import Counting, Terms
from portal.foundation.files import service as files
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.powers.filings import opening, queries
from portal.powers.filings.models import Filing, FilingTerms
from portal.powers.filings.rules import FilingKind, FilingState
from portal.powers.lists.models import PowerList
from portal.powers.lists.rules import Mode

WEB = ("http://", "https://")


def set_terms(
    power_list: PowerList,
    kind: FilingKind,
    name: str,
    terms: Terms,
    *,
    by: Account,
    basis: str,
    copies: str = "",
    modes: Collection[Mode] = (),
) -> FilingTerms:
    """Write down to whom a list is filed or where it is announced; the newest revision asks for it from now on.

    Forbidden without EDIT_LISTS for its place; Refused without name and basis, and unless it is a number of days;
    Conflict when the list asks for it already.
    """
    require(by, Right.EDIT_LISTS, power_list.place_id)
    name, basis = name.strip(), basis.strip()
    _whole(name, basis, terms)
    # What ships for the document is there first, so that it is not lost beside what a person adds.
    if any((each.kind, each.name) == (kind, name) for each in opening.terms_at(power_list)):
        raise Conflict("这份清单已经写明了“%(name)s”。", name=name)
    made = FilingTerms(
        power_list=power_list,
        kind=kind,
        name=name,
        copies=copies.strip(),
        modes=[mode.value for mode in modes],
        counting=terms.counting,
        amount=terms.amount,
        basis=basis,
    )
    db.session.add(made)
    db.session.flush()
    revision = publishing.newest(Subject.LIST, power_list.id)
    if revision is not None:
        opening.open_for(revision, by=by)
    return made


def ask_of_newest(power_list: PowerList, *, by: Account) -> int:
    """Ask the list's newest revision for everything that it was not asked for when it was published; gives how many.

    Counted from its publication like the rest, so that what is late is late. Forbidden without EDIT_LISTS; Conflict
    before it is public and when nothing is left.
    """
    require(by, Right.EDIT_LISTS, power_list.place_id)
    found = opening.lacking([power_list])
    if not found:
        raise Conflict("这份清单的最新一版，该办的都已经列出了。", code="state")
    return opening.open_all(db.session.get_one(Revision, found[0].revision_id), by=by)


def prove(
    filing: Filing,
    on: date,
    *,
    by: Account,
    address: str = "",
    note: str = "",
    file: BinaryIO | None = None,
    name: str = "",
) -> Filing:
    """Say on which day it was filed or announced, with the proof: a file or the address where it can be read.

    Its deadline is met on that day. Forbidden without EDIT_LISTS; Refused without proof, for a day to come or before
    the publication, and for an address that is none; Conflict when it was proved already.
    """
    require(by, Right.EDIT_LISTS, filing.terms.power_list.place_id)
    address = address.strip()
    if file is None and not address:
        raise Refused("请附上证明：截图或者扫描件，或者公示的网址。")
    if address and not address.startswith(WEB):
        raise Refused("网址请从 https:// 写起。")
    _past(on, opening.begun(filing.revision))
    kept = files.store(file, name=name, limit=_limit()) if file is not None else None
    values = {
        "state": FilingState.DONE,
        "done_on": on,
        "address": address,
        "note": note.strip(),
        "file_id": kept.id if kept else None,
        "done_by_id": by.id,
        "done_at": clock.now(),
    }
    _move(filing, FilingState.DUE, values)
    for each in owed.of(queries.SUBJECT, filing.id):
        if each.state.running:
            deadlines.fulfil(each, on=on, by=by)
    return filing


def take_receipt(
    filing: Filing, on: date, *, by: Account, file: BinaryIO | None = None, name: str = ""
) -> Filing:
    """Say on which day the body above gave its receipt, with it where there is a paper; only of a filing.

    Forbidden without EDIT_LISTS; Refused for an announcement and for a day to come or before it was sent; Conflict
    before it was sent, and when the receipt is there.
    """
    require(by, Right.EDIT_LISTS, filing.terms.power_list.place_id)
    if filing.terms.kind is not FilingKind.FILING:
        raise Refused("公示没有回执。")
    _past(on, filing.done_on)
    kept = files.store(file, name=name, limit=_limit()) if file is not None else None
    values = {
        "state": FilingState.RECEIPTED,
        "receipt_on": on,
        "receipt_file_id": kept.id if kept else None,
    }
    _move(filing, FilingState.DONE, values)
    return filing


def _whole(name: str, basis: str, terms: Terms) -> None:
    if not name or not basis:
        raise Refused("请写明报给谁或者在哪里公示、依据是什么。")
    if terms.counting is Counting.FIXED_DAY or terms.amount < 1:
        raise Refused("请写明公布以后多少天之内。")


def _past(on: date, first: date | None) -> None:
    if on > clock.today() or (first is not None and on < first):
        raise Refused("日期不能晚于今天，也不能早于前一步。")


def _limit() -> int:
    limit: int = current_app.config["REMIT"].upload_limit
    return limit


def _move(filing: Filing, expected: FilingState, values: dict[str, Any]) -> None:
    """Change it if it still is as expected, in one statement, so that one of two people wins."""
    statement = update(Filing).where(Filing.id == filing.id, Filing.state == expected).values(values)
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    if not (isinstance(result, CursorResult) and result.rowcount):
        raise Conflict("刚才已经有人登记了，或者还没有到这一步。", code="state")
    db.session.refresh(filing)
