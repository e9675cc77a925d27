from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.powers.lists.rules import Mode
from portal.site.lanes import CLOSING, OPENING, Lane, Route, Step, Support, narrow, text_width, wide, wrap

SVG = "{http://www.w3.org/2000/svg}"
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=24)


def route(mode="review", steps=None, **more):
    said = {
        "mode": mode,
        "lanes": (Lane("您"), Lane("微山县", "行政审批服务局"), Lane("济宁市", "市公安局", "指导、监督")),
        "steps": steps or tuple(Step(name, 1) for name in ("受理", "审核", "决定", "盖章")),
        "start": "提交材料",
        "end": "领取结果",
        "title": "路线",
        "description": "1 受理；2 审核",
    }
    return Route(**{**said, **more})


@given(TEXT, st.floats(1, 20))
def test_wrapping_loses_nothing(text, width):
    assert "".join(wrap(text, width)) == text


@given(st.text("受理审核决定盖章“”、，（）", min_size=1, max_size=30), st.integers(3, 12))
def test_lines_begin_and_end_as_print_does(text, width):
    lines = wrap(text, width)
    for before, after in pairwise(lines):
        # Where no better place is near, a line may begin wrongly; it never does when there is one.
        if after[0] in CLOSING or before[-1] in OPENING:
            joined = before + after
            aim = len(before)
            assert all(
                joined[at] in CLOSING or joined[at - 1] in OPENING
                for at in range(1, aim + 1)
                if at < len(joined)
            )


def test_a_seal_in_quotation_marks_stays_whole():
    assert wrap("盖市级 “2号章”", 5) == ["盖市级", "“2号章”"]
    assert text_width("“2号章”") < text_width("二号章号章")


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("draw", [wide, narrow])
def test_every_state_is_drawn_with_title_and_description(mode, draw):
    drawn = ET.fromstring(
        str(draw(route(mode.value))).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    )
    assert drawn.find(f"{SVG}title").text == "路线"
    assert drawn.find(f"{SVG}desc").text == "1 受理；2 审核"
    names = drawn.get("aria-labelledby").split()
    assert names == [drawn.find(f"{SVG}title").get("id"), drawn.find(f"{SVG}desc").get("id")]
    assert f"lanes--{mode.value}" in drawn.get("class")


@given(st.lists(st.tuples(TEXT, st.integers(1, 2), st.booleans()), min_size=1, max_size=7), TEXT)
def test_any_route_is_a_well_formed_drawing(steps, name):
    drawn = route(
        steps=tuple(Step(label, lane, known) for label, lane, known in steps),
        lanes=(Lane("您"), Lane(name, name, name), Lane("济宁市", name)),
        support=Support(name, 2, len(steps) - 1),
        title=name,
    )
    for picture in (wide(drawn), narrow(drawn)):
        tree = ET.fromstring(str(picture))
        digits = [each.text for each in tree.iter("text") if each.get("class") == "lane-digit"]
        assert digits == [str(number) for number in range(1, len(steps) + 1)]
        assert tree.find("title").text == name


def test_every_box_lies_in_the_drawing():
    many = tuple(Step("实质性审核", 1 + at % 2) for at in range(6))
    for picture in (wide(route(steps=many)), narrow(route(steps=many))):
        tree = ET.fromstring(str(picture))
        _, _, width, height = map(float, tree.get("viewBox").split())
        for box in tree.iter("rect"):
            x, y, w, h = (float(box.get(side)) for side in ("x", "y", "width", "height"))
            assert w > 0
            assert 0 <= x <= x + w <= width + 0.2
            assert 0 <= y <= y + h <= height + 0.2


def test_an_unknown_step_is_open():
    drawn = str(wide(route(steps=(Step("受理", 1), Step("？", 1, known=False)))))
    assert drawn.count("lane-box--open") == 1


def test_no_drawing_has_inline_style():
    assert not re.search(r"\b(style|on\w+)=", str(wide(route())) + str(narrow(route())))


@pytest.mark.parametrize("draw", [wide, narrow])
def test_chinese_names_in_an_english_drawing_say_their_language(app, draw):
    with app.test_request_context("/?lang=en"):
        drawn = ET.fromstring(
            str(draw(route())).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        )
    said = {"".join(each.itertext()): each.get("lang") for each in drawn.iter(f"{SVG}tspan")}
    assert said["微山县"] == "zh-CN"
    with app.test_request_context("/"):
        assert "tspan" not in draw(route())
