"""Control totals (P-4): what title, notice text and sections say, and whether the rows agree. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.powers.lists.annexes.printed import NUMERAL, number, tight
from portal.powers.lists.rules import MODE_LABELS, Mode, read_mode
from portal.powers.matters.rules import MatterType, read_type


class Kind(StrEnum):
    """What a stated total counts."""

    ALL = "all"
    MODE = "mode"
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Stated:
    """A total as stated: of all matters, of one mode or of one type (`key`); `source` is the printed place.

    `annex` is the number of the annex it speaks of, None when the text names none.
    """

    kind: Kind
    key: str
    count: int
    source: str
    annex: int | None = None

    @property
    def what(self) -> str:
        """What is counted, in words."""
        if self.kind is Kind.MODE:
            return Mode(self.key).label
        return MatterType(self.key).label if self.kind is Kind.TYPE else "事项总数"


_COUNT = rf"(?:共计|总计|合计|共)?({NUMERAL})(?:个|大)?(?:项|个事项)"
_IN_BRACKETS = re.compile(rf"[（(【\[](?:[^（()）\d]{{0,12}}[，、,:：])?{_COUNT}[）)】\]]")
_AT_END = re.compile(rf"(?:共计|共|计){_COUNT}$")
_ANY_COUNT = re.compile(_COUNT)
_ANNEX_MARK = re.compile(rf"[（(][^（()）]*?附件({NUMERAL})?[^（()）]*?[）)]")
_GIVES = re.compile(r"(?:下放|调整|赋予|赋权|放权|委托|交由|授予|同权|前移)")
_OF_MATTERS = re.compile(rf"({NUMERAL})项[^，。；：]{{0,30}}?(?:事项|权限|权力|职权|许可)[^，。；]{{0,40}}")
_OTHERS = re.compile(r"(?:取消|已|此前|以往|前期|去年|上年|累计|首批将\d+个部门)")
_PART = re.compile(
    rf"([\u4e00-\u9fff“”、，（）()]{{2,30}}?)(?:的)?(?:事项)?(?:分别为|为|有|共)?({NUMERAL})项(?![目])"
)
_MODE_PARAGRAPH = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．](.{2,24}?)[：:。]")
_LABELS = sorted(
    {x for xs in MODE_LABELS.values() for x in xs} - {"下放", "委托", "不下放"}, key=len, reverse=True
)
_LABEL = re.compile("|".join(map(re.escape, _LABELS)))
_MAX_PARAGRAPH = 3000


def find_modes(text: str) -> list[tuple[Mode, str]]:
    """The modes whose labels stand anywhere in the text, with the labels as printed, in order."""
    found = ((read_mode(match[0]), match[0]) for match in _LABEL.finditer(text))
    return list(dict.fromkeys((mode, label) for mode, label in found if mode))


def count_in(text: str) -> int | None:
    """The total that a title or a section's heading gives: （61项）, 共13项; None when it gives none."""
    bare = tight(text)
    matches = _IN_BRACKETS.findall(bare) or _AT_END.findall(bare)
    return number(matches[-1]) if matches else None


def from_title(title: str) -> list[Stated]:
    """The total that a list's title states."""
    count = count_in(title)
    return [] if count is None else [Stated(Kind.ALL, "", count, title)]


def from_notice(paragraphs: Iterable[str]) -> list[Stated]:
    """The totals that the text of the notice states, with the annex that each sentence names.

    Two forms: "将61项…事项下放…，其中，直接下放19项，…（附件1）", and a paragraph on one mode that says how
    many matters it covers ("1.直接下放：…的5项区级行政权力事项…").
    """
    stated: list[Stated] = []
    for paragraph in paragraphs:
        text = tight(paragraph)[:_MAX_PARAGRAPH]
        if text.startswith("附件"):
            continue
        stated += _mode_paragraph(text)
        for sentence in re.split("[。；]", text):
            stated += _sentence(sentence)
    return list(dict.fromkeys(stated))


def _mode_paragraph(text: str) -> list[Stated]:
    head = _MODE_PARAGRAPH.match(text)
    mode = read_mode(head[1]) if head else None
    counts = {number(found[1]) for found in _OF_MATTERS.finditer(text)} if mode else set()
    if mode and len(counts) == 1:
        return [Stated(Kind.MODE, mode, counts.pop(), head[0] if head else "")]
    return []


def _sentence(sentence: str) -> Iterator[Stated]:
    mark = _ANNEX_MARK.search(sentence)
    annex = number(mark[1]) if mark and mark[1] else None
    whole = _OF_MATTERS.search(sentence)
    if not whole or _MODE_PARAGRAPH.match(sentence) or _OTHERS.search(sentence[: whole.end()]):
        return
    parts = list(_parts(sentence[whole.end() :] if "其中" not in sentence else sentence.split("其中", 1)[1]))
    handed_down = "将" in sentence[: whole.start()] and _GIVES.search(sentence)
    if not (mark or handed_down):
        return
    yield Stated(Kind.ALL, "", number(whole[1]), _short(sentence, whole), annex)
    for kind, key, count, printed in parts:
        yield Stated(kind, key, count, printed, annex)


def _parts(text: str) -> Iterator[tuple[Kind, str, int, str]]:
    for match in _PART.finditer(text):
        printed = match[1].strip("，、和及的")
        mode, kind = read_mode(printed), read_type(printed)
        if mode:
            yield Kind.MODE, mode, number(match[2]), match[0].strip("，、")
        elif kind:
            yield Kind.TYPE, kind, number(match[2]), match[0].strip("，、")


def _short(sentence: str, match: re.Match[str]) -> str:
    start = max(0, match.start() - 4)
    return sentence[start : match.end()][:40]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was read of one list: the mode and type of each row."""

    modes: Sequence[Mode | None]
    types: Sequence[MatterType | None]


def count(stated: Stated, lists: Iterable[Counted]) -> int:
    """How many rows of the lists are of the stated kind."""
    total = 0
    for rows in lists:
        if stated.kind is Kind.ALL:
            total += len(rows.modes)
        elif stated.kind is Kind.MODE:
            total += sum(mode == stated.key for mode in rows.modes)
        else:
            total += sum(kind == stated.key for kind in rows.types)
    return total
