"""Whatever stands in a name, code, department or everyday name is found, and nothing else: as LIKE would."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import or_, select

from portal.db import db
from portal.foundation.search.asking.rules import Level
from portal.foundation.search.models import SearchRow
from portal.foundation.search.queries import find
from portal.foundation.search.rules import fold
from tests.search.conftest import FILE, SUBJECT

ALL = 5000
LINES = [fold(part) for line in FILE.read_text("utf-8-sig").split("\n")[1:] for part in line.split(",")[1:4]]


@st.composite
def substrings(draw):
    """One to eight characters that stand together somewhere."""
    line = draw(st.sampled_from([line for line in LINES if line]))
    start = draw(st.integers(0, len(line) - 1))
    return line[start : start + draw(st.integers(1, 8))]


def like(*words):
    """The records by LIKE over the folded texts."""
    wanted = select(SearchRow.record_id)
    for word in words:
        plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        wanted = wanted.where(
            or_(column.like(f"%{plain}%", escape="\\") for column in (SearchRow.name, SearchRow.text))
        )
    return set(db.session.scalars(wanted))


def found(query):
    """The records found by what is written, not by how it sounds; none of them twice."""
    hits = find("matter", [SUBJECT], query, limit=ALL)
    records = [hit.record_id for hit in hits.hits]
    assert len(set(records)) == len(records)
    assert [hit.level for hit in hits.hits] == sorted(hit.level for hit in hits.hits)
    return {hit.record_id for hit in hits.hits if hit.level <= Level.TEXT}


@pytest.mark.slow
@pytest.mark.usefixtures("indexed")
class TestRecall:
    @settings(max_examples=150)
    @given(substrings())
    @example("a")
    @example("0")
    @example("、")
    @example("(")
    @example("511a0138")
    @example("办营业执照")
    def test_a_word_finds_what_like_finds(self, query):
        assert found(query) == like(query)

    @settings(max_examples=40)
    @given(substrings(), substrings())
    def test_two_words_find_what_holds_both(self, one, other):
        hits = find("matter", [SUBJECT], f"{one} {other}", limit=ALL)
        if like(one, other):
            assert like(one, other) <= {hit.record_id for hit in hits.hits}

    @pytest.mark.parametrize(
        "query", ["", " ", "　", "%", "_", "\\", "'", '"', "*", "NOT", "a' OR 'a", "\U0001f600", "x" * 200]
    )
    def test_signs_of_a_query_language_are_only_signs(self, query):
        assert found(query) == (like(fold(query)) if fold(query) else set())
