"""The contrast that the accessibility statement promises, computed for every pair of text and ground."""

from __future__ import annotations

import re

import pytest

from tests.guards.tree import ROOT

TOKENS = (ROOT / "static/src/_tokens.scss").read_text("utf-8")
USUAL, STRONG = 4.5, 7.0
HEX = r"#[0-9a-f]{3,6}"
COLOURS = {name: pair for name, *pair in re.findall(rf'"([\w-]+)": \(({HEX}), ({HEX})\),', TOKENS)}
MODES = {
    name: re.findall(HEX, colours)
    for name, colours in re.findall(r'"(\w+)": \(((?:#[0-9a-f]+(?:, )?){6})\)', TOKENS)
}
WORDS = ("ink", "text", "secondary", "link", "link-visited", "link-hover", "error", "success", "was", "now")
GROUNDS = ("surface", "quote")
PAIRS = [
    *((word, None) for word in WORDS),
    *((word, ground) for word in WORDS for ground in GROUNDS),
    ("text", "focus"),
    ("text", "quote-mark"),
    ("was", "was-ground"),
    ("now", "now-ground"),
    (None, "ink"),
    ("ink-print", "ink"),
]
"""Text and its ground; None is white."""


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_is_the_one_of_wcag():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("at", "least"), [(0, USUAL), (1, STRONG)], ids=["usual", "strong"])
def test_words_stand_out_from_their_ground(at, least):
    colour = {None: "#fff"} | {name: pair[at] for name, pair in COLOURS.items()}
    assert len(COLOURS) > 20
    assert [pair for pair in PAIRS if contrast(colour[pair[0]], colour[pair[1]]) < least] == []


def test_the_states_can_be_read():
    assert len(MODES) == 7
    for name, (solid, on_solid, border, tint, on_tint, lane) in MODES.items():
        pairs = [(solid, on_solid), (tint, on_tint), (lane, "#fff")]
        assert min(contrast(*pair) for pair in pairs) >= USUAL, name
        # Under high contrast: white on the darkest, black on the tint.
        assert min(contrast(border, "#fff"), contrast(tint, "#000")) >= STRONG, name
