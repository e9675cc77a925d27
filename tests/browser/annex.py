"""The shipped list of 61 matters, handed in again as a Word file with a few changes."""

from __future__ import annotations

from pathlib import Path

from portal.config import ROOT
from portal.powers.lists.annexes.output import as_data
from portal.powers.lists.annexes.reading import read_annexes
from portal.sheets.sandbox import read_document
from tests.files.annexes import Annex, write

HEADER = ["序号", "市级实施部门", "事项名称", "事项类型", "同权方式", "备注"]


def changed_annex(folder: Path) -> Path:
    """No. 48 now by counter, No. 61 gone, one department under another name, one remark nobody understands."""
    document = read_document(ROOT / "portal" / "data" / "policies" / "jining-2021-30.txt")
    rows = []
    for row in as_data(read_annexes(document))["tables"][0]["rows"]:
        label = "窗口前移" if row["seq"] == 48 else row["mode_label"]
        department = "市生态局" if row["seq"] == 2 else row["department"]
        remark = "具体按有关要求执行" if row["seq"] == 5 else row["remark"]
        if row["seq"] != 61:
            rows.append([str(row["seq"]), department, row["name"], row["type"], label, remark])
    annex = Annex(
        header=HEADER,
        rows=rows,
        title="纳入“市县同权”改革范围的相关行政权力事项清单（60项）",
        down=[1],
    )
    return write(annex, folder, "docx", name="附件1（调整后）")
