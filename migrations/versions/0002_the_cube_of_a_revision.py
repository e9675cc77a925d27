"""the cube of a revision, made for every revision there is

Revision ID: 0002
Revises: 0001
"""

import sys
from array import array
from collections import Counter
from unicodedata import normalize

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FACETS = ("mode", "type", "department", "status", "uneven")
ORDERS = ("list", "name", "department", "type", "code")


def upgrade() -> None:
    op.create_table(
        "cube_orders",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum(*ORDERS, name="order", native_enum=False, length=32), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_cube_orders_revision_id_revisions")
        ),
        sa.PrimaryKeyConstraint("revision_id", "kind", name=op.f("pk_cube_orders")),
    )
    op.create_table(
        "cube_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("facet", sa.Enum(*FACETS, name="facet", native_enum=False, length=32), nullable=False),
        sa.Column("value", sa.String(length=128), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_cube_sets_place_id_places")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_cube_sets_revision_id_revisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cube_sets")),
    )
    with op.batch_alter_table("cube_sets", schema=None) as batch_op:
        batch_op.create_index("ix_cube_sets_place", ["revision_id", "place_id"], unique=False)
    _fill(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("cube_sets", schema=None) as batch_op:
        batch_op.drop_index("ix_cube_sets_place")

    op.drop_table("cube_sets")
    op.drop_table("cube_orders")


# The rest makes the cubes of what is published already. It stands here a second time, because a migration has to do
# tomorrow what it does today, whatever becomes of portal/powers/lists/cube.

MATTERS = sa.table(
    "published_matters",
    *(sa.column(name) for name in ("id", "revision_id", "position", "name", "code", "type", "department")),
    *(sa.column(name) for name in ("mode", "mode_label")),
    sa.column("status", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
)
ANSWERS = sa.table("answers", *(sa.column(name) for name in ("published_matter_id", "place_id", "mode")))
SETS = sa.table(
    "cube_sets",
    *(sa.column(name) for name in ("revision_id", "place_id", "facet", "value", "label", "amount")),
    sa.column("bits", sa.LargeBinary()),
)
STORED_ORDERS = sa.table(
    "cube_orders", sa.column("revision_id"), sa.column("kind"), sa.column("rows", sa.LargeBinary())
)
BATCH = 500


def _fill(connection) -> None:
    revisions = connection.execute(sa.select(MATTERS.c.revision_id).distinct()).scalars().all()
    for revision_id in revisions:
        _gather(connection, revision_id)


def _gather(connection, revision_id) -> None:
    sets, labels, keys, size, last = {}, {}, {kind: [] for kind in ORDERS[1:]}, 0, 0
    wanted = sa.select(MATTERS).where(MATTERS.c.revision_id == revision_id)
    wanted = wanted.order_by(MATTERS.c.position).limit(BATCH)
    while batch := connection.execute(wanted.where(MATTERS.c.position > last)).all():
        given = _answers(connection, [row.id for row in batch])
        for row in batch:
            values = [
                ("mode", row.mode, None),
                ("type", row.type, None),
                ("department", row.department, None),
                ("status", (row.status or {}).get("state", "unverified"), None),
                *(("mode", mode, place) for place, mode in given[row.id]),
            ]
            if any(mode != row.mode for _place, mode in given[row.id]):
                values.append(("uneven", "", None))
            for value in values:
                _mark(sets.setdefault(value, bytearray()), size)
            if row.mode_label:
                labels.setdefault(row.mode, Counter())[row.mode_label] += 1
            body = row.department
            keys["name"].append((_spelled(row.name), row.name))
            keys["department"].append(("" if body else "~", _spelled(body), body))
            keys["type"].append((row.type,))
            keys["code"].append(("" if row.code else "~", row.code))
            size += 1
        last = batch[-1].position
    _keep(connection, revision_id, sets, labels, keys, size)


def _keep(connection, revision_id, sets, labels, keys, size) -> None:
    stored = []
    for (facet, value, place_id), held in sets.items():
        usual = facet == "mode" and place_id is None and value in labels
        stored.append(
            {
                "revision_id": revision_id,
                "place_id": place_id,
                "facet": facet,
                "value": value,
                "label": labels[value].most_common(1)[0][0] if usual else "",
                "amount": int.from_bytes(held, "little").bit_count(),
                "bits": bytes(held),
            }
        )
    connection.execute(sa.insert(SETS), stored)
    for kind, found in keys.items():
        rows = array("I", sorted(range(size), key=found.__getitem__))
        if sys.byteorder == "big":
            rows.byteswap()
        connection.execute(
            sa.insert(STORED_ORDERS), {"revision_id": revision_id, "kind": kind, "rows": rows.tobytes()}
        )


def _answers(connection, ids):
    found = {key: [] for key in ids}
    wanted = sa.select(ANSWERS).where(ANSWERS.c.published_matter_id.between(min(ids), max(ids)))
    for row in connection.execute(wanted):
        if row.published_matter_id in found:
            found[row.published_matter_id].append((row.place_id, row.mode))
    return found


def _mark(held, at) -> None:
    if len(held) <= at // 8:
        held.extend(bytes(at // 8 + 1 - len(held)))
    held[at // 8] |= 1 << at % 8


def _spelled(name):
    from pypinyin import lazy_pinyin

    folded = normalize("NFKC", name).casefold()
    return " ".join(lazy_pinyin("".join(sign for sign in folded if sign.isalnum())))
