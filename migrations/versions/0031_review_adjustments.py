"""review adjustments: what an adjustment owes to a review

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_adjustments",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"], ["review_lines.id"], name=op.f("fk_review_adjustments_line_id_review_lines")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["accounts.id"], name=op.f("fk_review_adjustments_opened_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_review_adjustments_revision_id_revisions")
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_review_adjustments")),
    )


def downgrade() -> None:
    op.drop_table("review_adjustments")
