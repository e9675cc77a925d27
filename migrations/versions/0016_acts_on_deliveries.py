"""acts on deliveries, and when a delivery was put off

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "delivery_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum("resend", "give_up", name="deliveryact", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_delivery_records_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_delivery_records_delivery_id_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_records")),
    )
    op.create_index(op.f("ix_delivery_records_delivery_id"), "delivery_records", ["delivery_id"])
    op.add_column("deliveries", sa.Column("noted_at", MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("deliveries", "noted_at")
    op.drop_table("delivery_records")
