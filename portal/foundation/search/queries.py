"""Finding rows: the hits of a query in the order in which they are shown, as far as somebody reads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy import select

from portal.db import db
from portal.foundation.search.asking import rules as asking
from portal.foundation.search.asking.rules import Level, Word
from portal.foundation.search.models import SearchScope, SearchSound
from portal.foundation.search.postings import candidates
from portal.foundation.search.questions.rules import reduced

PAIRS = 500
"""So many pairs of syllables are asked for in one question."""


@dataclass(frozen=True)
class Hit:
    """A row that was found: its scope by subject, its record, its place in the scope's order (from 0), and why."""

    subject_id: int
    record_id: int
    position: int
    level: Level


@dataclass(frozen=True)
class Found:
    """The first hits, the words they were found by, and whether there are more.

    `words` are not those of the query when nothing holds them and a part of the query was left out (`reduced`).
    """

    hits: Sequence[Hit]
    words: tuple[str, ...]
    more: bool
    as_asked: bool = True


def find(
    kind: str,
    subjects: Sequence[int],
    query: str,
    *,
    limit: int,
    keep: Callable[[Sequence[Hit]], Collection[int]] | None = None,
) -> Found:
    """The first `limit` hits of a query in the scopes of a kind, the best level first.

    Within a level the scopes come in the order of `subjects`, their rows in their own. `keep` is given some hits
    and says which of their records are wanted. An empty query finds nothing. Where the query as written finds
    nothing at all, words of two scripts are cut, then what only makes a question is left out.
    """
    scopes = _scopes(kind, subjects)
    written = asking.split(query)
    for words in _attempts(query, written):
        hits = list(islice(_kept(stream(scopes, words), keep), limit + 1))
        if hits:
            return Found(hits[:limit], words, len(hits) > limit, words == written)
    return Found([], written, more=False)


def matching(kind: str, subject_id: int, query: str, limit: int) -> Found:
    """The first `limit` hits in one scope: for a page of one list, whose facets are counted over them."""
    return find(kind, [subject_id], query, limit=limit)


def stream(scopes: Sequence[SearchScope], words: Sequence[str]) -> Iterator[Hit]:
    """All hits of some words, as they are asked for: a page costs what it shows, not what there is."""
    if not words or not scopes:
        return
    read = asking.read(words, _known(asking.needed_pairs(words)))
    yield from _tiers(scopes, read, near=False)
    needed = asking.needed_near_pairs(words)
    if needed:
        yield from _tiers(scopes, asking.read_near(words, _known(needed)), near=True)


def _tiers(scopes: Sequence[SearchScope], words: Sequence[Word], *, near: bool) -> Iterator[Hit]:
    for tier in asking.tiers(words, near=near):
        for scope in scopes:
            for row in candidates(scope, tier):
                if asking.level(row, words) is tier.level:
                    yield Hit(scope.subject_id, row.record_id, row.position, tier.level)


def _attempts(query: str, written: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    tried = set()
    for words in chain([written, asking.split_scripts(written)], map(asking.split, reduced(query))):
        if words and words not in tried:
            tried.add(words)
            yield words


def _kept(hits: Iterator[Hit], keep: Callable[[Sequence[Hit]], Collection[int]] | None) -> Iterator[Hit]:
    if keep is None:
        yield from hits
        return
    while batch := list(islice(hits, PAIRS)):
        wanted = keep(batch)
        yield from (hit for hit in batch if hit.record_id in wanted)


def _scopes(kind: str, subjects: Sequence[int]) -> list[SearchScope]:
    wanted = select(SearchScope).where(SearchScope.kind == kind, SearchScope.subject_id.in_(subjects))
    found = {scope.subject_id: scope for scope in db.session.scalars(wanted)}
    return [found[each] for each in subjects if each in found]


def _known(needed: set[str]) -> set[str]:
    """Those of the pairs of syllables that stand together somewhere."""
    pairs = sorted(needed)
    found: set[str] = set()
    for begin in range(0, len(pairs), PAIRS):
        some = pairs[begin : begin + PAIRS]
        found.update(db.session.scalars(select(SearchSound.pair).where(SearchSound.pair.in_(some))))
    return found
