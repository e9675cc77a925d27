"""The lanes: one row a body, one box a step, from handing in to the result. Server-made SVG.

A wide drawing for wide screens, a narrow one (lanes as columns) for small ones; the steps table beside them says
the same in words. Colours come from the style sheet through classes, so both drawings also print and survive
forced colours. Lengths are SVG units: 1160 wide (1 unit = 1 px at full width) or 290.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from portal.i18n import mixed

LATIN_WIDTH = 0.58
"""Width of a bold Latin letter in em; Chinese characters are one em."""
LEADING = 1.22
"""Distance of two lines of text in em."""
OPENING = "“‘（《〔「"
CLOSING = "”’）》〕」，。、；：！？"


@dataclass(frozen=True)
class Lane:
    """A body's lane: its place, its name, and a remark for a lane in which no step happens."""

    name: str
    body: str = ""
    note: str = ""


@dataclass(frozen=True)
class Step:
    """A numbered step in a lane (index; 0 is the applicant). `known` is False while nobody has said how."""

    label: str
    lane: int
    known: bool = True


@dataclass(frozen=True)
class Support:
    """What another body gives towards a step, drawn as a dashed arrow from its lane: the use of a seal."""

    label: str
    lane: int
    step: int


@dataclass(frozen=True)
class Route:
    """The whole way. `mode` picks the colours; `start` and `end` are the applicant's two boxes in lane 0."""

    mode: str
    lanes: tuple[Lane, ...]
    steps: tuple[Step, ...]
    start: str
    end: str
    title: str
    description: str
    support: Support | None = None

    @property
    def active(self) -> frozenset[int]:
        """The lanes in which something happens."""
        return frozenset(step.lane for step in self.steps)


def text_width(text: str) -> float:
    """The width of a text in em, estimated from the kinds of its characters."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else LATIN_WIDTH for sign in text)


def wrap(text: str, width: float) -> list[str]:
    """The text in lines of at most `width` em where it can be: first at spaces, then between characters.

    A Chinese run that is too long is cut into even parts, never before a closing or after an opening mark.
    """
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined) <= width and word.isascii():
            lines[-1] = joined
        else:
            lines.extend(_cut(word, width))
    return lines


def _cut(word: str, width: float) -> list[str]:
    total = text_width(word)
    if total <= width or word.isascii():
        return [word]
    parts = -int(-total // max(width, 1.0))
    aim = -int(-len(word) // parts)
    cut = next((at for at in range(aim, 0, -1) if _may_cut(word, at)), aim)
    return [word[:cut], *_cut(word[cut:], width)]


def _may_cut(word: str, at: int) -> bool:
    return at < len(word) and word[at] not in CLOSING and word[at - 1] not in OPENING


def _svg(kind: str, route: Route, size: tuple[float, float], parts: Iterable[Markup]) -> Markup:
    return Markup(
        '<svg class="lanes__{kind} lanes--{mode}" viewBox="0 0 {width} {height}" role="img"'
        ' aria-labelledby="lanes-{kind}-title lanes-{kind}-text">'
        '<title id="lanes-{kind}-title">{title}</title><desc id="lanes-{kind}-text">{text}</desc>{parts}</svg>'
    ).format(
        kind=kind,
        mode=route.mode,
        width=_number(size[0]),
        height=_number(size[1]),
        title=route.title,
        text=route.description,
        parts=Markup("").join(parts),
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class _Box:
    """A rectangle of a drawing by its left upper corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


def _rect(style: str, box: _Box, radius: float = 0) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>').format(
        style, _number(box.x), _number(box.y), _number(box.width), _number(box.height), _number(radius)
    )


def _lines(
    style: str, lines: Sequence[str], at: tuple[float, float], size: float, anchor: str = "middle"
) -> Markup:
    """Lines of text around a point, `size` units high."""
    x, y = at
    leading = size * LEADING
    top = y - leading * (len(lines) - 1) / 2 + size * 0.36
    return Markup("").join(
        Markup('<text class="{}" x="{}" y="{}" font-size="{}" text-anchor="{}">{}</text>').format(
            style, _number(x), _number(top + leading * index), _number(size), anchor, mixed(line, "tspan")
        )
        for index, line in enumerate(lines)
    )


