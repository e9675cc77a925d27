"""Annexes of other cities: their headings, sections, totals, notes and slips, each as a careful official reads it."""

import docx
import pytest

from portal.powers.lists.annexes.headers import read_heading
from portal.powers.lists.annexes.notes import read_notes
from portal.powers.lists.annexes.remarks import understand
from portal.powers.lists.annexes.totals import from_notice, printed_total
from portal.powers.lists.rules import Mode
from portal.sheets.grids import Merge
from tests.annexes.reading import codes, read_file, read_rows

HEADER = ["序号", "实施部门", "事项编码", "事项名称", "事项类型", "下放方式", "备注"]
SHORT = ["序号", "事项名称", "事项类型"]


def row(seq, name, *, department="市公安局", code="", kind="行政许可", mode="直接下放", remark=""):
    return [str(seq), department, code, name, kind, mode, remark]


HEADINGS = {
    "seq": ["项次", "总序号", "序 号"],
    "department": [
        *("授权部门", "设区的市级实施部门", "事项主管部门", "法定实施机关", "调整前实施机关", "所属部门"),
        "权力来源部门",
    ],
    "name": ["下放事项", "赋权事项", "权力项目名称", "行政审批项目名称", "经济社会管理权限名称", "具体事项"],
    "mode": ["下放/委托方式", "划转方式", "调整意见", "“市县同权”方式", "下放权限方式"],
    "type": ["权力类别", "职权类别", "项目类型"],
    "code": ["业务编码", "实施清单编码", "事项编号"],
    "sub_items": ["下放权限", "委托内容", "权限内容", "具体子项"],
    "scope": ["承接县（市、区）", "赋权镇街", "下放对象"],
    "receivers": ["被赋权单位", "承接镇街部门"],
    "remark": ["备注/说明", "补充说明", "备　注"],
}


@pytest.mark.parametrize(
    ("field", "printed"), [(field, text) for field, texts in HEADINGS.items() for text in texts]
)
def test_headings(field, printed):
    assert read_heading(printed) == field


@pytest.mark.parametrize("printed", ["下放层级", "设定依据", "事中事后监管部门", "名称", "企业名称"])
def test_headings_that_say_nothing_the_list_needs(printed):
    assert read_heading(printed) in (None, "other")


NOTICES = [
    ("本次下放事项共计61项，其中行政许可50项，其他权力11项。", {"": 61, "01": 50, "10": 11}),
    (
        "决定下放61项行政权力事项，其中直接下放、委托下放分别为40项、21项。",
        {"": 61, "direct": 40, "entrusted": 21},
    ),
    ("决定赋予镇街61项县级权力事项。其中，行政处罚50项、行政许可11项。", {"": 61, "02": 50, "01": 11}),
    ("市级下放的事项共有六十一项，其中直接下放三十项。", {"": 61, "direct": 30}),
    ("调整事项共计61项（行政许可50项、行政确认11项）。", {"": 61, "01": 50, "07": 11}),
    ("将61项权力事项下放，包括行政许可50项、行政确认11项。", {"": 61, "01": 50, "07": 11}),
    ("决定下放市级权力事项61项。自2020年以来累计下放200项权力事项。", {"": 61}),
    ("前期已下放200项权力事项，再将61项权力事项下放，取消权力事项5项。", {"": 61}),
    ("2．第一批事项清单（15项）", {}),
    ("我市共有办事窗口61个。", {}),
]


@pytest.mark.parametrize(("text", "wanted"), NOTICES)
def test_totals_in_the_text_of_a_notice(text, wanted):
    assert {total.key: total.count for total in from_notice([text])} == wanted


def test_totals_of_two_annexes_in_one_sentence():
    found = from_notice(["将附件1所列61项事项直接下放，附件2所列5项事项委托下放。"])
    assert [(total.annex, total.count) for total in found] == [(1, 61), (2, 5)]


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["合计：", "行政许可50项、行政确认11项"], {"01": 50, "07": 11}),
        (["合计", "", "31", "19", "12"], {"": 31}),
        (["合计", "19", "12"], {}),
        (["合计", "=SUM(A1)"], {}),
        (["总计（61项）"], {"": 61}),
        (["合计", "61项（其中直接下放19项）"], {"": 61, "direct": 19}),
    ],
)
def test_rows_of_totals(cells, wanted):
    assert {total.key: total.count for total in printed_total(cells)} == wanted


