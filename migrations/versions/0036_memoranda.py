"""memoranda: what an approval bureau and a department agree on

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _memoranda()
    op.create_table(
        "memorandum_matters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("memorandum_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matters.id"], name=op.f("fk_memorandum_matters_matter_id_matters")
        ),
        sa.ForeignKeyConstraint(
            ["memorandum_id"], ["memoranda.id"], name=op.f("fk_memorandum_matters_memorandum_id_memoranda")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memorandum_matters")),
        sa.UniqueConstraint(
            "memorandum_id", "matter_id", name=op.f("uq_memorandum_matters_memorandum_id_matter_id")
        ),
    )
    op.create_index(op.f("ix_memorandum_matters_matter_id"), "memorandum_matters", ["matter_id"])
    op.create_table(
        "memorandum_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("memorandum_id", sa.Integer(), nullable=False),
        sa.Column(
            "party",
            sa.Enum("bureau", "department", name="party", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_memorandum_answers_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["memorandum_id"], ["memoranda.id"], name=op.f("fk_memorandum_answers_memorandum_id_memoranda")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memorandum_answers")),
    )
    op.create_index(op.f("ix_memorandum_answers_memorandum_id"), "memorandum_answers", ["memorandum_id"])


def _memoranda() -> None:
    document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "memoranda",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("boundary", sa.Text(), nullable=False),
        sa.Column("pushes", document, nullable=False),
        sa.Column("supports", document, nullable=False),
        sa.Column("every_matter", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("bureau_contact", sa.String(length=255), nullable=False),
        sa.Column("department_contact", sa.String(length=255), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=True),
        sa.Column("paper_public", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bureau_id"], ["organisations.id"], name=op.f("fk_memoranda_bureau_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["organisations.id"], name=op.f("fk_memoranda_department_id_organisations")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["files.id"], name=op.f("fk_memoranda_paper_id_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memoranda")),
    )
    op.create_index(op.f("ix_memoranda_department_id"), "memoranda", ["department_id"])
    op.create_index(
        "uq_memoranda_lasting",
        "memoranda",
        ["bureau_id", "department_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )


def downgrade() -> None:
    # The older version knows nothing of such publications and would stumble over them.
    proposals = "SELECT id FROM proposals WHERE subject = 'memorandum'"
    op.execute(f"DELETE FROM stamped_approvals WHERE proposal_id IN ({proposals})")  # noqa: S608  no value of a user
    for table in ("revisions", "proposals", "heads"):
        op.execute(f"DELETE FROM {table} WHERE subject = 'memorandum'")  # noqa: S608  likewise
    op.drop_index(op.f("ix_memorandum_answers_memorandum_id"), table_name="memorandum_answers")
    op.drop_table("memorandum_answers")
    op.drop_index(op.f("ix_memorandum_matters_matter_id"), table_name="memorandum_matters")
    op.drop_table("memorandum_matters")
    op.drop_index("uq_memoranda_lasting", table_name="memoranda")
    op.drop_index(op.f("ix_memoranda_department_id"), table_name="memoranda")
    op.drop_table("memoranda")
