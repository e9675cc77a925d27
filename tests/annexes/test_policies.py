from collections import Counter

import pytest

from tests.annexes.reading import POLICIES, codes, read_file

GUANGAN = "guangan-matters.csv"


@pytest.fixture(scope="module")
def jining():
    return read_file(POLICIES / "jining-2021-30.txt")


@pytest.fixture(scope="module")
def shanting():
    return read_file(POLICIES / "shanting-2021-12.txt")


def row(table, seq):
    return next(row for row in table["rows"] if row["seq"] == seq)


def test_jining_has_two_lists_and_nothing_to_settle(jining):
    assert jining["problems"] == []
    assert jining["skipped"] == []
    assert [table["title"] for table in jining["tables"]] == [
        "纳入“市县同权”改革范围的相关行政权力事项清单（61项）",
        "第一批“市县镇三级同权”事项（15项）",
    ]


def test_jining_totals_come_from_title_and_notice(jining):
    first, second = jining["tables"]
    assert first["totals"] == {
        "total": 61,
        "by_mode": {"direct": 19, "window": 11, "review": 30, "collection": 1},
    }
    assert second["totals"] == {"total": 15}
    assert Counter(row["mode"] for row in first["rows"]) == first["totals"]["by_mode"]


def test_jining_rows(jining):
    first = jining["tables"][0]
    assert [row["seq"] for row in first["rows"]] == list(range(1, 62))
    assert first["rows"][3] == {
        "line": 5,
        "seq": 4,
        "department": "市住房城乡建设局",
        "code": "",
        "name": "房地产估价机构备案",
        "type": "其他行政权力",
        "mode": "direct",
        "mode_label": "直接下放",
        "remark": "",
        "sub_items": [],
        "exceptions": [],
    }


@pytest.mark.parametrize(
    ("seqs", "exceptions"),
    [
        (
            (20, 21, 22, 23),
            [
                {"places": ["任城区"], "groups": ["zones"], "mode": "window"},
                {"places": [], "groups": ["other_counties"], "mode": "review"},
            ],
        ),
        ((19, 53, 59, 60), [{"places": [], "groups": ["zones"], "mode": "collection"}]),
        ((31, 32), [{"places": [], "groups": ["zones"], "mode": "undelegated"}]),
    ],
)
def test_jining_exceptions(jining, seqs, exceptions):
    for seq in seqs:
        assert row(jining["tables"][0], seq)["exceptions"] == exceptions


def test_jining_has_no_other_exceptions(jining):
    with_exceptions = [row["seq"] for row in jining["tables"][0]["rows"] if row["exceptions"]]
    assert with_exceptions == [19, 20, 21, 22, 23, 31, 32, 53, 59, 60]


def test_jining_annex_2_leaves_the_mode_to_the_places(jining):
    second = jining["tables"][1]
    assert {(row["mode"], row["mode_label"], row["department"]) for row in second["rows"]} == {
        ("undetermined", "", "")
    }
    assert second["notes"][0].startswith("注：事项同权方式由各县（市、区）")


def test_shanting_sections_set_modes_and_totals(shanting):
    assert shanting["problems"] == []
    table = shanting["tables"][0]
    assert table["totals"] == {
        "total": 13,
        "by_mode": {"direct": 5, "review": 3, "window": 5},
        "sections": [
            {"line": 2, "heading": "一、直接下放事项（5项）", "total": 5},
            {"line": 8, "heading": "二、下放实质性审核权事项（3项）", "total": 3},
            {"line": 12, "heading": "三、服务窗口前移事项（5项）", "total": 5},
        ],
    }
    assert [row["mode_label"] for row in table["rows"]] == (
        ["直接下放"] * 5 + ["下放实质性审核权"] * 3 + ["服务窗口前移"] * 5
    )


def test_shanting_sub_items_and_receivers(shanting):
    table = shanting["tables"][0]
    assert {row["seq"]: row["sub_items"] for row in table["rows"] if row["sub_items"]} == {
        2: ["转外就医备案"],
        5: ["个人参保缴费证明查询打印", "待遇领取证明查询打印"],
        7: ["个人申请创业担保贷款资格审核", "一次性创业补贴申领"],
        9: ["个人独资企业及分支机构设立、变更、注销登记"],
    }
    assert table["receivers"] == [
        "西集镇", "桑村镇", "城头镇", "冯卯镇", "店子镇", "水泉镇", "徐庄镇", "北庄镇", "凫城镇",
    ]  # fmt: skip


def test_shanting_row_with_blank_lines_in_a_cell_is_whole(shanting):
    torn = row(shanting["tables"][0], 7)
    assert (torn["code"], torn["name"], torn["type"]) == (
        "3700002014028",
        "创业担保贷款、创业补贴服务",
        "公共服务",
    )


def test_forms_for_people_are_no_lists():
    zichuan = read_file(POLICIES / "zichuan-2019.txt")
    assert zichuan["tables"] == []
    assert [table["title"] for table in zichuan["skipped"]] == [
        "淄川区行政审批与行政监管衔接机制审管联络会商人员名单",
        "淄川区行政审批及监管智囊团成员推荐人员名单",
        "淄川区行政审批服务事项现场勘验专家库成员推荐人员名单",
    ]
    assert all("人员名单" in table["reason"] for table in zichuan["skipped"])
    assert codes(zichuan) == ["no_list"]


@pytest.mark.parametrize("name", ["liaocheng-2020-277.txt", "shandong-2020-85.txt"])
def test_a_notice_without_its_annexes_has_no_list(name):
    assert codes(read_file(POLICIES / name)) == ["no_list"]


def test_a_row_less_is_told_by_every_total(tmp_path):
    text = (POLICIES / "shanting-2021-12.txt").read_text("utf-8")
    start = text.index("\t4\n\t区人力资源")
    path = tmp_path / "少一行.txt"
    path.write_text(text[:start] + text[text.index("\t5\n\t区人力资源") :], "utf-8")
    problems = read_file(path)["problems"]
    assert {problem["code"] for problem in problems} == {"totals_differ", "seq_gap"}
    assert sum(problem["code"] == "totals_differ" for problem in problems) == 3
    assert any("5项" in p["message"] and "4项" in p["message"] and p["line"] == 2 for p in problems)
