"""Finding rows: the hits of a query in the order in which they are shown, as far as somebody reads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy import select

from portal.db import db
from portal.foundation.search.asking import rules as asking
from portal.foundation.search.asking.rules import Level, Word
from portal.foundation.search.models import SearchRow, SearchScope, SearchSound
from portal.foundation.search.postings import candidates, together
from portal.foundation.search.questions.rules import reduced
from portal.foundation.search.rules import Document, initials, units

PAIRS = 500
"""So many pairs of syllables are asked for in one question."""


@dataclass(frozen=True)
class Hit:
    """A row that was found: its scope by subject, its record, its place in the scope's order (from 0), and why.

    `held` is what it is found by, for marking what was asked (showing).
    """

    subject_id: int
    record_id: int
    position: int
    level: Level
    held: Document


@dataclass(frozen=True)
class Found:
    """The first hits, the words they were found by, and whether there are more.

    `as_asked` is false when nothing holds the query as it was written, and `words` are what was left of it.
    """

    hits: Sequence[Hit]
    words: tuple[Word, ...]
    more: bool
    as_asked: bool = True


def find(
    kind: str,
    subjects: Sequence[int],
    query: str,
    *,
    limit: int,
    keep: Callable[[Sequence[Hit]], Collection[int]] | None = None,
    strict: bool = False,
) -> Found:
    """The first `limit` hits of a query in the scopes of a kind, the best level first.

    Within a level the scopes come in the order of `subjects`, their rows in their own. `keep` is given some hits
    and says which of their records are wanted. An empty query finds nothing. Where the query as written finds
    nothing at all, words of two scripts are cut, then what only makes a question is left out; not when `strict`.
    """
    scopes = _scopes(kind, subjects)
    written = asking.split(query)
    for words in [written] if strict else _attempts(query, written):
        asked = Asking(words)
        hits = list(islice(_kept(asked.hits(scopes), keep), limit + 1))
        if hits:
            return Found(hits[:limit], tuple(asked.words), len(hits) > limit, words == written)
    return Found([], tuple(asking.read(written, ())), more=False)


def matching(kind: str, subject_id: int, query: str, limit: int) -> Found:
    """The first `limit` hits in one scope: for a page of one list, whose facets are counted over them."""
    return find(kind, [subject_id], query, limit=limit)


def initials_of(kind: str, subject_id: int, position: int) -> str:
    """The initials by which a row's name is found; empty for a row without them, or that is not in the index."""
    wanted = (
        select(SearchRow.name_sounds)
        .join(SearchScope, SearchScope.id == SearchRow.scope_id)
        .where(SearchScope.kind == kind, SearchScope.subject_id == subject_id, SearchRow.position == position)
    )
    return initials(units(db.session.scalar(wanted) or ""))


class Asking:
    """Some words while they are looked for; `words` are they with the ways that were tried."""

    def __init__(self, words: Sequence[str]) -> None:
        self._plain = words
        self.words: Sequence[Word] = asking.read(words, _known(asking.needed_pairs(words)))

    def hits(self, scopes: Sequence[SearchScope]) -> Iterator[Hit]:
        """All of them, as they are asked for: a page costs what it shows, not what there is."""
        yield from self._tiers(scopes, near=False)
        needed = asking.needed_near_pairs(self._plain)
        if needed:
            self.words = asking.read_near(self._plain, _known(needed))
            yield from self._tiers(scopes, near=True)

    def _tiers(self, scopes: Sequence[SearchScope], *, near: bool) -> Iterator[Hit]:
        words, subjects = self.words, {scope.id: scope.subject_id for scope in scopes}
        for tier in asking.tiers(words, near=near):
            for row in chain.from_iterable(candidates(group, tier) for group in together(scopes)):
                held = Document(row.name, row.text, row.name_sounds, row.text_sounds)
                if asking.level(held, words) is tier.level:
                    yield Hit(subjects[row.scope_id], row.record_id, row.position, tier.level, held)


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
