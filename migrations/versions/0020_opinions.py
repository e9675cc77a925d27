"""opinions: bodies asked before a working copy is put forward

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "proposals",
        sa.Column(
            "hurry",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="why it was put forward while bodies were still asked",
        ),
    )
    op.create_table(
        "opinion_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "subject", sa.Enum("list", "uptake", name="subject", native_enum=False, length=32), nullable=False
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "difference",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name=op.f("fk_opinion_rounds_asked_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_rounds")),
    )
    op.create_index("ix_opinion_rounds_subject", "opinion_rounds", ["subject", "subject_id", "base_number"])
    op.create_table(
        "opinions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "stance",
            sa.Enum("agree", "object", "suggest", name="stance", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(stance IS NULL) = (answered_at IS NULL)", name=op.f("ck_opinions_answered_at_a_moment")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name=op.f("fk_opinions_answered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_opinions_file_id_files")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_opinions_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["opinion_rounds.id"], name=op.f("fk_opinions_round_id_opinion_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinions")),
        sa.UniqueConstraint("round_id", "organisation_id", name=op.f("uq_opinions_round_id_organisation_id")),
    )
    op.create_index(op.f("ix_opinions_organisation_id"), "opinions", ["organisation_id"])


def downgrade() -> None:
    op.drop_table("opinions")
    op.drop_table("opinion_rounds")
    op.drop_column("proposals", "hurry")
