"""Circulars by the clock: standing orders, drafts that nobody wants are set aside (K-1).

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circular_plans",
        sa.Column("policy_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("day BETWEEN 1 AND 28", name=op.f("ck_circular_plans_day_of_every_month")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.id"], name=op.f("fk_circular_plans_policy_id_policies")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["accounts.id"], name=op.f("fk_circular_plans_set_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("policy_id", name=op.f("pk_circular_plans")),
    )
    # Added, not made anew: on SQLite that would take the files of circulars along.
    op.add_column("circulars", sa.Column("by_clock", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("circulars", sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "ALTER TABLE circulars ADD COLUMN set_aside_by_id INTEGER"
        " CONSTRAINT fk_circulars_set_aside_by_id_accounts REFERENCES accounts (id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("circulars") as table:
        table.drop_column("set_aside_by_id")
        table.drop_column("set_aside_at")
        table.drop_column("by_clock")
    op.drop_table("circular_plans")
