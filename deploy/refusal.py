"""What stops a start: one line in both languages, and no traceback."""

from __future__ import annotations


class CannotStartError(Exception):
    """Something on this machine has to be changed first; the text is one line that says what."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese} / {english}")