def _path(
    points: Sequence[tuple[float, float]], style: str = "lane-arrow", head: str = "lane-arrow-head"
) -> Markup:
    """A line through the points with an arrow head in the direction of its last part."""
    (x0, y0), (x1, y1) = points[-2:]
    length = max(abs(x1 - x0) + abs(y1 - y0), 1)
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    way = "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in (*points[:-1], (x1 - 8 * dx, y1 - 8 * dy)))
    corners = (
        (x1, y1),
        (x1 - 9 * dx - 5 * dy, y1 - 9 * dy + 5 * dx),
        (x1 - 9 * dx + 5 * dy, y1 - 9 * dy - 5 * dx),
    )
    tip = " ".join(f"{_number(x)},{_number(y)}" for x, y in corners)
    return Markup('<path class="{}" d="{}"/><polygon class="{}" points="{}"/>').format(style, way, head, tip)


def _fit(lines: Sequence[str], size: float, room: float) -> float:
    """The type size, at most `size`, at which the longest line keeps within `room`."""
    return min(size, room / max(map(text_width, lines), default=1.0))


def _end(box: _Box, label: str, size: float) -> Markup:
    pill = _rect("lane-end", box, box.height / 2)
    width = (box.width - box.height / 2) / size
    return pill + _lines("lane-text", wrap(label, width), box.centre, size)


def _step(box: _Box, number: int, step: Step, size: float, disc: float) -> Markup:
    """A step's box with its number in a disc; an unknown step is open and dotted."""
    style = "lane-box" if step.known else "lane-box lane-box--open"
    middle = box.y + box.height / 2
    left = box.x + disc * 1.7
    room = box.width - disc * 2.9
    lines = wrap(step.label, room / size)
    fitted = min(_fit(lines, size, room), (box.height - 6) / (len(lines) * LEADING))
    return Markup("<g>{}<circle class='lane-disc' cx='{}' cy='{}' r='{}'/>{}{}</g>").format(
        _rect(style, box, 3),
        _number(left),
        _number(middle),
        _number(disc),
        _lines("lane-digit", [str(number)], (left, middle), disc * 1.4),
        _lines("lane-step", lines, (box.right - room / 2 - disc * 0.15, middle), fitted),
    )


WIDTH, HEAD, ROW = 1160.0, 182.0, 95.5
FIRST, LAST, GAP = 366.0, 1010.0, 25.0
NOTE = 594.0


def wide(route: Route) -> Markup:
    """The drawing for wide screens: lanes are rows, time runs from left to right."""
    pitch = (LAST - FIRST) / max(len(route.steps), 1)
    boxes = [
        _Box(FIRST + pitch * index, ROW * step.lane + 20, pitch - GAP, ROW - 40)
        for index, step in enumerate(route.steps)
    ]
    start, end = _Box(206, 20.5, 135, ROW - 41), _Box(LAST, 20.5, 135, ROW - 41)
    parts = [*_wide_ground(route), *_wide_arrows((start, *boxes, end))]
    parts += [
        _step(box, at, step, 17, 11) for at, (box, step) in enumerate(zip(boxes, route.steps, strict=True), 1)
    ]
    parts += [_end(start, route.start, 17), _end(end, route.end, 17)]
    if route.support:
        parts.append(_wide_support(route.support, boxes[route.support.step]))
    return _svg("wide", route, (WIDTH, ROW * len(route.lanes)), parts)


def _wide_ground(route: Route) -> Iterable[Markup]:
    height = ROW * len(route.lanes)
    for index, lane in enumerate(route.lanes):
        style = "lane-active" if index in route.active else "lane-idle" if index else "lane-you"
        top = ROW * index
        yield _rect(style, _Box(HEAD, top, WIDTH - HEAD, ROW))
        yield _rect("lane-head", _Box(0, top, HEAD, ROW))
        yield _wide_head(lane, top + ROW / 2)
        if index:
            yield Markup('<path class="lane-rule" d="M0 {0}H{1}"/>').format(_number(top), _number(WIDTH))
        if lane.note:
            yield _lines("lane-note", wrap(lane.note, 26), (NOTE, top + ROW / 2), 16)
    yield Markup('<path class="lane-rule" d="M{0} 0V{1}"/>').format(_number(HEAD), _number(height))


def _wide_head(lane: Lane, middle: float) -> Markup:
    """Place and body at the head of a lane; the steps table below has a body's name in full."""
    names, bodies = wrap(lane.name, 8.8)[:2], _few(wrap(lane.body, 10), 2)
    shift = 12 if bodies else 0
    parts = _lines("lane-name", names, (19, middle - shift - (8 if len(bodies) > 1 else 0)), 17, "start")
    return parts + _lines("lane-body", bodies, (19, middle + 14 + 9 * (len(names) - 1)), 15, "start")


def _few(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1] + "…"]


