"""acts on many: a table of rows may be chosen records instead of a file; matters are found by name

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    given = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("row_tables", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given", given, server_default=sa.text("'[]'"), nullable=False))
        batch_op.alter_column("file_id", existing_type=sa.String(length=32), nullable=True)
    op.create_index(op.f("ix_matters_name"), "matters", ["name"])


def downgrade() -> None:
    op.drop_index(op.f("ix_matters_name"), table_name="matters")
    op.execute("DELETE FROM row_tables WHERE file_id IS NULL")
    with op.batch_alter_table("row_tables", schema=None) as batch_op:
        batch_op.alter_column("file_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.drop_column("given")
