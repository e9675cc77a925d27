"""What a place's own statement changed, in words: receivers, regulators, service points, choices (D-9 to D-11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.foundation.publishing.models import Revision
from portal.i18n import day, ngettext
from portal.i18n import gettext as _
from portal.powers.duties.models import DutyRole
from portal.powers.lists.rules import Mode


def counted(revision: Revision) -> str:
    """How much of each kind a statement changes: 承接和监管单位 3 处，办事地点 1 处."""
    entries = revision.difference.get("entries", ())
    parts = {
        part: sum(1 for entry in entries if entry["part"] == part) for part in ("duties", "points", "choices")
    }
    told = [
        ngettext("承接和监管单位 %(num)s 处", "承接和监管单位 %(num)s 处", parts["duties"]),
        ngettext("办事地点 %(num)s 处", "办事地点 %(num)s 处", parts["points"]),
        ngettext("自选方式 %(num)s 处", "自选方式 %(num)s 处", parts["choices"]),
    ]
    return _("，").join(text for text, count in zip(told, parts.values(), strict=True) if count)


def entry(entry: Mapping[str, Any]) -> tuple[str, str]:
    """One change: what it is about, and what was said and is said of it."""
    item = entry.get("is") or entry["was"]
    was, now = (_said(entry["part"], entry.get(side)) for side in ("was", "is"))
    if not entry.get("was"):
        text = _("公布：%(now)s", now=now)
    elif not entry.get("is"):
        text = _("不再公布：%(was)s", was=was)
    else:
        text = _("原“%(was)s”，现“%(now)s”", was=was, now=now)
    return _about(entry["part"], item), text


def _about(part: str, item: Mapping[str, Any]) -> str:
    if part == "points":
        return str(item["name"])
    if town := item.get("town"):
        return _("%(matter)s（%(town)s）", matter=item["matter"], town=_(town))
    return str(item["matter"])


def _said(part: str, item: Mapping[str, Any] | None) -> str:
    if item is None:
        return ""
    if part == "choices":
        return _(Mode(item["mode"]).label)
    if part == "points":
        return _("，").join(item[key] for key in ("address", "hours", "phone") if item[key]) or str(
            item["name"]
        )
    roles = {
        DutyRole.RECEIVER: _("承接单位"),
        DutyRole.REGULATOR_CITY: _("上级监管单位"),
        DutyRole.REGULATOR_PLACE: _("当地监管单位"),
        DutyRole.ENFORCEMENT: _("执法单位"),
    }
    said = _("%(role)s%(body)s", role=roles[DutyRole(item["role"])], body=item["organisation"])
    if not item["from"]:
        return said
    return _("%(said)s，%(date)s起", said=said, date=day(date.fromisoformat(item["from"])))
