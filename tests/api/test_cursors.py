from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.api.cursors import CursorError, decode, encode

KEYS = st.lists(st.one_of(st.integers(-(2**40), 2**40), st.text(max_size=20)), max_size=4).map(tuple)


@given(st.text(max_size=40), KEYS)
def test_a_cursor_leads_back_to_its_key(question, key):
    assert decode(question, encode(question, key), [type(part) for part in key]) == key


@given(st.text(max_size=20), st.text(max_size=20), KEYS)
def test_a_cursor_belongs_to_its_question(question, other, key):
    word = encode(question, key)
    if question != other:
        with pytest.raises(CursorError):
            decode(other, word, [type(part) for part in key])


@given(KEYS, st.integers(0, 400), st.sampled_from("ABCabc019-_"))
def test_a_changed_cursor_is_refused(key, place, sign):
    word = encode("q", key)
    place %= len(word)
    changed = word[:place] + sign + word[place + 1 :]
    try:
        assert decode("q", changed, [type(part) for part in key]) == key  # the last bits may say nothing
    except CursorError:
        assert changed != word


@given(st.text(max_size=60))
def test_anything_else_is_no_cursor(word):
    with pytest.raises(CursorError):
        decode("q", word, (int,))


def test_the_types_of_the_key_are_looked_at():
    with pytest.raises(CursorError):
        decode("q", encode("q", ("1",)), (int,))
    with pytest.raises(CursorError):
        decode("q", encode("q", (True,)), (int,))
