import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.powers.lists.totals import Mismatch, compare_totals

MODES = ["direct", "review", "review", "window"]
TYPES = ["行政许可", "行政许可", "行政确认", "其他行政权力"]


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ({}, []),
        ({"total": 4}, []),
        ({"total": 4, "by_mode": {"direct": 1, "review": 2, "window": 1}}, []),
        ({"total": 5}, [Mismatch("total", "", 5, 4)]),
        ({"total": 0}, [Mismatch("total", "", 0, 4)]),
        ({"by_mode": {"review": 3}}, [Mismatch("mode", "review", 3, 2)]),
        ({"by_mode": {"collection": 1}}, [Mismatch("mode", "collection", 1, 0)]),
        ({"by_type": {"行政许可": 1}}, [Mismatch("type", "行政许可", 1, 2)]),
        (
            {"total": 9, "by_mode": {"direct": 2}, "by_type": {"行政确认": 1, "公共服务": 1}},
            [
                Mismatch("total", "", 9, 4),
                Mismatch("mode", "direct", 2, 1),
                Mismatch("type", "公共服务", 1, 0),
            ],
        ),
        ({"total": 4, "sections": [{"line": 3, "heading": "一", "total": 9}]}, []),
    ],
)
def test_totals_that_differ_are_named_with_both_figures(declared, found):
    assert compare_totals(declared, MODES, TYPES) == found


@given(st.lists(st.tuples(st.sampled_from(MODES), st.sampled_from(TYPES))))
def test_what_was_counted_never_differs_from_itself(rows):
    modes, types = [mode for mode, _ in rows], [kind for _, kind in rows]
    declared = {
        "total": len(rows),
        "by_mode": {mode: modes.count(mode) for mode in modes},
        "by_type": {kind: types.count(kind) for kind in types},
    }
    assert compare_totals(declared, modes, types) == []
    assert compare_totals({"total": len(rows) + 1}, modes, types) == [
        Mismatch("total", "", len(rows) + 1, len(rows))
    ]
