"""Rows across the table: headings of sections, which may set mode, type, department and a total. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from portal.powers.lists.annexes.printed import NUMERAL, tidy
from portal.powers.lists.annexes.totals import count_in, find_modes
from portal.powers.lists.rules import Mode, read_mode
from portal.powers.matters.rules import MatterType, read_type

_ENUMERATORS = (
    re.compile(r"第?[一二三四五六七八九十]{1,3}(?:部分)?[、.．\s]"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"\d{1,2}[、.．]"),
    re.compile(r"[（(]\d{1,2}[）)]"),
)
_COUNT = re.compile(rf"[（(【\[]?(?:共计|总计|合计|共|计)?{NUMERAL}(?:个|大)?(?:项|个事项)[）)】\]]?$")
_BODY = re.compile(
    r"[\u4e00-\u9fff（）]{2,30}(?:局|委|委员会|办|办公室|厅|中心|部|院|处|分局|支队|公司|管委会)"
)
_TOTAL = re.compile(r"(?:合计|总计|共计|小计|总数)[：:]?[（(共]*(\d{0,7})(?:项|个)?[）)]*")


_MAX_HEADING = 120


@dataclass(slots=True)
class Section:
    """A section of a list: what its heading says, and how many rows stood under it."""

    line: int
    heading: str
    level: int
    mode: Mode | None = None
    mode_label: str = ""
    type: MatterType | None = None
    department: str = ""
    stated: int | None = None
    counted: int = 0


@dataclass(slots=True)
class Outline:
    """The sections that are open where reading stands, outermost first, and all that were seen."""

    open: list[Section] = field(default_factory=list)
    seen: list[Section] = field(default_factory=list)

    def enter(self, section: Section) -> None:
        """Open a section; those of its level and below end."""
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
    stated = count_in(heading)
    bare = _COUNT.sub("", bare).strip()
    section = Section(line, heading, level or 0, stated=stated)
    _name_mode(section, bare)
    section.type = read_type(bare)
    if not section.mode and not section.type and _BODY.fullmatch(bare):
        section.department = bare
    if level is None and stated is None and not section.mode and not section.type:
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


def read_total(cells: list[str]) -> int | None:
    """The total in a row that begins with 合计 or its like; -1 when it gives no number, None for other rows."""
    texts = [tidy(cell) for cell in cells if cell.strip()]
    match = _TOTAL.fullmatch(texts[0].replace(" ", "")) if texts and len(texts[0]) <= _MAX_HEADING else None
    if not match:
        return None
    found = re.search(r"\d{1,7}", " ".join([match[1], *texts[1:]]))
    return int(found[0]) if found else -1
