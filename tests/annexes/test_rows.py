"""Odd rows: what is missing or wrong is reported where it stands, never guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.powers.lists.annexes.problems import MESSAGES, Code
from portal.powers.lists.rules import MODE_LABELS, Mode
from portal.powers.matters.rules import MatterType
from portal.sheets.grids import Merge
from tests.annexes.reading import codes, read_rows

HEADER = ["序号", "实施部门", "事项编码", "事项名称", "事项类型", "同权方式", "备注"]
GOOD = ["1", "市公安局", "3700000109001", "船舶登记", "行政许可", "直接下放", ""]


def changed(**cells):
    keys = ["seq", "department", "code", "name", "type", "mode", "remark"]
    return [cells.get(key, value) for key, value in zip(keys, GOOD, strict=True)]


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"name": ""}, "name_missing", "name"),
        ({"department": ""}, "department_missing", "department"),
        ({"type": ""}, "type_missing", "type"),
        ({"type": "行政事项"}, "type_unknown", "type"),
        ({"type": "行政许可/公共服务"}, "type_unknown", "type"),
        ({"mode": ""}, "mode_missing", "mode"),
        ({"mode": "全部下放或委托"}, "mode_unknown", "mode"),
        ({"mode": "直接下放、窗口前移"}, "mode_unknown", "mode"),
        ({"code": "3700000209001"}, "code_type_clash", "code"),
        ({"code": "3.70000E+12"}, "code_odd", "code"),
        ({"code": "3700009909001"}, "code_odd", "code"),
        ({"code": "见附件"}, "code_odd", "code"),
        ({"remark": "按省里要求办"}, "remark_not_understood", "remark"),
        ({"remark": "任城区直接下放，任城区委托下放"}, "exceptions_conflict", "remark"),
        ({"mode": "直接下放（试点期间）"}, "remark_not_understood", "mode"),
    ],
)
def test_problems_of_one_cell(cells, code, field):
    reading = read_rows(HEADER, GOOD, changed(**({"seq": "2", "name": "义诊备案"} | cells)))
    (problem,) = reading["problems"]
    assert (problem["code"], problem["field"], problem["table"], problem["line"]) == (code, field, 1, 3)
    assert len(reading["tables"][0]["rows"]) == 2


def test_a_clean_row():
    reading = read_rows(HEADER, GOOD)
    assert reading["problems"] == []
    assert reading["tables"][0]["rows"][0]["code"] == "3700000109001"


def test_a_double_number_names_the_first_row():
    reading = read_rows(HEADER, GOOD, changed(name="义诊备案"))
    (problem,) = reading["problems"]
    assert (problem["code"], problem["line"]) == ("seq_double", 3)
    assert "第2行" in problem["message"]


def test_the_same_matter_twice():
    assert codes(read_rows(HEADER, GOOD, changed(seq="2", name="船舶　登记"))) == ["matter_double"]


def test_one_name_in_two_departments_is_two_matters():
    assert codes(read_rows(HEADER, GOOD, changed(seq="2", department="市海事局", code=""))) == []


def test_a_gap_is_reported_where_no_total_confirms_the_rows():
    rows = [GOOD, changed(seq="3", name="义诊备案")]
    assert codes(read_rows(HEADER, *rows)) == ["seq_gap"]
    assert codes(read_rows(["下放事项清单（2项）"], HEADER, *rows)) == []


@pytest.mark.parametrize("rest", [2, 3, 4])
def test_a_row_cut_off(rest):
    reading = read_rows(HEADER, GOOD, changed(seq="2", name="义诊备案")[:rest])
    assert [(p["code"], p["line"]) for p in reading["problems"]] == [("row_cut_off", 3)]


def test_a_number_alone_is_a_row_cut_off():
    assert codes(read_rows(HEADER, GOOD, ["2"])) == ["row_cut_off"]


def test_a_lone_text_between_rows_is_odd():
    reading = read_rows(HEADER, GOOD, ["", "", "", "（续上行）"])
    assert codes(reading) == ["row_odd"]
    assert "（续上行）" in reading["problems"][0]["message"]


def test_a_formula_is_marked_and_not_worked_out():
    reading = read_rows(HEADER, changed(seq="=ROW()"), formulas=[(2, 0)])
    assert [(p["code"], p["field"]) for p in reading["problems"]] == [("formula_cell", "seq")]
    assert reading["tables"][0]["rows"][0]["seq"] == "=ROW()"


@pytest.mark.parametrize(
    ("printed", "seq"),
    [("1.0", 1), ("３", 3), ("4.", 4), ("（5）", 5), ("6、", 6), ("7-1", "7-1"), ("", None)],
)
def test_sequence_numbers(printed, seq):
    assert read_rows(HEADER, changed(seq=printed))["tables"][0]["rows"][0]["seq"] == seq


@pytest.mark.parametrize(
    ("heading", "mode", "label"),
    [
        ("一、直接下放事项（1项）", "direct", "直接下放"),
        ("（一）委托下放的事项（共1项）", "entrusted", "委托下放"),
        ("一、以“委托收件、受审分离”方式实施的事项", "collection", "委托收件、受审分离"),
        ("第一部分 下放实质性审核权事项", "review", "下放实质性审核权"),
        ("二、服务窗口前移（一项）", "window", "服务窗口前移"),
        ("直接下放", "direct", "直接下放"),
    ],
)
def test_headings_of_sections_set_the_mode(heading, mode, label):
    header = ["序号", "事项名称", "事项类型"]
    reading = read_rows(header, [heading], ["1", "船舶登记", "行政确认"])
    assert reading["problems"] == []
    row = reading["tables"][0]["rows"][0]
    assert (row["mode"], row["mode_label"]) == (mode, label)


def test_sections_inside_sections():
    reading = read_rows(
        ["序号", "事项名称"],
        ["一、直接下放事项（2项）"],
        ["（一）行政许可（1项）"],
        ["1", "甲许可"],
        ["（二）行政确认（1项）"],
        ["2", "乙确认"],
        ["二、窗口前移事项（1项）"],
        ["（一）行政许可（1项）"],
        ["1", "丙许可"],
    )
    assert codes(reading) == []
    rows = reading["tables"][0]["rows"]
    assert [(row["mode"], row["type"]) for row in rows] == [
        ("direct", "行政许可"),
        ("direct", "行政确认"),
        ("window", "行政许可"),
    ]


def test_sections_by_department():
    reading = read_rows(
        ["序号", "事项名称", "事项类型", "下放方式"],
        ["一、市公安局（1项）"],
        ["1", "甲备案", "行政许可", "直接下放"],
        ["二", "市商务局（1项）", "", ""],
        ["1", "乙备案", "行政许可", "直接下放"],
    )
    assert reading["problems"] == []
    assert [row["department"] for row in reading["tables"][0]["rows"]] == ["市公安局", "市商务局"]


def test_a_section_with_another_number_of_rows():
    reading = read_rows(
        ["序号", "事项名称", "事项类型"], ["一、直接下放事项（2项）"], ["1", "甲", "行政许可"]
    )
    assert [(p["code"], p["line"]) for p in reading["problems"]] == [("totals_differ", 2)]


def test_a_heading_that_says_no_mode_is_asked_about():
    reading = read_rows(["序号", "事项名称", "事项类型"], ["一、第一批（1项）"], ["1", "甲", "行政许可"])
    assert codes(reading) == ["mode_missing", "section_not_understood"] or codes(reading) == [
        "section_not_understood",
        "mode_missing",
    ]


@pytest.mark.parametrize(("total", "found"), [("2", []), ("3", ["totals_differ"])])
def test_a_row_of_totals(total, found):
    rows = [GOOD, changed(seq="2", name="义诊备案"), ["合计", "", "", total]]
    assert codes(read_rows(HEADER, *rows)) == found


def test_vertical_merges_are_filled_down():
    reading = read_rows(
        HEADER,
        GOOD,
        ["2", "", "", "义诊备案", "", "", ""],
        ["3", "", "", "测绘备案", "行政确认", "窗口前移", ""],
        merges=[Merge(2, 1, 4, 1), Merge(2, 4, 3, 4), Merge(2, 5, 3, 5)],
    )
    assert reading["problems"] == []
    assert [(r["department"], r["type"], r["mode"]) for r in reading["tables"][0]["rows"]] == [
        ("市公安局", "行政许可", "direct"),
        ("市公安局", "行政许可", "direct"),
        ("市公安局", "行政确认", "window"),
    ]


def test_sub_items_under_a_merged_name_belong_to_one_matter():
    header = ["序号", "事项名称", "子项名称", "事项类型", "下放方式"]
    reading = read_rows(
        header,
        ["1", "公司登记", "设立登记", "行政许可", "直接下放"],
        ["", "", "变更登记", "", ""],
        ["2", "船舶登记", "", "行政确认", "直接下放"],
        merges=[Merge(2, column, 3, column) for column in (0, 1, 3, 4)],
    )
    assert reading["problems"] == []
    assert [row["sub_items"] for row in reading["tables"][0]["rows"]] == [["设立登记", "变更登记"], []]


def test_a_merged_name_with_two_modes_is_two_rows():
    header = ["序号", "事项名称", "子项名称", "事项类型", "下放方式"]
    reading = read_rows(
        header,
        ["1", "公司登记", "设立登记", "行政许可", "直接下放"],
        ["", "", "变更登记", "", "窗口前移"],
        merges=[Merge(2, column, 3, column) for column in (0, 1, 3)],
    )
    assert reading["problems"] == []
    rows = reading["tables"][0]["rows"]
    assert [(row["mode"], row["sub_items"]) for row in rows] == [
        ("direct", ["设立登记"]),
        ("window", ["变更登记"]),
    ]


def test_line_breaks_and_wide_blanks_go():
    row = read_rows(HEADER, changed(name="公路、\n水运　工程\u200b登记", department=" 市住房城乡\n建设局 "))[
        "tables"
    ][0]["rows"][0]
    assert (row["name"], row["department"]) == ("公路、水运工程登记", "市住房城乡建设局")


def test_modes_missing_everywhere_are_one_problem():
    rows = [changed(seq=str(n), name=f"第{n}号备案", mode="") for n in range(1, 6)]
    reading = read_rows(HEADER, *rows)
    assert [(p["code"], p["line"]) for p in reading["problems"]] == [("mode_missing", None)]
    assert {row["mode"] for row in reading["tables"][0]["rows"]} == {None}


def test_the_title_may_give_mode_and_type():
    reading = read_rows(
        ["序号", "许可事项名称"], ["1", "甲"], lead=["附件2", "委托下放的行政许可事项目录（1项）"]
    )
    assert reading["problems"] == []
    row = reading["tables"][0]["rows"][0]
    assert (row["mode"], row["type"]) == ("entrusted", "行政许可")


def test_totals_of_two_annexes_together():
    header = ["序号", "事项名称", "事项类型"]
    notice = ["市政府决定将3项市级行政许可及关联事项调整由县级实施，其中行政许可2项、其他行政权力1项。"]
    one = [["附件1"], ["直接下放事项清单"], header, ["1", "甲", "行政许可"], ["2", "乙", "行政许可"]]
    two = [["附件2"], ["委托下放事项清单"], header, ["1", "丙", "其他行政权力"]]
    assert codes(read_rows(*one, *two, lead=notice)) == []
    assert codes(read_rows(*one[:-1], *two, lead=notice)) == ["totals_differ", "totals_differ"]


def test_a_section_below_a_note_is_a_section():
    reading = read_rows(
        ["序号", "事项名称", "事项类型"],
        ["一、直接下放事项（1项）"],
        ["1", "甲", "行政许可"],
        ["注：甲由县级审批服务局承办。"],
        ["1.其他说明"],
        ["二、窗口前移事项（1项）"],
        ["2", "乙", "行政许可"],
    )
    assert reading["problems"] == []
    assert [row["mode"] for row in reading["tables"][0]["rows"]] == ["direct", "window"]
    assert len(reading["tables"][0]["notes"]) == 2


def test_a_note_that_moves_modes_is_asked_about():
    reading = read_rows(HEADER, GOOD, ["注：第1项暂不向各功能区下放。"])
    assert codes(reading) == ["note_not_understood"]
    assert reading["tables"][0]["notes"] == ["注：第1项暂不向各功能区下放。"]


def test_a_column_of_places():
    header = ["序号", "事项名称", "事项类型", "下放方式", "下放范围"]
    rows = [
        ["1", "甲", "行政许可", "直接下放", "各县（市、区）、功能区"],
        ["2", "乙", "行政许可", "直接下放", "任城区"],
    ]
    reading = read_rows(header, *rows)
    assert reading["problems"] == []
    assert [row["exceptions"] for row in reading["tables"][0]["rows"]] == [
        [],
        [
            {"places": ["任城区"], "groups": [], "mode": "direct"},
            {"places": [], "groups": ["others"], "mode": "undelegated"},
        ],
    ]


def test_a_table_that_goes_on_without_a_header_is_asked_about():
    from portal.powers.lists.annexes.reading import read_annexes
    from portal.sheets.grids import Document, Grid, numbered

    first = Grid("", numbered([HEADER, GOOD]))
    second = Grid("", numbered([changed(seq="2", name="义诊备案")]))
    reading = read_annexes(Document("docx", [first, second]))
    assert [problem.code for problem in reading.problems] == [Code.HEADER_MISSING]


def test_every_code_has_a_sentence_that_can_be_filled():
    assert set(MESSAGES) == set(Code)
    assert all(message.endswith("。") for message in MESSAGES.values())


names = st.text(alphabet="船舶登记备案核发许可（）、—", min_size=2, max_size=12).map(
    lambda text: f"甲{text}乙"
)
labels = st.sampled_from([(mode, label) for mode in Mode for label in MODE_LABELS[mode]])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(names, st.sampled_from(MatterType), labels),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row[0],
    )
)
def test_what_is_written_is_read(rows):
    printed = [
        [str(n), "市公安局", "", name, kind.label, label, ""]
        for n, (name, kind, (_, label)) in enumerate(rows, 1)
    ]
    reading = read_rows(HEADER, *printed)
    assert codes(reading) == []
    assert [
        (row["name"], row["type"], row["mode"], row["mode_label"]) for row in reading["tables"][0]["rows"]
    ] == [(name, kind.label, mode, label) for name, kind, (mode, label) in rows]


cell = st.text(alphabet="1２一、（）附件注：合计项直接下放行政许可事项名称序号\n ", max_size=10)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(cell, max_size=7), max_size=12))
def test_no_grid_breaks_the_reader(rows):
    reading = read_rows(*rows)
    assert set(reading) == {"tables", "skipped", "problems"}
