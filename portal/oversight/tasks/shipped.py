"""The tasks that ship with the project: what public documents say, and nothing besides."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from portal import clock
from portal.db import db
from portal.foundation.organisations import queries as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.policies.models import Clause, Policy
from portal.foundation.policies.service import by_number
from portal.oversight.tasks import queries, service
from portal.oversight.tasks.milestones.service import add_milestone
from portal.oversight.tasks.rules import Dating


def load(folder: Path) -> int:
    """Bring the shipped tasks in; a second time changes nothing. Returns how many are new.

    They are public at once: they hold nothing but what a public document says. A document that the office entered
    itself, without these clauses, is left to the office.
    """
    new = 0
    for said in tomllib.loads((folder / "tasks.toml").read_text("utf-8"))["ledger"]:
        policy = by_number(said["policy"])
        if policy is None:
            raise LookupError(f"tasks.toml: no document {said['policy']}")
        clauses = {clause.ref: clause for clause in policy.clauses}
        for entry in said["task"]:
            clause = clauses.get(entry["clause"])
            if clause is not None and queries.by_code(policy.id, entry["code"]) is None:
                _bring(policy, clause, said["office"], entry)
                new += 1
    return new


def _bring(policy: Policy, clause: Clause, office: str, entry: dict[str, Any]) -> None:
    milestones = entry.get("milestone", ())
    draft = service.Draft(
        code=entry["code"],
        title=entry["title"],
        dating=Dating(entry["dating"]),
        begins_on=min((policy.issued_on or clock.today(), *(each["on"] for each in milestones))),
        office=_body(policy.place, office),
        clause=clause,
        responsible=entry["responsible"],
        leads=[_body(policy.place, name) for name in entry.get("leads", ())],
    )
    task = service.add(policy, draft, by=None)
    task.published = True
    for each in milestones:
        add_milestone(task, text=each["text"], printed=each["printed"], on=each["on"], by=None)
    db.session.flush()


def _body(place: Place, name: str) -> Organisation:
    body = organisations.named(place, name)
    if body is None:
        raise LookupError(f"tasks.toml: no body {name}")
    return body
