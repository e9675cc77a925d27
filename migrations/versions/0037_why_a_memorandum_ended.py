"""memoranda: why one ended

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("memoranda") as table:
        table.add_column(sa.Column("ended_reason", sa.String(255), nullable=False, server_default=""))
    with op.batch_alter_table("memoranda") as table:
        table.alter_column("ended_reason", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("memoranda") as table:
        table.drop_column("ended_reason")
