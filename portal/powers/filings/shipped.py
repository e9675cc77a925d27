"""Terms that ship with the project (portal/data/filings.toml): where documents have lists filed and announced."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from portal.foundation.deadlines.periods import period
from portal.foundation.deadlines.rules import Counting
from portal.foundation.places.models import Place
from portal.powers.filings.models import FilingTerms
from portal.powers.filings.rules import FilingKind
from portal.powers.lists.models import PowerList

FILE = Path(__file__).resolve().parents[2] / "data" / "filings.toml"
USUAL = "publication"


def terms_for(power_list: PowerList) -> Iterator[FilingTerms]:
    """New rows for a list, as the file says them of its document or of its kind; none where it says nothing."""
    usual = period(USUAL).terms
    for said in _read():
        if _of(said, power_list):
            yield FilingTerms(
                power_list=power_list,
                kind=FilingKind(said["kind"]),
                name=said["name"],
                copies=said.get("copies", ""),
                modes=list(said.get("modes", ())),
                counting=Counting(said.get("counting", usual.counting)),
                amount=said.get("amount", usual.amount),
                basis=said["basis"],
            )


def _of(said: dict[str, Any], power_list: PowerList) -> bool:
    policy = power_list.policy
    if "within" in said:
        return said["list_kind"] == power_list.kind and _within(power_list.place, said["within"])
    if "policy" in said:
        return bool(said["policy"] == policy.number)
    return (said["place"], said["issued_on"]) == (policy.place.code, policy.issued_on)


def _within(place: Place | None, code: str) -> bool:
    while place is not None:
        if place.code == code:
            return True
        place = place.parent
    return False


@cache
def _read() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(FILE.read_text("utf-8"))["filing"])
