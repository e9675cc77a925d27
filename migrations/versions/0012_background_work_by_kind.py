"""background work by kind

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_runs_kind_id"), "runs", ["kind", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_runs_kind_id"), table_name="runs")
