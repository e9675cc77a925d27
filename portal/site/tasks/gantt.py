"""The picture of dates: a row for each task, a bar up to its last date, a mark at each date; the table has the same.

Bars differ by outline and pattern as well as by colour, and each has its state in words behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from markupsafe import Markup

from portal.address import large_type
from portal.i18n import foreign
from portal.i18n import gettext as _
from portal.oversight.tasks.rules import TaskState
from portal.site.tasks.ledger import Line
from portal.site.tasks.stretches import Axis, axis

WIDTH, LEFT, RIGHT, RIGHT_LARGE = 1160, 380, 250, 310
"""The whole picture, the room for titles, the room for states in usual and in large type."""
HEAD, STEP, BAR = 62, 38, 12
TODAY, DAYS = 18, 44
"""The lines on which today and the named days are written."""
DAY_WIDTH, DAY_WIDTH_LARGE = 100, 125
"""The room that the name of a day takes."""
LETTER, LETTER_LARGE = 8, 10
"""How wide a Latin letter is; a Chinese character takes two."""
MOST_CODE = 16
"""So many letters of a code are drawn; the table has the whole."""


def picture(lines: Sequence[Line], today: date, title: str) -> Markup:
    """The picture as SVG; empty where no task has a date."""
    days = list(_days(lines, today))
    if not days:
        return Markup("")
    shown = axis(days)
    letter = LETTER_LARGE if large_type() else LETTER
    indent = min(MOST_CODE, max(len(line.code) for line in lines)) * (letter + 2) + 16
    rows = (_row(line, at, shown, today, indent) for at, line in enumerate(lines))
    parts = [*_head(shown, len(lines)), *rows]
    if shown.first < today < shown.last:
        parts.append(_today(shown, today, len(lines)))
    return Markup('<svg class="gantt" viewBox="0 0 {} {}" role="img" aria-label="{}"{}>{}</svg>').format(
        WIDTH, HEAD + STEP * len(lines) + 8, title, _language(title), Markup("").join(parts)
    )


def _days(lines: Sequence[Line], today: date) -> Iterator[date]:
    """Every day that the picture must hold: today too, as long as something dated is open."""
    for line in lines:
        for mark in line.marks:
            yield line.begins_on
            yield mark.due_on
            if mark.done_on:
                yield mark.done_on
            elif line.state.open:
                yield today


def _end() -> int:
    """Where the days end and the states begin."""
    return WIDTH - (RIGHT_LARGE if large_type() else RIGHT)


def _x(shown: Axis, when: date) -> float:
    return LEFT + (_end() - LEFT) * shown.share(when)


def _head(shown: Axis, rows: int) -> Iterator[Markup]:
    """The days along the top with a line down from each; those whose names would meet are left out."""
    wide = DAY_WIDTH_LARGE if large_type() else DAY_WIDTH
    taken: list[float] = []
    for when in (shown.first, shown.last, *shown.ticks()):
        at = _x(shown, when)
        if any(abs(at - other) < wide for other in taken):
            continue
        taken.append(at)
        yield Markup(
            '<path class="gantt__line" d="M{x:.1f} {top} V{end}"/>'
            '<text class="gantt__day" x="{x:.1f}" y="{y}" text-anchor="middle">{day}</text>'
        ).format(x=at, top=HEAD - 8, end=HEAD + STEP * rows, y=DAYS, day=when.isoformat())


def _row(line: Line, at: int, shown: Axis, today: date, indent: int) -> Markup:
    top = HEAD + at * STEP
    middle = top + STEP / 2
    return Markup(
        '<g><text class="gantt__name" x="0" y="{y}"><tspan class="gantt__code">{code}</tspan>'
        '<tspan x="{indent}"{lang}>{title}</tspan></text>{bar}'
        '<text class="gantt__state" x="{right}" y="{y}">{state}</text></g>'
    ).format(
        y=middle + 5,
        code=line.code[:MOST_CODE],
        indent=indent,
        lang=_language(line.title),
        title=_shortened(line.title, LEFT - indent - 16),
        bar=_bar(line, middle, shown, today),
        right=_end() + 18,
        state=_state(line),
    )


def _state(line: Line) -> str:
    under_way = line.percent is not None and line.state is TaskState.UNDER_WAY
    return f"{line.about} {line.percent}%" if under_way else line.about


def _bar(line: Line, middle: float, shown: Axis, today: date) -> Markup:
    begin = _x(shown, line.begins_on)
    if not line.marks:
        return Markup('<path class="gantt__open" d="M{:.1f} {} H{}"/>').format(begin, middle, _end())
    last = max(mark.due_on for mark in line.marks)
    end = _x(shown, last)
    parts = [_rect(f"gantt__bar gantt__bar--{line.state}", begin, end, middle)]
    if line.percent and line.state.open:
        parts.append(_rect("gantt__done", begin, begin + (end - begin) * line.percent / 100, middle))
    for mark in line.marks:
        over = mark.done_on or (today if mark.standing.late else None)
        if over and over > mark.due_on:
            parts.append(_rect("gantt__late", _x(shown, mark.due_on), _x(shown, over), middle))
    parts.extend(_diamond(_x(shown, mark.due_on), middle) for mark in line.marks)
    parts.extend(_dot(_x(shown, mark.done_on), middle) for mark in line.marks if mark.done_on)
    return Markup("").join(parts)


def _rect(kind: str, left: float, right: float, middle: float) -> Markup:
    return Markup('<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>').format(
        kind, left, middle - BAR / 2, max(1.0, right - left), BAR
    )


def _diamond(at: float, middle: float) -> Markup:
    return Markup('<path class="gantt__mark" d="M{:.1f} {} l9 9 l-9 9 l-9 -9z"/>').format(at, middle - 9)


def _dot(at: float, middle: float) -> Markup:
    return Markup('<circle class="gantt__met" cx="{:.1f}" cy="{}" r="5"/>').format(at, middle)


def _today(shown: Axis, today: date, rows: int) -> Markup:
    at = _x(shown, today)
    return Markup(
        '<path class="gantt__today" d="M{x:.1f} {top} V{end}"/>'
        '<text class="gantt__day" x="{x:.1f}" y="{y}" text-anchor="middle">{said}</text>'
    ).format(x=at, y=TODAY, top=DAYS + 8, end=HEAD + STEP * rows, said=_("今天"))


def _shortened(title: str, width: int) -> str:
    """As much of a title as fits before its bar; the table has the whole."""
    room = width // (LETTER_LARGE if large_type() else LETTER)
    for at, sign in enumerate(title):
        room -= 1 if sign.isascii() else 2
        if room < 0:
            return title[: at - 1] + "…"
    return title


def _language(text: str) -> Markup:
    return Markup(' lang="zh-CN"') if foreign(text) else Markup("")
