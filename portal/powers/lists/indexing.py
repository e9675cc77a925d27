"""What a published matter is found by: its name, then code, department, parts and everyday names."""

from __future__ import annotations

from portal.foundation.search.service import Entry
from portal.powers.lists.snapshot import Row

KIND = "matter"
"""What the rows of a list are in the index; a scope is a revision, by its id."""


def entry(key: int, row: Row) -> Entry:
    """A row of the revision, by its key among the published matters."""
    return Entry(key, row.name, (row.code, row.department, *row.sub_items, *row.everyday_names))