def test_departments_inside_modes_without_numbers():
    reading = read_rows(
        SHORT,
        ["一、直接下放（3项）"],
        ["市公安局（2项）"],
        ["1", "甲登记", "行政许可"],
        ["2", "乙登记", "行政许可"],
        ["市商务局"],
        ["3", "丙登记", "行政许可"],
        ["二、委托下放（1项）"],
        ["市商务局（1项）"],
        ["1", "丁登记", "行政许可"],
    )
    assert reading["problems"] == []
    assert [(r["department"], r["mode"]) for r in reading["tables"][0]["rows"]] == [
        ("市公安局", "direct"),
        ("市公安局", "direct"),
        ("市商务局", "direct"),
        ("市商务局", "entrusted"),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "第一部分 直接下放 1项",
        "直接下放事项：1项",
        "Ⅰ、直接下放（1件）",
        "1、直接下放（1）",
        "直接下放事项共1项",
    ],
)
def test_counts_in_headings(heading):
    reading = read_rows(SHORT, [heading], ["1", "甲登记", "行政许可"])
    assert reading["problems"] == []
    assert reading["tables"][0]["totals"]["sections"][0]["total"] == 1


def test_subtotals_are_compared_with_the_rows_they_close():
    rows = [
        row(1, "甲"),
        row(2, "乙"),
        ["小计", "", "", "3"],
        row(3, "丙"),
        ["小计", "", "", "1"],
        ["合计", "3"],
    ]
    problems = read_rows(HEADER, *rows)["problems"]
    assert [(problem["code"], problem["line"]) for problem in problems] == [("totals_differ", 4)]


def test_a_total_counts_also_under_sections():
    rows = [["一、直接下放（1项）"], ["1", "甲登记", "行政许可"], ["合计", "2"]]
    assert codes(read_rows(SHORT, *rows)) == ["totals_differ"]


def test_numbers_may_start_again_with_a_department():
    again = [
        row(1, "甲"),
        row(2, "乙"),
        row(1, "丙", department="市商务局"),
        row(2, "丁", department="市商务局"),
    ]
    assert codes(read_rows(HEADER, *again)) == []
    slip = [
        row(1, "甲"),
        row(2, "乙"),
        row(1, "丙", department="市商务局"),
        row(4, "丁", department="市商务局"),
    ]
    assert "seq_double" in codes(read_rows(HEADER, *slip))


def test_title_and_header_on_every_page():
    page = [["附件1"], ["下放清单（2项）"], HEADER]
    reading = read_rows(*page, row(1, "甲"), ["（续表）"], *page, row(2, "乙"), ["第 2 页"], ["制表人：张三"])
    assert reading["problems"] == []
    assert [r["seq"] for r in reading["tables"][0]["rows"]] == [1, 2]


@pytest.mark.parametrize(
    ("printed", "code", "problems"),
    [
        ("3700000109001.0", "3700000109001", []),
        ("３７０００００109001", "3700000109001", []),
        ("'3700000109001", "3700000109001", []),
        ("370000010\n9001", "3700000109001", []),
        ("—", "", []),
        ("无", "", []),
        ("3700000109001\n3700000109002", "3700000109001 3700000109002", ["code_odd"]),
        ("370000010900", "370000010900", ["code_odd"]),
        ("37000001090010", "37000001090010", ["code_odd"]),
        ("3.7E+12", "3.7E+12", ["code_odd"]),
    ],
)
def test_codes(printed, code, problems):
    reading = read_rows(HEADER, row(1, "甲", code=printed))
    assert reading["tables"][0]["rows"][0]["code"] == code
    assert codes(reading) == problems


def test_ditto_is_what_the_row_above_says():
    reading = read_rows(HEADER, row(1, "甲"), row(2, "乙", department="同上", kind="〃", mode="同上"))
    assert reading["problems"] == []
    second = reading["tables"][0]["rows"][1]
    assert (second["department"], second["type"], second["mode"]) == ("市公安局", "行政许可", "direct")


