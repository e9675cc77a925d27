"""Matters go on with the department that goes on; whose powers they are, the document has said."""

from __future__ import annotations

from portal.foundation.reorganisations.registry import Hanging, plainly
from portal.i18n import mark
from portal.powers.matters.models import Matter

MOVING = (Hanging(Matter.organisation_id, mark("主管的事项"), lambda row: row.name, plainly, singly=True),)
STAYING = {"matters.place_id": mark("事项属于发文的地方")}
