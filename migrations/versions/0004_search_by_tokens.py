"""search by tokens

Revision ID: 0004
Revises: 0003
"""

import json

import sqlalchemy as sa
from alembic import op

from portal.foundation.search.rules import BLOCK, SHORT, pairs, scoped, tokens, units
from portal.foundation.search.spelling import document

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    op.create_table(
        "search_scopes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_scopes")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_scopes_kind_subject_id")),
    )
    op.create_table(
        "search_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name_sounds", sa.Text(), nullable=False),
        sa.Column("text_sounds", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["search_scopes.id"], name=op.f("fk_search_rows_scope_id_search_scopes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_rows")),
        sa.UniqueConstraint("scope_id", "position", name=op.f("uq_search_rows_scope_id_position")),
    )
    op.create_table(
        "search_blocks",
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("frequency", sa.Integer(), nullable=False),
        sa.Column("blocks", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["search_scopes.id"], name=op.f("fk_search_blocks_scope_id_search_scopes")
        ),
        sa.PrimaryKeyConstraint("scope_id", "token", name=op.f("pk_search_blocks")),
    )
    op.create_table(
        "search_sounds",
        sa.Column("pair", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("pair", name=op.f("pk_search_sounds")),
    )
    for statement in INDEX[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", "\\:")))
    _index_published()


INDEX = {
    "postgresql": (
        "CREATE INDEX ix_search_rows_tokens ON search_rows"
        " USING gin (array_to_tsvector(string_to_array(tokens, ' ')))",
        # Its tokens are of one scope each: what the planner could learn of them would only mislead it.
        "ALTER INDEX ix_search_rows_tokens ALTER COLUMN 1 SET STATISTICS 0",
    ),
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5("
        "tokens, content='search_rows', content_rowid='id', tokenize='unicode61', detail=none, columnsize=0)",
        "CREATE TRIGGER search_rows_written AFTER INSERT ON search_rows BEGIN"
        " INSERT INTO search_index (rowid, tokens) VALUES (new.id, new.tokens); END",
        "CREATE TRIGGER search_rows_gone AFTER DELETE ON search_rows BEGIN"
        " INSERT INTO search_index (search_index, rowid, tokens) VALUES ('delete', old.id, old.tokens); END",
    ),
}


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER search_rows_gone")
        op.execute("DROP TRIGGER search_rows_written")
        op.execute("DROP TABLE search_index")
    op.drop_table("search_sounds")
    op.drop_table("search_blocks")
    op.drop_table("search_rows")
    op.drop_table("search_scopes")


def _index_published() -> None:
    """Every revision there is can be found at once, not only those still to come."""
    connection = op.get_bind()
    tables = sa.MetaData()
    names = (
        "revisions",
        "published_matters",
        "search_scopes",
        "search_rows",
        "search_blocks",
        "search_sounds",
    )
    tables.reflect(connection, only=names)
    matters = tables.tables["published_matters"]
    known: set[str] = set()
    revisions = connection.execute(
        sa.select(matters.c.revision_id).distinct().order_by(matters.c.revision_id)
    )
    for (subject_id,) in revisions.all():
        _index_revision(connection, tables.tables, subject_id, known)


def _index_revision(connection, tables, subject_id, known) -> None:
    matters = tables["published_matters"]
    scopes = tables["search_scopes"]
    made = connection.execute(scopes.insert().values(kind="matter", subject_id=subject_id, size=0))
    scope = made.inserted_primary_key[0]
    frequency: dict[str, int] = {}
    blocks: dict[str, int] = {}
    size = 0
    last = -1
    wanted = sa.select(matters).where(matters.c.revision_id == subject_id).order_by(matters.c.position)
    while batch := connection.execute(wanted.where(matters.c.position > last).limit(AT_ONCE)).all():
        rows, heard = [], set()
        for row in batch:
            names = (*_list(row.sub_items), *_list(row.everyday_names))
            found = document(row.name, (row.code, row.department, *names))
            own = tokens(found)
            for each in own:
                frequency[each] = frequency.get(each, 0) + 1
                blocks[each] = blocks.get(each, 0) | 1 << (size // BLOCK)
            for line in (found.name_sounds, *found.text_sounds.split("\n")):
                heard.update(pairs(units(line)))
            rows.append(
                {
                    "scope_id": scope,
                    "position": size,
                    "record_id": row.id,
                    "name": found.name,
                    "text": found.text,
                    "name_sounds": found.name_sounds,
                    "text_sounds": found.text_sounds,
                    "tokens": " ".join(scoped(scope, each) for each in sorted(own)),
                }
            )
            size += 1
            last = row.position
        connection.execute(tables["search_rows"].insert(), rows)
        fresh = heard - known
        if fresh:
            connection.execute(tables["search_sounds"].insert(), [{"pair": pair} for pair in sorted(fresh)])
            known |= fresh
    common = [
        {
            "scope_id": scope,
            "token": each,
            "frequency": count,
            "blocks": blocks[each].to_bytes(-(-blocks[each].bit_length() // 8), "little"),
        }
        for each, count in frequency.items()
    ]
    if size > SHORT:
        connection.execute(tables["search_blocks"].insert(), common)
    connection.execute(scopes.update().where(scopes.c.id == scope).values(size=size))


def _list(value) -> list[str]:
    return json.loads(value) if isinstance(value, str) else list(value or ())
