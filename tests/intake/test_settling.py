import pytest

from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.imports.rules import QuestionKind
from portal.foundation.organisations import queries as organisations
from portal.foundation.places import queries as places
from portal.foundation.places import service as places_service
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from portal.powers.lists.intake import applying, settling
from portal.powers.lists.rules import Mode
from tests.lists.making import account, exception, hand_in, make_list, problem, row


def codes(table):
    return [question.code for question in settling.unsettled(table)]


def open_question(table, code):
    (found,) = [question for question in settling.unsettled(table) if question.code == code]
    return found


def answer(city, table, code, **said):
    return settling.settle(open_question(table, code).id, said, by=city.editor)


def rows_by_name(table):
    return {each["name"]: each for each in settling.rows_of(table)}


# Departments


def test_an_unknown_department_is_asked_about_once_for_all_its_rows(city):
    rows = [row(1, "甲", department="市水利局"), row(2, "乙"), row(3, "丙", department="市水利局")]
    table = hand_in(city, rows)
    (question,) = table.questions
    assert (question.code, question.data["lines"]) == ("department_unknown", [1, 3])
    assert "市水利局" in question.message


def test_known_names_aliases_and_line_breaks_raise_no_question(city):
    names = ("市住房城乡建设局", "市住建局", "市住房\n城乡 建设局", "市住房城乡建设局\u3000")
    rows = [row(n, f"第{n}项", department=name) for n, name in enumerate(names, 1)]
    assert hand_in(city, rows).questions == []


def test_a_department_said_to_be_known_is_remembered_by_that_name(city, power_list):
    table = hand_in(city, [row(1, "甲", department="市城建委")])
    body = city.departments["市住房城乡建设局"]
    answer(city, table, "department_unknown", action="use", organisation_id=body.id)
    applying.aim(table, power_list, by=city.editor)
    applying.apply(table, by=city.editor)
    assert power_list.delegations[0].matter.organisation is body
    assert hand_in(city, [row(1, "甲", department="市城建委")]).questions == []


def test_a_new_department_is_registered_once(city):
    rows = [row(1, "甲", department="市水利局")]
    tables = [hand_in(city, rows), hand_in(city, rows)]
    for table in tables:
        answer(city, table, "department_unknown", action="create")
    assert organisations.named(city.place, "市水利局").name == "市水利局"
    assert hand_in(city, rows).questions == []


def test_a_department_must_be_one_of_the_issuing_place(city):
    from portal.foundation.organisations import service as organisations_service

    table = hand_in(city, [row(1, "甲", department="市水利局")])
    stranger = organisations_service.add(city.county("莘县"), "莘县水利局", by=None)
    for wrong in (stranger.id, None, 0, 999_999):
        with pytest.raises(Refused):
            answer(city, table, "department_unknown", action="use", organisation_id=wrong)


def test_a_name_settled_meanwhile_is_not_given_to_another(city):
    rows = [row(1, "甲", department="市城建委")]
    first, second = hand_in(city, rows), hand_in(city, rows)
    answer(city, first, "department_unknown", action="use", organisation_id=city.departments["市公安局"].id)
    with pytest.raises(Conflict):
        answer(
            city, second, "department_unknown", action="use", organisation_id=city.departments["市商务局"].id
        )


def test_two_names_of_one_department_are_one_matter_twice(city):
    rows = [row(1, "甲", department="市住建局"), row(2, "甲", department="市住房城乡建设局")]
    assert codes(hand_in(city, rows)) == ["matter_double"]


def test_an_answer_that_makes_two_matters_one_raises_the_question_and_taking_it_back_takes_it_back(city):
    table = hand_in(city, [row(1, "甲", department="市城建委"), row(2, "甲")])
    question = open_question(table, "department_unknown")
    said = {"action": "use", "organisation_id": city.departments["市商务局"].id}
    settling.settle(question.id, said, by=city.editor)
    assert codes(table) == ["matter_double"]
    answer(city, table, "matter_double", action="drop")
    assert codes(table) == []
    assert len(settling.rows_of(table)) == 1


# Problems of the document


def test_problems_of_the_reading_become_questions_and_block(city, power_list):
    rows = [row(1, "甲"), row(2, "乙", mode=None, mode_label="看情况")]
    table = hand_in(city, rows, problems=[problem("mode_unknown", 2, "mode")])
    applying.aim(table, power_list, by=city.editor)
    assert codes(table) == ["mode_unknown"]
    with pytest.raises(Refused) as caught:
        applying.apply(table, by=city.editor)
    assert caught.value.code == "unsettled"
    answer(city, table, "mode_unknown", action="set", value="窗口前移")
    assert applying.apply(table, by=city.editor).new[1].mode is Mode.WINDOW


def test_modes_missing_in_a_whole_table_are_answered_once(city):
    rows = [row(n, f"第{n}项", mode=None, mode_label="") for n in (1, 2, 3)]
    table = hand_in(city, rows, problems=[problem("mode_missing", None, "mode")])
    assert codes(table) == ["mode_missing"]
    answer(city, table, "mode_missing", action="set", value="entrusted")
    assert {each["mode"] for each in settling.rows_of(table)} == {"entrusted"}
    assert codes(table) == []


