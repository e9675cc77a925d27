"""One page, one address: what a view does not know, an order, an empty or repeated value make no other page."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.address import CARRIED
from portal.pagecache.addresses import canonical

OWN = ("q", "mode", "page")
names = st.sampled_from([*OWN, *CARRIED, "utm_source", "fbclid", "Q", "page[]", ""])
values = st.text(st.characters(blacklist_categories=("Cs",)), max_size=8)
pairs = st.lists(st.tuples(names, values), max_size=8)


def raw(text):
    """A query string as WSGI gives one that was not quoted."""
    return text.encode().decode("latin-1")


@given(pairs)
def test_it_is_its_own_canonical_form_and_plain(given_pairs):
    once = canonical(urlencode(given_pairs), OWN, CARRIED)
    assert canonical(once, OWN, CARRIED) == once
    assert once.isascii()
    assert once.isprintable()


@given(pairs)
def test_what_a_view_reads_is_what_was_asked(given_pairs):
    found = parse_qsl(canonical(urlencode(given_pairs), OWN, CARRIED))
    for name in OWN:
        wanted = list(dict.fromkeys(value for key, value in given_pairs if key == name and value))
        assert [value for key, value in found if key == name] == wanted


@given(pairs, pairs)
def test_nothing_unknown_and_no_order_of_names_makes_a_difference(given_pairs, more):
    unknown = [(name, value) for name, value in more if name not in {*OWN, *CARRIED}]
    by_name = sorted(given_pairs, key=lambda pair: pair[0])
    wanted = canonical(urlencode(given_pairs), OWN, CARRIED)
    assert canonical(urlencode([*unknown, *by_name]), OWN, CARRIED) == wanted


@given(st.text(max_size=30), st.binary(max_size=20))
def test_nothing_that_is_sent_breaks_it(text, noise):
    for query in (raw(text), noise.decode("latin-1"), f"q={quote(noise)}", f"q=%{text[:1].encode().hex()}%"):
        assert canonical(query, OWN, CARRIED).isascii()


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("", ""),
        ("q=", ""),
        ("lang=zh_CN&text=small&contrast=low", ""),
        ("text=large&lang=en&at=370826&q=x", "q=x&lang=en&at=370826&text=large"),
        ("lang=fr&lang=en", ""),
        ("mode=b&mode=a&mode=b", "mode=b&mode=a"),
        ("q=%E5%A4%87%E6%A1%88+%E5%BE%AE", "q=%E5%A4%87%E6%A1%88+%E5%BE%AE"),
        ("q=%E5%A4%87%E6%A1%88%20%E5%BE%AE", "q=%E5%A4%87%E6%A1%88+%E5%BE%AE"),
        ("at=370826;lang=en", "at=370826%3Blang%3Den"),
    ],
)
def test_in_short(asked, kept):
    assert canonical(asked, OWN, CARRIED) == kept
    assert canonical(f"utm_source=x&{asked}&y", OWN, CARRIED) == kept


def test_an_unquoted_chinese_word_is_the_quoted_one():
    assert canonical(raw("q=备案"), OWN, CARRIED) == f"q={quote('备案')}"
