"""What is looked at in a zip package (docx, xlsx, ods) before any library opens it.

Libraries trust what a package says of itself. Here its directory is checked against limits, and every XML
part is read once as a stream of bytes: a DTD, an entity, an odd encoding, a reference to something outside or
a cell far out in a sheet ends the reading before a parser sees it.
"""

from __future__ import annotations

import html
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from portal.sheets.refusals import Refusal, Refused
from portal.sheets.sniff import Kind

MAX_PARTS = 2000
MAX_UNPACKED = 64 * 1024 * 1024
MAX_RATIO = 100
RATIO_COUNTS_FROM = 4 * 1024 * 1024
MAX_COLUMNS = 702
MAX_ROWS = 99_999
"""Beyond column ZZ or this row nothing is read: a cell there makes the whole sheet that large."""

_CHUNK = 1024 * 1024
_OVERLAP = 1024
_DIRECTORY_ENTRY = 46
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)")
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{0,40})[\"']")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.IGNORECASE)
_HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_ODF_EXTERNAL = re.compile(
    rb"<(?:draw:image|draw:object|table:table-source|table:cell-range-source|text:section-source)\b"
    rb"[^>]*xlink:href\s*=\s*[\"'](?:https?|ftp|file|smb)?:?/"
)
# Each pattern starts with plain bytes: that is what makes searching megabytes of XML quick.
_FAR_CELL = re.compile(rb"r=[\"'](?:[A-Z]{3}\d+|[A-Z]+\d{6,7})[\"'][^>]*(?<!/)>")
_FORMULAS = (re.compile(rb"<f[\s/>]"), re.compile(rb":f[\s/>]"), re.compile(rb"table:formula\s*="))
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


@dataclass(slots=True)
class Package:
    """What a package is, how many bytes it unpacks to, and which of its parts hold formulas."""

    kind: Kind
    unpacked: int
    formulas: set[str] = field(default_factory=set)


def look_at(path: Path) -> Package:
    """The kind of a zip package that is safe to open. Raises Refused for every other one."""
    _check_directory_size(path)
    try:
        with zipfile.ZipFile(path) as archive:
            package = _look_inside(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise Refused(Refusal.DAMAGED) from error
    return package


def _check_directory_size(path: Path) -> None:
    """Refuse a directory of thousands of entries before it is read into memory."""
    data = path.read_bytes()
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_558))
    if at < 0 or len(data) < at + 22:
        raise Refused(Refusal.DAMAGED)
    entries, size = struct.unpack_from("<HI", data, at + 10)
    if entries > MAX_PARTS or size > MAX_PARTS * _DIRECTORY_ENTRY * 4:
        raise Refused(Refusal.TOO_MANY_PARTS)


def _look_inside(archive: zipfile.ZipFile) -> Package:
    infos = archive.infolist()
    names = {info.filename for info in infos}
    if len(infos) > MAX_PARTS:
        raise Refused(Refusal.TOO_MANY_PARTS)
    if len(names) != len(infos):
        raise Refused(Refusal.DAMAGED)
    for info in infos:
        _check_entry(info)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED:
        raise Refused(Refusal.BOMB)
    package = Package(_kind(archive, names), unpacked)
    for info in infos:
        if info.filename.endswith((".xml", ".rels", ".vml")):
            _check_part(archive, info, package)
    return package


def _check_entry(info: zipfile.ZipInfo) -> None:
    if info.filename.startswith("/") or ".." in info.filename.split("/"):
        raise Refused(Refusal.DAMAGED)
    if info.flag_bits & 1:
        raise Refused(Refusal.ENCRYPTED)
    if info.compress_type not in _READABLE:
        raise Refused(Refusal.DAMAGED)
    if info.file_size > RATIO_COUNTS_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise Refused(Refusal.BOMB)


def _kind(archive: zipfile.ZipFile, names: set[str]) -> Kind:
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            mimetype = part.read(200)
        if b"opendocument.spreadsheet" in mimetype:
            return Kind.ODS
        if b"opendocument.text" in mimetype:
            return Kind.ODT
        raise Refused(Refusal.UNKNOWN)
    if "[Content_Types].xml" not in names:
        raise Refused(Refusal.ARCHIVE)
    if any(name.startswith("xl/") and name.endswith("workbook.bin") for name in names):
        raise Refused(Refusal.BINARY_SHEET)
    if any(name.startswith("xl/") for name in names):
        return Kind.XLSX
    if any(name.startswith("word/") for name in names):
        return Kind.DOCX
    raise Refused(Refusal.UNKNOWN)


def _check_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, package: Package) -> None:
    is_sheet = bool(_SHEET.fullmatch(info.filename))
    for number, window in enumerate(_windows(archive, info)):
        if number == 0:
            _check_encoding(window)
        if _DTD.search(window):
            raise Refused(Refusal.DTD)
        if info.filename.endswith(".rels"):
            _check_relations(window)
        elif is_sheet and _FAR_CELL.search(window):
            raise Refused(Refusal.TOO_WIDE)
        if package.kind is Kind.ODS:
            _check_odf(window)
        if (is_sheet or info.filename == "content.xml") and any(
            pattern.search(window) for pattern in _FORMULAS
        ):
            package.formulas.add(info.filename)


def _windows(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes in pieces that overlap, so that no tag is missed between two of them."""
    tail = b""
    with archive.open(info) as part:
        while chunk := part.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-_OVERLAP:]


def _check_encoding(start: bytes) -> None:
    declared = _ENCODING.match(start.removeprefix(b"\xef\xbb\xbf").lstrip())
    odd = declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")
    if odd or b"\x00" in start[:64] or start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(Refusal.ODD_ENCODING)


def _check_relations(window: bytes) -> None:
    """Links that people click are left alone, they are never followed; what a program would fetch is refused."""
    if b"&#" in window:  # a word written in numbers is the same word
        window = html.unescape(window.decode("utf-8", "replace")).encode()
    for relation in _RELATION.findall(window):
        if _EXTERNAL.search(relation) and not _HYPERLINK.search(relation):
            raise Refused(Refusal.EXTERNAL)


def _check_odf(window: bytes) -> None:
    if b"manifest:encryption-data" in window:
        raise Refused(Refusal.ENCRYPTED)
    if _ODF_EXTERNAL.search(window):
        raise Refused(Refusal.EXTERNAL)
