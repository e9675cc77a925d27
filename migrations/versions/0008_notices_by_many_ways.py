"""notices: one per occasion and recipient, receipts, deliveries by the batch, what units have chosen

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
CHANNELS = ("email", "webhook", "wecom", "dingtalk", "feishu", "sms", "file")
KINDS = ("publication", "deadline", "handover", "task", "regulation", "general", "trial")
TIMINGS = ("at_once", "daily", "never")


def word(*values, name):
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def upgrade() -> None:
    _notices()
    _deliveries()
    op.create_table(
        "notice_receipts",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notices.id"],
            name=op.f("fk_notice_receipts_notice_id_notices"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_notice_receipts_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("notice_id", "account_id", name=op.f("pk_notice_receipts")),
    )
    op.create_index(op.f("ix_notice_receipts_account_id"), "notice_receipts", ["account_id"])
    # Who it was that read a notice was not kept: what the unit has read stays read for everybody in it.
    op.execute(
        "INSERT INTO notice_receipts (notice_id, account_id, read_at)"
        " SELECT notices.id, accounts.id, notices.read_at FROM notices"
        " JOIN accounts ON accounts.organisation_id = notices.organisation_id"
        " WHERE notices.read_at IS NOT NULL"
    )
    _chosen()


def _notices() -> None:
    # Column by column: on SQLite batch mode makes the table anew and drops the old one, which deliveries refer to.
    kept = {
        "event": (sa.String(length=128), ""),
        "kind": (word(*KINDS, name="noticekind"), "general"),
        "values": (JSON, "{}"),
    }
    for name, (kind, usual) in kept.items():
        op.add_column("notices", sa.Column(name, kind, nullable=False, server_default=usual))
        if op.get_bind().dialect.name != "sqlite":
            op.alter_column("notices", name, server_default=None)
    person = sa.ForeignKey("accounts.id", name=op.f("fk_notices_account_id_accounts"))
    op.add_column(
        "notices", sa.Column("account_id", sa.Integer(), person, nullable=True), inline_references=True
    )
    op.execute("UPDATE notices SET event = key, key = key || '\\:o' || organisation_id")
    op.create_index(op.f("ix_notices_event"), "notices", ["event"])
    op.create_index(op.f("ix_notices_organisation_id_id"), "notices", ["organisation_id", "id"])
    op.drop_index(op.f("ix_notices_organisation_id"), "notices")


def _deliveries() -> None:
    with op.batch_alter_table("deliveries") as batch:
        batch.add_column(sa.Column("lane", sa.String(length=160), nullable=False, server_default="email"))
        batch.add_column(sa.Column("claim", sa.String(length=32), nullable=False, server_default=""))
        batch.add_column(sa.Column("digest", sa.String(length=160), nullable=True))
        batch.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch.drop_index(op.f("ix_deliveries_next_at"))
        batch.drop_index(op.f("ix_deliveries_state"))
    op.execute(
        "UPDATE deliveries SET organisation_id ="
        " (SELECT organisation_id FROM notices WHERE notices.id = deliveries.notice_id)"
    )
    with op.batch_alter_table("deliveries") as batch:
        batch.alter_column("organisation_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("lane", existing_type=sa.String(length=160), server_default=None)
        batch.alter_column("claim", existing_type=sa.String(length=32), server_default=None)
        batch.create_foreign_key(
            op.f("fk_deliveries_organisation_id_organisations"), "organisations", ["organisation_id"], ["id"]
        )
        batch.create_index(op.f("ix_deliveries_organisation_id"), ["organisation_id"])
        batch.create_index(op.f("ix_deliveries_digest"), ["digest"])
        batch.create_index(op.f("ix_deliveries_state_next_at"), ["state", "next_at"])


def _chosen() -> None:
    unit = {"columns": ["organisation_id"], "refcolumns": ["organisations.id"]}
    op.create_table(
        "notice_ways",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("channel", word(*CHANNELS, name="channel"), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("former_secret", sa.Text(), nullable=False),
        sa.Column("former_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(name=op.f("fk_notice_ways_organisation_id_organisations"), **unit),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_ways")),
        sa.UniqueConstraint(
            "organisation_id", "channel", name=op.f("uq_notice_ways_organisation_id_channel")
        ),
    )
    op.create_table(
        "notice_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", word(*KINDS, name="noticekind"), nullable=False),
        sa.Column("channel", word(*CHANNELS, name="channel"), nullable=False),
        sa.Column("timing", word(*TIMINGS, name="timing"), nullable=False),
        sa.ForeignKeyConstraint(name=op.f("fk_notice_wishes_organisation_id_organisations"), **unit),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_wishes")),
        sa.UniqueConstraint(
            "organisation_id", "kind", "channel", name=op.f("uq_notice_wishes_organisation_id_kind_channel")
        ),
    )
    op.create_table(
        "notice_habits",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("digest_at", sa.Time(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(name=op.f("fk_notice_habits_organisation_id_organisations"), **unit),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_notice_habits")),
    )


def downgrade() -> None:
    for table in ("notice_habits", "notice_wishes", "notice_ways", "notice_receipts"):
        op.drop_table(table)
    # The older version knows e-mail alone.
    op.execute("DELETE FROM deliveries WHERE channel <> 'email'")
    op.execute("UPDATE deliveries SET state = 'failed' WHERE state = 'void'")
    with op.batch_alter_table("deliveries") as batch:
        batch.drop_index(op.f("ix_deliveries_state_next_at"))
        batch.drop_index(op.f("ix_deliveries_digest"))
        batch.drop_index(op.f("ix_deliveries_organisation_id"))
        batch.drop_constraint(op.f("fk_deliveries_organisation_id_organisations"), type_="foreignkey")
        for name in ("organisation_id", "digest", "claim", "lane"):
            batch.drop_column(name)
        batch.create_index(op.f("ix_deliveries_state"), ["state"])
        batch.create_index(op.f("ix_deliveries_next_at"), ["next_at"])
    op.create_index(op.f("ix_notices_organisation_id"), "notices", ["organisation_id"])
    op.drop_index(op.f("ix_notices_organisation_id_id"), "notices")
    op.drop_index(op.f("ix_notices_event"), "notices")
    for name in ("account_id", "values", "kind", "event"):
        op.drop_column("notices", name)
