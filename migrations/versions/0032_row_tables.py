"""row tables: rows of a file that become records

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "row_tables",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "read",
                "refused",
                "applying",
                "applied",
                "dropped",
                name="rowsstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("report", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("left_out", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name=op.f("fk_row_tables_created_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_row_tables_file_id_files")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_row_tables_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_tables")),
    )
    op.create_index(op.f("ix_row_tables_created_by_id"), "row_tables", ["created_by_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_row_tables_created_by_id"), table_name="row_tables")
    op.drop_table("row_tables")
