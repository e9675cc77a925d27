"""Writing the index: a scope's rows in batches, then what is known of the whole; and forgetting it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite

from portal.db import db
from portal.foundation.search.models import SearchBlocks, SearchRow, SearchScope, SearchSound
from portal.foundation.search.rules import BLOCK, SHORT, Document, pairs, scoped, tokens, units
from portal.foundation.search.spelling import document

AT_ONCE = 1000
"""Rows of one INSERT."""
MANY = 20_000
"""From so many rows on SQLite's index is put in order as a whole; below, it does so by and by itself."""


@dataclass(frozen=True)
class Entry:
    """One record and the lines that it is found by: its name, then code, department, everyday names."""

    record_id: int
    name: str
    others: tuple[str, ...] = ()


class Writing:
    """The index of one scope while it is written: `add` batches in their order, then `finish`.

    What is known of the scope's tokens is gathered in memory until then; a writer that was killed begins
    again with `forget`.
    """

    def __init__(self, kind: str, subject_id: int) -> None:
        forget(kind, subject_id)
        self.scope = SearchScope(kind=kind, subject_id=subject_id, size=0)
        db.session.add(self.scope)
        db.session.flush()
        self._frequency: Counter[str] = Counter()
        self._blocks: dict[str, int] = {}
        self._block: Counter[str] = Counter()

    def add(self, entries: Iterable[Entry]) -> None:
        """The next rows, in the order in which they are shown."""
        heard: set[str] = set()
        rows = []
        scope, size = self.scope.id, self.scope.size
        for entry in entries:
            found, own = self.cut(entry)
            self._block.update(own)
            for line in (found.name_sounds, *found.text_sounds.split("\n")):
                heard.update(pairs(units(line)))
            rows.append(
                {
                    "scope_id": scope,
                    "position": size,
                    "record_id": entry.record_id,
                    "name": found.name,
                    "text": found.text,
                    "name_sounds": found.name_sounds,
                    "text_sounds": found.text_sounds,
                    "tokens": " ".join(map(scoped(scope, "").__add__, own)),
                }
            )
            size += 1
            if size % BLOCK == 0:
                self._close_block(size // BLOCK - 1)
        self.scope.size = size
        if rows:
            db.session.execute(insert(SearchRow), rows)
        _remember(heard)
        db.session.flush()

    def cut(self, entry: Entry) -> tuple[Document, Collection[str]]:
        """What a row is found by, and its tokens."""
        found = document(entry.name, entry.others)
        return found, tokens(found)

    def finish(self) -> None:
        """Write down in which blocks the tokens of a long scope stand, and put the database's own index in order."""
        self._close_block(self.scope.size // BLOCK)
        if self.scope.size > SHORT:
            self._keep()
        _tidy(self.scope.size)

    def _keep(self) -> None:
        kept = [
            {
                "scope_id": self.scope.id,
                "token": each,
                "frequency": count,
                "blocks": self._blocks[each].to_bytes(-(-self._blocks[each].bit_length() // 8), "little"),
            }
            for each, count in self._frequency.items()
        ]
        for begin in range(0, len(kept), AT_ONCE):
            db.session.execute(insert(SearchBlocks), kept[begin : begin + AT_ONCE])

    def _close_block(self, block: int) -> None:
        """Count what the rows of one block hold."""
        self._frequency.update(self._block)
        for each in self._block:
            self._blocks[each] = self._blocks.get(each, 0) | 1 << block
        self._block.clear()


def forget(kind: str, subject_id: int) -> None:
    """Take a scope with all its rows out of the index, if it is there."""
    scope = db.session.scalar(select(SearchScope).filter_by(kind=kind, subject_id=subject_id))
    if scope is None:
        return
    db.session.execute(delete(SearchBlocks).where(SearchBlocks.scope_id == scope.id))
    db.session.execute(delete(SearchRow).where(SearchRow.scope_id == scope.id))
    db.session.delete(scope)
    db.session.flush()


def _remember(heard: set[str]) -> None:
    """Two writers may hear the same pair at once: whoever is second has nothing to do."""
    if not heard:
        return
    build = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    rows = [{"pair": pair} for pair in sorted(heard)]
    db.session.execute(build(SearchSound).on_conflict_do_nothing(), rows)


def _tidy(size: int) -> None:
    """What was written in many small steps is read in as many until it is merged."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT gin_clean_pending_list('ix_search_rows_tokens')"))
    elif size >= MANY:
        db.session.execute(text("INSERT INTO search_index (search_index) VALUES ('optimize')"))