@pytest.mark.parametrize(
    "slipped",
    [
        ["市公安局", "1", "", "甲", "行政许可", "直接下放"],
        [*row(1, "甲"), "多余的一格"],
    ],
)
def test_rows_that_slipped(slipped):
    assert set(codes(read_rows(HEADER, slipped, row(2, "乙"), row(3, "丙")))) == {"row_odd"}


@pytest.mark.parametrize(
    ("heading", "cells", "field"),
    [("一、直接下放事项", {"mode": "委托下放"}, "mode"), ("一、行政确认事项", {"kind": "行政许可"}, "type")],
)
def test_a_cell_against_its_heading(heading, cells, field):
    problems = read_rows(HEADER, [heading], row(1, "甲", **cells))["problems"]
    assert [(problem["code"], problem["field"]) for problem in problems] == [("section_clash", field)]


NOTES = [
    ("注：1.承接单位为各县（市、区）行政审批服务局。", ["各县（市、区）行政审批服务局"]),
    ("注：以上事项由东昌府区、临清市承接。", ["东昌府区", "临清市"]),
    ("注：赋权对象为桑村镇、城头镇和北庄镇。", ["桑村镇", "城头镇", "北庄镇"]),
    ("说明：接收单位：各县区行政审批服务局", ["各县区行政审批服务局"]),
    ("注：承接部门由各县（市、区）确定。", []),
    ("※本清单自印发之日起施行", []),
]


@pytest.mark.parametrize(("note", "receivers"), NOTES)
def test_receivers_in_notes(note, receivers):
    found = read_notes([note])
    assert list(found.receivers) == receivers
    assert found.unclear == ()


def test_a_note_about_marked_matters_is_asked_about():
    assert codes(read_rows(HEADER, row(1, "甲*"), ["※带*的暂不向各功能区下放"])) == ["note_not_understood"]


REMARKS = [
    ("除东昌府区外，其他县（市、区）直接下放", Mode.DIRECT, [(["东昌府区"], "undelegated")]),
    ("高新区除外，其他区县直接下放", Mode.REVIEW, [(["高新区"], "review"), (["other_counties"], "direct")]),
    ("直接下放（高青县、沂源县）", Mode.REVIEW, [(["高青县", "沂源县"], "direct")]),
    ("委托收件（试行）：高新区", Mode.REVIEW, [(["高新区"], "collection")]),
]


@pytest.mark.parametrize(("remark", "mode", "wanted"), REMARKS)
def test_remarks(remark, mode, wanted):
    said = understand(remark, mode)
    assert said.unclear == ()
    assert [([*each.places, *each.groups], each.mode) for each in said.exceptions] == wanted


@pytest.mark.parametrize(
    ("remark", "mode"),
    [
        ("六区不下放", Mode.DIRECT),
        ("市区除外", Mode.DIRECT),
        ("仅下放县级权限", Mode.DIRECT),
        ("仅下放3000平方米以下", Mode.DIRECT),
        ("对法人登记直接下放，其他委托下放", Mode.REVIEW),
        ("不下放“审批”", Mode.DIRECT),
        ("市级保留跨区域事项管理权限", Mode.DIRECT),
    ],
)
def test_remarks_that_are_asked_about_in_their_own_words(remark, mode):
    said = understand(remark, mode)
    assert (said.exceptions, said.sub_items) == ((), ())
    assert all(words in remark for words in said.unclear)
    assert said.unclear


def test_two_ways_in_one_remark_are_not_one():
    said = understand("前移“设立登记”，下放“变更登记”", Mode.WINDOW)
    assert (said.sub_items, said.unclear) == (("设立登记",), ("下放“变更登记”",))


def test_numbered_sub_items_in_one_cell():
    reading = read_rows([*HEADER, "子项名称"], [*row(1, "甲"), "1.设立登记 2.变更登记"])
    assert reading["tables"][0]["rows"][0]["sub_items"] == ["设立登记", "变更登记"]


def test_a_blank_form_is_no_list():
    reading = read_rows(["下放事项清单"], HEADER)
    assert (reading["tables"], codes(reading)) == ([], ["no_list"])
    assert "空表" in reading["skipped"][0]["reason"]


