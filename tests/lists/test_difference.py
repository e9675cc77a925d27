from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from portal.powers.lists.difference import compare
from portal.powers.lists.rules import Mode
from portal.powers.lists.snapshot import Row

words = st.sampled_from(["", "甲", "乙"])
modes = st.sampled_from([mode.value for mode in Mode])


@st.composite
def lists(draw):
    """A list's rows: every matter at most once."""
    ids = draw(st.lists(st.integers(1, 6), unique=True))
    return [
        Row(
            matter_id=each,
            seq=draw(st.integers(1, 3)),
            department=draw(words),
            code=draw(words),
            name=f"第{each}号",
            type=draw(st.sampled_from(["行政许可", "行政确认"])),
            mode=draw(modes),
            mode_label=draw(words),
            remark=draw(words),
            sub_items=tuple(draw(st.lists(words, max_size=2))),
            status={"state": draw(st.sampled_from(["unverified", "abolished"]))},
            everyday_names=tuple(draw(st.lists(words, max_size=2))),
            answers={code: draw(modes) for code in draw(st.sets(st.sampled_from(["370811", "370826"])))},
        )
        for each in ids
    ]


def applied(before, entries, after):
    """The later list, made from the earlier one and the difference; new rows are taken from `after`."""
    rows = {row.matter_id: row for row in before}
    whole = {row.matter_id: row for row in after}
    for entry in entries:
        key = entry["matter_id"]
        if entry["change"] == "withdrawn":
            del rows[key]
        elif entry["change"] == "added":
            assert key not in rows
            rows[key] = whole[key]
        else:
            fields = {
                name: tuple(now) if isinstance(now, list) else now
                for name, (_was, now) in entry["fields"].items()
            }
            answers = dict(rows[key].answers)
            for code, (was, now) in entry["answers"].items():
                assert answers.pop(code, None) == was
                if now is not None:
                    answers[code] = now
            rows[key] = replace(rows[key], **fields, answers=answers)
    return rows


@given(lists())
def test_a_list_does_not_differ_from_itself(rows):
    found = compare(rows, rows)
    assert (found.added, found.changed, found.withdrawn, found.entries) == (0, 0, 0, [])


@given(lists(), lists())
def test_the_difference_makes_the_later_list_of_the_earlier(before, after):
    found = compare(before, after)
    assert applied(before, found.entries, after) == {row.matter_id: row for row in after}
    kinds = [entry["change"] for entry in found.entries]
    counts = (found.added, found.changed, found.withdrawn)
    assert counts == tuple(kinds.count(kind) for kind in ("added", "changed", "withdrawn"))


@given(lists(), lists())
def test_there_and_back_differ_alike(before, after):
    there, back = compare(before, after), compare(after, before)
    assert (there.added, there.changed, there.withdrawn) == (back.withdrawn, back.changed, back.added)


@given(lists())
def test_a_first_list_is_all_new_and_only_counted(rows):
    found = compare(None, rows)
    assert (found.added, found.changed, found.withdrawn, found.entries) == (len(rows), 0, 0, [])


def test_an_entry_gives_both_values():
    was = Row(7, 1, "市商务局", "", "企业投资项目备案", "行政许可", "review", "下放实质性审核权", "")
    was = replace(was, answers={"370811": "review", "370826": "review"})
    now = replace(was, mode="direct", mode_label="直接下放", answers={"370811": "direct", "370827": "direct"})
    (entry,) = compare([was], [now]).entries
    assert entry == {
        "change": "changed",
        "matter_id": 7,
        "seq": 1,
        "name": "企业投资项目备案",
        "fields": {"mode": ["review", "direct"], "mode_label": ["下放实质性审核权", "直接下放"]},
        "answers": {"370811": ["review", "direct"], "370826": ["review", None], "370827": [None, "direct"]},
    }
