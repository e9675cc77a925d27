"""filings: to whom lists are filed, where they are announced, and the proof of each

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "filing_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("filing", "announcement", name="filingkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("copies", sa.String(length=255), nullable=False),
        sa.Column("modes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "counting",
            sa.Enum(
                "working_days", "calendar_days", "fixed_day", name="counting", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=255), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_filing_terms_some_days")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["power_lists.id"], name=op.f("fk_filing_terms_list_id_power_lists")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_terms")),
        sa.UniqueConstraint("list_id", "kind", "name", name=op.f("uq_filing_terms_list_id_kind_name")),
    )
    op.create_table(
        "filings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terms_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("due", "done", "receipted", name="filingstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_on", sa.Date(), nullable=True),
        sa.Column("receipt_file_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint("(state = 'due') = (done_on IS NULL)", name=op.f("ck_filings_done_on_a_day")),
        sa.ForeignKeyConstraint(["done_by_id"], ["accounts.id"], name=op.f("fk_filings_done_by_id_accounts")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_filings_file_id_files")),
        sa.ForeignKeyConstraint(
            ["receipt_file_id"], ["files.id"], name=op.f("fk_filings_receipt_file_id_files")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_filings_revision_id_revisions")
        ),
        sa.ForeignKeyConstraint(
            ["terms_id"], ["filing_terms.id"], name=op.f("fk_filings_terms_id_filing_terms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filings")),
        sa.UniqueConstraint("terms_id", "revision_id", name=op.f("uq_filings_terms_id_revision_id")),
    )
    op.create_index(op.f("ix_filings_revision_id"), "filings", ["revision_id"])


def downgrade() -> None:
    op.drop_table("filings")
    op.drop_table("filing_terms")
