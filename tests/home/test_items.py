"""What comes first among the things that wait: pure."""

from __future__ import annotations

from datetime import date

from admin.home.items import Item, Lot, beyond, first_of

TODAY = date(2026, 3, 2)


def lot(name: str, *days: int | None, total: int = 0) -> Lot:
    """Things due so many days from today; None for no day."""
    items = [
        Item(name, f"{name}{number}", "/", due_on=None if day is None else TODAY.replace(day=2 + day))
        for number, day in enumerate(days)
    ]
    return Lot(name, items, total or len(items), "/all")


def titles(lots: list[Lot], most: int) -> list[str]:
    return [each.title for each in first_of(lots, most, TODAY)]


def test_what_is_due_first_stands_first_and_what_has_no_day_behind_a_week():
    lots = [lot("甲", 9, 3), lot("乙", None, -1)]
    assert titles(lots, 9) == ["乙1", "甲1", "乙0", "甲0"]


def test_a_long_lot_keeps_no_other_off_the_page():
    lots = [lot("甲", -1, -1, -1, -1, total=40), lot("乙", 20)]
    assert titles(lots, 3) == ["甲0", "甲1", "乙0"]


def test_what_is_left_out_is_counted_by_lot():
    lots = [lot("甲", -1, -1, total=40), lot("乙", 20), lot("丙")]
    shown = first_of(lots, 2, TODAY)
    assert [(each.name, count) for each, count in beyond(lots, shown)] == [("甲", 39)]
