import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.powers.lists.annexes.printed import tight
from portal.powers.lists.annexes.remarks import understand
from portal.powers.lists.annexes.targets import Targets, read_targets
from portal.powers.lists.annexes.totals import find_modes
from portal.powers.lists.rules import Mode

D, E, W, R, C = Mode.DIRECT, Mode.ENTRUSTED, Mode.WINDOW, Mode.REVIEW, Mode.COLLECTION
U = Mode.UNDELEGATED

UNDERSTOOD = [
    ("暂不向任城区下放", R, [(("任城区",), (), U)]),
    ("任城区、微山县暂不下放", D, [(("任城区", "微山县"), (), U)]),
    ("各功能区除外", D, [((), ("zones",), U)]),
    ("各开发区由市级部门继续实施", D, [((), ("zones",), U)]),
    ("各县（市）暂不下放", D, [((), ("rural_counties",), U)]),
    ("济宁高新区委托下放", D, [(("济宁高新区",), (), E)]),
    ("济宁高新区、太白湖新区采取委托下放方式", D, [(("济宁高新区", "太白湖新区"), (), E)]),
    ("向各区(市、县)下放实质性审核权", D, [((), ("counties",), R)]),
    ("各镇（街道）窗口前移", D, [((), ("towns",), W)]),
    ("和平区和任城区委托下放", D, [(("和平区", "任城区"), (), E)]),
    ("仅下放至任城区、兖州区", D, [(("任城区", "兖州区"), (), D), ((), ("others",), U)]),
    ("只向各功能区下放", D, [((), ("zones",), D), ((), ("others",), U)]),
    ("除任城区外，其他县（市、区）直接下放", R, [(("任城区",), (), R), ((), ("other_counties",), D)]),
    ("由各县（市、区）自行确定", D, [((), ("counties",), Mode.UNDETERMINED)]),
    (
        "对各功能区采取委托下放的方式，对其余县（市、区）直接下放",
        R,
        [((), ("zones",), E), ((), ("other_counties",), D)],
    ),
    ("任城区直接下放；暂不向太白湖新区下放。", R, [(("任城区",), (), D), (("太白湖新区",), (), U)]),
    ("各功能区以'委托收件、受审分离'的方式实现同权", R, [((), ("zones",), C)]),
    ("各功能区以\n“委托收件、\u3000受审分离”的方式实现同权", R, [((), ("zones",), C)]),
    ("（暂不向各功能区下放）", R, [((), ("zones",), U)]),
    (
        "任城区、兖州区：窗口前移；其他县（市、区）：委托下放",
        D,
        [(("任城区", "兖州区"), (), W), ((), ("other_counties",), E)],
    ),
    ("济宁高新区委托下放、太白湖新区窗口前移", D, [(("济宁高新区",), (), E), (("太白湖新区",), (), W)]),
    ("该事项暂不向济宁高新区下放", D, [(("济宁高新区",), (), U)]),
    ("其中：济宁高新区采取委托下放", D, [(("济宁高新区",), (), E)]),
    ("除高新区外均下放", D, [(("高新区",), (), U)]),
    ("委托曲阜市实施", D, [(("曲阜市",), (), E)]),
    ("服务窗口前移至“双十镇”，其他镇暂不下放", D, [(("双十镇",), (), W), ((), ("other_towns",), U)]),
]

SUB_ITEMS = [
    ("下放“转外就医备案”", D, ["转外就医备案"]),
    ("仅下放“甲”“乙”“丙”", R, ["甲", "乙", "丙"]),
    ("下放“甲（含变更、注销）”、“乙”和“丙”子项", D, ["甲（含变更、注销）", "乙", "丙"]),
    ('下放"甲""乙"', D, ["甲", "乙"]),
    ("前移“甲”“乙”", W, ["甲", "乙"]),
    ("“甲”“乙”直接下放", D, ["甲", "乙"]),
    ("委托“甲”", E, ["甲"]),
    ("下放「甲」", D, ["甲"]),
    ("仅限“甲”", D, ["甲"]),
    ("前移“甲”窗口", W, ["甲"]),
    ("1.下放“甲”2.下放“乙”", D, ["甲", "乙"]),
    ("仅下放个体工商户登记", D, ["个体工商户登记"]),
]

