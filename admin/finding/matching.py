"""Finding records of one kind: by letters in the database, then by sound among as many as can be read at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from admin.foundation.lookups import like
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.search.asking import rules as asking
from portal.foundation.search.spelling import document

SHOWN = 10
SPOKEN = 40
"""Longer words are not cut into syllables: the ways to do so are many, and nobody types so much pinyin."""
HEARD = 3000
"""So many of a kind are read for their sounds, the newest; pypinyin takes some tenths of a second for them at first."""


@dataclass(frozen=True)
class Hit:
    """One record: what people call it, where it leads, and what tells it from others."""

    title: str
    address: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """The first hits of a kind, how many there are, and where all of them stand."""

    title: str
    hits: Sequence[Hit]
    total: int
    address: str


@dataclass(frozen=True)
class Query:
    """What was typed: whole, and in words as they are looked for."""

    text: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> Query:
        """The query; no words where nothing but white space was typed."""
        text = " ".join(typed.split())[: asking.LONGEST]
        return cls(text, tuple(dict.fromkeys(text.split()))[: asking.MOST_WORDS])

    @cached_property
    def spoken(self) -> list[asking.Word]:
        """The words with all the ways to read letters as pinyin, long ones as initials alone."""
        short = [word for word in self._folded if len(word) <= SPOKEN]
        return asking.read(self._folded, asking.needed_pairs(short))

    @property
    def in_letters(self) -> bool:
        """Whether some word may be pinyin."""
        return any(word.isascii() and any(map(str.isalpha, word)) for word in self._folded)

    @property
    def _folded(self) -> tuple[str, ...]:
        return asking.split_scripts(asking.split(self.text))


@dataclass(frozen=True)
class Table:
    """A kind of records by their table.

    `found_by` are its own columns, the name first; `others` keys and names in a table beside it. `scope` gives the
    conditions of what the account may read, `hit` the record as it is shown.
    """

    key: Any
    found_by: tuple[Any, ...]
    scope: Callable[[Account], Sequence[ColumnElement[bool]]]
    hit: Callable[[Any, Account], Hit]
    joined: tuple[Any, ...] = ()
    loaded: tuple[Any, ...] = ()
    others: tuple[Any, Any] | None = None

    def find(self, query: Query, account: Account) -> tuple[list[Hit], int]:
        """The first hits, those by letters before those by sound, and how many there are."""
        limits = self.scope(account)
        ids, total = self._by_letters(query, limits)
        if query.in_letters and len(ids) < SHOWN:
            heard = [each for each in self._by_sound(query, limits) if each not in ids]
            ids, total = [*ids, *heard][:SHOWN], total + len(heard)
        return [self.hit(each, account) for each in self._records(ids)], total

    def _select(self, *columns: Any) -> Select[Any]:
        wanted: Select[Any] = select(*columns).select_from(self.key.class_)
        for each in self.joined:
            wanted = wanted.join(each)
        return wanted

    def _by_letters(self, query: Query, limits: Sequence[ColumnElement[bool]]) -> tuple[list[int], int]:
        name = self.found_by[0]
        wanted = (
            self._select(self.key, func.count().over())
            .where(*limits, *(self._holds(like(word)) for word in query.words))
            .order_by(name != query.text, func.length(name), self.key)
            .limit(SHOWN)
        )
        rows = db.session.execute(wanted).all()
        return [row[0] for row in rows], rows[0][1] if rows else 0

    def _holds(self, pattern: str) -> ColumnElement[bool]:
        ways = [column.ilike(pattern, escape="\\") for column in self.found_by]
        if self.others:
            key, name = self.others
            ways.append(self._joint.in_(select(key).where(name.ilike(pattern, escape="\\"))))
        return or_(*ways)

    @property
    def _joint(self) -> Any:
        """What the table beside it refers to: the record that has the name."""
        return self.found_by[0].class_.id

    def _by_sound(self, query: Query, limits: Sequence[ColumnElement[bool]]) -> list[int]:
        rows = db.session.execute(
            self._select(self.key, self._joint, *self.found_by)
            .where(*limits)
            .order_by(self.key.desc())
            .limit(HEARD)
        ).all()
        beside = self._beside({row[1] for row in rows})
        words, levels = query.spoken, {}
        for row in rows:
            held = document(row[2] or "", (*filter(None, row[3:]), *beside.get(row[1], ())))
            level = asking.level(held, words)
            if level is not None:
                levels[row[0]] = level
        return sorted(levels, key=lambda each: (levels[each], each))

    def _beside(self, keys: set[int]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        if self.others and keys:
            key, name = self.others
            limits = and_(key >= min(keys), key <= max(keys))
            rows: Any = db.session.execute(select(key, name).where(limits))
            for owner, line in rows:
                found.setdefault(owner, []).append(line)
        return found

    def _records(self, ids: Sequence[int]) -> list[Any]:
        if not ids:
            return []
        record = self.key.class_
        wanted: Select[Any] = select(record).where(self.key.in_(ids)).options(*self.loaded)
        found: dict[int, Any] = {each.id: each for each in db.session.scalars(wanted)}
        return [found[each] for each in ids]
