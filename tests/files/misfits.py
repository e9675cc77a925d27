"""Makes files that are no annex though they look like one: locked, scanned, cut off, empty, web pages."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import docx
import xlwt

from tests.files.annexes import Annex, write

SMALL = Annex(["序号", "事项名称", "事项类型"], [["1", "船舶登记", "行政确认"]])


def _word(folder: Path) -> Path:
    return write(SMALL, folder, "docx", "原件")


def encrypted_package(folder):
    """What Word writes with a password: an OLE container with a stream EncryptedPackage."""
    path = folder / "locked.xlsx"
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "x")
    book.save(str(path))
    data = path.read_bytes()
    old, new = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(data.replace(old + b"\x00" * (len(new) - len(old)), new))
    return path


def locked_xls(folder):
    path = folder / "locked.xls"
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "x")
    book.save(str(path))
    data = path.read_bytes()
    at = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    record = struct.pack("<HHHHH", 0x2F, 6, 0, 0x1234, 0x5678)
    path.write_bytes(data[:at] + record + data[at + len(record) :])
    return path


def web_page(folder):
    path = folder / "网页.xls"
    path.write_text(
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><table><tr><td>序号</td></tr></table></html>",
        "utf-8",
    )
    return path


def web_page_with_declaration(folder):
    path = folder / "网页2.xls"
    path.write_bytes(b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made by x -->\n<HTML><body></body></HTML>')
    return path


def picture(folder):
    path = folder / "扫描.docx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100)
    return path


def scan(folder):
    path = folder / "扫描.pdf"
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Page/Resources<</XObject<</I 2 0 R>>>>>>endobj\n"
        b"2 0 obj<</Subtype/Image/Length 4>>stream\n\xff\xd8\xff\xe0\nendstream endobj\n%%EOF"
    )
    return path


def plain_zip(folder):
    path = folder / "附件.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("附件1.docx", "x")
    return path


def cut_off(folder):
    path = folder / "半个.docx"
    path.write_bytes(_word(folder).read_bytes()[:-500])
    return path


def noise(folder):
    path = folder / "noise.csv"
    path.write_bytes(bytes(range(256)) * 20)
    return path


def empty(folder):
    path = folder / "空.docx"
    path.write_bytes(b"")
    return path


def empty_word(folder):
    path = folder / "blank.docx"
    docx.Document().save(str(path))
    return path
