"""posts: what a person may do comes from any number of posts, each with its days

What an account said of role, body and place becomes its first post. Offices get the city they belong to: their own
place, else that of their body, else the one place that has lists, if there is only one.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

FIRST = (
    "INSERT INTO posts (account_id, role, organisation_id, place_id, since, given_at)"
    " SELECT accounts.id, role, organisation_id, CASE WHEN role IN ('editor', 'approver') THEN"
    " COALESCE(accounts.place_id, organisations.place_id, (SELECT CASE WHEN COUNT(DISTINCT place_id) = 1"
    " THEN MIN(place_id) END FROM power_lists)) ELSE accounts.place_id END, {day}, created_at"
    " FROM accounts LEFT JOIN organisations ON organisations.id = accounts.organisation_id ORDER BY accounts.id"
)
DAYS = {
    "sqlite": "DATE(created_at, '+8 hours')",
    "postgresql": "CAST(created_at AT TIME ZONE 'Asia/Shanghai' AS DATE)",
}
ROLES = (
    "editor",
    "approver",
    "department_officer",
    "county_officer",
    "regulator",
    "auditor",
    "administrator",
)
BACK = (
    "UPDATE accounts SET {column} = (SELECT {column} FROM posts WHERE posts.account_id = accounts.id"
    " AND role IN ('editor', 'approver', 'county_officer', 'administrator')"
    " AND (until IS NULL OR until >= CURRENT_DATE) ORDER BY posts.id LIMIT 1)"
)


def upgrade() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Enum(*ROLES, name="role", native_enum=False, length=32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_posts_account_id_accounts")),
        sa.ForeignKeyConstraint(["given_by_id"], ["accounts.id"], name=op.f("fk_posts_given_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_posts_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_posts_place_id_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index(op.f("ix_posts_account_id"), "posts", ["account_id"])
    op.create_index(op.f("ix_posts_organisation_id"), "posts", ["organisation_id"])
    op.execute(FIRST.format(day=DAYS[op.get_bind().dialect.name]))
    with _rebuilt(), op.batch_alter_table("accounts") as batch:
        for column, table in (("organisation_id", "organisations"), ("place_id", "places")):
            batch.drop_index(op.f(f"ix_accounts_{column}"))
            batch.drop_constraint(op.f(f"fk_accounts_{column}_{table}"), type_="foreignkey")
            batch.drop_column(column)
        batch.drop_column("role")


def downgrade() -> None:
    """An account without any post that was known before becomes a suspended county officer of no place."""
    with _rebuilt(), op.batch_alter_table("accounts") as batch:
        batch.add_column(sa.Column("role", sa.String(length=32), nullable=True))
        for column, table in (("organisation_id", "organisations"), ("place_id", "places")):
            batch.add_column(sa.Column(column, sa.Integer(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_accounts_{column}_{table}"), table, [column], ["id"])
            batch.create_index(op.f(f"ix_accounts_{column}"), [column])
    for column in ("role", "organisation_id", "place_id"):
        op.execute(BACK.format(column=column))
    op.execute(
        sa.text("UPDATE accounts SET role = 'county_officer', active = :no WHERE role IS NULL").bindparams(
            sa.bindparam("no", value=False, type_=sa.Boolean())
        )
    )
    with _rebuilt(), op.batch_alter_table("accounts") as batch:
        batch.alter_column("role", existing_type=sa.String(length=32), nullable=False)
    op.drop_table("posts")


@contextmanager
def _rebuilt() -> Iterator[None]:
    """SQLite changes a table by making it anew; others refer to this one, which it minds only meanwhile.

    The pragma works outside a transaction alone, so the one that is open is ended and another begun.
    """
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        yield
        return
    raw = bind.connection.dbapi_connection
    (minded,) = raw.execute("PRAGMA foreign_keys").fetchone()
    for statement in ("COMMIT", "PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"):
        raw.execute(statement)
    try:
        yield
        if raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError("rows refer to accounts that are not there")
    finally:
        for statement in ("COMMIT", f"PRAGMA foreign_keys = {minded}", "BEGIN IMMEDIATE"):
            raw.execute(statement)
