"""The child process: limits itself, reads one file, writes the document to its standard output as JSON.

Run as `python -m portal.sheets.child PATH`. It imports no Flask, so that it starts in a few hundredths of a
second. The answer is {"document": …}, {"refused": code} or {"convert": kind}; a process that ends without an
answer was stopped by one of its limits.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from portal.sheets.grids import Document, to_data
from portal.sheets.refusals import Refusal, Refused
from portal.sheets.sniff import Kind, decode, sniff

MEMORY = 144 * 1024 * 1024
"""Bytes of address space that reading may take above the idle child."""

OPEN_FILES = 32
BYTES_PER_SECOND = 8 * 1024 * 1024
"""What one more second of CPU time is granted for: so much text, unpacked."""


class NeedsConversion(Exception):  # noqa: N818 — it is an answer, not a failure
    """The file is of a kind that LibreOffice has to convert first."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        super().__init__(kind)


def limit_memory() -> None:
    """No more memory than the idle process has plus MEMORY, few files, no core dump, nothing written."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def limit_time(size: int) -> None:
    """One second of CPU time, and one more for each BYTES_PER_SECOND of the `size` bytes to be read."""
    seconds = 1 + -(-size // BYTES_PER_SECOND)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def read(path: Path) -> Document:
    """The document in a file. Raises Refused, or NeedsConversion for kinds that LibreOffice must convert."""
    data = path.read_bytes()
    kind = sniff(data)
    if kind is Kind.TEXT:
        limit_time(len(data))
        return _read_text(decode(data))
    raise NeedsConversion(kind)


def _read_text(text: str) -> Document:
    from portal.sheets.readers.columns import read_columns
    from portal.sheets.readers.text import read_text

    return read_columns(text) or read_text(text)


def answer(path: Path) -> dict[str, object]:
    """What the child tells its parent about a file."""
    try:
        return {"document": to_data(read(path))}
    except NeedsConversion as needed:
        return {"convert": needed.kind}
    except Refused as refused:
        return {"refused": refused.refusal}
    except MemoryError:
        return {"refused": Refusal.STOPPED}


def main() -> None:
    """Read the file named on the command line; write the answer and leave without further ado."""
    limit_memory()
    said = json.dumps(answer(Path(sys.argv[1])), ensure_ascii=False).encode()
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing is left to tidy up, and tearing a large document down takes longer than reading it


if __name__ == "__main__":
    main()
