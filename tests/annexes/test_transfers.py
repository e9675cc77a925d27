"""Transfer lists as districts print them: a number, a department, a matter, and what goes along with it (S2.1, Z1)."""

from portal.powers.lists.rules import Mode
from tests.annexes.reading import codes, read_rows

TITLE = "淄川区首批划转行政许可事项清单"
LINKED = "1．人防工程竣工验收备案；2．人防工程拆除审批"


def test_a_title_says_that_all_are_transferred_and_a_column_what_goes_along():
    reading = read_rows(
        ["序号", "原审批部门", "划转事项名称", "关联事项"],
        ["1", "区住房和城乡建设局", "建筑工程施工许可证核发", LINKED],
        ["2", "区卫生健康局", "医疗机构设置审批", "无"],
        lead=[TITLE],
    )
    first, second = reading["tables"][0]["rows"]
    assert (first["department"], first["mode"], first["mode_label"]) == (
        "区住房和城乡建设局",
        Mode.DIRECT,
        "划转",
    )
    assert first["sub_items"] == ["人防工程竣工验收备案", "人防工程拆除审批"]
    assert second["sub_items"] == []
    assert codes(reading) == []
    assert {row["type"] for row in (first, second)} == {"行政许可"}


def test_what_stays_outside_and_enters_the_hall_is_said_row_by_row():
    reading = read_rows(
        ["序号", "划转部门", "事项名称", "事项类型", "办理方式"],
        ["1", "区住房和城乡建设局", "建筑工程施工许可证核发", "行政许可", "划转"],
        ["2", "区公安局", "典当业特种行业许可", "行政许可", "进驻大厅"],
    )
    assert [row["mode"] for row in reading["tables"][0]["rows"]] == [Mode.DIRECT, Mode.UNDELEGATED]
    assert codes(reading) == []
