"""What a file is, by its content; its name counts for nothing. Pure."""

from __future__ import annotations

import re
import zlib
from enum import StrEnum

from portal.sheets.refusals import Refusal, Refused


class Kind(StrEnum):
    """The kinds of file that can be read, the last four only by way of LibreOffice."""

    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    TEXT = "text"
    PACKAGE = "package"
    ODT = "odt"
    DOC = "doc"
    RTF = "rtf"
    PDF = "pdf"


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00",
)  # fmt: skip
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK\x05\x06", b"PK\x07\x08")
_WEB_PAGE = re.compile(
    rb"\s*(<\?xml[^>]{0,200}\?>\s*)?(<!--.{0,2000}?-->\s*)*<!?\s*"
    rb"(doctype\s+html|html|head|body|table|meta|div|style|script)\b|\s*mime-version:",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"\s*<\?xml\b|\s*<[A-Za-z][\w:.-]*\s[^>]{0,500}xmlns", re.IGNORECASE)
_ENCODINGS = ("utf-8-sig", "gb18030")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HEAD = 4096
_PDF_STREAM, _PDF_UNPACKED = 2_000_000, 20_000_000


def sniff(data: bytes) -> Kind:
    """The kind of a file's content. Raises Refused for an empty file and for kinds that are never read."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Refused(Refusal.EMPTY)
    head = data[:_HEAD]
    if head.startswith(b"PK\x03\x04"):
        return Kind.PACKAGE
    if head.startswith(_OLE):
        return _sniff_ole(data)
    if head.lstrip().startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith(b"{\\rtf"):
        return Kind.RTF
    _refuse_by_head(head)
    return Kind.TEXT


def _refuse_by_head(head: bytes) -> None:
    bare = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        bare = head.replace(b"\x00", b"")[2:]
    if head.startswith(_PICTURES) or head[8:12] == b"WEBP" or head[4:12] in (b"ftypheic", b"ftypmif1"):
        raise Refused(Refusal.PICTURE)
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar":
        raise Refused(Refusal.ARCHIVE)
    if _WEB_PAGE.match(bare):
        raise Refused(Refusal.WEB_PAGE)
    if _XML.match(bare):
        raise Refused(Refusal.DTD if re.search(rb"<!(DOCTYPE|ENTITY)", bare) else Refusal.OLD_XML)


def _sniff_ole(data: bytes) -> Kind:
    """Which program's file an OLE container is, by the names in its directory."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") + b"\x00\x00" in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise Refused(Refusal.ENCRYPTED)
    if holds("Workbook") or holds("Book"):
        return Kind.XLS
    if holds("WordDocument"):
        return Kind.DOC
    raise Refused(Refusal.UNKNOWN)


def check_pdf(data: bytes) -> None:
    """Refuse a PDF with a password, and one without any font: its pages are pictures.

    Raises Refused. Fonts may be named in compressed objects, which are unpacked within a limit.
    """
    if b"/Encrypt" in data:
        raise Refused(Refusal.ENCRYPTED)
    if b"/Font" in data:
        return
    room = _PDF_UNPACKED
    for match in re.finditer(rb"/ObjStm\b.{0,400}?stream\r?\n", data, re.DOTALL):
        unpacker = zlib.decompressobj()
        try:
            objects = unpacker.decompress(data[match.end() :], min(room, _PDF_STREAM))
        except zlib.error:
            continue
        if b"/Font" in objects:
            return
        room -= len(objects)
        if room <= 0:
            break
    raise Refused(Refusal.SCAN)


def decode(data: bytes) -> str:
    """The text of a text file: UTF-8 with or without BOM, UTF-16 with BOM, GB18030.

    Raises Refused when it is none of them, or holds control characters that no text has.
    """
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else _ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _BINARY.search(text):
            break
        return text
    raise Refused(Refusal.UNKNOWN)
