"""What is found: scopes, their rows, where tokens stand in long ones, and the pairs of syllables that occur at all.

The rows' tokens are indexed by what each database has for it: the GIN index `ix_search_rows_tokens` on PostgreSQL,
on SQLite the FTS5 table `search_index`, which triggers keep. The migration alone makes them: whoever rebuilds the
table `search_rows` on SQLite (batch_alter_table) makes its triggers again.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

VECTOR = "array_to_tsvector(string_to_array(tokens, ' '))"
"""What PostgreSQL indexes: tokens as they are, since its parser is made for prose."""


class SearchScope(Base):
    """All rows of one published state of something; never changed once it is public."""

    __tablename__ = "search_scopes"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int]
    size: Mapped[int] = mapped_column(default=0)


class SearchRow(Base):
    """What one record is found by. Rows of a scope are written in the order in which they are shown."""

    __tablename__ = "search_rows"
    __table_args__ = (UniqueConstraint("scope_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope_id: Mapped[int] = mapped_column(ForeignKey("search_scopes.id"))
    position: Mapped[int]
    record_id: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    name_sounds: Mapped[str] = mapped_column(Text)
    text_sounds: Mapped[str] = mapped_column(Text)
    # Last, so that reading the others does not run through it.
    tokens: Mapped[str] = mapped_column(Text)


class SearchBlocks(Base):
    """A token of a long scope (rules.SHORT): how many rows hold it, and in which blocks (bit n is block n)."""

    __tablename__ = "search_blocks"

    scope_id: Mapped[int] = mapped_column(ForeignKey("search_scopes.id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    frequency: Mapped[int]
    blocks: Mapped[bytes] = mapped_column(LargeBinary)


class SearchSound(Base):
    """Two syllables that stand together somewhere, written as one; one too many does no harm."""

    __tablename__ = "search_sounds"

    pair: Mapped[str] = mapped_column(String(16), primary_key=True)
