"""Compound files (OLE): the container of .xls and .doc, read as far as passwords and formulas need it."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from portal.sheets.readers.workbook import Positions
from portal.sheets.refusals import Refusal, Refused

_END = 0xFFFFFFFA
"""Sector numbers from here on are marks (free, end of chain), not sectors."""

_HEADER = 512
_ENTRY = 128
_FIRST_FAT_SECTORS = 109
_BIFF_SHEET, _BIFF_PASSWORD, _BIFF_FORMULA = 0x85, 0x2F, 0x06
_BIFF_CELLS = frozenset({0x06, 0x7E, 0xBD, 0xFD, 0x203, 0x204, 0x205, 0x0D6})
_BIFF_END = 0x0A
_WORD_ENCRYPTED = 0x0100
MAX_CELLS = 2_000_000


def stream(data: bytes, *names: str) -> bytes:
    """The first stream with one of the names. Raises Refused when the container is damaged or has none."""
    try:
        return _stream(data, names)
    except (struct.error, IndexError, ValueError) as error:
        raise Refused(Refusal.DAMAGED) from error


def _stream(data: bytes, names: tuple[str, ...]) -> bytes:
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    directory_at, cutoff = struct.unpack_from("<I4xI", data, 48)
    size = 1 << min(shift, 16)
    fat = _fat(data, size)
    directory = _chain(data, fat, directory_at, size, _HEADER)
    root = directory[:_ENTRY]
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        entry = directory[at : at + _ENTRY]
        length = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if name not in names:
            continue
        start, bytes_long = struct.unpack_from("<II", entry, 116)
        if bytes_long >= cutoff:
            return _chain(data, fat, start, size, _HEADER)[:bytes_long]
        minis = _chain(data, fat, struct.unpack_from("<I", root, 116)[0], size, _HEADER)
        table = _numbers(_chain(data, fat, struct.unpack_from("<I", data, 60)[0], size, _HEADER))
        return _chain(minis, table, start, 1 << min(mini_shift, 16), 0)[:bytes_long]
    raise Refused(Refusal.DAMAGED)


def _fat(data: bytes, size: int) -> list[int]:
    sectors = [number for number in struct.unpack_from(f"<{_FIRST_FAT_SECTORS}I", data, 76) if number < _END]
    at = struct.unpack_from("<I", data, 68)[0]
    for _ in range(len(data) // size):
        if at >= _END:
            break
        more = _numbers(_sector(data, at, size))
        sectors += [number for number in more[:-1] if number < _END]
        at = more[-1]
    return [number for sector in sectors for number in _numbers(_sector(data, sector, size))]


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _sector(data: bytes, number: int, size: int) -> bytes:
    return data[_HEADER + number * size : _HEADER + (number + 1) * size]


def _chain(data: bytes, table: list[int], start: int, size: int, offset: int) -> bytes:
    """The sectors that follow each other in the table; a chain longer than the file is a circle."""
    pieces: list[bytes] = []
    while start < _END:
        if len(pieces) * size > len(data):
            raise ValueError("circle")
        pieces.append(data[offset + start * size : offset + (start + 1) * size])
        start = table[start]
    return b"".join(pieces)


def check_word(data: bytes) -> None:
    """Refuse a .doc file that has a password."""
    if struct.unpack_from("<H", stream(data, "WordDocument"), 10)[0] & _WORD_ENCRYPTED:
        raise Refused(Refusal.ENCRYPTED)


def xls_formulas(data: bytes) -> dict[str, Positions]:
    """The formulas of an .xls workbook by the sheets' names. Raises Refused for passwords and far-out cells."""
    book = stream(data, "Workbook", "Book")
    try:
        sheets = list(_sheets(book))
        return {name: _formulas(book, at) for name, at in sheets}
    except (struct.error, IndexError) as error:
        raise Refused(Refusal.DAMAGED) from error


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, where its content starts, length) of the records from `at` to the end of the substream."""
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, at + 4, length
        if kind == _BIFF_END:
            return
        at += 4 + length


def _sheets(book: bytes) -> Iterator[tuple[str, int]]:
    for kind, at, _ in _records(book, 0):
        if kind == _BIFF_PASSWORD:
            raise Refused(Refusal.ENCRYPTED)
        if kind == _BIFF_SHEET:
            start, length, wide = struct.unpack_from("<I2xBB", book, at)
            raw = book[at + 8 : at + 8 + length * (2 if wide & 1 else 1)]
            yield raw.decode("utf-16-le" if wide & 1 else "latin-1", "replace"), start


def _formulas(book: bytes, start: int) -> Positions:
    found: set[tuple[int, int]] = set()
    last_row = last_column = 0
    for kind, at, _ in _records(book, start):
        if kind in _BIFF_CELLS:
            row, column = struct.unpack_from("<HH", book, at)
            last_row, last_column = max(last_row, row), max(last_column, column)
            if kind == _BIFF_FORMULA:
                found.add((row + 1, column))
    if (last_row + 1) * (last_column + 1) > MAX_CELLS:
        raise Refused(Refusal.TOO_WIDE)
    return frozenset(found)
