"""What one place says of itself, as the document that is published: receivers, regulators, points, choices."""

from __future__ import annotations

import json
from typing import Any

from portal.foundation.places.models import Place
from portal.powers.duties import queries as duties
from portal.powers.duties.models import Duty
from portal.powers.points import queries as points
from portal.powers.points.models import ServicePoint
from portal.powers.uptakes import queries
from portal.powers.uptakes.models import Choice


def statement(place: Place) -> dict[str, Any]:
    """The working copy: {"place", "duties": […], "points": […], "choices": […]}, each in a fixed order.

    A choice for one town alone names it by "town" and "town_code"; one for the whole place has neither (D-10).
    """
    return {
        "place": {"code": place.code, "name": place.name},
        "duties": [_duty(duty) for duty in duties.of_place(place.id)],
        "points": [_point(point) for point in points.of_place(place.id)],
        "choices": [_choice(choice, place) for choice in queries.choices_of(place)],
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


def _choice(choice: Choice, place: Place) -> dict[str, Any]:
    said = {
        "list_id": choice.list_id,
        "list": choice.power_list.slug,
        "matter_id": choice.matter_id,
        "matter": choice.matter.name,
        "mode": choice.mode.value,
        "basis": choice.basis,
    }
    if code := queries.town_code(choice, place):
        said |= {"town": choice.place.name, "town_code": code}
    return said


def render(said: dict[str, Any]) -> bytes:
    """The document whose SHA-256 is the revision's hash."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()
