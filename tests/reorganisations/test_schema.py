"""No table that leads to a place or a body is forgotten when one of them goes."""

import portal.tables  # noqa: F401
from portal.db import Base
from portal.foundation.reorganisations import registry
from portal.foundation.reorganisations.registry import Hanging

GROUND = {"places", "organisations"}


def leading():
    """Every foreign key of the schema to a place or a body, as `table.column`."""
    return {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in GROUND
    }


def test_every_foreign_key_passes_on_or_stays_for_a_reason(app):
    assert leading() - registry.known().keys() == set()


def test_nothing_is_said_of_columns_that_are_not_there(app):
    assert registry.known().keys() - leading() == set()


def test_nothing_both_passes_on_and_stays(app):
    moving = {each.key for kind in GROUND for each in registry.moving_of(kind)}
    assert moving & registry.staying().keys() == set()
    assert moving | registry.staying().keys() == registry.known().keys()


def test_a_new_table_would_be_found():
    assert "duties.place_id" in leading()
    assert all(isinstance(each, Hanging) for each in registry.moving_of("places"))
