"""What a proposal or a revision changes, in words (P-1, P-7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select

from admin.labels import label
from admin.powers.profiles import FIELDS as PROFILE_FIELDS
from admin.powers.profiles import said as profile_value
from portal.db import db
from portal.foundation.places.models import Place
from portal.i18n import day
from portal.powers.duties.models import DutyRole
from portal.powers.lists.adjusting.rules import grouped, kinds, only_number
from portal.powers.lists.profiles.rules import Field
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterStatus
from portal.powers.points.models import PointKind
from portal.site.adjusting import sentences
from portal.site.memoranda import words as memoranda

FIELDS = {
    "department": lazy_gettext("部门"),
    "code": lazy_gettext("编码"),
    "name": lazy_gettext("名称"),
    "type": lazy_gettext("类型"),
    "mode": lazy_gettext("放权方式"),
    "mode_label": lazy_gettext("文件里的叫法"),
    "remark": lazy_gettext("备注"),
    "sub_items": lazy_gettext("子项"),
    "everyday_names": lazy_gettext("常用叫法"),
    "status": lazy_gettext("状态"),
}
CHANGES = {
    "added": lazy_gettext("新增"),
    "changed": lazy_gettext("修改"),
    "withdrawn": lazy_gettext("去掉"),
}
FRAME = {
    "title": lazy_gettext("清单名称"),
    "annex": lazy_gettext("附件"),
    "policy": lazy_gettext("政策文件"),
    "places": lazy_gettext("适用范围"),
    "cross_border": lazy_gettext("跨地方事务的依据"),
    "notes": lazy_gettext("注"),
    "totals": lazy_gettext("文件写的总数"),
    "totals_waiver": lazy_gettext("总数不符的理由"),
}
"""The parts of a list that are not its matters, by their keys in the published document."""
PARTS = {
    "duties": lazy_gettext("职责"),
    "points": lazy_gettext("办事点"),
    "choices": lazy_gettext("方式选择"),
}
ITEMS = {
    "duties": ("matter", "role", "organisation", "from", "basis"),
    "points": ("name", "kind", "organisation", "address", "hours", "phone"),
    "choices": ("town", "matter", "mode", "basis"),
}
"""What is told of an item of a statement, in this order; a choice without a town is for the whole place (D-10)."""


def in_words(difference: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each entry as {"change", "group", "also", "title", "lines": [{"what", "was", "now"}], "why"}, ready to show.

    `number` is the one that a matter had before, where it has another now: most follow from what stands above it.
    `only_number` is True where that is all; nobody has to explain it, and it is counted apart.
    Those of a list stand by the kind of change, which `group` names; other kinds of the same change are in `also`.
    """
    places = dict(db.session.execute(select(Place.code, Place.name)).all())
    framed = [_framed(each) for each in difference.get("frame", ())]
    entries = difference.get("entries", ())
    if any("part" in each for each in entries):
        return [*framed, *map(_statement, entries)]
    return [*framed, *(_entry(each, places) for _kind, run in grouped(entries) for each in run)]


def _framed(change: Mapping[str, Any]) -> dict[str, Any]:
    """What changed of the list itself; a profile's field by its mode and its name."""
    what = str(change["what"])
    if what.startswith("memorandum."):
        return _agreed(what.removeprefix("memorandum."), change)
    title = str(FRAME.get(what, what))
    if what.startswith("profile."):
        _profile, mode, name = what.split(".")
        title = _("%(mode)s：%(field)s", mode=_mode(mode), field=PROFILE_FIELDS[Field(name)])
    line = {"what": "", "was": _framed_value(what, change["was"]), "now": _framed_value(what, change["is"])}
    return {**_turned(line), "title": title, "lines": [line]}


def _turned(line: Mapping[str, str]) -> dict[str, Any]:
    """What became of a part of the frame: it came in, it went, or it says something else."""
    kind = "added" if not line["was"] else "changed" if line["now"] else "withdrawn"
    return {"change": CHANGES[kind], "kind": kind}


