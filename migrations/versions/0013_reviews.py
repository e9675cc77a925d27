"""reviews: how often lists are reviewed, the reviews, and what was said of each matter

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_terms",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=255), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 60", name=op.f("ck_review_terms_months")),
        sa.ForeignKeyConstraint(
            ["list_id"], ["power_lists.id"], name=op.f("fk_review_terms_list_id_power_lists")
        ),
        sa.PrimaryKeyConstraint("list_id", name=op.f("pk_review_terms")),
    )
    _reviews()
    op.create_table(
        "review_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("volume", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum("keep", "change", "take_back", name="outcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("volume >= 0", name=op.f("ck_review_lines_volume")),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matters.id"], name=op.f("fk_review_lines_matter_id_matters")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_lines_review_id_reviews")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_lines")),
        sa.UniqueConstraint("review_id", "matter_id", name=op.f("uq_review_lines_review_id_matter_id")),
    )
    op.create_index(op.f("ix_review_lines_matter_id"), "review_lines", ["matter_id"])


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("due", "filed", "dropped", name="reviewstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'filed') = (filed_at IS NOT NULL)", name=op.f("ck_reviews_filed_at_a_moment")
        ),
        sa.ForeignKeyConstraint(
            ["filed_by_id"], ["accounts.id"], name=op.f("fk_reviews_filed_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["list_id"], ["power_lists.id"], name=op.f("fk_reviews_list_id_power_lists")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_reviews_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint(
            "list_id", "organisation_id", "number", name=op.f("uq_reviews_list_id_organisation_id_number")
        ),
    )
    op.create_index(op.f("ix_reviews_organisation_id"), "reviews", ["organisation_id"])
    op.create_index(
        "uq_reviews_due",
        "reviews",
        ["list_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )


def downgrade() -> None:
    op.drop_table("review_lines")
    op.drop_table("reviews")
    op.drop_table("review_terms")
