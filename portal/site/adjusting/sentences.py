"""The single changes of a revision in words: their kinds, splits and merges, why (P-5, P-7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.powers.lists.adjusting.rules import ChangeKind, SuccessionKind, kinds
from portal.powers.lists.rules import Mode


def words(entry: Mapping[str, Any]) -> list[str]:
    """The kinds of a change as tags, the one that it is listed under first."""
    return [_(kind.label) for kind in kinds(entry)]


def kin(entry: Mapping[str, Any]) -> str:
    """From what a matter came by a split or merge, or what became of it; empty where there was none."""
    said = entry.get("succession")
    if not said:
        return ""
    split = said["kind"] == SuccessionKind.SPLIT
    parts = []
    if said["from"]:
        text = _("由%(names)s拆分而来") if split else _("由%(names)s合并而成")
        parts.append(text % {"names": _named(said["from"])})
    if said["into"]:
        text = _("拆分为%(names)s") if split else _("并入%(names)s")
        parts.append(text % {"names": _named(said["into"])})
    return _("；").join(parts)


def why(entry: Mapping[str, Any]) -> str:
    """The reason and the basis of one change, where they were given."""
    parts = []
    if entry.get("reason"):
        parts.append(_("理由：%(reason)s", reason=entry["reason"]))
    if entry.get("basis"):
        parts.append(_("依据：%(basis)s", basis=entry["basis"]))
    return _("；").join(parts)


def event(entry: Mapping[str, Any] | None, label: str) -> str:
    """One line of a matter's history: `entry` is the revision's difference for it, None for a first revision."""
    if entry is None:
        return _("公布：%(label)s", label=_(label))
    if entry["change"] == "withdrawn":
        return kin(entry) or _("退出清单")
    if entry["change"] == "added":
        published = _("公布：%(label)s", label=_(label))
        return _("；").join(filter(None, (kin(entry), published)))
    said = [_happened(kind, entry) for kind in kinds(entry)]
    return _("；").join(said)


def _happened(kind: ChangeKind, entry: Mapping[str, Any]) -> str:
    """What one kind of change means for a matter that stays in the list."""
    fields, answers = entry.get("fields", {}), entry.get("answers", {})
    if kind in (ChangeKind.SPLIT, ChangeKind.MERGED):
        return kin(entry)
    if kind is ChangeKind.MODE:
        was, now = (_(Mode(value).label) for value in fields["mode"])
        return _("办法从“%(was)s”改为“%(now)s”", was=was, now=now)
    if kind in (ChangeKind.PLACES, ChangeKind.SCOPE):
        return ngettext("%(num)s 个地方的办法有变", "%(num)s 个地方的办法有变", len(answers))
    if kind is ChangeKind.RENAMED:
        was, now = fields["name"]
        return _("名称由“%(was)s”改为“%(now)s”", was=was, now=now)
    if kind is ChangeKind.MOVED:
        was, now = (value or _("没有") for value in fields["department"])
        return _("部门由%(was)s换为%(now)s", was=was, now=now)
    told = {ChangeKind.ENDED: _("停止执行"), ChangeKind.RENUMBERED: _("序号有变")}
    return told.get(kind) or _("文字有调整")


def _named(matters: Sequence[Mapping[str, Any]]) -> str:
    return _("、").join(_("“%(name)s”", name=each["name"]) for each in matters)
