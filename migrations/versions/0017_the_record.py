"""the record: its entries, the head of their chain, and triggers that refuse to change them

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEPT = 184
"""Days before an entry may be pruned: no six months have more."""

# The stump is looked for in the table's own schema: whoever writes could put another one before it in the path.
POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE pruned integer;
    BEGIN
        IF TG_OP = 'DELETE' AND OLD.at < pg_catalog.now() - interval '{KEPT} days' THEN
            EXECUTE pg_catalog.format('SELECT max(up_to) FROM %I.audit_stumps', TG_TABLE_SCHEMA) INTO pruned;
            IF OLD.number <= pruned THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'the record is never changed (entry %)', OLD.number USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the record is never changed (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END $$
    """,
    """
    CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()
    """,
    """
    CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head
    FOR EACH ROW WHEN (NEW.number < OLD.number OR NEW.id <> OLD.id) EXECUTE FUNCTION audit_refuses()
    """,
    """
    CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_refuses()
    """,
    # The seal alone is written anew when the portal's keys are.
    """
    CREATE TRIGGER audit_stumps_stay BEFORE UPDATE OF up_to, hash, count, at OR DELETE ON audit_stumps
    FOR EACH ROW EXECUTE FUNCTION audit_refuses()
    """,
    *(
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()"
        for table in ("audit_entries", "audit_head", "audit_stumps")
    ),
)

REFUSE = "BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END"

SQLITE = (
    f"CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries {REFUSE}",
    "CREATE TRIGGER audit_entries_kept BEFORE DELETE ON audit_entries"
    f" WHEN OLD.at >= datetime('now', '-{KEPT} days')"
    f" OR OLD.number > coalesce((SELECT max(up_to) FROM audit_stumps), 0) {REFUSE}",
    "CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head"
    f" WHEN NEW.number < OLD.number OR NEW.id <> OLD.id {REFUSE}",
    f"CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head {REFUSE}",
    f"CREATE TRIGGER audit_stumps_stay BEFORE UPDATE OF up_to, hash, count, at ON audit_stumps {REFUSE}",
    f"CREATE TRIGGER audit_stumps_kept BEFORE DELETE ON audit_stumps {REFUSE}",
)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("together", sa.Integer(), nullable=False, comment=TOGETHER),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=255), nullable=False),
        sa.Column("door", sa.String(length=32), nullable=False),
        sa.Column("route", sa.String(length=255), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("record_name", sa.String(length=255), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_act"), "audit_entries", ["act"])
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"])
    op.create_index(op.f("ix_audit_entries_actor_id_number"), "audit_entries", ["actor_id", "number"])
    op.create_index(
        op.f("ix_audit_entries_kind_record_id_number"), "audit_entries", ["kind", "record_id", "number"]
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_stumps",
        sa.Column("up_to", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "seal", sa.Text(), nullable=False, comment="the row again, encrypted; rotates with the keys"
        ),
        sa.PrimaryKeyConstraint("up_to", name=op.f("pk_audit_stumps")),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(sa.text(statement.replace(":", "\\:")))


TOGETHER = "number of the first entry of the same transaction"


def downgrade() -> None:
    for table in ("audit_stumps", "audit_head", "audit_entries"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_stays()")
        op.execute("DROP FUNCTION audit_refuses()")
