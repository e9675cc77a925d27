"""ETags: made of what is answered, compared as RFC 9110 (13.1.2) says."""

from __future__ import annotations

import re
from hashlib import sha256

DIGITS = 32
LONGEST_HEADER = 4096
_TAG = re.compile(r'\s*(?:W/)?("[^"]*")\s*(?:,|$)')


def tag_of(body: bytes, kind: str) -> str:
    """The tag of a body with its media type; weak, since it is the same for every content coding."""
    digest = sha256(kind.encode() + b"\n" + body).hexdigest()
    return f'W/"{digest[:DIGITS]}"'


def held(asked: str, tag: str) -> bool:
    """Whether an If-None-Match names the (weak) tag, alone or among others, or asks for any (`*`)."""
    if asked == tag:
        return True
    if len(asked) > LONGEST_HEADER:
        return False
    return asked.strip() == "*" or tag.removeprefix("W/") in _TAG.findall(asked)
