"""What a place chose, laid over a list's answers as sets of rows."""

from __future__ import annotations

import pytest

from portal.powers.lists.cube.rules import Members
from portal.powers.lists.rules import Mode
from portal.site.finding.narrowing import moved


def members(*rows):
    bits = sum(1 << row for row in rows)
    return Members(len(rows), bits)


@pytest.mark.parametrize(
    ("modes", "choices", "seen"),
    [
        # The list says all of it itself: an old choice changes nothing.
        ({"direct": members(0, 1)}, {0: Mode.WINDOW}, {"direct": members(0, 1)}),
        # Only what is left open moves.
        (
            {"direct": members(0), "undetermined": members(1, 2)},
            {0: Mode.WINDOW, 1: Mode.WINDOW},
            {"direct": members(0), "window": members(1), "undetermined": members(2)},
        ),
        # Two modes take all of it; nothing stays open.
        (
            {"undetermined": members(0, 1)},
            {0: Mode.DIRECT, 1: Mode.REVIEW},
            {"direct": members(0), "review": members(1)},
        ),
        ({"undetermined": members(0)}, {}, {"undetermined": members(0)}),
    ],
)
def test_choices_move_what_the_list_leaves_open(modes, choices, seen):
    assert moved(modes, choices) == seen
