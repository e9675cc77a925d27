"""stand-ins: a post that is carried for somebody, and for whom was decided

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

FOR = (
    ("posts", "standing_in_for_id", ""),
    (
        "proposals",
        "decided_for_id",
        " CONSTRAINT ck_proposals_two_people_for CHECK (decided_for_id IS NULL OR decided_for_id <> proposed_by_id)",
    ),
    ("revisions", "closed_for_id", ""),
    ("suspensions", "by_for_id", ""),
    ("suspensions", "ended_for_id", ""),
)


def upgrade() -> None:
    # Added, not made anew: on SQLite that would take what hangs on these tables along.
    for table, column, check in FOR:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER"
            f" CONSTRAINT fk_{table}_{column}_accounts REFERENCES accounts (id){check}"
        )
    op.add_column("posts", sa.Column("reason", sa.String(length=200), server_default="", nullable=False))
    op.create_index(op.f("ix_posts_standing_in_for_id"), "posts", ["standing_in_for_id"])


def downgrade() -> None:
    # An older version would let them go on as approvers of their own.
    op.execute("DELETE FROM posts WHERE standing_in_for_id IS NOT NULL")
    op.drop_index(op.f("ix_posts_standing_in_for_id"), table_name="posts")
    op.drop_column("posts", "reason")
    for table, column, _check in reversed(FOR):
        op.drop_column(table, column)
