"""Rows that may be hits, in the order of their scope, a few at a time; each database by what it does well.

SQLite's FTS5 gives rows in order as they are asked for, however common a token is. PostgreSQL's GIN gives all rows
at once: it is asked when they are few. Where all tokens are common, blocks that hold them are read in order instead
(`SearchBlocks`); hits are then never far. Nothing here says that a row is a hit: the caller looks at each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, column, or_, select, table, text
from sqlalchemy.engine import Row

from portal.db import db
from portal.foundation.search.asking.rules import Tier, Way
from portal.foundation.search.models import VECTOR, SearchBlocks, SearchRow, SearchScope
from portal.foundation.search.rules import BLOCK, DENSE, scoped

Candidate = Row[int, int, int, int, str, str, str, str]

INDEX = table("search_index", column("rowid", Integer))
"""SQLite's own index of the tokens."""
FEW = 2 * DENSE
"""So many rows are fetched at once and put in order."""
FIRST, MOST = 64, 512
"""Rows of one question: few at first, because a page needs few."""

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
    common = _common(scope, tier)
    if _most(tier, common) <= FEW:
        return _sorted(scopes, tier)
    return _walked(scope, tier, common)


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


def _sorted(scopes: Sequence[SearchScope], tier: Tier) -> Iterator[Candidate]:
    found = _matching(scopes, tier).cte("found")
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


def _walked(scope: SearchScope, tier: Tier, common: dict[str, tuple[int, int]]) -> Iterator[Candidate]:
    every = (1 << (scope.size // BLOCK + 1)) - 1
    size = FIRST
    for begin, end in _runs(_blocks(tier, common, every)):
        last = begin * BLOCK - 1
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
                break
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


def _common(scope: SearchScope, tier: Tier) -> dict[str, tuple[int, int]]:
    """What is known of the common tokens among a tier's: frequency and blocks."""
    if scope.size <= DENSE:
        return {}
    tokens = {token for word in tier.words for way in word for token in way.tokens}
    wanted = select(SearchBlocks.token, SearchBlocks.frequency, SearchBlocks.blocks)
    rows = db.session.execute(wanted.where(SearchBlocks.scope_id == scope.id, SearchBlocks.token.in_(tokens)))
    return {row.token: (row.frequency, int.from_bytes(row.blocks, "little")) for row in rows}


def _most(tier: Tier, common: dict[str, tuple[int, int]]) -> int:
    """How many rows the index would give at most."""

    def way(each: Way) -> int:
        return min(common.get(token, (DENSE, 0))[0] for token in each.tokens)

    return min(sum(map(way, word)) for word in tier.words)


def _blocks(tier: Tier, common: dict[str, tuple[int, int]], every: int) -> int:
    """The blocks that can hold a hit; a token that is not common may be anywhere."""
    found = every
    for word in tier.words:
        held = 0
        for way in word:
            both = every
            for token in way.tokens:
                both &= common.get(token, (0, every))[1]
            held |= both
        found &= held
    return found


def _runs(blocks: int) -> Iterator[tuple[int, int]]:
    """Blocks that follow each other, as first and behind the last."""
    at = 0
    while blocks >> at:
        if not blocks >> at & 1:
            at += 1
            continue
        begin = at
        while blocks >> at & 1:
            at += 1
        yield begin, at
