"""Control totals: what the document says it hands down against what the list holds (P-4). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Any


@dataclass(frozen=True)
class Mismatch:
    """One total that differs: `kind` is total, mode or type; `name` the mode or the type's label."""

    kind: str
    name: str
    declared: int
    counted: int


def figures(mismatches: Iterable[Mismatch]) -> list[list[Any]]:
    """What a person accepts who accepts these, as it is kept: [[kind, name, declared, counted], …]."""
    return [list(astuple(each)) for each in mismatches]


def compare_totals(declared: Mapping[str, Any], modes: Iterable[str], types: Iterable[str]) -> list[Mismatch]:
    """The totals that differ.

    `declared` is {"total": n, "by_mode": {mode: n}, "by_type": {label: n}}, any part absent.
    """
    by_mode, by_type = Counter(modes), Counter(types)
    total = by_mode.total()
    found = []
    if declared.get("total") not in (None, total):
        found.append(Mismatch("total", "", declared["total"], total))
    for kind, counts in (("mode", by_mode), ("type", by_type)):
        for name, number in declared.get(f"by_{kind}", {}).items():
            if counts.get(name, 0) != number:
                found.append(Mismatch(kind, name, number, counts.get(name, 0)))
    return found
