"""The child process: limits itself, reads one file, writes the document to its standard output as JSON.

Run as `python -m portal.sheets.child PATH [pages]`; the word says that LibreOffice made the file of a PDF. It
imports no Flask, so that it starts in a few hundredths of a
second. The answer is {"document": …}, {"refused": code} or {"convert": kind}; a process that ends without an
answer was stopped by one of its limits.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
from pathlib import Path

from portal.sheets.grids import Document, to_data
from portal.sheets.packages import MAX_UNPACKED, look_at
from portal.sheets.refusals import Refusal, Refused
from portal.sheets.sniff import Kind, check_pdf, decode, sniff

MEMORY = 144 * 1024 * 1024
"""Bytes of address space that reading may take above the idle child."""

OPEN_FILES = 32
BYTES_PER_SECOND = 8 * 1024 * 1024
"""What one more second of CPU time is granted for: so much text, unpacked."""


MAX_CELLS, MAX_LETTERS, MAX_BLOCKS = 1_000_000, 12_000_000, 20_000
"""The largest document that is handed on: cells, letters, paragraphs and tables."""


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


def read(path: Path, *, pages: bool = False) -> Document:
    """The document in a file. Raises Refused, or NeedsConversion for kinds that LibreOffice must convert."""
    data = path.read_bytes()
    kind = sniff(data)
    if kind is Kind.PACKAGE:
        limit_time(MAX_UNPACKED)
        return _read_package(path, pages=pages)
    limit_time(len(data))
    if kind is Kind.TEXT:
        return _read_text(decode(data))
    if kind is Kind.XLS:
        return _read_xls(path, data)
    if kind is Kind.DOC:
        from portal.sheets.readers.compound import check_word

        check_word(data)
    if kind is Kind.PDF:
        check_pdf(data)
    raise NeedsConversion(kind)


def _read_text(text: str) -> Document:
    from portal.sheets.readers.columns import read_columns
    from portal.sheets.readers.text import read_text

    return read_columns(text) or read_text(text)


def _read_package(path: Path, *, pages: bool) -> Document:
    package = look_at(path)
    limit_time(package.unpacked)
    if pages:
        from portal.sheets.readers.pages import read_pages

        return read_pages(path)
    if package.kind is Kind.DOCX:
        from portal.sheets.readers.word import read_word

        return read_word(path)
    if package.kind is Kind.ODT:
        raise NeedsConversion(package.kind)
    from portal.sheets.readers.workbook import Positions, read_workbook

    formulas: dict[str, Positions] = {}
    if package.formulas:
        from portal.sheets.readers.formulas import ods_formulas, xlsx_formulas

        is_xlsx = package.kind is Kind.XLSX
        formulas = xlsx_formulas(path, package.formulas) if is_xlsx else ods_formulas(path)
    return read_workbook(path, package.kind, formulas)


def _read_xls(path: Path, data: bytes) -> Document:
    from portal.sheets.readers.compound import xls_formulas
    from portal.sheets.readers.workbook import read_workbook

    return read_workbook(path, Kind.XLS, xls_formulas(data))


def check_size(document: Document) -> None:
    """Refuse a document with more text than a list of matters can have: the rest of the work is not limited."""
    cells = sum(len(row) for grid in document.grids for _, row in grid.rows)
    letters = sum(len(block) for block in document.blocks if isinstance(block, str))
    letters += sum(len(cell) for grid in document.grids for _, row in grid.rows for cell in row)
    if cells > MAX_CELLS or letters > MAX_LETTERS or len(document.blocks) > MAX_BLOCKS:
        raise Refused(Refusal.TOO_LARGE)


def answer(path: Path, *, pages: bool = False) -> dict[str, object]:
    """What the child tells its parent about a file."""
    try:
        document = read(path, pages=pages)
        check_size(document)
        return {"document": to_data(document)}
    except NeedsConversion as needed:
        return {"convert": needed.kind}
    except Refused as refused:
        return {"refused": refused.refusal}
    except (MemoryError, RecursionError):
        return {"refused": Refusal.STOPPED}


def main() -> None:
    """Read the file named on the command line; write the answer and leave without further ado."""
    limit_memory()
    gc.disable()  # the process ends before cycles matter, and its memory is limited anyway
    said = json.dumps(answer(Path(sys.argv[1]), pages="pages" in sys.argv[2:]), ensure_ascii=False).encode()
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing is left to tidy up, and tearing a large document down takes longer than reading it


if __name__ == "__main__":
    main()
