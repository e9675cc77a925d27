"""handovers: what terms said before they were put right

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terms_id", sa.Integer(), nullable=False),
        sa.Column(
            "counting",
            sa.Enum(
                "working_days", "calendar_days", "fixed_day", name="counting", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("fixed_on", sa.Date(), nullable=True),
        sa.Column(
            "counts_from",
            sa.Enum("issued", "published", name="begin", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("basis", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_handover_corrections_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["terms_id"],
            ["handover_terms.id"],
            name=op.f("fk_handover_corrections_terms_id_handover_terms"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_corrections")),
    )
    with op.batch_alter_table("handover_corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_corrections_terms_id"), ["terms_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("handover_corrections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handover_corrections_terms_id"))
    op.drop_table("handover_corrections")
