"""the schedule, and what people do to background work

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
RUNS = sa.table("runs", *(sa.column(name) for name in ("state", "created_at", "queued_at")))


def word(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def upgrade() -> None:
    op.create_table(
        "schedule_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=128), nullable=False),
        sa.Column(
            "cadence",
            sa.String(length=32),
            nullable=False,
            comment="every 30 (seconds) or daily 02:30 (China)",
        ),
        sa.Column("next_due", MOMENT, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column(
            "attempts",
            sa.Integer(),
            nullable=False,
            comment="takings since the last turn that came to an end",
        ),
        sa.Column("hold_until", MOMENT, nullable=True),
        sa.Column("rung_at", MOMENT, nullable=True),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("late", sa.Integer(), nullable=False, comment="seconds that the last turn began late"),
        sa.Column("outcome", word("done", "failed", "cut_off", name="outcome"), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False, comment="in a row"),
        sa.Column("error", sa.String(length=255), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name=op.f("fk_schedule_entries_asked_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_entries")),
        sa.UniqueConstraint("name", name=op.f("uq_schedule_entries_name")),
    )
    op.create_table(
        "run_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("act", word("cancel", "retry", "discard", name="runact"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_run_records_by_id_accounts")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_records_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_records")),
    )
    op.create_index(op.f("ix_run_records_run_id"), "run_records", ["run_id"], unique=False)
    # Not in batch mode: on SQLite that makes the table anew and drops the old one, which uploads refer to.
    op.add_column("runs", sa.Column("queued_at", MOMENT, nullable=True, comment="when it last began to wait"))
    op.add_column("runs", sa.Column("cancel_asked_at", MOMENT, nullable=True))
    op.execute(sa.update(RUNS).where(RUNS.c.state == "queued").values(queued_at=RUNS.c.created_at))


def downgrade() -> None:
    # The older version knows neither end; both mean that there is no result.
    op.execute(sa.update(RUNS).where(RUNS.c.state.in_(["cancelled", "discarded"])).values(state="failed"))
    op.drop_column("runs", "cancel_asked_at")
    op.drop_column("runs", "queued_at")
    op.drop_table("run_records")
    op.drop_table("schedule_entries")
