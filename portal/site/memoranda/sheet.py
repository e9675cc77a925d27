"""The published memoranda as CSV, XLSX and JSON: a row each, in Chinese as they were written (R-4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from flask_babel import force_locale

from portal.i18n import DEFAULT
from portal.powers.memoranda.queries import Published
from portal.powers.memoranda.rules import Support
from portal.sheets.writing import Row, write_csv, write_json, write_xlsx
from portal.site.memoranda import words

HEADER = (
    *("编号", "版本", "地方代码", "地方", "审批局", "主管部门", "职责边界", "推送和反馈"),
    *("现场勘验", "技术审查", "检验检测", "听证论证", "涉及的事项", "有效期从", "有效期到"),
    *("审批局联系方式", "部门联系方式", "校验值"),
)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def written(found: Sequence[Published], kind: str) -> tuple[bytes, str]:
    """The file's bytes and its media type; `kind` is csv, xlsx or json."""
    with TemporaryDirectory(prefix="remit-") as folder, force_locale(DEFAULT):
        path = Path(folder) / f"memoranda.{kind}"
        if kind == "csv":
            write_csv(path, HEADER, _rows(found))
        elif kind == "json":
            write_json(path, HEADER, _rows(found))
        else:
            write_xlsx(path, HEADER, _rows(found), sheet="审管衔接备忘录")
        return path.read_bytes(), TYPES[kind]


def _rows(found: Sequence[Published]) -> Iterator[Row]:
    for each in found:
        said, bureau, department = each.content, each.bureau["name"], each.department["name"]
        shares = each.wording.supports
        done = [words.support(kind, shares[kind], bureau, department) for kind in Support if kind in shares]
        yield (
            *(each.id, each.revision.number, each.place["code"], each.place["name"], bureau, department),
            *(said["boundary"], words.value("pushes", said["pushes"])),
            *("，".join(filter(None, (line.who, line.how))) for line in done),
            words.value("matters", said["matters"]) or words.value("every_matter", said["every_matter"]),
            *(said["valid_from"] or "", said["valid_until"] or ""),
            *(said["bureau_contact"], said["department_contact"], each.revision.hash),
        )
