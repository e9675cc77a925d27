"""handovers: what lists ask of their places, each place's plan, and what was filed

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=64), nullable=False),
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
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(length=255), nullable=False),
        sa.CheckConstraint(
            "(fixed_on IS NULL) <> (counting = 'fixed_day')",
            name=op.f("ck_handover_terms_fixed_day_has_its_day"),
        ),
        sa.ForeignKeyConstraint(
            ["clause_id"],
            ["clauses.id"],
            name=op.f("fk_handover_terms_clause_id_clauses"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["power_lists.id"], name=op.f("fk_handover_terms_list_id_power_lists")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_terms")),
        sa.UniqueConstraint("list_id", "paper", name=op.f("uq_handover_terms_list_id_paper")),
    )
    op.create_table(
        "handover_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terms_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("due", "filed", "returned", "accepted", name="planstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_handover_plans_place_id_places")),
        sa.ForeignKeyConstraint(
            ["terms_id"], ["handover_terms.id"], name=op.f("fk_handover_plans_terms_id_handover_terms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_plans")),
        sa.UniqueConstraint("terms_id", "place_id", name=op.f("uq_handover_plans_terms_id_place_id")),
    )
    with op.batch_alter_table("handover_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_plans_place_id"), ["place_id"], unique=False)

    op.create_table(
        "handover_filings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("receivers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("accepted", "returned", "replaced", name="verdict", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> filed_by_id",
            name=op.f("ck_handover_filings_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_handover_filings_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_handover_filings_file_id_files")),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["accounts.id"], name=op.f("fk_handover_filings_filed_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["handover_plans.id"], name=op.f("fk_handover_filings_plan_id_handover_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_filings")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_handover_filings_plan_id_number")),
    )
    with op.batch_alter_table("handover_filings", schema=None) as batch_op:
        batch_op.create_index(
            "uq_handover_filings_waiting",
            ["plan_id"],
            unique=True,
            sqlite_where=sa.text("verdict IS NULL"),
            postgresql_where=sa.text("verdict IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("handover_filings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_handover_filings_waiting",
            sqlite_where=sa.text("verdict IS NULL"),
            postgresql_where=sa.text("verdict IS NULL"),
        )

    op.drop_table("handover_filings")
    with op.batch_alter_table("handover_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handover_plans_place_id"))

    op.drop_table("handover_plans")
    op.drop_table("handover_terms")
