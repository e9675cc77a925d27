import pytest

from portal.powers.lists.annexes.headers import Field, read_heading
from portal.sheets.grids import Merge
from tests.annexes.reading import codes, read_rows

SPELLINGS = {
    Field.SEQ: ["序号", "序 号", "序\n号", "编号", "No.", "seq", "事项序号"],
    Field.DEPARTMENT: [
        "实施部门", "市级实施部门", "区级实施部门", "原实施机关", "实施主体", "市直部门", "主管部门", "放权部门",
        "市级主管部门", "实施机关", "责任部门", "部门", "单位", "赋权部门（单位）", "市级部门", "行使主体", "委托机关",
        "部门名称", "原实施单位", "市级行政审批部门", "县级行业主管部门", "department",
    ],
    Field.CODE: ["事项编码", "编码", "事项代码", "基本编码", "实施编码", "项目编码", "权力编码", "事项编号", "code"],
    Field.NAME: [
        "事项名称", "项目名称", "权力名称", "事项", "权力事项", "行政权力事项名称", "许可事项名称", "审批事项",
        "事项名称（主项）", "职权名称", "服务事项名称", "赋权事项名称", "下放事项名称", "主项名称",
        "行政许可事项名称", "name",
    ],
    Field.TYPE: ["事项类型", "权力类别", "权力类型", "事项类别", "类别", "类型", "职权类别", "行政权力类型", "type"],
    Field.MODE: [
        "同权方式", "下放方式", "调整方式", "放权方式", "赋权方式", "委托方式", "承接方式", "实施方式",
        "下放形式", "mode",
    ],
    Field.REMARK: ["备注", "备　注", "说明", "备注说明", "remark"],
    Field.SUB_ITEM: ["子项名称", "子项", "业务办理项名称", "下放内容"],
    Field.RECEIVER: ["承接单位", "承接部门", "县级承接部门", "受委托机关"],
    Field.PERSON: ["姓名", "办公电话", "联系人", "手机号码"],
    Field.OTHER: ["监管部门", "设定依据", "法定时限"],
}  # fmt: skip


@pytest.mark.parametrize(("field", "text"), [(f, text) for f, texts in SPELLINGS.items() for text in texts])
def test_spellings(field, text):
    assert read_heading(text) is field


@pytest.mark.parametrize(
    "text", ["测绘项目登记", "市公安局", "直接下放", "1", "", "对危险废物管理计划的备案管理", "行政确认"]
)
def test_what_stands_in_rows_is_no_heading(text):
    assert read_heading(text) is None


def test_a_header_in_two_rows():
    reading = read_rows(
        ["序号", "实施部门", "事项", "", "下放方式", "备注"],
        ["", "", "名称", "类型", "", ""],
        ["1", "市公安局", "船舶登记", "行政确认", "直接下放", ""],
        merges=[Merge(1, 2, 1, 3), *[Merge(1, column, 2, column) for column in (0, 1, 4, 5)]],
    )
    assert reading["problems"] == []
    (row,) = reading["tables"][0]["rows"]
    assert (row["line"], row["name"], row["type"], row["mode"]) == (3, "船舶登记", "行政确认", "direct")


def test_a_header_in_two_rows_without_merged_cells():
    reading = read_rows(
        ["序号", "事项信息", "", "", "备注"],
        ["", "事项名称", "事项类型", "放权方式", ""],
        ["1", "船舶登记", "行政确认", "直接下放", ""],
    )
    assert reading["problems"] == []
    assert reading["tables"][0]["rows"][0]["mode"] == "direct"


def test_the_first_matter_is_no_second_half_of_the_header():
    reading = read_rows(
        ["单位", "项目名称", "类别", "备注"],
        ["市公安局", "甲登记", "行政确认", "直接下放"],
        ["市公安局", "乙登记", "行政确认", "服务窗口前移"],
    )
    assert reading["problems"] == []
    assert [(row["line"], row["mode"]) for row in reading["tables"][0]["rows"]] == [
        (2, "direct"),
        (3, "window"),
    ]


def test_unknown_columns_do_not_matter():
    reading = read_rows(
        ["序号", "办件量", "事项名称", "设定依据", "事项类型", "调整方式", "承接单位"],
        ["1", "12", "船舶登记", "《船舶登记条例》", "行政确认", "委托下放", "县交通运输局"],
    )
    assert reading["problems"] == []
    assert reading["tables"][0]["rows"][0]["mode"] == "entrusted"


def test_the_header_again_on_each_page():
    header = ["序号", "事项名称", "事项类型", "同权方式"]
    rows = [["1", "甲备案", "行政许可", "直接下放"], header, ["2", "乙备案", "行政许可", "直接下放"]]
    reading = read_rows(header, *rows)
    assert codes(reading) == []
    assert [row["line"] for row in reading["tables"][0]["rows"]] == [2, 4]


def test_two_lists_in_one_sheet_stay_two():
    header = ["序号", "事项名称", "事项类型", "同权方式"]
    reading = read_rows(
        ["附件1"],
        ["甲市下放事项清单（1项）"],
        header,
        ["1", "甲备案", "行政许可", "直接下放"],
        ["注：甲注"],
        [""],
        ["附件2"],
        ["乙市下放事项清单（2项）"],
        header,
        ["1", "乙备案", "行政许可", "直接下放"],
        ["2", "丙备案", "行政许可", "窗口前移"],
    )
    assert reading["problems"] == []
    assert [(t["title"], len(t["rows"]), t["notes"]) for t in reading["tables"]] == [
        ("甲市下放事项清单（1项）", 1, ["注：甲注"]),
        ("乙市下放事项清单（2项）", 2, []),
    ]


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([["序号", "姓名", "职务", "办公电话"], ["1", "", "", ""]], "人员"),
        ([["序号", "项目名称", "投资额"], ["1", "文化馆", "200"]], "事项名称"),
        ([["任务", "责任单位", "完成时限"], ["出台方案", "市政府办公室", "6月底"]], "事项名称"),
        ([["抄送：市委办公室"]], "事项名称"),
    ],
)
def test_other_tables_are_named_for_what_they_are(rows, word):
    reading = read_rows(*rows)
    assert reading["tables"] == []
    assert word in reading["skipped"][0]["reason"]
