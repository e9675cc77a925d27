"""for which figures totals that differ were accepted

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    # Nothing tells any more for which figures an older reason was given: it covers what it covered.
    op.add_column("power_lists", sa.Column("totals_waived", document, nullable=True))


def downgrade() -> None:
    op.drop_column("power_lists", "totals_waived")
