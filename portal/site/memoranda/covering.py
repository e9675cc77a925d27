"""Which memoranda cover a matter at a place, for the matter's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from portal.powers.duties.models import DutyRole
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.memoranda.queries import all_published
from portal.powers.memoranda.rules import Doer, Support
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local
from portal.site.memoranda import words
from portal.site.memoranda.words import Done


@dataclass(frozen=True)
class Covering:
    """A memorandum that covers the matter: its two bodies, its page, who does the steps that there are."""

    bureau: str
    department: str
    href: str
    supports: list[Done]


def covering(
    edition: Edition, row: PublishedMatter, place: PlaceName, mode: Mode, local: Local
) -> list[Covering]:
    """Those of the place's bureaus that hold on the day; `place` is the one that the answer is for."""
    bureaus, departments = set(_named(local, row, place, [DutyRole.RECEIVER])), set()
    if taker := edition.taker(mode):
        bureaus.add(taker)
    if row.organisation_id is not None:
        departments.add(row.organisation_id)
    regulators = (DutyRole.REGULATOR_PLACE, DutyRole.REGULATOR_CITY)
    departments |= {each for each in _named(local, row, place, regulators) if isinstance(each, int)}
    if not bureaus:
        return []
    found = []
    for each in all_published(local.day, place.code):
        if each.holds(local.day) and each.covers(row.matter_id, bureaus, departments):
            bureau, department = each.bureau["name"], each.department["name"]
            shares = each.wording.supports
            lines = [
                words.support(kind, shares[kind], bureau, department)
                for kind in Support
                if kind in shares and shares[kind].doer is not Doer.NOBODY
            ]
            href = url_for("site.memorandum", memorandum_id=each.id)
            found.append(Covering(bureau, department, href, lines))
    return found


def _named(
    local: Local, row: PublishedMatter, place: PlaceName, roles: Iterable[DutyRole]
) -> Iterable[int | str]:
    said = local.of(place.id)
    wanted = {role.value for role in roles}
    duties = said.revision.content["duties"] if said else ()
    return [
        each["organisation_id"]
        for each in duties
        if each["matter_id"] == row.matter_id and each["role"] in wanted
    ]
