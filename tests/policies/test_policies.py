from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config import ROOT
from portal.errors import Conflict, Refused
from portal.foundation.places import queries as place_queries
from portal.foundation.places import service as places
from portal.foundation.policies import service
from portal.foundation.policies.rules import ClauseText, clause_opening, numbered_clauses, paragraphs

TEXT = """关于下放权力的通知

[bookmark: _GoBack]1．企业投资项目备案下放。
2.  市级部门3日内移交。
15.2万元以下的项目
3、承接单位做好准备。
2．重复的编号不算。
5．跳过的编号不算。
"""


def test_paragraphs_lose_blank_lines_and_the_marks_of_word_processors():
    assert paragraphs(TEXT)[:2] == ["关于下放权力的通知", "1．企业投资项目备案下放。"]
    assert paragraphs("\n \n[bookmark: x]\n") == []


def test_numbered_clauses_are_those_that_count_on():
    found = numbered_clauses(TEXT)
    assert [(clause.ref, clause.label) for clause in found] == [
        ("1", "第1条"),
        ("2", "第2条"),
        ("3", "第3条"),
    ]
    assert found[1].text == "2.  市级部门3日内移交。"
    assert numbered_clauses("没有编号的一段") == []


def test_a_clause_is_found_by_its_opening():
    assert clause_opening(TEXT, "2.") == "2.  市级部门3日内移交。"
    assert clause_opening(TEXT, "六、") is None


@given(st.text(st.sampled_from("123.．、\n 条文"), max_size=40))
def test_clauses_count_from_one_without_a_gap_whatever_the_text(text):
    found = numbered_clauses(text)
    assert [clause.ref for clause in found] == [str(n) for n in range(1, len(found) + 1)]
    assert all(clause.text in paragraphs(text) for clause in found)


def test_a_document_keeps_its_clauses_in_order_and_its_number_is_its_own(city):
    clauses = [ClauseText("2", "第2条", "乙"), ClauseText("1", "第1条", "甲")]
    said = {"title": " 通知 ", "issuer": "聊城市人民政府", "issued_on": date(2021, 6, 1)}
    policy = service.add(city.place, number=" 聊政字〔2021〕1号 ", clauses=clauses, **said, by=None)
    assert (policy.number, policy.title) == ("聊政字〔2021〕1号", "通知")
    assert [(clause.position, clause.ref) for clause in policy.clauses] == [(1, "2"), (2, "1")]
    assert service.by_number("聊政字〔2021〕1号") is policy
    with pytest.raises(Conflict):
        service.add(city.place, number="聊政字〔2021〕1号", **said, by=None)
    for number, title in (("", "通知"), ("聊政字〔2021〕2号", " ")):
        with pytest.raises(Refused):
            service.add(city.place, number=number, title=title, issuer="", issued_on=None, by=None)


def test_the_shipped_documents_are_loaded_once_with_their_clauses(session):
    data = ROOT / "portal" / "data"
    places.load(data)
    new = service.load(data)
    assert new >= 2
    assert service.load(data) == 0
    jining = service.by_number("济政字〔2021〕30号")
    assert jining.place is place_queries.by_code("370800")
    assert {"1", "2", "6", "11", "13"} <= {clause.ref for clause in jining.clauses}
    assert jining.validity == "unverified"
