import pytest
from sqlalchemy import func, select

from portal.db import Base, db
from portal.errors import Refused
from portal.foundation.places import queries as places
from portal.foundation.places import service as places_service
from portal.foundation.places.rules import PlaceKind
from portal.powers.lists import snapshot
from portal.powers.lists.intake import applying, settling
from portal.powers.lists.models import Delegation
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterType
from tests.lists.making import exception, hand_in, make_list, row, take_over


def aimed(city, power_list, rows, **said):
    table = hand_in(city, rows, **said)
    applying.aim(table, power_list, by=city.editor)
    settling.confirm_all(table, by=city.editor)
    return table


def summary(preview):
    changed = [each.wanted.name for each in preview.changed]
    return [each.name for each in preview.new], changed, [name for _seq, name in preview.gone], preview.same


def contents():
    """Every row of the tables that lists are made of."""
    names = ("matters", "delegations", "sub_items", "scope_exceptions", "organisations", "place_groups")
    return {name: db.session.execute(select(Base.metadata.tables[name])).all() for name in names}


FIRST = [
    row(1, "企业投资项目备案"),
    row(2, "城市建筑垃圾处置核准", department="市住建局", mode="review"),
    row(3, "典当业特种行业许可", department="市公安局", sub_items=["设立", "变更"]),
]
FIRST[1]["exceptions"] = [exception("window", groups=["zones"]), exception("direct", places=["莘县"])]


def test_a_first_table_is_all_new(city, power_list):
    table = aimed(city, power_list, FIRST)
    found = summary(applying.preview(table))
    assert found == ([each["name"] for each in FIRST], [], [], 0)
    assert db.session.scalar(select(func.count()).select_from(Delegation)) == 0
    assert summary(applying.apply(table, by=city.editor)) == found
    assert [each.seq for each in power_list.delegations] == [1, 2, 3]
    assert [part.name for part in power_list.delegations[2].sub_items] == ["设立", "变更"]


def test_the_same_table_again_changes_nothing(city, power_list):
    take_over(city, power_list, FIRST)
    before = contents()
    table = aimed(city, power_list, FIRST)
    assert applying.preview(table).empty
    assert applying.apply(table, by=city.editor).empty
    assert contents() == before


def test_spelling_alone_is_no_change(city, power_list):
    take_over(city, power_list, FIRST)
    again = [dict(each) for each in FIRST]
    again[0]["name"] = "企业\n投资 项目备案"
    again[1]["department"] = "市住房城乡建设局"
    again[1]["exceptions"] = list(reversed(FIRST[1]["exceptions"]))
    assert applying.preview(aimed(city, power_list, again)).empty


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seq", 9),
        ("type", "行政确认"),
        ("mode", "window"),
        ("mode_label", "窗口前移"),
        ("remark", "另行通知"),
        ("sub_items", ["设立"]),
        ("exceptions", [exception("window", places=["莘县"])]),
    ],
)
def test_whatever_differs_is_a_change(city, power_list, field, value):
    take_over(city, power_list, FIRST)
    again = [{**FIRST[0], field: value}, *FIRST[1:]]
    table = aimed(city, power_list, again)
    assert summary(applying.preview(table)) == ([], ["企业投资项目备案"], [], 2)
    applying.apply(table, by=city.editor)
    assert applying.preview(aimed(city, power_list, again)).empty


def test_a_changed_annex_says_what_is_new_changed_and_gone(city, power_list):
    take_over(city, power_list, FIRST)
    again = [
        row(1, "对外贸易经营者备案"),
        {**FIRST[0], "line": 2, "seq": 2},
        {**FIRST[1], "line": 3, "seq": 3, "exceptions": []},
    ]
    table = aimed(city, power_list, again)
    expected = (
        ["对外贸易经营者备案"],
        ["企业投资项目备案", "城市建筑垃圾处置核准"],
        ["典当业特种行业许可"],
        0,
    )
    assert summary(applying.apply(table, by=city.editor)) == expected
    found = [(each.position, each.seq, each.matter.name) for each in power_list.delegations]
    assert found == [
        (1, 1, "对外贸易经营者备案"),
        (2, 2, "企业投资项目备案"),
        (3, 3, "城市建筑垃圾处置核准"),
    ]
    assert power_list.delegations[2].exceptions == []
    assert db.session.scalar(select(func.count()).select_from(Matter)) == 4, "a matter gone stays known"


def test_a_matter_with_a_code_may_move_to_another_department(city, power_list):
    code = "3700000117086"
    take_over(city, power_list, [row(1, "公司登记", code=code)])
    moved = [row(1, "公司登记", code=code, department="市公安局")]
    table = aimed(city, power_list, moved)
    assert summary(applying.apply(table, by=city.editor)) == ([], ["公司登记"], [], 0)
    matter = power_list.delegations[0].matter
    assert (matter.organisation.name, matter.code) == ("市公安局", code)
    assert applying.preview(aimed(city, power_list, moved)).empty


def test_without_a_code_another_department_is_another_matter(city, power_list):
    take_over(city, power_list, [row(1, "公司登记")])
    table = aimed(city, power_list, [row(1, "公司登记", department="市公安局")])
    assert summary(applying.preview(table)) == (["公司登记"], [], ["公司登记"], 0)


def test_two_lists_share_a_matter(city, power_list):
    other = make_list(city, "liaocheng-2021")
    take_over(city, power_list, FIRST)
    take_over(city, other, [row(1, "企业投资项目备案", mode="review", type="行政确认")])
    assert other.delegations[0].matter is power_list.delegations[0].matter
    assert power_list.delegations[0].matter.type is MatterType.CONFIRMATION
    assert power_list.delegations[0].mode is Mode.DIRECT


