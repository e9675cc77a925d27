"""Terms that ship with the project (portal/data/handovers.toml): which papers a document asks for, and by when."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from portal.foundation.deadlines.rules import Counting
from portal.foundation.policies.models import Policy
from portal.powers.handovers.models import HandoverTerms
from portal.powers.handovers.rules import Begin
from portal.powers.lists.models import PowerList

FILE = Path(__file__).resolve().parents[2] / "data" / "handovers.toml"


def terms_for(power_list: PowerList) -> Iterator[HandoverTerms]:
    """New rows for a list, as the file says them of its document; none where it says nothing."""
    clauses = {clause.ref: clause for clause in power_list.policy.clauses}
    for said in _read():
        if _of(said, power_list.policy):
            yield HandoverTerms(
                power_list=power_list,
                paper=said["paper"],
                counting=Counting(said["counting"]),
                amount=said.get("amount", 0),
                fixed_on=said.get("on"),
                counts_from=Begin(said.get("counts_from", Begin.ISSUED)),
                clause=clauses.get(said.get("clause", "")),
                basis=said["basis"],
            )


def _of(said: dict[str, Any], policy: Policy) -> bool:
    if "policy" in said:
        return bool(said["policy"] == policy.number)
    return (said["place"], said["issued_on"]) == (policy.place.code, policy.issued_on)


@cache
def _read() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(FILE.read_text("utf-8"))["handover"])
