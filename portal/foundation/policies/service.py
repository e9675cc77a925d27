"""Verbs on documents: loading the shipped ones, adding others."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place
from portal.foundation.policies.models import Clause, Policy
from portal.foundation.policies.rules import ClauseText, clause_opening, numbered_clauses
from portal.foundation.rights.rules import Actor, Right
from portal.foundation.rights.service import require


def add(
    place: Place,
    *,
    by: Actor | None,
    number: str,
    title: str,
    issuer: str,
    issued_on: date | None,
    clauses: Iterable[ClauseText] = (),
) -> Policy:
    """A document of a place's government, with its clauses in reading order. Its number is unique.

    `by` is the account that asks, which takes EDIT_LISTS; None for the project's own data. Raises Forbidden,
    Refused (no number or title) and Conflict (number taken).
    """
    if by is not None:
        require(by, Right.EDIT_LISTS, place)
    if not number.strip() or not title.strip():
        raise Refused("请填写文号和标题。")
    if by_number(number.strip()):
        raise Conflict("文号“%(number)s”已经登记过了。", number=number.strip())
    policy = Policy(
        place=place, number=number.strip(), title=title.strip(), issuer=issuer, issued_on=issued_on
    )
    policy.clauses = [
        Clause(ref=clause.ref, label=clause.label, text=clause.text, position=position)
        for position, clause in enumerate(clauses, 1)
    ]
    db.session.add(policy)
    db.session.flush()
    return policy


def by_number(number: str) -> Policy | None:
    """The document with this number."""
    return db.session.scalar(select(Policy).where(Policy.number == number))


def load(folder: Path) -> int:
    """Bring the shipped documents in; a second time changes nothing. Returns how many are new."""
    plan = tomllib.loads((folder / "policies.toml").read_text("utf-8"))
    new = 0
    for entry in plan["policy"]:
        if by_number(entry["number"]):
            continue
        place = places.by_code(entry["place"])
        if place is None:
            raise LookupError(f"policies.toml: no place {entry['place']}")
        text = (folder / "policies" / entry["text"]).read_text("utf-8")
        add(
            place,
            by=None,
            number=entry["number"],
            title=entry["title"],
            issuer=entry["issuer"],
            issued_on=entry["issued_on"],
            clauses=_clauses(entry, text),
        )
        new += 1
    return new


def _clauses(entry: dict[str, Any], text: str) -> list[ClauseText]:
    found = numbered_clauses(text) if entry.get("numbered") else []
    for wanted in entry.get("clause", ()):
        words = clause_opening(text, wanted["opens"])
        if words is None:
            raise LookupError(f"{entry['text']}: no clause opens with {wanted['opens']}")
        found.append(ClauseText(wanted["ref"], wanted["label"], words))
    return found
