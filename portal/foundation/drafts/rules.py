"""What a draft keeps and for how long. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

MOST_BYTES = 64 * 1024
"""So much may be typed into one form."""
MOST_DRAFTS = 50
"""So many drafts may one person keep."""
LONGEST_ADDRESS = 300
LONGEST_FORM = 100
LONGEST_STAMP = 60
KEPT = timedelta(days=90)
"""So long nobody needs to come back to a draft."""
SITTING = timedelta(minutes=15)
"""So long after the last word somebody still counts as having the form open."""

Fields = Sequence[tuple[str, str]]
"""Names of fields with what was typed, in their order; a name may stand several times."""


def written(fields: Fields, stamp: str) -> str:
    """The fields, and what the form was opened with, as one text."""
    return json.dumps({"fields": list(fields), "opened": stamp[:LONGEST_STAMP]}, ensure_ascii=False)


def read(content: str) -> tuple[list[tuple[str, str]], str]:
    """What `written` wrote; nothing of an empty text, such as one whose key is lost."""
    if not content:
        return [], ""
    said = json.loads(content)
    return [(name, value) for name, value in said["fields"]], said["opened"]


def too_long(content: str) -> bool:
    """Whether it is more than a draft keeps."""
    return len(content.encode()) > MOST_BYTES


def sits(changed_at: datetime, now: datetime) -> bool:
    """Whether somebody who typed last at that moment still has the form open."""
    return changed_at > now - SITTING


def since(sitting_since: datetime, changed_at: datetime, now: datetime) -> datetime:
    """Since when the person has the form open who types now: who was away for long begins anew."""
    return sitting_since if sits(changed_at, now) else now
