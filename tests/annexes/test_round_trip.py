"""Whatever is written into an annex in any format is what is read from it."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.powers.lists.rules import MODE_LABELS, Mode
from portal.powers.matters.rules import MatterType
from tests.annexes.reading import read_file
from tests.files.annexes import Annex, write

names = st.text(alphabet="船舶登记备案核发许可建设工程（）、—“”ABab", min_size=1, max_size=16).map(
    lambda text: f"对{text}的审查"
)
labels = st.sampled_from([(mode, label) for mode in Mode for label in MODE_LABELS[mode]])
departments = st.sampled_from(["市公安局", "市住房城乡建设局", "市行政审批服务局"])
codes = st.one_of(st.just(""), st.from_regex(r"37000010[0-9]{5}", fullmatch=True), st.just("511A0138000000"))
remarks = st.sampled_from(["", "", "／", "下放“甲”“乙”"])
HEADER = ["序号", "原实施机关", "事项编码", "项目名称", "权力类别", "放权方式", "备注"]


@pytest.mark.parametrize("kind", ["docx", "xlsx", "xls", "csv", "txt"])
@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.tuples(departments, codes, names, labels, remarks),
        min_size=1,
        max_size=7,
        unique_by=lambda row: row[2],
    )
)
def test_what_is_written_is_read(kind, rows):
    printed = [
        [str(number), department, code, name, MatterType.OTHER.label, label, remark]
        for number, (department, code, name, (_, label), remark) in enumerate(rows, 1)
    ]
    annex = Annex(HEADER, printed, f"放权事项目录（共{len(rows)}项）", "附件3", down=(1, 5))
    with tempfile.TemporaryDirectory() as folder:
        reading = read_file(write(annex, Path(folder), kind))
    (table,) = reading["tables"]
    assert reading["problems"] == []
    assert [
        (
            row["seq"],
            row["department"],
            row["code"],
            row["name"],
            row["mode"],
            row["mode_label"],
            row["remark"],
        )
        for row in table["rows"]
    ] == [
        (number, department, code, name, mode, label, remark)
        for number, (department, code, name, (mode, label), remark) in enumerate(rows, 1)
    ]
