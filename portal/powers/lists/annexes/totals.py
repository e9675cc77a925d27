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


_UNIT = r"(?:个|大)?(?:项|件|个事项)"
_COUNT = rf"(?:共计|总计|合计|共)?({NUMERAL}){_UNIT}"
_IN_BRACKETS = re.compile(
    rf"[（(【\[](?:[^（()）\d]{{0,12}}[，、,:：])?{_COUNT}(?:[，,；;：:][^（()）]*)?[）)】\]]"
)
_AT_END = re.compile(rf"(?<![第\d批])(?:共计|总计|合计|共|计)?[：:—-]?({NUMERAL}){_UNIT}$")
_ANNEX_MARK = re.compile(rf"附件({NUMERAL})?")
_GIVES = re.compile(r"下放|调整|赋予|赋权|放权|委托|交由|授予|同权|前移|承接")
_NOUN = r"(?:事项|权限|权力|职权|许可)+"
_OF_MATTERS = re.compile(rf"({NUMERAL})项(?!目)[^，。；：（）]{{0,30}}?{_NOUN}")
_WHOLE = re.compile(
    rf"({NUMERAL})项(?!目)[^，。；：（）]{{0,30}}?{_NOUN}"
    rf"|{_NOUN}(?:清单|目录)?》?[（，：]?(?:共计|总计|合计|总共|共有|共|计|为|有|数为)*({NUMERAL}){_UNIT}"
    rf"|(?:共计|总计|合计|总共|共有|共)({NUMERAL}){_UNIT}"
)
_OTHERS = re.compile(
    r"取消|已|此前|以往|前期|去年|上年|累计|以来|截至|下一步|精简|压减|整改|保留|收回|暂不|首批将\d+个部门"
)
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_PART = re.compile(
    rf"([\u4e00-\u9fff“”、，：；（）()]{{2,40}}?)(?:的)?(?:事项)?(?:共计|为|有|共|计)?({NUMERAL}){_UNIT}(?![目])"
)
_SHARED = re.compile(
    rf"((?:[^，。；：\d]+?[、，])+[^，。；：\d]+?)(?:分别|各)(?:为|有|是|下放)?((?:{NUMERAL}项[、，和及]*)+)"
)
_BARE_COUNT = re.compile(rf"共?计?({NUMERAL})(?:项|个|件)?")
_FIRST_COUNT = re.compile(rf"[\u4e00-\u9fff]{{2}}[：，（共计]*({NUMERAL})(?:项|个|件)?")
_INTRODUCES = re.compile(r"其中|包括|包含|分为|分别是?|[，、：；（]|和|及")
_MODE_PARAGRAPH = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．](.{2,24}?)[：:。]")
_LABELS = sorted(
    {x for xs in MODE_LABELS.values() for x in xs} - {"下放", "委托", "不下放", "前移"}, key=len, reverse=True
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
    """The totals that a list's title states: of all matters, and of modes and types if it goes on to those."""
    bare = tight(title)
    total = count_in(bare)
    whole = _WHOLE.search(bare)
    if total is None and whole:
        total = _number(whole)
    if total is None:
        return []
    parts = [Stated(*part[:3], source=part[3]) for part in _parts(bare)]
    return [Stated(Kind.ALL, "", total, title), *[part for part in parts if part.count <= total]]


def from_notice(paragraphs: Iterable[str]) -> list[Stated]:
    """The totals that the text of the notice states, with the annex that each sentence names.

    Two forms: a sentence that hands matters down and counts them ("将61项…事项下放…（附件1），其中，直接下放19项，…",
    "下放…事项61项，其中A、B分别为40项、21项"), and a paragraph on one mode that says how many matters it covers
    ("1.直接下放：…的5项区级行政权力事项…"). What was done before, or is done to other matters, does not count.
    """
    stated: list[Stated] = []
    for paragraph in paragraphs:
        text = tight(paragraph)[:_MAX_PARAGRAPH]
        if re.match("附件|附表", text) or not re.search("[，。；]", _ASIDE.sub("", text)):
            continue  # the names of annexes, titles and headings are no sentences
        stated += _mode_paragraph(text)
        before: Stated | None = None
        for sentence in re.split("[。！]", text):
            found = list(_sentence(sentence, before))
            before = next((each for each in found if each.kind is Kind.ALL), None)
            stated += found
    return list(dict.fromkeys(stated))


def _mode_paragraph(text: str) -> list[Stated]:
    head = _MODE_PARAGRAPH.match(text)
    mode = read_mode(head[1]) if head else None
    counts = {number(found[1]) for found in _OF_MATTERS.finditer(text)} if mode else set()
    if mode and len(counts) == 1:
        return [Stated(Kind.MODE, mode, counts.pop(), head[0] if head else "")]
    return []


def _sentence(sentence: str, before: Stated | None) -> Iterator[Stated]:
    """The totals of one sentence; `before` is what the sentence before it counted, should this one go on (其中)."""
    if before and sentence.startswith("其中"):
        yield from (Stated(*part[:3], source=part[3], annex=before.annex) for part in _parts(sentence))
        return
    if _MODE_PARAGRAPH.match(sentence):
        return
    wholes = [match for match in _WHOLE.finditer(sentence) if _counts(sentence, match)]
    named = [_annex(sentence, match) for match in wholes]
    if len(wholes) > 1 and not all(named):
        wholes = wholes[:1]
    for at, whole in enumerate(wholes):
        end = wholes[at + 1].start() if at + 1 < len(wholes) else len(sentence)
        total = Stated(Kind.ALL, "", _number(whole), _short(sentence, whole), named[at])
        yield total
        for kind, key, parts, printed in _parts(sentence[whole.end() : end]):
            if parts <= total.count:
                yield Stated(kind, key, parts, printed, total.annex)


def _counts(sentence: str, whole: re.Match[str]) -> bool:
    """Whether a count of matters speaks of what this notice hands down."""
    start = max(sentence.rfind(mark, 0, whole.start()) for mark in "，；：") + 1
    if _OTHERS.search(sentence[start : whole.end()]):
        return False
    if read_type(_label(sentence[: whole.start() + 4])) and "其中" in sentence[: whole.start()]:
        return False
    handed_down = _GIVES.search(sentence, 0, whole.end()) or _GIVES.search(
        sentence, whole.end(), whole.end() + 40
    )
    return bool(handed_down or "附件" in sentence)


def _annex(sentence: str, whole: re.Match[str]) -> int | None:
    """The annex that is named for a count: just before it (附件1所列61项), else the next one after it."""
    start = max(sentence.rfind(mark, 0, whole.start()) for mark in "，；") + 1
    mark = _ANNEX_MARK.search(sentence, start, whole.start()) or _ANNEX_MARK.search(sentence, whole.end())
    mark = mark or _ANNEX_MARK.search(sentence)
    return number(mark[1]) if mark and mark[1] else None


def _number(whole: re.Match[str]) -> int:
    return number(next(group for group in whole.groups() if group))


def _label(text: str) -> str:
    return _INTRODUCES.split(text)[-1]


def _parts(text: str) -> Iterator[tuple[Kind, str, int, str]]:
    """The modes and types that a text counts, each with its number and as printed."""
    for match in _PART.finditer(_SHARED.sub(_dealt, text)):
        mode, kind, label = _read_label(match[1])
        if mode:
            yield Kind.MODE, mode, number(match[2]), f"{label}{match[2]}项"
        elif kind:
            yield Kind.TYPE, kind, number(match[2]), f"{label}{match[2]}项"


def _read_label(printed: str) -> tuple[Mode | None, MatterType | None, str]:
    """The mode or type that a label names, with the words that introduce it left out one after the other."""
    rest = printed
    while rest:
        bare = rest.strip("，、：；和及的")
        mode, kind = read_mode(bare), read_type(bare)
        if mode or kind:
            return mode, kind, bare
        cut = _INTRODUCES.search(rest)
        rest = rest[cut.end() :] if cut else ""
    return None, None, ""


def _dealt(match: re.Match[str]) -> str:
    """直接下放、委托下放分别为3项、2项 as 直接下放3项、委托下放2项; left alone where the numbers do not fit."""
    labels = [label for label in re.split("[、，]|(?<=[放移件许可认权力])和", match[1]) if label]
    counts = [found[0] for found in re.finditer(NUMERAL, match[2])]
    if len(counts) == 1 and "各" in match[0]:
        counts *= len(labels)
    if len(counts) > len(labels):
        return match[0]
    labels = labels[-len(counts) :]
    return "、".join(f"{label}{count}项" for label, count in zip(labels, counts, strict=True))


def printed_total(cells: Sequence[str]) -> list[Stated]:
    """What a row of totals (合计) states in its cells, the first of which is the word; [] without a number.

    Of several bare numbers the total is the one that the others add up to.
    """
    texts = [tight(cell) for cell in cells if cell.strip() and not cell.startswith("=")]
    bare = [number(found[1]) for text in texts[1:] if (found := _BARE_COUNT.fullmatch(text))]
    total = next((count for count in bare if count * 2 == sum(bare)), bare[0] if len(bare) == 1 else None)
    first = _FIRST_COUNT.match("，".join(texts))
    if total is None and first and not bare:
        total = number(first[1])
    parts = [Stated(*part[:3], source=part[3]) for part in _parts("，".join(texts)[2:])]
    return [*([] if total is None else [Stated(Kind.ALL, "", total, texts[0])]), *parts]


def _short(sentence: str, match: re.Match[str]) -> str:
    """The clause that states a total, from its beginning, as far as a person needs it to find the place."""
    start = max(sentence.rfind(mark, 0, match.start()) for mark in "，；：") + 1
    return sentence[max(start, match.end() - 40) : match.end()]


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
