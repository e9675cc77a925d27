"""search reads its index alone: the text that rows were found by before is gone

Revision ID: 0005
Revises: 0004
"""

from unicodedata import normalize

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BATCH = 500
LINES = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MATTERS = sa.table(
    "published_matters",
    *(sa.column(name) for name in ("id", "name", "code", "department", "search_text")),
    sa.column("sub_items", LINES),
    sa.column("everyday_names", LINES),
)


def upgrade() -> None:
    # Not in batch mode: on SQLite that makes the table anew and drops the old one, which the answers refer to.
    op.drop_column("published_matters", "search_text")


def downgrade() -> None:
    op.add_column("published_matters", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("published_matters", "search_text", server_default=None)
    _fill(op.get_bind())


def _fill(connection) -> None:
    """What is published can be found by the older version, too."""
    text = sa.update(MATTERS).where(MATTERS.c.id == sa.bindparam("key"))
    wanted = sa.select(MATTERS).order_by(MATTERS.c.id).limit(BATCH)
    last = 0
    while batch := connection.execute(wanted.where(MATTERS.c.id > last)).all():
        connection.execute(
            text.values(search_text=sa.bindparam("found_by")),
            [{"key": row.id, "found_by": _found_by(row)} for row in batch],
        )
        last = batch[-1].id


def _found_by(row) -> str:
    from pypinyin import Style, lazy_pinyin

    names = [row.name, *(row.sub_items or ()), *(row.everyday_names or ())]
    lines = [*names, row.code, row.department]
    for name in map(_folded, (*names, row.department)):
        lines += ["".join(lazy_pinyin(name, style=Style.FIRST_LETTER)), "".join(lazy_pinyin(name))]
    return "\n".join(_folded(line) for line in lines if line)


def _folded(text) -> str:
    return "".join(normalize("NFKC", text).casefold().split())
