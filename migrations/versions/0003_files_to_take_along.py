"""files to take along: more of a revision, and handouts of places

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("file_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_handouts_file_id_files")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_handouts_place_id_places")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_handouts_revision_id_revisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handouts")),
        sa.UniqueConstraint(
            "place_id",
            "revision_id",
            "statement",
            "format",
            name=op.f("uq_handouts_place_id_revision_id_statement_format"),
        ),
    )
    with op.batch_alter_table("handouts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handouts_revision_id"), ["revision_id"], unique=False)
    with op.batch_alter_table("revision_files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(length=255), server_default="", nullable=False))
        batch_op.alter_column("format", existing_type=sa.String(length=8), type_=sa.String(length=16))
        batch_op.alter_column("file_id", existing_type=sa.String(length=32), nullable=True)
    with op.batch_alter_table("revision_files", schema=None) as batch_op:
        batch_op.alter_column("reason", existing_type=sa.String(length=255), server_default=None)


def downgrade() -> None:
    # Files of the new kinds were made from the revisions and can be made again.
    op.execute("DELETE FROM revision_files WHERE file_id IS NULL OR length(format) > 8")
    with op.batch_alter_table("revision_files", schema=None) as batch_op:
        batch_op.alter_column("file_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.alter_column("format", existing_type=sa.String(length=16), type_=sa.String(length=8))
        batch_op.drop_column("reason")
    with op.batch_alter_table("handouts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handouts_revision_id"))
    op.drop_table("handouts")
