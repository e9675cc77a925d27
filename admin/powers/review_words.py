"""What the staff pages call the words of reviews."""

from __future__ import annotations

from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _

from portal.powers.reviews.rules import Outcome, ReviewState

REVIEW_WORDS: list[tuple[Enum, Any]] = [
    (ReviewState.DUE, _("等填写")),
    (ReviewState.FILED, _("已报送")),
    (ReviewState.DROPPED, _("不用填了")),
    (Outcome.KEEP, _("保留")),
    (Outcome.CHANGE, _("建议调整")),
    (Outcome.TAKE_BACK, _("建议收回")),
]
