"""Departments as pages name them: by the place whose body it is and the name, since cities share names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from portal.powers.lists.cube import queries as cubes
from portal.powers.lists.cube.rules import Facet
from portal.site.editions import Edition
from portal.site.situations import full_name


@dataclass(frozen=True)
class Department:
    """One body that hands matters on, and how many in all lists of its place."""

    name: str
    issuer: str
    issuer_code: str
    count: int = 0

    @property
    def full(self) -> str:
        """The name with the place's, e.g. 济宁市公安局."""
        return full_name(self.issuer, self.name)

    @property
    def href(self) -> str:
        """Its page."""
        return url_for("site.department", code=self.issuer_code, name=self.name)


def of(edition: Edition, name: str) -> Department:
    """The body that a list's row names."""
    return Department(name, edition.issuer, edition.issuer_code)


def every(editions: Sequence[Edition]) -> dict[str, list[Department]]:
    """All of them by the place's name, the places in the order of the lists, the busiest department first."""
    counts = cubes.amounts([each.revision.id for each in editions])
    found: dict[tuple[str, str], Department] = {}
    for each in editions:
        for name, count in counts[each.revision.id][Facet.DEPARTMENT].items():
            if not name:
                continue
            known = found.get((each.issuer_code, name))
            total = count + (known.count if known else 0)
            found[each.issuer_code, name] = Department(name, each.issuer, each.issuer_code, total)
    grouped: dict[str, list[Department]] = {}
    for department in found.values():
        grouped.setdefault(department.issuer, []).append(department)
    return {
        issuer: sorted(bodies, key=lambda body: (-body.count, body.name))
        for issuer, bodies in grouped.items()
    }
