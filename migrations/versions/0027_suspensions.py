"""suspensions: matters that are stopped at once

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("revision_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_suspensions_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["accounts.id"], name=op.f("fk_suspensions_ended_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["power_lists.id"], name=op.f("fk_suspensions_list_id_power_lists")
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matters.id"], name=op.f("fk_suspensions_matter_id_matters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    op.create_index(op.f("ix_suspensions_matter_id"), "suspensions", ["matter_id"])
    op.create_index(
        "uq_suspensions_lasting",
        "suspensions",
        ["list_id", "matter_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("suspensions")
