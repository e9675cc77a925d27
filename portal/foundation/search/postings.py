"""Rows that may be hits, in the order of their scope, a few at a time; each database by what it does well.

SQLite's FTS5 gives rows in order as they are asked for, however common a token is. PostgreSQL's GIN gives all rows
at once: it is asked when they are few. Where they may be many, the blocks that can hold them are read in order instead
(`SearchBlocks`) as long as hits are near each other; where many rows have each token and hardly one has them all, GIN
is asked after all. Nothing here says that a row is a hit: the caller looks at each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import and_ as and_bits
from operator import or_ as or_bits
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, column, or_, select, table, text
from sqlalchemy.engine import Row

from portal.db import db
from portal.foundation.search.asking.rules import Tier, Way
from portal.foundation.search.models import VECTOR, SearchBlocks, SearchRow, SearchScope
from portal.foundation.search.rules import BLOCK, SHORT, scoped

Candidate = Row[int, int, int, int, str, str, str, str]

Known = Mapping[str, tuple[int, int]]
"""Of tokens: how many rows hold them, and the blocks as bits."""

INDEX = table("search_index", column("rowid", Integer))
"""SQLite's own index of the tokens."""
FEW = 2 * SHORT
"""So many rows are fetched at once and put in order."""
FIRST, MOST = 64, 512
"""Rows of one question: few at first, because a page needs few."""

STRETCH = 4
"""So many blocks are read by one question at most."""
WALK = 8
"""So many blocks are read without a hit before the index is asked; fewer where rows are held against many patterns."""
NEAR = 8
"""Hits that let another block be read."""

COLUMNS = (
    SearchRow.id,
    SearchRow.scope_id,
    SearchRow.position,
    SearchRow.record_id,
    SearchRow.name,
    SearchRow.text,
    SearchRow.name_sounds,
    SearchRow.text_sounds,
)


def together(scopes: Sequence[SearchScope]) -> Iterator[list[SearchScope]]:
    """Scopes in their order, small ones that follow each other as one: a question each would be many."""
    group: list[SearchScope] = []
    for scope in scopes:
        if group and sum(each.size for each in group) + scope.size > FEW:
            yield group
            group = []
        group.append(scope)
    if group:
        yield group


def candidates(scopes: Sequence[SearchScope], tier: Tier) -> Iterator[Candidate]:
    """The rows that have the tokens of a tier, scope by scope in order; more than one scope only if all are small."""
    if len(scopes) > 1:
        return _sorted(scopes, tier)
    scope = scopes[0]
    if not _on_postgresql():
        return _streamed(scope, tier)
    if scope.size <= SHORT:
        return _sorted(scopes, tier)
    known = _known(scope, tier)
    there = _there(tier, known)
    if there is None:
        return iter(())
    return _sorted(scopes, there) if _most(there, known) <= FEW else _walked(scope, there, known)


def _on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def _streamed(scope: SearchScope, tier: Tier) -> Iterator[Candidate]:
    wanted = _matching([scope], tier).where(INDEX.c.rowid > bindparam("last")).order_by(INDEX.c.rowid)
    last, size = 0, FIRST
    while True:
        batch = db.session.execute(wanted.limit(size), {"last": last}).all()
        yield from batch
        if len(batch) < size:
            return
        last, size = batch[-1].id, min(size * 2, MOST)


def _sorted(scopes: Sequence[SearchScope], tier: Tier, *, behind: int = -1) -> Iterator[Candidate]:
    found = _matching(scopes, tier).where(SearchRow.position > behind).cte("found")
    if _on_postgresql():
        # Put in order outside: with the order inside, the whole scope is read when there is nothing to find.
        found = found.prefix_with("MATERIALIZED")
    order = case({scope.id: at for at, scope in enumerate(scopes)}, value=found.c.scope_id)
    wanted = select(found).order_by(order, found.c.position)
    start, size = 0, FIRST
    while True:
        batch = db.session.execute(wanted.limit(size).offset(start)).all()
        yield from batch
        if len(batch) < size:
            return
        start, size = start + size, min(size * 2, MOST)