def test_a_heading_that_was_not_understood_gives_its_rows_their_mode(city):
    rows = [row(n, f"第{n}项", mode=None, mode_label="") for n in (2, 3)]
    rows += [row(5, "第5项", mode=None, mode_label=""), row(7, "第7项")]
    missing = [problem("mode_missing", line, "mode") for line in (2, 3, 5)]
    headings = [problem("section_not_understood", 1, "mode")]
    table = hand_in(city, rows, problems=headings + missing)
    answer(city, table, "section_not_understood", action="set", value="window")
    assert [each["mode"] for each in settling.rows_of(table)] == ["window"] * 3 + ["direct"]
    assert codes(table) == [], "the rows' own questions are settled with it"


def test_rows_without_a_name_are_asked_one_by_one_and_modes_together(city):
    rows = [row(1, "", mode=None), row(2, "", mode=None), row(3, "丙")]
    said = [problem("name_missing", n, "name") for n in (1, 2)]
    said += [problem("mode_unknown", n, "mode") for n in (1, 2)]
    table = hand_in(city, rows, problems=said)
    assert sorted((q.code, tuple(q.data["lines"])) for q in table.questions) == [
        ("mode_unknown", (1, 2)),
        ("name_missing", (1,)),
        ("name_missing", (2,)),
    ]


def test_what_the_reading_passed_over_is_asked_all_the_same(city):
    rows = [row(1, "甲", seq="一之一"), row(2, "乙" * 401), row(3, "丙", seq=None)]
    table = hand_in(city, rows)
    assert sorted(codes(table)) == ["seq_odd", "seq_odd", "too_long"]
    assert {question.kind for question in table.questions} == {QuestionKind.PROBLEM}


def test_an_answer_is_checked_before_it_is_kept(city):
    table = hand_in(city, [row(1, "甲", code="x")], problems=[problem("code_odd", 1, "code")])
    question = open_question(table, "code_odd")
    wrong = [
        {},
        {"action": "fly"},
        {"action": "confirm"},
        {"action": "accept", "reason": " "},
        {"action": "set", "value": ""},
        {"action": "set", "field": "remark", "value": "甲"},
        {"action": "set", "field": "type", "value": "某种"},
    ]
    for said in wrong:
        with pytest.raises(Refused):
            settling.settle(question.id, said, by=city.editor)
    assert question.answer is None
    settling.settle(question.id, {"action": "accept", "reason": "原件如此"}, by=city.editor)
    assert (question.settled_by_id, codes(table)) == (city.editor.id, [])


def test_totals_that_differ_are_accepted_with_a_reason_that_goes_into_the_list(city, power_list):
    table = hand_in(
        city, [row(1, "甲")], totals={"total": 2}, problems=[problem("totals_differ", None, "totals")]
    )
    applying.aim(table, power_list, by=city.editor)
    answer(city, table, "totals_differ", action="accept", reason="原件少印一行")
    applying.apply(table, by=city.editor)
    assert (power_list.totals, power_list.totals_waiver) == ({"total": 2}, "原件少印一行")


def test_what_concerns_the_whole_file_is_asked_with_its_first_table(city):
    table = hand_in(city, [row(1, "甲")], problems=[problem("header_missing", table=None)])
    assert codes(table) == ["header_missing"]


# Remarks


def remarked(line, name, mode="review", **said):
    return row(
        line,
        name,
        mode=mode,
        remark="各功能区除外",
        exceptions=[exception("window", groups=["zones"])],
        **said,
    )


def test_an_understood_remark_is_proposed_once_for_all_rows_that_say_the_same(city):
    rows = [remarked(1, "甲"), remarked(2, "乙"), remarked(3, "丙", mode="direct"), row(4, "丁")]
    rows.append(remarked(5, "戊", sub_items=["子项一"]))
    table = hand_in(city, rows)
    assert [question.data["lines"] for question in table.questions] == [[1, 2], [3], [5]]
    assert settling.confirm_all(table, by=city.editor) == 3
    assert settling.confirm_all(table, by=city.editor) == 0
    assert rows_by_name(table)["甲"]["exceptions"] == [exception("window", groups=["zones"])]


def test_a_remark_can_be_read_otherwise_or_mean_nothing(city):
    table = hand_in(city, [remarked(1, "甲")])
    answer(
        city,
        table,
        "remark_understood",
        action="change",
        exceptions=[exception("direct", places=["莘县"])],
        sub_items=[" 子项一 ", ""],
    )
    (found,) = settling.rows_of(table)
    assert (found["exceptions"], found["sub_items"]) == (
        [exception("direct", places=["莘县"])],
        ["子项一"],
    )
    settling.settle(table.questions[0].id, {"action": "change"}, by=city.editor)
    (found,) = settling.rows_of(table)
    assert (found["exceptions"], found["sub_items"]) == ([], [])
    for wrong in ({"mode": "fly", "places": ["莘县"]}, {"mode": "direct", "places": [], "groups": []}):
        with pytest.raises(Refused):
            settling.settle(
                table.questions[0].id, {"action": "change", "exceptions": [wrong]}, by=city.editor
            )


