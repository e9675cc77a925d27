"""What the staff pages call the words of filings."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from portal.powers.filings.rules import FilingKind, FilingState

FILING_WORDS: list[tuple[StrEnum, Any]] = [
    (FilingKind.FILING, _("备案")),
    (FilingKind.ANNOUNCEMENT, _("公示")),
    (FilingState.DUE, _("要办")),
    (FilingState.DONE, _("已办")),
    (FilingState.RECEIPTED, _("有回执")),
]
