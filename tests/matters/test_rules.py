import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.powers.matters.rules import (
    CodeParts,
    MatterType,
    code_clash,
    fold_name,
    identity,
    read_type,
    split_code,
    type_digits,
)

WORDS = st.text(st.sampled_from("设立变更企业投资项目备案（）()、Ａa１1“”·—|:\n \u3000cd"), max_size=12)


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("行政许可", MatterType.LICENCE),
        ("行政\n许可", MatterType.LICENCE),
        ("行政　许可", MatterType.LICENCE),
        ("行政许可事项", MatterType.LICENCE),
        ("行政许可类", MatterType.LICENCE),
        ("01", MatterType.LICENCE),
        ("０１", MatterType.LICENCE),
        ("其他权力", MatterType.OTHER),
        ("其它行政权力", MatterType.OTHER),
        ("其他行政权力", MatterType.OTHER),
        ("其他", MatterType.OTHER),
        ("公共服务", MatterType.SERVICE),
        ("公共服务事项", MatterType.SERVICE),
        ("行政确认", MatterType.CONFIRMATION),
        ("行政强制措施", MatterType.COERCION),
        ("", None),
        ("事项", None),
        ("类", None),
        ("11", None),
        ("1", None),
        ("行政许可或行政确认", None),
    ],
)
def test_a_printed_type_is_one_of_the_eleven_or_none(printed, kind):
    assert read_type(printed) is kind


@pytest.mark.parametrize("kind", MatterType)
def test_every_type_is_read_from_its_own_label_and_digits(kind):
    assert read_type(kind.label) is kind
    assert read_type(kind.value) is kind


@pytest.mark.parametrize(
    ("code", "kind", "clash"),
    [
        ("3700000117086", MatterType.LICENCE, None),
        ("3700000117086", MatterType.CONFIRMATION, MatterType.LICENCE),
        ("3700002036027", MatterType.SERVICE, None),
        ("3700002036027", MatterType.BENEFIT, MatterType.SERVICE),
        ("3708001017086", MatterType.OTHER, None),
        ("3700009917086", MatterType.LICENCE, None),  # digits that name no type
        ("3300000117086", MatterType.CONFIRMATION, None),  # another province's code is not read
        ("370000011708", MatterType.CONFIRMATION, None),  # too short
        ("37000001170860", MatterType.CONFIRMATION, None),
        ("", MatterType.LICENCE, None),
    ],
)
def test_a_code_clashes_where_shandongs_digits_name_another_type(code, kind, clash):
    assert code_clash(code, kind) is clash


def test_a_shandong_code_has_four_parts_and_any_other_none():
    assert split_code("3700000117086") == CodeParts("370000", "01", "17", "086")
    assert type_digits("3700000117086") == "01"
    assert split_code("000117086") is None
    assert type_digits("37-0000-0117086") is None


@given(WORDS)
def test_folding_is_done_once_and_for_all(name):
    assert fold_name(fold_name(name)) == fold_name(name)


@given(WORDS, st.sampled_from(["\n", " ", "\u3000", "\t"]), st.integers(0, 12))
def test_white_space_does_not_matter_to_identity(name, space, at):
    spaced = name[:at] + space + name[at:]
    assert identity("370800", "市商务局", spaced) == identity("370800", "市商务局", name)


@given(st.tuples(WORDS, WORDS), st.tuples(WORDS, WORDS))
@example(("甲|乙", "丙"), ("甲", "乙|丙"))
@example(("甲乙", "丙"), ("甲", "乙丙"))
def test_two_matters_are_one_only_when_department_and_name_are_the_same(one, other):
    same = tuple(map(fold_name, one)) == tuple(map(fold_name, other))
    assert (identity("370800", *one) == identity("370800", *other)) is same


@given(WORDS, st.text("0123456789|:c", min_size=1, max_size=13), WORDS, WORDS)
def test_a_code_takes_the_departments_place_and_is_never_taken_for_one(name, code, department, other):
    assert identity("370800", department, name, code) == identity("370800", other, name, code)
    assert identity("370800", department, name, code) != identity("370800", department, name)
    assert identity("370800", department, name, code) != identity("371500", department, name, code)


def test_full_width_forms_are_the_same_name_and_punctuation_is_not():
    assert identity("370800", "市商务局", "对外贸易（Ａ类）") == identity(
        "370800", "市商务局", "对外贸易(A类)"
    )
    assert identity("370800", "市商务局", "设立、变更") != identity("370800", "市商务局", "设立变更")
    assert identity("370800", "市商务局", "公司登记") != identity("370800", "市公安局", "公司登记")