def test_a_list_without_numbers_is_counted(city, power_list):
    rows = [row(n, f"第{n}项", seq=None) for n in (4, 7, 9)]
    take_over(city, power_list, rows)
    assert [each.seq for each in power_list.delegations] == [1, 2, 3]


def test_sections_may_each_count_from_one(city, power_list):
    take_over(city, power_list, [row(n, f"第{n}项", seq=seq) for n, seq in ((1, 1), (2, 2), (4, 1))])
    assert [each.seq for each in power_list.delegations] == [1, 2, 1]


def test_nothing_is_taken_over_without_a_list_or_from_another_place(city, power_list):
    table = hand_in(city, FIRST)
    for verb in (lambda: applying.preview(table), lambda: applying.apply(table, by=city.editor)):
        with pytest.raises(Refused) as caught:
            verb()
        assert caught.value.code == "no_list"
    other = places_service.add(city.place.parent, "济宁市", PlaceKind.CITY, code="370800", by=None)
    table.upload.place = other
    db.session.flush()
    with pytest.raises(Refused):
        applying.aim(table, power_list, by=city.editor)


def test_a_table_whose_rows_were_all_dropped_is_no_list(city, power_list):
    table = aimed(city, power_list, [row(1, "甲", seq="x")])
    settling.settle(table.questions[0].id, {"action": "drop"}, by=city.editor)
    with pytest.raises(Refused) as caught:
        applying.apply(table, by=city.editor)
    assert "没有事项" in str(caught.value)


def test_notes_go_into_the_list(city, power_list):
    table = aimed(city, power_list, FIRST, notes=["注：一"], totals={"total": 3})
    applying.apply(table, by=city.editor)
    assert (power_list.notes, power_list.totals, power_list.totals_waiver) == (["注：一"], {"total": 3}, "")


# Scopes: what remarks mean in the tree


def answers(power_list):
    """{matter: {mode: names of places}} of the working copy."""
    names = {place.code: place.name for place in power_list.scope.members}
    found = {}
    for each in snapshot.working_rows(power_list):
        by_mode = found.setdefault(each.name, {})
        for code, mode in each.answers.items():
            by_mode.setdefault(mode, set()).add(names[code])
    return found


COUNTIES = {"东昌府区", "茌平区", "临清市", "莘县"}
ZONES = {"聊城经济技术开发区", "聊城高新技术产业开发区"}

SCOPES = [
    ([exception("window", groups=["zones"])], {"window": ZONES, "review": COUNTIES}),
    (
        [
            exception("window", places=["临清市"], groups=["zones"]),
            exception("direct", groups=["other_counties"]),
        ],
        {"window": ZONES | {"临清市"}, "direct": COUNTIES - {"临清市"}},
    ),
    (
        [exception("review", places=["莘县"]), exception("undelegated", groups=["others"])],
        {"undelegated": (COUNTIES | ZONES) - {"莘县"}},
    ),
    (
        [exception("direct", groups=["counties"]), exception("undelegated", groups=["others"])],
        {"direct": COUNTIES, "undelegated": ZONES},
    ),
    ([exception("window", groups=["districts"])], {"window": {"东昌府区", "茌平区"}}),
    ([exception("window", groups=["rural_counties"])], {"window": {"临清市", "莘县"}}),
    (
        [exception("window", places=["东昌府区"]), exception("direct", groups=["other_districts"])],
        {"window": {"东昌府区"}, "direct": {"茌平区"}},
    ),
    ([exception("undelegated", groups=["all"])], {"undelegated": COUNTIES | ZONES}),
    # with the city's name before it, as remarks often have it
    ([exception("window", places=["聊城市莘县"])], {"window": {"莘县"}}),
    # a zone by its short name is the zone if its full name is not meant otherwise
    (
        [exception("window", groups=["zones"]), exception("direct", places=["聊城高新技术产业开发区"])],
        {"window": {"聊城经济技术开发区"}, "direct": {"聊城高新技术产业开发区"}},
    ),
]


@pytest.mark.parametrize(("exceptions", "expected"), SCOPES)
def test_what_a_remark_means_for_every_place(city, power_list, exceptions, expected):
    take_over(city, power_list, [row(1, "甲", mode="review", exceptions=exceptions)])
    usual = (COUNTIES | ZONES) - set().union(*expected.values())
    assert answers(power_list)["甲"] == {**expected, **({"review": usual} if usual else {})}


def test_a_group_made_for_a_small_list_is_whole_for_the_next(city):
    few = [city.county("东昌府区"), city.county("莘县")]
    places_service.set_group(city.place, "pilots", "试点县区", few, by=None)
    pilots = make_list(city, "pilots", scope="pilots")
    take_over(city, pilots, [row(1, "甲", exceptions=[exception("window", groups=["districts"])])])
    assert {place.name for place in places.group(city.place, "districts").members} == {"东昌府区", "茌平区"}
    assert answers(pilots)["甲"] == {"window": {"东昌府区"}, "direct": {"莘县"}}


def test_a_place_that_has_ended_is_in_no_new_group(city, power_list):
    from datetime import date

    ended = city.county("茌平区")
    places_service.change(
        ended,
        name=ended.name,
        note="并入东昌府区",
        certainty=ended.certainty,
        ended_on=date(2025, 1, 1),
        by=None,
    )
    take_over(city, power_list, [row(1, "甲", exceptions=[exception("window", groups=["districts"])])])
    assert {place.name for place in places.group(city.place, "districts").members} == {"东昌府区"}


def test_what_the_list_leaves_out_stays_out(city):
    zones = make_list(city, "zones-only", scope="zones")
    take_over(city, zones, [row(1, "甲", exceptions=[exception("window", groups=["counties"])])])
    assert answers(zones)["甲"] == {"direct": ZONES}
