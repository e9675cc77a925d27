"""What a scan is, told by its first bytes, whatever its name says. Pure."""

from __future__ import annotations

LONGEST_MARK = 8
MARKS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


def kind_of(head: bytes) -> str | None:
    """The media type of a PDF, PNG or JPEG by its beginning; None for anything else."""
    return next((kind for mark, kind in MARKS.items() if head.startswith(mark)), None)
