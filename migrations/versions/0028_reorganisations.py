"""reorganisations: places and bodies renamed, merged, split, ended

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organisations") as table:
        table.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
    op.create_table(
        "reorganisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=32), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("former_name", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=255), nullable=False),
        sa.Column("moved", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(place_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_reorganisations_place_or_body")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_reorganisations_by_id_accounts")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_reorganisations_place_id_places")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_reorganisations_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisations")),
    )
    for column in ("place_id", "organisation_id"):
        where = sa.text(f"change <> 'renamed' AND {column} IS NOT NULL")
        op.create_index(op.f(f"ix_reorganisations_{column}"), "reorganisations", [column])
        op.create_index(
            f"uq_reorganisations_ending_{column}",
            "reorganisations",
            [column],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_index(op.f("ix_reorganisations_former_name"), "reorganisations", ["former_name"])
    op.create_table(
        "reorganisation_successors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reorganisation_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(place_id IS NULL) <> (organisation_id IS NULL)",
            name=op.f("ck_reorganisation_successors_place_or_body"),
        ),
        sa.ForeignKeyConstraint(
            ["reorganisation_id"],
            ["reorganisations.id"],
            name=op.f("fk_reorganisation_successors_reorganisation_id_reorganisations"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_reorganisation_successors_place_id_places")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_reorganisation_successors_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisation_successors")),
    )
    op.create_index(
        op.f("ix_reorganisation_successors_reorganisation_id"),
        "reorganisation_successors",
        ["reorganisation_id"],
    )


def downgrade() -> None:
    op.drop_table("reorganisation_successors")
    op.drop_table("reorganisations")
    with op.batch_alter_table("organisations") as table:
        table.drop_column("ended_on")