def _wide_arrows(boxes: Sequence[_Box]) -> Iterable[Markup]:
    for here, there in pairwise(boxes):
        (_, y0), (_, y1) = here.centre, there.centre
        turn = here.right + GAP / 2
        straight = abs(y0 - y1) < 1
        middle = () if straight else ((turn, y0), (turn, y1))
        yield _path([(here.right, y0), *middle, (there.x, y0 if straight else y1)])


def _wide_support(support: Support, box: _Box) -> Markup:
    x, _ = box.centre
    middle = ROW * support.lane + ROW / 2
    below = middle > box.y
    points = [(x, middle - 21 if below else middle + 21), (x, box.bottom + 2 if below else box.y - 2)]
    arrow = _path(points, "lane-support", "lane-support-head")
    return arrow + _lines("lane-note", wrap(support.label, 18), (x, middle), 16)


NARROW, STEP_HEIGHT, STEP_PITCH = 290.0, 51.0, 69.5


def narrow(route: Route) -> Markup:
    """The drawing for small screens: lanes are columns, time runs downwards."""
    column = NARROW / len(route.lanes)
    heads = [_narrow_head(lane, column) for lane in route.lanes]
    head = max(54.0, *(18 + 19.0 * (len(name) + len(body)) for name, body in heads))
    places = [0, *(step.lane for step in route.steps), 0]
    boxes = [
        _Box(column * lane + 3, head + 12 + STEP_PITCH * index, column - 6, STEP_HEIGHT)
        for index, lane in enumerate(places)
    ]
    height = boxes[-1].bottom + 21
    parts = [*_narrow_ground(route, column, head, height), *_narrow_heads(heads, column, head)]
    parts += _narrow_arrows(boxes)
    steps = enumerate(zip(boxes[1:-1], route.steps, strict=True), 1)
    parts += [_step(box, at, step, 15, 9) for at, (box, step) in steps]
    parts += [_end(boxes[0], route.start, 15), _end(boxes[-1], route.end, 15)]
    if route.support:
        parts.append(_narrow_support(route.support, boxes[route.support.step + 1], column))
    return _svg("narrow", route, (NARROW, height), parts)


def _narrow_head(lane: Lane, column: float) -> tuple[list[str], list[str]]:
    room = column - 10
    return wrap(lane.name, room / 15), _few(wrap(lane.body, room / 14), 3)


def _narrow_ground(route: Route, column: float, head: float, height: float) -> Iterable[Markup]:
    yield _rect("lane-head", _Box(0, 0, NARROW, head))
    for index in range(len(route.lanes)):
        style = "lane-active" if index in route.active else "lane-idle" if index else "lane-you"
        yield _rect(style, _Box(column * index, head, column, height - head))
        if index:
            yield Markup('<path class="lane-rule" d="M{0} 0V{1}"/>').format(
                _number(column * index), _number(height)
            )
    yield Markup('<path class="lane-rule" d="M0 {0}H{1}"/>').format(_number(head), _number(NARROW))


def _narrow_heads(
    heads: Sequence[tuple[list[str], list[str]]], column: float, head: float
) -> Iterable[Markup]:
    for index, (name, body) in enumerate(heads):
        x = column * (index + 0.5)
        middle = head / 2
        yield _lines("lane-name", name, (x, middle - 9.5 * len(body)), _fit(name, 15, column - 6))
        yield _lines("lane-body", body, (x, middle + 9.5 * len(name)), _fit(body, 14, column - 6))


def _narrow_arrows(boxes: Sequence[_Box]) -> Iterable[Markup]:
    for here, there in pairwise(boxes):
        (x0, _), (x1, _) = here.centre, there.centre
        turn = here.bottom + 7
        middle = () if abs(x0 - x1) < 1 else ((x0, turn), (x1, turn))
        yield _path([(x0, here.bottom), *middle, (x1, there.y)])


def _narrow_support(support: Support, box: _Box, column: float) -> Markup:
    """The label in its own column beside the step, and the dashed arrow from there."""
    x = column * (support.lane + 0.5)
    _, y = box.centre
    lines = wrap(support.label, (column * 0.56) / 14)
    half = max(text_width(line) for line in lines) * 7 + 4
    right = x > box.x
    arrow = [(x - half, y), (box.right + 1, y)] if right else [(x + half, y), (box.x - 1, y)]
    shift = 5 if right else -5
    drawn = _path([(arrow[0][0] + shift, y), arrow[1]], "lane-support", "lane-support-head")
    return drawn + _lines("lane-note", lines, (x + shift, y), 14)
