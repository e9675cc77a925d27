"""Periods that ship with the project: how many days, counted how, under which clause (portal/data/periods.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.foundation.deadlines.rules import Counting, Terms

FILE = Path(__file__).resolve().parents[2] / "data" / "periods.toml"


@dataclass(frozen=True)
class Period:
    """How something is counted, and the clause that says so."""

    terms: Terms
    basis: str


@cache
def period(name: str) -> Period:
    """The period of that name; KeyError when the file has none."""
    said = tomllib.loads(FILE.read_text("utf-8"))[name]
    terms = Terms(Counting(said["counting"]), said["amount"], said.get("rolls", True))
    return Period(terms, said["basis"])
