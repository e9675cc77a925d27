from __future__ import annotations

import pytest

from portal.powers.lists.profiles.rules import build_profile
from portal.powers.lists.rules import Mode
from portal.site.situations import Situation, Standing, full_name


def profile(mode=Mode.REVIEW, actor="place", **fields):
    steps = dict.fromkeys(("receive", "accept", "review", "decide", "stamp"), actor)
    said = {**steps, "seal": "own", "apply_at": "place", **fields}
    return build_profile(mode, [(field, value, "1") for field, value in said.items()])


def at(mode=Mode.REVIEW, **more):
    said = {
        "mode": mode,
        "label": mode.label,
        "profile": profile(mode),
        "place": "微山县",
        "issuer": "济宁市",
        "department": "市公安局",
        "receiver": "微山县行政审批服务局",
    }
    return Situation(**{**said, **more})


@pytest.mark.parametrize(
    ("situation", "standing", "by_issuer"),
    [
        (at(), Standing.OPEN, False),
        (at(receiver=""), Standing.UNNAMED, False),
        (at(taken_over=False), Standing.PENDING, True),
        (at(Mode.UNDELEGATED), Standing.KEPT, True),
        (at(Mode.UNDELEGATED, receiver=""), Standing.KEPT, True),
        (at(Mode.UNDETERMINED), Standing.UNDECIDED, False),
        (at(profile=None), Standing.UNDECIDED, False),
    ],
)
def test_how_far_the_handing_over_has_come(situation, standing, by_issuer):
    assert situation.standing is standing
    assert situation.handled_by_issuer is by_issuer


def test_near_is_where_papers_can_be_handed_in_today():
    assert at().near
    assert at(profile=profile(actor="posted")).near
    assert not at(profile=profile(actor="issuer")).near
    assert not at(taken_over=False).near


@pytest.mark.parametrize(
    ("place", "body", "name"),
    [
        ("济宁市", "市公安局", "济宁市公安局"),
        ("山亭区", "区行政审批服务局", "山亭区行政审批服务局"),
        ("微山县", "微山县行政审批服务局", "微山县行政审批服务局"),
        ("微山县", "行政审批服务局", "微山县行政审批服务局"),
        ("济宁高新区", "行政审批服务局", "济宁高新区行政审批服务局"),
        ("雁塔街道", "道路运输服务所", "雁塔街道道路运输服务所"),
        ("韩庄镇", "镇人民政府", "韩庄镇人民政府"),
        ("济宁市", "", "济宁市"),
    ],
)
def test_a_body_is_named_once_with_its_place(place, body, name):
    assert full_name(place, body) == name
