"""What a revision changed against the one before, one row for each difference (P-1, P-7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from portal.foundation.publishing.models import Revision
from portal.powers.lists.adjusting.rules import kinds
from portal.powers.lists.profiles.rules import Field
from portal.powers.lists.rules import Mode
from portal.sheets.writing import write_csv, write_json, write_xlsx

HEADER = ("序号", "事项名称", "变化", "哪一项", "地方", "原", "现", "理由", "依据")
WIDTHS = (6, 44, 16, 16, 20, 30, 30, 30, 30)

OF_LIST = "改清单的说明"
FIELDS = {
    "seq": "序号",
    "department": "实施部门",
    "code": "事项编码",
    "name": "事项名称",
    "type": "事项类型",
    "mode": "放权方式",
    "mode_label": "文件中的叫法",
    "remark": "备注",
    "sub_items": "子项",
    "everyday_names": "群众叫法",
    "status": "效力",
}
FRAME = {
    "title": "清单名称",
    "annex": "附件号",
    "policy": "依据文件",
    "notes": "注",
    "places": "适用范围",
    "totals": "文件写明的总数",
    "totals_waiver": "总数不一致的说明",
    "cross_border": "跨界事项的依据",
    "issuer": "放权的地方",
}
PROFILE: dict[str, str] = {
    Field.RECEIVE: "收件",
    Field.ACCEPT: "受理",
    Field.REVIEW: "审核",
    Field.DECIDE: "决定",
    Field.STAMP: "盖章",
    Field.SEAL: "盖哪个章",
    Field.APPLY_AT: "可以到哪里申请",
    Field.SUPERVISE: "谁监督",
    Field.COMPLAINTS: "出了问题谁处理",
    Field.RESPONDENT: "不服决定告谁",
}
VALUES = {
    "place": "当地",
    "posted": "上级派驻当地的人员",
    "issuer": "上级部门",
    "own": "当地自己的章",
    "no2": "“2号章”",
}
WORDS = {"total": "总数", "by_mode": "按方式", "by_type": "按类型"} | {
    mode.value: mode.label for mode in Mode
}
STATES = {"in_force": "有效", "abolished": "已取消", "unverified": "未核对"}
SUCCESSION = "由哪项来、成为哪项"
LIST = "（清单）"
"""Stands for the matter's name where the list itself changed."""

Record = tuple[str | int | None, ...]


def records(revision: Revision) -> Iterator[Record]:
    """The rows under HEADER: first what changed of the list itself, then matter by matter; values in words.

    Each matter's change is named by its kinds, as on the pages; its reason and basis stand beside every difference.
    """
    names = {place["code"]: place["name"] for place in revision.content["frame"]["places"]}
    for part in revision.difference.get("frame", ()):
        sides = (_said(part["was"]), _said(part["is"]))
        yield (None, LIST, OF_LIST, _part(part["what"]), "", *sides, "", "")
    for entry in revision.difference.get("entries", ()):
        yield from _of_matter(entry, names)


def size(revision: Revision) -> int:
    """How many rows the stored difference has."""
    found = revision.difference
    entries = found.get("entries", ())
    return len(found.get("frame", ())) + sum(max(1, _inner(each)) for each in entries)


def to_csv(revision: Revision, path: Path) -> None:
    """The changes as CSV."""
    write_csv(path, HEADER, records(revision), expected=size(revision))


def to_xlsx(revision: Revision, path: Path) -> None:
    """The changes as a workbook."""
    write_xlsx(
        path, HEADER, records(revision), sheet="与上一版的差别", expected=size(revision), widths=WIDTHS
    )


def to_json(revision: Revision, path: Path) -> None:
    """The changes as a JSON array of objects."""
    write_json(path, HEADER, records(revision), expected=size(revision))


def _of_matter(entry: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Record]:
    head: Record = (entry["seq"], entry["name"], "、".join(kind.label for kind in kinds(entry)))
    why: Record = (entry.get("reason", ""), entry.get("basis", ""))
    if not _inner(entry):
        yield (*head, "", "", "", "", *why)
    if said := entry.get("succession"):
        yield (*head, SUCCESSION, "", _named(said["from"]), _named(said["into"]), *why)
    for field, (was, now) in entry.get("fields", {}).items():
        yield (*head, FIELDS.get(field, field), "", _value(field, was), _value(field, now), *why)
    for code, (was, now) in entry.get("answers", {}).items():
        yield (*head, "当地办理方式", names.get(code, code), _mode(was), _mode(now), *why)


def _inner(entry: Mapping[str, Any]) -> int:
    """How many differences are told of one matter; one that only came or went has none."""
    sides = len(entry.get("fields", ())) + len(entry.get("answers", ()))
    return sides + (1 if entry.get("succession") else 0)


def _named(matters: Sequence[Mapping[str, Any]]) -> str:
    return "；".join(str(each["name"]) for each in matters)


def _mode(value: str | None) -> str:
    return Mode(value).label if value else "不在范围"


def _value(field: str, value: Any) -> str:
    if field == "mode":
        return _mode(value)
    if field == "status":
        return STATES.get(value.get("state", ""), "")
    return _said(value)


def _part(what: str) -> str:
    if not what.startswith("profile."):
        return FRAME.get(what, what)
    _profile, mode, field = what.split(".")
    return f"方式说明：{_mode(mode)}：{PROFILE.get(field, field)}"


def _said(value: Any) -> str:
    """A value of the list's frame on one line, in words: places by name, an entry of a profile with its clause."""
    if isinstance(value, Mapping):
        if "name" in value:
            return str(value["name"])
        if "value" in value:
            words = "或者".join(VALUES.get(each, each) for each in str(value["value"]).split(","))
            return f"{words}（{value['source']}）" if value.get("source") else words
        return "；".join(f"{WORDS.get(key, key)}：{_said(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return "；".join(_said(each) for each in value)
    return "" if value is None else str(value)
