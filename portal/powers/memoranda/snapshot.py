"""A memorandum as the document that is published."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from portal.powers.memoranda.models import Memorandum


def statement(memorandum: Memorandum) -> dict[str, Any]:
    """The working copy in a fixed order, with the signed paper; a paper that is not public is named by its hash."""
    return {
        "bureau": {"id": memorandum.bureau_id, "name": memorandum.bureau.name},
        "department": {
            "id": memorandum.department_id,
            "name": memorandum.department.name,
            "place": memorandum.department.place.code,
        },
        "place": {"code": memorandum.place.code, "name": memorandum.place.name},
        "boundary": memorandum.boundary,
        "pushes": list(memorandum.pushes),
        "supports": dict(memorandum.supports),
        "every_matter": memorandum.every_matter,
        "matters": [
            {"id": each.matter_id, "name": each.matter.name}
            for each in sorted(memorandum.chosen, key=lambda each: each.matter_id)
        ],
        "valid_from": _day(memorandum.valid_from),
        "valid_until": _day(memorandum.valid_until),
        "bureau_contact": memorandum.bureau_contact,
        "department_contact": memorandum.department_contact,
        "paper": _paper(memorandum),
    }


def render(said: dict[str, Any]) -> bytes:
    """The document whose SHA-256 is the revision's hash."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _paper(memorandum: Memorandum) -> dict[str, Any] | None:
    paper = memorandum.paper
    if paper is None:
        return None
    named = {"id": paper.id, "name": paper.name} if memorandum.paper_public else {}
    return {"sha256": paper.sha256, **named}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
