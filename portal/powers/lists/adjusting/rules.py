"""What kinds of change there are, and which a stored difference tells of. Pure (P-5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

from portal.powers.lists.rules import Mode, mark

OUTSIDE = frozenset({None, Mode.UNDELEGATED.value})
"""Answers of a place that has nothing of the matter."""
MODE_WORDS = frozenset({"seq", "mode", "mode_label", "remark"})
"""Fields that follow from the mode and its places: where those changed, these say nothing more."""


class SuccessionKind(StrEnum):
    """How new matters came out of old ones: one became several, or several became one."""

    SPLIT = "split"
    MERGE = "merge"


class ChangeKind(StrEnum):
    """What happened to a matter, in the order in which it is told; the first of several names the change."""

    SPLIT = "split"
    MERGED = "merged"
    MODE = "mode"
    PLACES = "places"
    SCOPE = "scope"
    MOVED = "moved"
    RENAMED = "renamed"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    ADDED = "added"
    TEXT = "text"
    RENUMBERED = "renumbered"

    @property
    def label(self) -> str:
        """The Chinese word for it, on every page the same."""
        return LABELS[self]


LABELS: Mapping[ChangeKind, str] = {
    ChangeKind.SPLIT: mark("拆分"),
    ChangeKind.MERGED: mark("合并"),
    ChangeKind.MODE: mark("改办法"),
    ChangeKind.PLACES: mark("部分地方改办法"),
    ChangeKind.SCOPE: mark("改适用范围"),
    ChangeKind.MOVED: mark("换部门"),
    ChangeKind.RENAMED: mark("改名称"),
    ChangeKind.ENDED: mark("停止执行"),
    ChangeKind.WITHDRAWN: mark("退出清单"),
    ChangeKind.ADDED: mark("加入清单"),
    ChangeKind.TEXT: mark("改文字"),
    ChangeKind.RENUMBERED: mark("只改序号"),
}
OF_POWERS = frozenset(ChangeKind) - {ChangeKind.TEXT, ChangeKind.RENUMBERED}
"""Changes that somebody's powers feel; the others are words and numbers."""
WORDS = frozenset({ChangeKind.TEXT, ChangeKind.RENUMBERED, ChangeKind.RENAMED})
"""Changes that an erratum may make: how a thing is written, a misprinted name too."""
FRAME_WORDS = frozenset({"title", "annex", "notes"})
"""What an erratum may change of the list itself."""


def kinds(entry: Mapping[str, Any]) -> tuple[ChangeKind, ...]:
    """The kinds of one entry of a difference (lists.difference), the first of them the one it is listed under."""
    succession = entry.get("succession")
    if succession:
        split = succession["kind"] == SuccessionKind.SPLIT
        first = (ChangeKind.SPLIT if split else ChangeKind.MERGED,)
        own = _of_fields(entry) if entry["change"] == "changed" else ()
        return first + tuple(each for each in own if each is not ChangeKind.RENUMBERED)
    if entry["change"] == "changed":
        return _of_fields(entry)
    return (ChangeKind(entry["change"]),)


def unexplained(entry: Mapping[str, Any]) -> bool:
    """Whether a change that somebody's powers feel lacks its reason or its basis (P-5)."""
    return bool(OF_POWERS & set(kinds(entry))) and not (entry.get("reason") and entry.get("basis"))


def only_number(entry: Mapping[str, Any]) -> bool:
    """Whether a matter only stands under another number: what was put in or taken out above it moved it."""
    return kinds(entry) == (ChangeKind.RENUMBERED,)


def of_sides(
    fields: Mapping[str, Sequence[Any]], answers: Mapping[str, Sequence[str | None]]
) -> tuple[ChangeKind, ...]:
    """The kinds of a matter that is in both states: fields and answers (by place code) as [was, is]."""
    found = set()
    if "mode" in fields:
        found.add(ChangeKind.MODE)
    elif answers:
        pairs = [set(pair) for pair in answers.values()]
        found |= {ChangeKind.SCOPE if pair & OUTSIDE else ChangeKind.PLACES for pair in pairs}
    if "department" in fields:
        found.add(ChangeKind.MOVED)
    if "name" in fields:
        found.add(ChangeKind.RENAMED)
    if _ends(fields.get("status")):
        found.add(ChangeKind.ENDED)
    if _rest(fields.keys(), found):
        found.add(ChangeKind.TEXT)
    if not found:
        found.add(ChangeKind.RENUMBERED)
    return tuple(sorted(found, key=list(ChangeKind).index))


def grouped(entries: Sequence[Mapping[str, Any]]) -> list[tuple[ChangeKind, list[Mapping[str, Any]]]]:
    """Entries under the first of their kinds, the kinds in their order, empty ones left out."""
    found: dict[ChangeKind, list[Mapping[str, Any]]] = {}
    for each in entries:
        found.setdefault(kinds(each)[0], []).append(each)
    return [(kind, found[kind]) for kind in ChangeKind if kind in found]


def _of_fields(entry: Mapping[str, Any]) -> tuple[ChangeKind, ...]:
    return of_sides(entry.get("fields", {}), entry.get("answers", {}))


def _ends(status: Sequence[Any] | None) -> bool:
    return status is not None and status[1].get("state") == "abolished" != status[0].get("state")


def _rest(names: Collection[str], found: Collection[ChangeKind]) -> bool:
    """Whether fields changed that none of the kinds found speaks of."""
    said = {"seq", "name", "department"}
    if {ChangeKind.MODE, ChangeKind.PLACES, ChangeKind.SCOPE} & set(found):
        said |= MODE_WORDS
    if ChangeKind.ENDED in found:
        said.add("status")
    return bool(set(names) - said)
