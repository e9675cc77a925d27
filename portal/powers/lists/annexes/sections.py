"""Rows across the table: headings of sections, which may set mode, type, department and a total. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.powers.lists.annexes.printed import NUMERAL, tidy, tight
from portal.powers.lists.annexes.totals import count_in, find_modes
from portal.powers.lists.rules import Mode, read_mode
from portal.powers.matters.rules import MatterType, read_type

_ENUMERATORS = (
    re.compile(
        r"第[一二三四五六七八九十\d]{1,3}(?:部分|类|批|章|节)[：:、.．\s]*|[Ⅰ-Ⅻ][、.．\s]*|[A-F](?:类|[、.．])\s*"
    ),
    re.compile(r"[一二三四五六七八九十]{1,3}[、.．\s]"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"\d{1,2}[、.．]|[①-⑳]"),
    re.compile(r"[（(]\d{1,2}[）)]"),
)
_STEP = 10
"""Levels of numbered headings are this far apart: between them is room for headings without a number."""

POINTS = 4 * _STEP
"""From this level on (1., （1）) what stands below a note is a point of it."""

_COUNT = re.compile(
    rf"[（(【\[，,：:—-]*(?:共计|总计|合计|共|计)?{NUMERAL}(?:个|大)?(?:项|件|个事项)(?:[，,；;][^）)]*)?[）)】\]]?(?:续)?$|[（(]\d{{1,4}}[）)]$"
)
_LONE_COUNT = re.compile(r"[（(](\d{1,4})[）)]$")
_ONE_BODY = (
    r"[\u4e00-\u9fff]{1,28}(?:局|委|委员会|办|办公室|厅|中心|部|院|处|分局|支队|大队|总队|公司|管委会|残联|联合会|社|银行|所|站"
    r"|馆|协会|集团|政府)(?:[（(][\u4e00-\u9fff、]{2,30}[）)])?"
)
_BODY = re.compile(rf"{_ONE_BODY}(?:[、和及]{_ONE_BODY})*")
_TOTAL = re.compile(
    r"(合计|总计|共计|小计|总数|本页合计|本页小计)(?:[：:（(，]*(?:共|计)*[\d一二三四五六七八九十百].*|[：:])?"
)
_PAGE = re.compile(
    r"[（(]?(?:续表?\d*|续上[表页]|接上[表页]|上接第?\d*页|下接第?\d*页|转下页|见下页)[）)]?|第\d+页(?:[，,/]?共\d+页)?"
    r"|[-—－―–]\d+[-—－―–]"
)
_FOOTER = re.compile(
    r"(?:填报|填表|报送|制表|审核|复核|联系|经办|负责|分管|打印|填写)(?:单位|部门|日期|时间|人|领导|电话)*(?:[（(][^（）()]{0,8}[）)])?[：:].{0,40}"
)
_MAX_HEADING = 120


@dataclass(slots=True)
class Section:
    """A section of a list: what its heading says, and how many rows stood under it.

    `level` grows inwards; it is -1 for a heading without a number until the outline has placed it.
    """

    line: int
    heading: str
    level: int
    mode: Mode | None = None
    mode_label: str = ""
    type: MatterType | None = None
    department: str = ""
    stated: int | None = None
    counted: int = 0

    @property
    def says(self) -> str:
        """What kind of thing the heading says: mode, type, department or nothing known."""
        return "mode" if self.mode else "type" if self.type else "department" if self.department else ""


@dataclass(slots=True)
class Outline:
    """The sections that are open where reading stands, outermost first, and all that were seen."""

    open: list[Section] = field(default_factory=list)
    seen: list[Section] = field(default_factory=list)

    def enter(self, section: Section) -> None:
        """Open a section; those of its level and below end.

        A heading without a number takes the place of an open one that says the same kind of thing (a mode, a
        type, a department), numbered or not; otherwise it stands one step inside what is open.
        """
        if section.level < 0:
            same = next((outer for outer in self.open if outer.says == section.says), None)
            inner = self.open[-1].level + 1 if self.open else 0
            section.level = same.level if same else inner
        self.open = [outer for outer in self.open if outer.level < section.level]
        self.open.append(section)
        self.seen.append(section)

    def count_row(self) -> None:
        """One more row under every open section."""
        for section in self.open:
            section.counted += 1

    @property
    def mode(self) -> tuple[Mode | None, str]:
        """The mode of the innermost section that has one, and its printed label."""
        return next(((s.mode, s.mode_label) for s in reversed(self.open) if s.mode), (None, ""))

    @property
    def type(self) -> MatterType | None:
        """The type of the innermost section that has one."""
        return next((s.type for s in reversed(self.open) if s.type), None)

    @property
    def department(self) -> str:
        """The department of the innermost section that has one."""
        return next((s.department for s in reversed(self.open) if s.department), "")


def read_section(text: str, line: int) -> Section | None:
    """The section that a row across the table opens; None when it is no heading of a section."""
    heading = tidy(text)
    if len(heading) > _MAX_HEADING:
        return None
    level = next((n for n, pattern in enumerate(_ENUMERATORS) if pattern.match(heading)), None)
    bare = heading if level is None else _ENUMERATORS[level].sub("", heading, count=1).strip()
    section = Section(line, heading, -1 if level is None else (level + 1) * _STEP, stated=count_in(heading))
    bare, before = _COUNT.sub("", bare).strip(), bare
    _name_mode(section, bare)
    section.type = read_type(bare)
    if not section.mode and not section.type and _BODY.fullmatch(bare):
        section.department = bare
    lone = _LONE_COUNT.search(before)
    if section.stated is None and lone and section.says:
        section.stated = int(lone[1])
    if level is None and section.stated is None and not section.says:
        return None
    return section


def _name_mode(section: Section, bare: str) -> None:
    found = find_modes(bare)
    if len({mode for mode, _ in found}) == 1:
        section.mode, section.mode_label = found[0]
        return
    label = bare.removesuffix(
        "事项"
    )  # 下放事项, 委托事项: words too common to be looked for inside a heading
    section.mode = None if found else read_mode(label)
    section.mode_label = label if section.mode else ""


def total_word(cells: Sequence[str]) -> str:
    """The word with which a row of totals begins (合计, 小计 …), "" for other rows."""
    first = next((cell for cell in cells if cell.strip()), "")
    match = _TOTAL.fullmatch(tight(first)) if len(first) <= _MAX_HEADING else None
    return match[1] if match else ""


def is_page_mark(texts: Sequence[str]) -> bool:
    """Whether a row only says that the table goes on, counts pages or names who drew it up (续表, 制表人：…)."""
    return all(_PAGE.fullmatch(text) or _FOOTER.fullmatch(text) for text in map(tight, texts))
