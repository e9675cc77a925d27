"""Modes, scopes and answers: for a matter and a place there is exactly one answer (D-1 to D-7). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from portal.powers.matters.rules import fold_name


def mark(text: str) -> str:
    """The text itself: portal.i18n collects texts by this name, also where no framework may be imported."""
    return text


class Mode(StrEnum):
    """The five modes of D-1 and the two states of D-2."""

    DIRECT = "direct"
    ENTRUSTED = "entrusted"
    WINDOW = "window"
    REVIEW = "review"
    COLLECTION = "collection"
    UNDELEGATED = "undelegated"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> str:
        """The usual Chinese name; what a document printed is kept beside it as the local label."""
        return MODE_LABELS[self][0]


# First the usual name, then the other spellings seen (D-1).
MODE_LABELS: Mapping[Mode, tuple[str, ...]] = {
    Mode.DIRECT: ("直接下放", "下放", "直接放权", "直接赋权", "划转"),
    Mode.ENTRUSTED: ("委托下放", "委托", "委托实施", "委托行使", "委托放权", "委托办理", "委托审批"),
    Mode.WINDOW: ("窗口前移", "服务窗口前移", "前移窗口", "前移服务窗口", "服务前移", "前移"),
    Mode.REVIEW: (
        "下放实质性审核权",
        "实质性审核权下放",
        "下放实质审核权",
        "下放审核权",
        "下放实质性审核",
        "下放实质性审核权限",
        "实质性审核权限下放",
        "实质审核权下放",
        "下放实质审核",
        "实质性审核权",
        "实质性审核",
    ),
    Mode.COLLECTION: (
        "委托收件",
        "委托收件、受审分离",
        "委托收件(试行)",
        "委托收件,受审分离",
        "委托收件受审分离",
        "委托收件(受审分离)",
        "受审分离",
        "委托受理",
    ),
    Mode.UNDELEGATED: ("暂不下放", "不下放", "暂不放权", "不放权", "暂不赋权", "市级保留", "进驻大厅"),
    Mode.UNDETERMINED: ("方式待定", "自行确定", "自行选择"),
}

ENTRUSTER_ANSWERS = mark(
    "“委托下放”的，复议和诉讼找委托的一方（《行政许可法》第二十四条、《行政诉讼法》第二十六条），文件不能改。请填“放权的一方”。"
)
"""Why the respondent of an entrusted act is not whom a policy would like (D-3)."""
ENTRUSTED_AGAIN = mark("“%(name)s”本身是受委托办理的，按《行政许可法》第二十四条，不能再委托。")
"""Why what a place holds by entrustment is not entrusted by it to anybody (D-8)."""

_ENUMERATOR = re.compile(r"^(?:\d{1,2}[.、)]|\(\d{1,2}\))")
_MODES = {fold_name(label): mode for mode, labels in MODE_LABELS.items() for label in labels}

FULL_MODES = frozenset({Mode.DIRECT})
"""Modes under which the receiver does everything itself; all others need liability fields (Y-5)."""


@lru_cache(maxsize=4096)
def read_mode(printed: str) -> Mode | None:
    """The mode that a printed label names, or None.

    A number before it, quotation marks, and a tail 事项, 方式 or （试行） do not matter.
    """
    word = _ENUMERATOR.sub("", fold_name(printed)).strip("“”\"'「」").removesuffix("(试行)")
    for tail in ("", "事项", "方式", "类", "式"):
        mode = _MODES.get(word.removesuffix(tail))
        if mode:
            return mode
    return None


class ScopeError(ValueError):
    """Two rules of the same rank give one place different modes (D-6)."""

    def __init__(self, place: str, modes: Sequence[Mode]) -> None:
        self.place = place
        self.modes = tuple(modes)
        super().__init__(f"{place}: {', '.join(modes)}")


@dataclass(frozen=True)
class ScopeRule:
    """A rule of D-6: for these places and groups (by their keys) another mode holds."""

    mode: Mode
    places: frozenset[str] = field(default_factory=frozenset)
    groups: frozenset[str] = field(default_factory=frozenset)


def resolve(
    place: str,
    default: Mode,
    exceptions: Iterable[ScopeRule],
    members: Mapping[str, frozenset[str]],
) -> Mode:
    """The one mode of a place: a rule for the place beats one for its group beats the default (D-6).

    `place` is a place's key, `members` gives each group's place keys. Two rules of one rank that differ
    raise ScopeError; a group not in `members` raises KeyError: it must be resolved against the tree first.
    """
    rules = tuple(exceptions)
    by_place = {rule.mode for rule in rules if place in rule.places}
    by_group = {rule.mode for rule in rules for group in rule.groups if place in members[group]}
    for modes in (by_place, by_group):
        if len(modes) > 1:
            raise ScopeError(place, sorted(modes))
        if modes:
            return modes.pop()
    return default
