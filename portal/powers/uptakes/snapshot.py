"""What one place says of itself, as the document that is published: receivers, regulators, points, choices."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.foundation.places.models import Place
from portal.powers.duties import queries as duties
from portal.powers.duties.models import Duty
from portal.powers.points import queries as points
from portal.powers.points.models import ServicePoint
from portal.powers.uptakes.models import Choice


def statement(place: Place) -> dict[str, Any]:
    """The working copy: {"place", "duties": […], "points": […], "choices": […]}, each in a fixed order."""
    choices = db.session.scalars(
        select(Choice).where(Choice.place_id == place.id).order_by(Choice.list_id, Choice.matter_id)
    )
    return {
        "place": {"code": place.code, "name": place.name},
        "duties": [_duty(duty) for duty in duties.of_place(place.id)],
        "points": [_point(point) for point in points.of_place(place.id)],
        "choices": [_choice(choice) for choice in choices],
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "matter_id": duty.matter_id,
        "matter": duty.matter.name,
        "role": duty.role.value,
        "organisation_id": duty.organisation_id,
        "organisation": duty.organisation.name,
        "from": duty.from_on.isoformat() if duty.from_on else None,
        "basis": duty.basis,
    }


def _point(point: ServicePoint) -> dict[str, Any]:
    return {
        "name": point.name,
        "kind": point.kind.value,
        "organisation": point.organisation.name if point.organisation else "",
        "address": point.address,
        "hours": point.hours,
        "phone": point.phone,
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "list_id": choice.list_id,
        "list": choice.power_list.slug,
        "matter_id": choice.matter_id,
        "matter": choice.matter.name,
        "mode": choice.mode.value,
        "basis": choice.basis,
    }


def render(said: dict[str, Any]) -> bytes:
    """The document whose SHA-256 is the revision's hash."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()