def _agreed(part: str, change: Mapping[str, Any]) -> dict[str, Any]:
    """What changed of a memorandum, part by part."""
    was, now = (memoranda.value(part, change[side]) for side in ("was", "is"))
    line = {"what": "", "was": was, "now": now}
    title = _(memoranda.PARTS[part])
    return {**_turned(line), "title": title, "lines": [line]}


def _totals(totals: Mapping[str, Any]) -> str:
    """The document's totals on one line: all, by mode, by type."""
    counts = [(_("合计"), totals["total"])] if "total" in totals else []
    counts += [(_mode(mode), count) for mode, count in totals.get("by_mode", {}).items()]
    counts += list(totals.get("by_type", {}).items())
    return str(_("、")).join(_("%(what)s %(count)s 项", what=what, count=count) for what, count in counts)


def _framed_value(what: str, value: Any) -> str:
    if value is None:
        return ""
    if what.startswith("profile."):
        said: str = profile_value(Field(what.rsplit(".", 1)[1]), value["value"])
        return str(_("%(value)s（依据：%(source)s）", value=said, source=value["source"]))
    if what == "places":
        return str(_("、")).join(place["name"] for place in value)
    if what == "totals":
        return _totals(value)
    return _("；").join(map(str, value)) if isinstance(value, list) else str(value)


def _entry(entry: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    lines = [
        {"what": FIELDS.get(field, field), "was": _value(field, was), "now": _value(field, now)}
        for field, (was, now) in entry.get("fields", {}).items()
        if field != "seq"
    ]
    moved: dict[tuple[str, str], list[str]] = {}
    for code, (was, now) in entry.get("answers", {}).items():
        moved.setdefault((_mode(was), _mode(now)), []).append(places.get(code, code))
    lines += [{"what": _("、").join(names), "was": was, "now": now} for (was, now), names in moved.items()]
    first, *others = kinds(entry)
    return {
        "change": _(first.label),
        "group": _(first.label),
        "also": [_(kind.label) for kind in others],
        "kind": entry["change"],
        "matter_id": entry["matter_id"],
        "title": _("%(seq)s. %(name)s", seq=entry["seq"], name=entry["name"]),
        "number": entry.get("fields", {}).get("seq", (None,))[0],
        "only_number": only_number(entry),
        "lines": lines,
        "kin": sentences.kin(entry),
        "reason": entry.get("reason", ""),
        "basis": entry.get("basis", ""),
    }


def _statement(entry: Mapping[str, Any]) -> dict[str, Any]:
    was, now = entry.get("was"), entry.get("is")
    return {
        "change": CHANGES[entry["change"]],
        "kind": entry["change"],
        "title": PARTS.get(entry["part"], entry["part"]),
        "lines": [{"what": "", "was": _item(entry["part"], was), "now": _item(entry["part"], now)}],
    }


def _item(part: str, item: Mapping[str, Any] | None) -> str:
    """A statement's item as one line; keys of this database and addresses are for machines and left out."""
    if item is None:
        return ""
    told = [_word(key, item[key]) for key in ITEMS.get(part, ()) if item.get(key)]
    return str(_("，")).join(told)


def _word(key: str, value: Any) -> str:
    kinds: dict[str, Any] = {"role": DutyRole, "mode": Mode, "kind": PointKind}
    return str(label(kinds[key](value))) if key in kinds else str(value)


def _mode(value: str | None) -> str:
    return str(label(Mode(value))) if value else _("没有")


def _value(field: str, value: Any) -> str:
    if field == "mode":
        return _mode(value)
    if field == "status":
        since = f"{_('，')}{day(date.fromisoformat(value['since']))}" if value.get("since") else ""
        return f"{label(MatterStatus(value['state']))}{since}"
    if isinstance(value, list):
        return str(_("、")).join(map(str, value)) or _("没有")
    return str(value) if value not in ("", None) else _("没有")
