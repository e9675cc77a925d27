"""the record: SQLite's REPLACE, which asks no DELETE trigger, replaces nothing of it

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TRIGGERS = {
    "audit_entries_new": "audit_entries WHEN EXISTS (SELECT 1 FROM audit_entries WHERE number = NEW.number)",
    "audit_head_new": "audit_head WHEN EXISTS (SELECT 1 FROM audit_head)",
    "audit_stumps_new": "audit_stumps WHEN EXISTS (SELECT 1 FROM audit_stumps WHERE up_to = NEW.up_to)",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, when in TRIGGERS.items():
            op.execute(
                sa.text(
                    f"CREATE TRIGGER {name} BEFORE INSERT ON {when}"
                    " BEGIN SELECT RAISE(ABORT, 'the record is never changed'); END"
                )
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