def test_headings_that_were_not_made_use_of_are_told():
    reading = read_rows([*HEADER, "设定依据"], [*row(1, "甲"), "《条例》第三条"])
    assert reading["tables"][0]["columns"] == ["设定依据"]


def test_a_merged_department_and_a_notice_with_shared_numbers(tmp_path):
    document = docx.Document()
    for text in (
        "市政府决定下放3项市级行政权力事项，其中行政许可、行政确认分别为2项、1项（附件1）。",
        "附件1",
        "某市下放",
        "事项清单（3项）",
    ):
        document.add_paragraph(text)
    rows = [
        ["序 号", "市级实\n施部门", "事　项　名　称", "权力\n类别", "赋权\n方式"],
        ["第一部分 直接下放 2项", "", "", "", ""],
        ["1", "市公安局", "甲登\n记", "行政\n许可", ""],
        ["2", "", "乙登记", "行政许可", ""],
        ["第二部分 委托下放 1项", "", "", "", ""],
        ["3", "市商务局", "丙登记", "行政确认", ""],
    ]
    table = document.add_table(len(rows), 5)
    for cells, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    table.cell(2, 1).merge(table.cell(3, 1))
    document.save(str(tmp_path / "附件.docx"))
    reading = read_file(tmp_path / "附件.docx")
    assert reading["problems"] == []
    (found,) = reading["tables"]
    assert found["totals"]["by_type"] == {"行政许可": 2, "行政确认": 1}
    assert [(r["department"], r["name"], r["mode"]) for r in found["rows"]] == [
        ("市公安局", "甲登记", "direct"),
        ("市公安局", "乙登记", "direct"),
        ("市商务局", "丙登记", "entrusted"),
    ]


def pasted(*rows):
    return (
        "某区清单\n\n" + "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in rows) + "\n\n注：完\n"
    )


PASTED_HEADER = ["序号", "实施部门", "事项名称", "事项类型", "下放方式", "备注"]


def test_a_pasted_row_without_its_last_cell_and_with_a_blank_line_inside(tmp_path):
    path = tmp_path / "附件.txt"
    text = pasted(
        PASTED_HEADER,
        ["1", "区卫健局", "义诊\n\n备案", "其他权力", "直接下放"],
        ["2", "区卫健局", "甲登记", "行政许可", "直接下放", ""],
        ["3", "区卫健局", "乙登记", "行政许可", "直接下放", ""],
    )
    path.write_bytes(text.replace("\n", "\r\n").encode("gb18030"))
    reading = read_file(path)
    assert reading["problems"] == []
    assert [r["name"] for r in reading["tables"][0]["rows"]] == ["义诊备案", "甲登记", "乙登记"]


def test_a_pasted_sheet_with_headings_between_its_rows(tmp_path):
    path = tmp_path / "附件.txt"
    rows = [
        SHORT,
        ["一、直接下放事项（1项）"],
        ["1", "甲", "行政许可"],
        ["二、委托下放事项"],
        ["2", "乙", "行政许可"],
    ]
    path.write_text("某区清单\n" + "\n".join("\t".join(row) for row in rows) + "\n注：完\n", "utf-8")
    reading = read_file(path)
    assert reading["problems"] == []
    assert [r["mode"] for r in reading["tables"][0]["rows"]] == ["direct", "entrusted"]


def test_the_line_for_excel_above_a_csv_is_no_title(tmp_path):
    path = tmp_path / "附件.csv"
    path.write_text("sep=;\n序号;事项名称;事项类型;下放方式\n1;甲;行政许可;直接下放\n", "utf-8")
    (table,) = read_file(path)["tables"]
    assert (table["title"], table["rows"][0]["line"]) == ("", 2)


def test_a_remark_merged_over_rows_holds_for_each():
    reading = read_rows(
        HEADER,
        row(1, "甲", remark="暂不向各功能区下放"),
        row(2, "乙"),
        merges=[Merge(2, 6, 3, 6)],
    )
    assert [r["exceptions"][0]["groups"] for r in reading["tables"][0]["rows"]] == [["zones"], ["zones"]]
