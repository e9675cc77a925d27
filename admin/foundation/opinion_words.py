"""What the staff pages call the words of opinions."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from portal.foundation.publishing.opinions.rules import Stance, Standing

OPINION_WORDS: list[tuple[StrEnum, Any]] = [
    (Stance.AGREE, _("同意")),
    (Stance.OBJECT, _("不同意")),
    (Stance.SUGGEST, _("有建议")),
    (Standing.GIVEN, _("已回复")),
    (Standing.WAITED, _("等回复")),
    (Standing.SILENT, _("未回复")),
]
