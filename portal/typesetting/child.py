"""The child process: limits itself, sets one document, writes the PDF to its standard output.

Run as `python -m portal.typesetting.child` with the order on standard input (press.typeset). It reads no file but
the template and the fonts, fetches nothing, and takes the data as text: no word of theirs is ever markup.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

import typst

MEMORY = 4 * 1024**3
"""Bytes of address space; five thousand rows take about half a gigabyte of it."""

SECONDS = 60
"""CPU time; five thousand rows take about three seconds."""


def limit() -> None:
    """Little memory and time, no core dump, nothing written."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def main() -> None:
    """Set what is ordered."""
    order = json.load(sys.stdin.buffer)
    limit()
    template: str = order["template"]
    page = typst.compile(
        template,
        root=str(Path(template).parent),
        font_paths=[*order["fonts"]],
        ignore_system_fonts=True,
        sys_inputs={"said": order["said"]},
        format="pdf",
        # For archives, and for people who listen to documents.
        pdf_standards=["a-2a", "ua-1"],
        timestamp=datetime.fromtimestamp(order["moment"], UTC),
    )
    sys.stdout.buffer.write(page)


if __name__ == "__main__":
    main()
