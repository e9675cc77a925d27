import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.powers.lists.intake.rules import (
    ACTIONS,
    LONGEST,
    LONGEST_PART,
    SETTABLE,
    Action,
    Asked,
    check_rows,
    read_value,
    settle_rows,
)
from portal.powers.lists.rules import Mode
from tests.lists.making import exception, row


def asked(code, lines=(), answer=None, *, field="", **data):
    return Asked(code, field, tuple(lines), data, answer)


def names(rows):
    return [each["name"] for each in rows]


ROWS = [row(3, "甲"), row(5, "乙"), row(6, "丙", mode=None, mode_label="")]


def test_what_nobody_answered_stays_as_it_was_read():
    assert settle_rows(ROWS, [asked("name_missing", [3], field="name")]) == ROWS


def test_answers_do_not_touch_what_was_read():
    before = [dict(each) for each in ROWS]
    settle_rows(ROWS, [asked("mode_missing", answer={"action": "set", "value": "window"}, field="mode")])
    assert before == ROWS


def test_a_value_is_set_in_the_rows_asked_about():
    question = asked("name_missing", [3, 5], {"action": "set", "value": "丁"}, field="name")
    assert names(settle_rows(ROWS, [question])) == ["丁", "丁", "丙"]


def test_a_question_may_be_answered_in_another_field():
    answer = {"action": "set", "field": "type", "value": "公共服务"}
    (first, *_) = settle_rows(ROWS, [asked("code_type_clash", [3], answer, field="code")])
    assert (first["type"], first["code"]) == ("公共服务", "")


def test_one_answer_for_a_whole_table_leaves_the_rows_that_say_theirs():
    question = asked("mode_missing", answer={"action": "set", "value": "collection"}, field="mode")
    assert [each["mode"] for each in settle_rows(ROWS, [question])] == ["direct", "direct", "collection"]


def test_dropped_rows_are_left_out():
    assert names(settle_rows(ROWS, [asked("row_cut_off", [5], {"action": "drop"})])) == ["甲", "丙"]


def test_a_remark_means_what_the_person_says():
    rows = [row(3, "甲", exceptions=[exception("window", groups=["zones"])], sub_items=["一"])]
    answer = {"action": "change", "exceptions": [exception("direct", places=["莘县"])], "sub_items": []}
    (found,) = settle_rows(rows, [asked("remark_understood", [3], answer)])
    assert found["exceptions"] == [exception("direct", places=["莘县"])]
    assert found["sub_items"] == []


def test_an_answer_about_a_line_that_is_no_row_changes_nothing():
    for action in ({"action": "drop"}, {"action": "set", "value": "丁"}, {"action": "change"}):
        assert settle_rows(ROWS, [asked("row_odd", [99], action, field="name")]) == ROWS
    assert settle_rows(
        ROWS, [asked("department_unknown", [99], {"action": "use", "organisation": "市水利局"})]
    )


def faults(*rows):
    return [(fault.line, fault.field, fault.code) for fault in check_rows(rows)]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([row(1, "甲"), row(2, "乙")], []),
        ([], [(0, "", "")]),
        ([row(1, "")], [(1, "name", "name_missing")]),
        ([row(1, "甲", type=None)], [(1, "type", "type_missing")]),
        ([row(1, "甲", type="某种")], [(1, "type", "type_missing")]),
        ([row(1, "甲", mode=None)], [(1, "mode", "mode_missing")]),
        ([row(1, "甲", seq="3-1")], [(1, "seq", "seq_odd")]),
        ([row(1, "甲"), row(2, "乙", seq=None)], [(2, "seq", "seq_odd")]),
        # a list without any numbers is counted later; sections may each count from one
        ([row(1, "甲", seq=None), row(2, "乙", seq=None)], []),
        ([row(1, "甲", seq=1), row(2, "乙", seq=1)], []),
        ([row(1, "甲"), row(2, "甲")], [(2, "name", "matter_double")]),
        ([row(1, "甲（Ａ）"), row(2, "甲 (A)")], [(2, "name", "matter_double")]),
        ([row(1, "甲"), row(2, "甲", department="市公安局")], []),
        ([row(1, "甲", code="1"), row(2, "甲", code="2")], []),
        # with a code the department does not tell two matters apart
        (
            [row(1, "甲", code="1"), row(2, "甲", code="1", department="市公安局")],
            [(2, "name", "matter_double")],
        ),
        ([row(1, "甲" * 400)], []),
        ([row(1, "甲" * 401)], [(1, "name", "too_long")]),
        ([row(1, "㈱" * 200)], [(1, "name", "too_long")]),
        ([row(1, "甲", code="1" * 65)], [(1, "code", "too_long")]),
        ([row(1, "甲", mode_label="由市级部门派驻人员" * 8)], [(1, "mode_label", "too_long")]),
        ([row(1, "甲", sub_items=["子" * 256])], [(1, "sub_items", "part_too_long")]),
    ],
)
def test_the_last_look_before_rows_become_a_working_copy(rows, found):
    assert faults(*rows) == found


def test_every_fault_can_be_settled():
    codes = {"name_missing", "type_missing", "mode_missing", "seq_odd", "matter_double", "too_long"}
    assert all(Action.SET in ACTIONS[code] and Action.DROP in ACTIONS[code] for code in codes)
    assert Action.CHANGE in ACTIONS["part_too_long"]
    assert LONGEST_PART < 256
    assert set(LONGEST) <= set(SETTABLE)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("mode", "window", "window"),
        ("mode", "服务窗口前移", "window"),
        ("mode", "委托收件（试行）", "collection"),
        ("type", "其它权力", "其他行政权力"),
        ("type", "01", "行政许可"),
        ("seq", " 12 ", 12),
        ("seq", "１２", 12),
        ("name", " 公司　登记 ", "公司 登记"),
        ("code", "3700000117086", "3700000117086"),
        ("department", "市商务局", "市商务局"),
    ],
)
def test_a_typed_value_takes_the_form_of_rows(field, typed, value):
    assert read_value(field, typed) == value


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("mode", "随便"),
        ("mode", ""),
        ("type", "某种"),
        ("seq", "0"),
        ("seq", "-1"),
        ("seq", "1.5"),
        ("seq", "9" * 12),
        ("seq", ""),
        ("name", " "),
        ("name", "甲" * 401),
        ("code", "1" * 65),
        ("remark", "任意"),
        ("exceptions", "任意"),
        ("", "任意"),
    ],
)
def test_a_value_that_the_field_cannot_take_is_refused(field, typed):
    with pytest.raises(ValueError, match=field or None):
        read_value(field, typed)


@given(
    st.lists(st.builds(row, st.integers(1, 6), st.sampled_from(["", "甲", "乙"])), max_size=5),
    st.lists(
        st.builds(
            Asked,
            st.just("name_missing"),
            st.just("name"),
            st.lists(st.integers(1, 8), max_size=2).map(tuple),
            st.just({}),
            st.sampled_from([None, {"action": "drop"}, {"action": "set", "value": "丙"}]),
        ),
        max_size=4,
    ),
)
def test_settling_invents_no_rows_and_settled_twice_is_settled_once(rows, questions):
    once = settle_rows(rows, questions)
    assert {each["line"] for each in once} <= {each["line"] for each in rows}
    assert settle_rows(once, questions) == once


@pytest.mark.parametrize("mode", Mode)
def test_every_mode_can_be_set_by_its_word_and_its_name(mode):
    assert read_value("mode", mode.value) == read_value("mode", mode.label) == mode.value