def _matching(scopes: Sequence[SearchScope], tier: Tier) -> Select[*tuple[Any, ...]]:
    """The rows that the database's own index finds, in no order."""
    if _on_postgresql():
        asked = " | ".join("(" + _spelled(scope, tier, " & ", " | ", "'") + ")" for scope in scopes)
        matching = text(f"{VECTOR} @@ CAST(:asked AS tsquery)").bindparams(asked=asked)
        return select(*COLUMNS).where(matching, _like(tier))
    asked = " OR ".join("(" + _spelled(scope, tier, " AND ", " OR ", '"') + ")" for scope in scopes)
    matching = text("search_index MATCH :asked").bindparams(asked=asked)
    return select(*COLUMNS).join(INDEX, INDEX.c.rowid == SearchRow.id).where(matching)


def _walked(scope: SearchScope, tier: Tier, known: Known) -> Iterator[Candidate]:
    patterns = sum(map(len, tier.words))
    walk = max(1, WALK // patterns)
    left = walk * NEAR
    for begin, end in _stretches(_blocks(tier, known), min(walk, STRETCH)):
        if left <= 0:
            yield from _sorted([scope], tier, behind=begin * BLOCK - 1)
            return
        left -= (end - begin) * NEAR
        for row in _read(scope, tier, begin, end):
            left += 1
            yield row


def _read(scope: SearchScope, tier: Tier, begin: int, end: int) -> Iterator[Candidate]:
    """The rows of some blocks that may be hits, in order."""
    last, size = begin * BLOCK - 1, FIRST
    while True:
        wanted = (
            select(*COLUMNS)
            .where(SearchRow.scope_id == scope.id, SearchRow.position > last)
            .where(SearchRow.position < end * BLOCK, _like(tier))
            .order_by(SearchRow.position)
            .limit(size)
        )
        batch = db.session.execute(wanted).all()
        yield from batch
        if len(batch) < size:
            return
        last, size = batch[-1].position, min(size * 2, MOST)


def _spelled(scope: SearchScope, tier: Tier, both: str, either: str, quote: str) -> str:
    """A tier in the database's own language; tokens are letters and digits, so nothing in them can be mistaken."""

    def way(tokens: Sequence[str]) -> str:
        return "(" + both.join(f"{quote}{scoped(scope.id, each)}{quote}" for each in tokens) + ")"

    return both.join("(" + either.join(way(each.tokens) for each in word) + ")" for word in tier.words)


def _like(tier: Tier) -> ColumnElement[bool]:
    return and_(
        *(
            or_(*(getattr(SearchRow, way.column).like(way.pattern, escape="\\") for way in word))
            for word in tier.words
        )
    )


def _known(scope: SearchScope, tier: Tier) -> Known:
    """How many rows of a long scope hold the tokens of a tier, and in which blocks; what is missing nobody holds."""
    tokens = {token for word in tier.words for way in word for token in way.tokens}
    wanted = select(SearchBlocks.token, SearchBlocks.frequency, SearchBlocks.blocks)
    rows = db.session.execute(wanted.where(SearchBlocks.scope_id == scope.id, SearchBlocks.token.in_(tokens)))
    return {row.token: (row.frequency, int.from_bytes(row.blocks, "little")) for row in rows}


def _there(tier: Tier, known: Known) -> Tier | None:
    """The tier without the ways that no row can go; None when a word is left without one."""
    words = tuple(
        tuple(way for way in word if all(token in known for token in way.tokens)) for word in tier.words
    )
    return Tier(tier.level, words) if all(words) else None


def _most(tier: Tier, known: Known) -> int:
    """How many rows the index would give at most."""
    return min(sum(min(known[token][0] for token in way.tokens) for way in word) for word in tier.words)


def _blocks(tier: Tier, known: Known) -> int:
    """The blocks that can hold a hit."""
    return reduce(and_bits, (reduce(or_bits, (_held(way, known) for way in word)) for word in tier.words))


def _held(way: Way, known: Known) -> int:
    return reduce(and_bits, (known[token][1] for token in way.tokens))


def _stretches(blocks: int, most: int) -> Iterator[tuple[int, int]]:
    """Blocks that follow each other, so many at most, as first and behind the last."""
    at = 0
    while blocks >> at:
        if not blocks >> at & 1:
            at += 1
            continue
        begin = at
        while blocks >> at & 1 and at - begin < most:
            at += 1
        yield begin, at
