"""adjustments: why a matter of a working copy is changed, splits and merges

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_notes",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["power_lists.id"],
            name=op.f("fk_change_notes_list_id_power_lists"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matters.id"], name=op.f("fk_change_notes_matter_id_matters")
        ),
        sa.PrimaryKeyConstraint("list_id", "matter_id", name=op.f("pk_change_notes")),
    )
    op.create_table(
        "successions",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("split", "merge", name="successionkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.CheckConstraint("old_id <> new_id", name=op.f("ck_successions_two_matters")),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["power_lists.id"],
            name=op.f("fk_successions_list_id_power_lists"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["new_id"], ["matters.id"], name=op.f("fk_successions_new_id_matters")),
        sa.ForeignKeyConstraint(["old_id"], ["matters.id"], name=op.f("fk_successions_old_id_matters")),
        sa.PrimaryKeyConstraint("list_id", "old_id", "new_id", name=op.f("pk_successions")),
    )


def downgrade() -> None:
    op.drop_table("successions")
    op.drop_table("change_notes")