UNCLEAR = [
    ("企业设立、变更、注销登记", D),
    ("下放至任城区", D),  # changes nothing as it stands, so it must mean "only there"
    ("前移“甲”", D),
    ("“甲”直接下放，“乙”委托下放", D),
    ("含“甲”", D),
    ("不含“甲”", D),
    ("委托下放", D),
    ("部分地方暂不下放", D),
    ("待省厅明确后实施", D),
    ("任城区、以后再定", D),
    ("暂不向各功能区下放，另行通知", R),
    ("除任城区外", D),
    ("下放“甲", D),
    ("甲" * 600, D),
]


@pytest.mark.parametrize(("remark", "mode", "wanted"), UNDERSTOOD)
def test_exceptions(remark, mode, wanted):
    said = understand(remark, mode)
    assert [(found.places, found.groups, found.mode) for found in said.exceptions] == wanted
    assert said.unclear == ()


@pytest.mark.parametrize(("remark", "mode", "wanted"), SUB_ITEMS)
def test_sub_items(remark, mode, wanted):
    said = understand(remark, mode)
    assert (list(said.sub_items), said.exceptions, said.unclear) == (wanted, (), ())


@pytest.mark.parametrize(("remark", "mode"), UNCLEAR)
def test_what_is_not_understood_is_said(remark, mode):
    assert understand(remark, mode).unclear != ()


@pytest.mark.parametrize("remark", ["", " ", "　", "/", "无", "—", "－", "——"])
def test_blank_remarks_say_nothing(remark):
    said = understand(remark, D)
    assert (said.exceptions, said.sub_items, said.unclear) == ((), (), ())


def test_both_in_one_cell():
    said = understand("仅下放“甲”“乙”；暂不向各功能区下放", R)
    assert said.sub_items == ("甲", "乙")
    assert [found.groups for found in said.exceptions] == [("zones",)]
    assert said.unclear == ()


def test_the_understood_part_is_kept_beside_the_unclear_one():
    said = understand("暂不向各功能区下放，另行通知", R)
    assert said.exceptions[0].mode is U
    assert said.unclear == ("另行通知",)


def test_two_modes_for_one_place_conflict():
    said = understand("任城区直接下放，任城区委托下放", R)
    assert said.conflicts == ("任城区",)


def test_a_remark_that_is_the_mode():
    assert understand("直接下放", None).mode is D
    assert understand("直接下放", D).unclear == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("任城区和各功能区", Targets(("任城区",), ("zones",))),
        ("各县（市、区）、功能区", Targets((), ("counties", "zones"))),
        ("其他县（市、区）及其他功能区", Targets((), ("other_counties", "other_zones"))),
        ("各市辖区", Targets((), ("districts",))),
        ("曲阜市、邹城市", Targets(("曲阜市", "邹城市"))),
        ("西集镇、各街道", Targets(("西集镇",), ("towns",))),
        ("全市", Targets((), ("all",))),
        ("各有关部门", None),
        ("群众", None),
        ("", None),
    ],
)
def test_targets(text, wanted):
    assert read_targets(text) == wanted


@given(
    st.text(alphabet="任城区各功能县（市、）向下放暂不委托至和，；“”除外其他仅方式以的甲1. ", max_size=120),
    st.sampled_from(Mode),
)
def test_no_text_breaks_the_reader_and_none_is_dropped(remark, mode):
    said = understand(remark, mode)
    if any(letter.isalpha() for letter in remark) and not said.unclear:
        assert said.exceptions or said.sub_items or said.mode or find_modes(tight(remark))
