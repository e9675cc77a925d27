"""older states of a list, entered afterwards

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

BASE_OF_PROPOSAL = "(SELECT base_number FROM proposals WHERE proposals.id = revisions.proposal_id)"


def upgrade() -> None:
    document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("proposals", sa.Column("target_id", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("proposals", sa.Column("rank", sa.Integer(), nullable=True))
    op.add_column("proposals", sa.Column("compared_with", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE proposals SET target_id = subject_id, compared_with = base_number")
    op.add_column("revisions", sa.Column("rank", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("revisions", sa.Column("compared_with", sa.Integer(), nullable=False, server_default="0"))
    op.execute(f"UPDATE revisions SET rank = number, compared_with = {BASE_OF_PROPOSAL}")  # noqa: S608
    op.add_column("delegations", sa.Column("printed", document, nullable=False, server_default="{}"))
    with op.batch_alter_table("power_lists") as table:
        table.add_column(sa.Column("earlier_of_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_power_lists_earlier_of_id_power_lists"), "power_lists", ["earlier_of_id"], ["id"]
        )
        table.create_index(op.f("ix_power_lists_earlier_of_id"), ["earlier_of_id"])


def downgrade() -> None:
    with op.batch_alter_table("power_lists") as table:
        table.drop_index(op.f("ix_power_lists_earlier_of_id"))
        table.drop_constraint(op.f("fk_power_lists_earlier_of_id_power_lists"), type_="foreignkey")
        table.drop_column("earlier_of_id")
    op.drop_column("delegations", "printed")
    for table, columns in (
        ("revisions", ("compared_with", "rank")),
        ("proposals", ("compared_with", "rank", "target_id")),
    ):
        for column in columns:
            op.drop_column(table, column)
