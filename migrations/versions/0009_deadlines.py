"""deadlines: what is owed, its pauses, extensions and events, and the calendar feeds of those who owe

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deadlines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("owed_by_id", sa.Integer(), nullable=False),
        sa.Column("owed_to_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(length=255), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column(
            "counting",
            sa.Enum(
                "working_days", "calendar_days", "fixed_day", name="counting", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("rolls", sa.Boolean(), nullable=False),
        sa.Column("fixed_on", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("expected", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "paused",
                "fulfilled",
                "waived",
                "cancelled",
                name="state",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("history", sa.Boolean(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("reminds_from", sa.Date(), nullable=False),
        sa.Column("reminded_step", sa.String(length=32), nullable=False),
        sa.Column("reminded_level", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "(done_on IS NULL) = (state <> 'fulfilled')", name=op.f("ck_deadlines_fulfilled_on_a_day")
        ),
        sa.CheckConstraint(
            "(fixed_on IS NULL) <> (counting = 'fixed_day')", name=op.f("ck_deadlines_fixed_day_has_its_day")
        ),
        sa.ForeignKeyConstraint(
            ["clause_id"], ["clauses.id"], name=op.f("fk_deadlines_clause_id_clauses"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owed_by_id"], ["organisations.id"], name=op.f("fk_deadlines_owed_by_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["owed_to_id"], ["organisations.id"], name=op.f("fk_deadlines_owed_to_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["accounts.id"], name=op.f("fk_deadlines_person_id_accounts")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_deadlines_place_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint(
            "kind",
            "subject_kind",
            "subject_id",
            "owed_by_id",
            name=op.f("uq_deadlines_kind_subject_kind_subject_id_owed_by_id"),
        ),
    )
    op.create_index(
        "ix_deadlines_calendar",
        "deadlines",
        ["calendar_version", "owed_by_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'paused')"),
        postgresql_where=sa.text("state IN ('open', 'paused')"),
    )
    op.create_index(
        "ix_deadlines_done",
        "deadlines",
        ["done_on", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'fulfilled' AND NOT history"),
        postgresql_where=sa.text("state = 'fulfilled' AND NOT history"),
    )
    op.create_index(
        "ix_deadlines_history",
        "deadlines",
        ["due_on", "id"],
        unique=False,
        sqlite_where=sa.text("history"),
        postgresql_where=sa.text("history"),
    )
    op.create_index(
        "ix_deadlines_live",
        "deadlines",
        ["due_on", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'paused') AND NOT history"),
        postgresql_where=sa.text("state IN ('open', 'paused') AND NOT history"),
    )
    op.create_index(
        "ix_deadlines_live_unit",
        "deadlines",
        ["owed_by_id", "due_on"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'paused') AND NOT history"),
        postgresql_where=sa.text("state IN ('open', 'paused') AND NOT history"),
    )
    op.create_index("ix_deadlines_subject", "deadlines", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "deadline_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "hearing",
                "tender",
                "auction",
                "testing",
                "quarantine",
                "appraisal",
                "expert_review",
                name="pausecause",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_deadline_pauses_deadline_id_deadlines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_pauses")),
    )
    op.create_index(op.f("ix_deadline_pauses_deadline_id"), "deadline_pauses", ["deadline_id"], unique=False)
    op.create_index(
        "uq_deadline_pauses_lasting",
        "deadline_pauses",
        ["deadline_id"],
        unique=True,
        sqlite_where=sa.text("ends_on IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "deadline_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by", sa.String(length=128), nullable=False),
        sa.CheckConstraint(
            "(days > 0) <> (until IS NOT NULL)", name=op.f("ck_deadline_extensions_days_or_day")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_deadline_extensions_deadline_id_deadlines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_extensions")),
    )
    op.create_index(
        op.f("ix_deadline_extensions_deadline_id"), "deadline_extensions", ["deadline_id"], unique=False
    )
    op.create_table(
        "deadline_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "opened",
                "paused",
                "resumed",
                "extended",
                "fulfilled",
                "waived",
                "cancelled",
                "reopened",
                "recomputed",
                "reminded",
                name="eventkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("old_due", sa.Date(), nullable=True),
        sa.Column("new_due", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_deadline_events_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_deadline_events_deadline_id_deadlines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_events")),
    )
    op.create_index(op.f("ix_deadline_events_deadline_id"), "deadline_events", ["deadline_id"], unique=False)
    op.create_table(
        "calendar_feeds",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["accounts.id"], name=op.f("fk_calendar_feeds_made_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_calendar_feeds_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feeds_secret_hash")),
    )


def downgrade() -> None:
    for table in (
        "calendar_feeds",
        "deadline_events",
        "deadline_extensions",
        "deadline_pauses",
        "deadlines",
    ):
        op.drop_table(table)
