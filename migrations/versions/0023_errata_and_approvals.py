"""errata, and stamped approvals

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NATURE = sa.Enum("adjustment", "erratum", name="nature", native_enum=False, length=32)


def upgrade() -> None:
    for table in ("proposals", "revisions"):
        op.add_column(table, sa.Column("nature", NATURE, nullable=False, server_default="adjustment"))
    op.create_table(
        "stamped_approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["accounts.id"], name=op.f("fk_stamped_approvals_added_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_stamped_approvals_file_id_files")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_stamped_approvals_proposal_id_proposals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stamped_approvals")),
    )
    op.create_index(op.f("ix_stamped_approvals_proposal_id"), "stamped_approvals", ["proposal_id"])


def downgrade() -> None:
    op.drop_table("stamped_approvals")
    for table in ("proposals", "revisions"):
        op.drop_column(table, "nature")