@pytest.mark.parametrize(
    "unknown", [exception("window", places=["曲阜市"]), exception("window", groups=["towns"])]
)
def test_a_place_that_the_list_does_not_reach_is_asked_about_as_soon_as_the_list_is_known(
    city, power_list, unknown
):
    rows = [row(1, "甲", remark="某处除外", exceptions=[unknown]), row(2, "乙")]
    rows.append(row(3, "丙", remark="某处除外", exceptions=[unknown]))
    table = hand_in(city, rows)
    settling.confirm_all(table, by=city.editor)
    assert codes(table) == []
    applying.aim(table, power_list, by=city.editor)
    question = open_question(table, "scope_unknown")
    assert question.data["lines"] == [1, 3]
    with pytest.raises(Refused) as caught:
        applying.apply(table, by=city.editor)
    assert caught.value.code == "unsettled"
    with pytest.raises(Refused):
        answer(city, table, "scope_unknown", action="change", exceptions=[unknown])
    right = [exception("window", places=["临清市"])]
    answer(city, table, "scope_unknown", action="change", exceptions=right)
    assert codes(table) == []
    preview = applying.apply(table, by=city.editor)
    assert [len(new.exceptions) for new in preview.new] == [1, 0, 1]


def test_an_unknown_place_that_is_entered_later_settles_itself(city, power_list):
    table = hand_in(
        city, [row(1, "甲", remark="临空经济区除外", exceptions=[exception("window", places=["临空经济区"])])]
    )
    applying.aim(table, power_list, by=city.editor)
    settling.confirm_all(table, by=city.editor)
    assert codes(table) == ["scope_unknown"]
    zone = places_service.add(city.place, "临空经济区", PlaceKind.ZONE, by=None)
    everywhere = places.group(city.place, "all")
    places_service.set_group(city.place, "all", everywhere.name, [*everywhere.members, zone], by=None)
    assert applying.apply(table, by=city.editor).new[0].exceptions[0].place is zone


def test_reading_the_remark_otherwise_settles_the_unknown_place(city, power_list):
    table = hand_in(city, [row(1, "甲", remark="某处", exceptions=[exception("window", places=["某处县"])])])
    applying.aim(table, power_list, by=city.editor)
    assert codes(table) == ["remark_understood", "scope_unknown"]
    answer(city, table, "remark_understood", action="change")
    assert codes(table) == []


def test_another_list_reaches_other_places(city, power_list):
    zones = make_list(city, "zones-only", scope="zones")
    table = hand_in(city, [row(1, "甲", remark="莘县", exceptions=[exception("window", places=["莘县"])])])
    settling.confirm_all(table, by=city.editor)
    applying.aim(table, zones, by=city.editor)
    assert codes(table) == ["scope_unknown"]
    applying.aim(table, power_list, by=city.editor)
    assert codes(table) == []


# Who may, and when


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COUNTY_OFFICER, Role.ADMINISTRATOR])
def test_only_an_editor_settles(city, power_list, role):
    table = hand_in(city, [remarked(1, "甲")])
    other, question = account(role, city.place), table.questions[0]
    verbs = [
        lambda: settling.settle(question.id, {"action": "confirm"}, by=other),
        lambda: settling.reopen(question.id, by=other),
        lambda: settling.confirm_all(table, by=other),
        lambda: applying.aim(table, power_list, by=other),
        lambda: applying.apply(table, by=other),
    ]
    for verb in verbs:
        with pytest.raises(Forbidden):
            verb()


def test_once_taken_over_answers_stand(city, power_list):
    table = hand_in(city, [remarked(1, "甲")])
    applying.aim(table, power_list, by=city.editor)
    settling.confirm_all(table, by=city.editor)
    applying.apply(table, by=city.editor)
    question = table.questions[0]
    verbs = [
        lambda: settling.settle(question.id, {"action": "confirm"}, by=city.editor),
        lambda: settling.reopen(question.id, by=city.editor),
        lambda: settling.confirm_all(table, by=city.editor),
        lambda: applying.aim(table, power_list, by=city.editor),
        lambda: applying.apply(table, by=city.editor),
    ]
    for verb in verbs:
        with pytest.raises(Conflict):
            verb()


def test_a_question_that_is_not_there_is_said_so(city):
    for verb in (lambda: settling.settle(0, {}, by=city.editor), lambda: settling.reopen(0, by=city.editor)):
        with pytest.raises(NotFound):
            verb()


def test_an_answer_can_be_taken_back(city):
    table = hand_in(city, [remarked(1, "甲")])
    question = answer(city, table, "remark_understood", action="confirm")
    settling.reopen(question.id, by=city.editor)
    db.session.expire_all()
    assert (question.answer, question.settled_by_id, codes(table)) == (None, None, ["remark_understood"])
