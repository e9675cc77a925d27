"""Why a file is not read: a code for programs and one sentence for the person, saying what to do. Pure."""

from __future__ import annotations

from enum import StrEnum


def mark(text: str) -> str:
    """Mark a text for the catalogue. The child must not load portal.i18n, which collects texts by this name."""
    return text


class Refusal(StrEnum):
    """The reasons for which a file is refused."""

    NO_FILE = "no_file"
    EMPTY = "empty"
    UNKNOWN = "unknown"
    WEB_PAGE = "web_page"
    PICTURE = "picture"
    SCAN = "scan"
    ENCRYPTED = "encrypted"
    ARCHIVE = "archive"
    OLD_XML = "old_xml"
    BINARY_SHEET = "binary_sheet"
    CONVERT_WORD = "convert_word"
    CONVERT_PDF = "convert_pdf"
    CONVERSION_FAILED = "conversion_failed"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_WIDE = "too_wide"
    TOO_MANY_PARTS = "too_many_parts"
    BOMB = "bomb"
    DTD = "dtd"
    EXTERNAL = "external"
    ODD_ENCODING = "odd_encoding"
    STOPPED = "stopped"

    @property
    def sentence(self) -> str:
        """What to tell the person: what the file is and what settles it."""
        return SENTENCES[self]


SENTENCES = {
    Refusal.NO_FILE: mark("这不是文件，是文件夹或设备；请指明要读的文件。"),
    Refusal.EMPTY: mark("文件是空的，请确认上传的是原文件。"),
    Refusal.UNKNOWN: mark("认不出这是什么文件，请用 Word 或 Excel 打开后另存为 .docx、.xlsx 或 .csv 再交。"),
    Refusal.WEB_PAGE: mark("这是一个网页，只是名字像表格；请用 Excel 打开，另存为 .xlsx 后再交。"),
    Refusal.PICTURE: mark("这是一张图片，里面没有可读的文字；请交 Word 或 Excel 原件。"),
    Refusal.SCAN: mark("这份 PDF 是扫描件，里面没有可读的文字；请交 Word 或 Excel 原件。"),
    Refusal.ENCRYPTED: mark("文件设有密码，请去掉密码保护、保存后再交。"),
    Refusal.ARCHIVE: mark("这是一个压缩包，请解压后把里面的文件一个一个地交。"),
    Refusal.OLD_XML: mark("这是旧的 XML 格式，请用 Word 或 Excel 打开后另存为 .docx 或 .xlsx 再交。"),
    Refusal.BINARY_SHEET: mark("这是二进制工作簿（.xlsb），请用 Excel 另存为 .xlsx 后再交。"),
    Refusal.CONVERT_WORD: mark(
        "本机没有安装 LibreOffice，读不了旧版文档；请用 Word 或 WPS 另存为 .docx 后再交。"
    ),
    Refusal.CONVERT_PDF: mark(
        "本机没有安装 LibreOffice，读不了 PDF；请交 Word 或 Excel 原件，或转换为 .docx 后再交。"
    ),
    Refusal.CONVERSION_FAILED: mark("文件没能转换成功，请用 Word 或 WPS 另存为 .docx 后再交。"),
    Refusal.DAMAGED: mark("文件已损坏或不完整，请重新保存一份后再交。"),
    Refusal.TOO_LARGE: mark("文件太大，超出了可读的范围；请删去多余的内容，或分成几个文件再交。"),
    Refusal.TOO_WIDE: mark("表格里很远的行或列还有内容；请删去数据以外的行和列，保存后再交。"),
    Refusal.TOO_MANY_PARTS: mark("文件里的部件多得不正常；请把表格复制到新文件里，保存后再交。"),
    Refusal.BOMB: mark("文件展开后大得不正常，已停止读取；请把表格复制到新文件里，保存后再交。"),
    Refusal.DTD: mark("文件里带有实体或文档类型声明，为安全起见不予读取；请把表格复制到新文件里再交。"),
    Refusal.EXTERNAL: mark("文件引用了外部的内容，为安全起见不予读取；请断开外部链接、保存后再交。"),
    Refusal.ODD_ENCODING: mark("文件内部的编码不是 UTF-8，请用 Word 或 Excel 重新保存后再交。"),
    Refusal.STOPPED: mark("读这个文件用的时间或内存超过了限度，已停止；请把表格复制到新文件里，保存后再交。"),
}


class Refused(Exception):  # noqa: N818 — it is an answer to a person, not a failure of the program
    """A file that is not read. `refusal` is the code, `sentence` what to tell the person."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        self.sentence = refusal.sentence
        super().__init__(refusal.sentence)
