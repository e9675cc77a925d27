"""Pinyin, initials, slips, questions: what is found, and what comes first."""

from __future__ import annotations

import pytest

from portal.foundation.search.asking.rules import Level
from portal.foundation.search.queries import find
from tests.search.conftest import SUBJECT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("indexed")]


def levels(query, limit=1135):
    return {hit.record_id: hit.level for hit in find("matter", [SUBJECT], query, limit=limit).hits}


@pytest.mark.parametrize(
    ("query", "level"),
    [
        ("企业投资", Level.OPENING),
        ("投资项目", Level.NAME),
        ("511Z07001006", Level.TEXT),
        ("区经信局", Level.TEXT),
        ("办营业执照", Level.TEXT),
        ("qiyetouzi", Level.SOUND),
        ("touzixiangmubei", Level.SOUND),
        ("TOUZI", Level.SOUND),
        ("qytzxmba", Level.INITIALS),
        ("tzxiangmu", Level.INITIALS),
        ("touzixm", Level.INITIALS),
        ("qujingxinju", Level.TEXT_SOUND),
        ("qjxj", Level.TEXT_SOUND),
        ("bangongyingyezhizhao"[:3] + "yingyezhizhao", Level.TEXT_SOUND),
        ("企业 备案", Level.OPENING),
        ("投资 技术改造", Level.NAME),
        ("备案 区经信局", Level.TEXT),
        ("企业beian", Level.TEXT),
        ("企业 jishugaizao", Level.TEXT),
    ],
)
def test_the_first_matter_is_found(query, level):
    assert levels(query)[0] is level


@pytest.mark.parametrize(
    "query",
    [
        "qiyetouxi",
        "qiyetuozi",
        "qiyetozi",
        "qiyettouzi",
        "xiangnu",
        "beain",
        "baian",
        "bejian",
        "touzixiangmubaian",
    ],
)
def test_one_wrong_letter_is_forgiven(query):
    assert levels(query)[0] is Level.NEAR


def test_less_than_five_letters_are_meant_as_they_are():
    assert Level.NEAR not in levels("qiyw").values()


def test_every_slip_in_a_long_name_is_forgiven():
    written = "qiyetouzixiangmubeianjishugaizao"
    for at in range(0, len(written) - 1, 5):
        wrong = [
            written[:at] + ("a" if written[at] != "a" else "e") + written[at + 1 :],
            written[:at] + written[at + 1 :],
            written[:at] + "w" + written[at:],
        ]
        assert [query for query in wrong if 0 not in levels(query, limit=50)] == []


@pytest.mark.parametrize(
    "query",
    [
        "我想办营业执照",
        "营业执照怎么办？",
        "请问去哪里办理营业执照呢",
        "我要开公司，需要什么材料",
        "怎样开公司",
    ],
)
def test_a_question_leads_to_the_matter(query):
    found = find("matter", [SUBJECT], query, limit=10)
    assert found.hits[0].record_id == 0
    assert not found.as_asked


def test_what_is_asked_in_full_comes_before_what_is_left_of_it():
    assert find("matter", [SUBJECT], "办营业执照", limit=10).as_asked


def test_hits_come_in_the_order_of_the_list_within_a_level():
    hits = find("matter", [SUBJECT], "备案", limit=1135).hits
    assert [(hit.level, hit.position) for hit in hits] == sorted((hit.level, hit.position) for hit in hits)


def test_there_is_more_than_was_asked_for():
    found = find("matter", [SUBJECT], "备案", limit=3)
    assert (len(found.hits), found.more) == (3, True)
    assert not find("matter", [SUBJECT], "备案", limit=1135).more


def test_only_what_is_wanted_is_kept():
    found = find(
        "matter", [SUBJECT], "备案", limit=3, keep=lambda hits: {h.record_id for h in hits if h.record_id % 2}
    )
    assert [hit.record_id % 2 for hit in found.hits] == [1, 1, 1]


def test_another_scope_is_not_searched():
    assert find("matter", [SUBJECT + 1], "备案", limit=3).hits == []
    assert find("place", [SUBJECT], "备案", limit=3).hits == []
