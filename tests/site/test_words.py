"""Sentences, steps, spread and quotations: the words of the matter page."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import i18n
from portal.powers.lists.rules import Mode
from portal.site import steps, wording
from portal.site.clauses import excerpt
from portal.site.editions import PlaceName
from portal.site.spread import FEW, shares
from portal.site.steps import Clause
from tests.site.test_situations import at, profile


@pytest.fixture(autouse=True)
def speaking():
    app = Flask("words")
    i18n.init_app(app)
    with app.test_request_context("/"):
        yield


def cite(source):
    return Clause(f"第{source}条", f"#{source}")


CITY_DECIDES = {"review": "issuer", "decide": "issuer", "stamp": "issuer", "seal": "issuer"}
POSTED = {"receive": "posted", "accept": "posted", **CITY_DECIDES}


@pytest.mark.parametrize(
    ("situation", "sentence"),
    [
        (at(), "在微山县就能办完。"),
        (at(receiver=""), "按文件，在微山县就能办完。"),
        (at(Mode.WINDOW, profile=profile(**POSTED)), "材料交到微山县的市级窗口，由市里决定。"),
        (at(Mode.COLLECTION, profile=profile(**CITY_DECIDES)), "材料可以交到微山县，由市里审核、决定。"),
        (
            at(profile=profile(**{**CITY_DECIDES, "review": "place"}), issuer="山亭区", place="西集镇"),
            "材料可以交到西集镇，由西集镇审核，区里决定。",
        ),
        (at(Mode.UNDELEGATED), "微山县现在还不能办，请到市里办。"),
        (at(taken_over=False), "微山县还没有接手，现在请到市里办。"),
        (at(Mode.UNDETERMINED), "微山县还没有公布怎么办。"),
        (at(profile=profile(actor="issuer")), "请到市里办。"),
    ],
)
def test_one_sentence_says_where_to_go(situation, sentence):
    assert wording.sentence(situation) == sentence


def test_what_is_not_published_is_said():
    assert any("承接单位待公布" in line for line in wording.explanation(at(receiver="")))
    assert any("济宁市公安局" in line for line in wording.explanation(at(receiver="")))


def test_going_to_the_city_is_offered_only_where_the_profile_says_so():
    offered = at(profile=profile(apply_at="place,issuer"))
    assert "想去市里办，也可以。" in "".join(wording.explanation(offered))
    assert "也可以" not in "".join(wording.explanation(at()))


def test_taking_in_and_accepting_by_one_body_are_one_step():
    assert [line.label for line in steps.table(at(), cite) if line.number] == ["受理", "审核", "决定", "盖章"]
    apart = at(profile=profile(accept="issuer", **CITY_DECIDES))
    assert [line.label for line in steps.table(apart, cite) if line.number][:2] == ["收件", "受理"]


def test_table_and_picture_say_the_same():
    for mode in Mode:
        situation = at(mode)
        lines = [line for line in steps.table(situation, cite) if line.number]
        assert len(steps.route(situation).steps) == len(lines)


def test_policy_moves_complaints_but_law_names_the_respondent():
    situation = at(profile=profile(complaints="place", respondent="issuer"))
    said = {line.label: line.strong for line in steps.table(situation, cite)}
    assert said["出了问题"] == "微山县行政审批服务局"
    assert said["不服决定"] == "济宁市公安局"


def test_before_taking_over_the_issuing_side_does_and_answers_for_everything():
    for line in steps.table(at(taken_over=False, profile=profile(complaints="place")), cite):
        assert line.strong == "济宁市公安局"


def test_nobody_is_named_while_the_place_has_not_chosen():
    lines = steps.table(at(Mode.UNDETERMINED), cite)
    assert {line.strong for line in lines} == {""}
    assert not any(step.known for step in steps.route(at(Mode.UNDETERMINED)).steps)


def test_what_crosses_borders_stays_with_the_issuing_side():
    line = steps.table(at(cross_border="2"), cite)[-1]
    assert (line.label, line.strong, line.clauses) == ("跨了地方", "济宁市公安局", (cite("2"),))


PLACES = [
    PlaceName(number, str(number), f"地方{number}", "zone" if number > 8 else "county")
    for number in range(12)
]


@given(st.lists(st.sampled_from(list(Mode)), min_size=12, max_size=12))
def test_the_spread_counts_every_place_once(modes):
    found = shares(PLACES, dict(enumerate(modes)))
    counted = {share.mode: len(share.names) + share.zones + share.others for share in found}
    assert counted == {mode: modes.count(mode) for mode in set(modes)}
    assert all(len(share.names) <= FEW for share in found)
    assert [share.rest for share in found] == [False] * (len(found) - 1) + [True]


def test_the_spread_in_words():
    answers = {
        place.id: Mode.WINDOW if place.kind == "zone" or place.id == 0 else Mode.REVIEW for place in PLACES
    }
    labels = {mode: mode.label for mode in Mode}
    said = wording.spread(shares(PLACES, answers), labels)
    assert said == "地方0、3 个功能区是“窗口前移”；其他 8 个地方是“下放实质性审核权”。"
    same = wording.spread(shares(PLACES, dict.fromkeys(range(12), Mode.DIRECT)), labels)
    assert same == "12 个地方都一样，都是“直接下放”。"


@given(st.text("甲乙丙。；放权", max_size=60).filter(str.strip), st.sampled_from(["放权", "甲乙"]))
def test_an_excerpt_quotes_nothing_that_is_not_there(text, word):
    parts = excerpt(text, [word])
    assert all(part.text == "……" or part.text in text for part in parts)
    assert all(part.text == word for part in parts if part.marked)
    if word in text:
        assert any(part.marked for part in parts)


def test_an_excerpt_prefers_the_sentence_about_the_mode_alone():
    text = "综合运用直接下放、窗口前移等方式。对无法授权的，采取窗口前移的方式；其他另定。"
    parts = excerpt(text, ["窗口前移"], ["直接下放"])
    assert "".join(part.text for part in parts) == "……对无法授权的，采取窗口前移的方式；……"
