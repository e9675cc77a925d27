"""What a transfer list says of a matter, in its own words. Pure (Y-1: S2.1)."""

from __future__ import annotations

from collections.abc import Mapping

from portal.powers.lists.rules import Mode, mark

TRANSFER_LABELS: Mapping[Mode, str] = {Mode.DIRECT: mark("划转"), Mode.UNDELEGATED: mark("进驻大厅")}
"""A matter is moved to the approval bureau, which does everything; or it stays outside, and enters the hall."""
PARTS = "子项"
LINKED = mark("关联事项")
"""What goes along with a transferred matter; kept where a delegation keeps the parts that it hands down alone."""


def usual_labels(*, transfer: bool) -> dict[Mode, str]:
    """How a list calls its modes where its document prints nothing else."""
    return {mode: mode.label for mode in Mode} | (dict(TRANSFER_LABELS) if transfer else {})


def parts_word(*, transfer: bool) -> str:
    """What the column of parts is called."""
    return LINKED if transfer else PARTS
