"""Choices of mode go on at the successor, unless it has chosen for itself."""

from __future__ import annotations

from portal.foundation.reorganisations.registry import Hanging, delete, plainly
from portal.i18n import mark
from portal.powers.uptakes.models import Choice

MOVING = (
    Hanging(
        Choice.place_id,
        mark("下放方式的选择"),
        lambda row: row.matter.name,
        plainly,
        delete,
        mark("从草稿里删去"),
    ),
)
