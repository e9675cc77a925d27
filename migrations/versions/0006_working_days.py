"""working days: the years that the State Council announces, and the days that they name

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_years",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "changed_by_id",
            sa.Integer(),
            nullable=True,
            comment="none: as it ships with the project, so that a new release may correct it",
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["accounts.id"], name=op.f("fk_work_years_changed_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_years")),
        sa.UniqueConstraint("year", name=op.f("uq_work_years_year")),
    )
    op.create_table(
        "work_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("working", "weekend", "holiday", "makeup", name="daykind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["year_id"],
            ["work_years.id"],
            name=op.f("fk_work_days_year_id_work_years"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_days")),
        sa.UniqueConstraint("year_id", "day", name=op.f("uq_work_days_year_id_day")),
    )


def downgrade() -> None:
    op.drop_table("work_days")
    op.drop_table("work_years")
