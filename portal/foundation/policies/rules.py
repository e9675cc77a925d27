"""Cutting a document into clauses. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBERED = re.compile(r"^(\d{1,2})[．.、]\s*\S")
_MARK = re.compile(r"\[bookmark: [^\]]*\]")


@dataclass(frozen=True)
class ClauseText:
    """A clause as printed: how profiles cite it, how people do, and its words."""

    ref: str
    label: str
    text: str


def paragraphs(text: str) -> list[str]:
    """The document's paragraphs without the marks that word processors leave."""
    return [line for line in (_MARK.sub("", raw).strip() for raw in text.splitlines()) if line]


def numbered_clauses(text: str) -> list[ClauseText]:
    """The running numbered paragraphs (1．… 2．…), as far as the numbers rise by one."""
    found: list[ClauseText] = []
    for paragraph in paragraphs(text):
        match = _NUMBERED.match(paragraph)
        if match and int(match.group(1)) == len(found) + 1:
            found.append(ClauseText(match.group(1), f"第{match.group(1)}条", paragraph))
    return found


def clause_opening(text: str, opening: str) -> str | None:
    """The paragraph that begins with these words."""
    return next((paragraph for paragraph in paragraphs(text) if paragraph.startswith(opening)), None)
