"""The calendar file: what a real parser reads is what is owed, whatever stands in a title."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from portal import clock
from portal.foundation.deadlines.feeds import making

LONG = "报送承接方案：《" + "纳入市县同权改革范围的相关行政权力事项清单" * 10 + "》"


def read(world, owed, root="https://xx.example.cn:8443"):
    whole = making.calendar_file(world.commerce, owed, root=root, made_at=clock.now())
    lines = whole.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    # Folded between characters, not within them.
    assert all(line.decode() for line in lines if line)
    return Calendar.from_ical(whole)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (LONG, LONG),
        ('甲;乙,丙\\丁"戊', '甲;乙,丙\\丁"戊'),
        ("甲\r\nBEGIN:VALARM", "甲\nBEGIN:VALARM"),
        ("甲\x0b乙\x07丙\u2028丁", "甲\n乙丙\n丁"),
        ("<script>😀</script>", "<script>😀</script>"),
    ],
)
def test_any_title_is_read_as_it_is_but_for_control_characters(world, title, shown):
    owed = world.owe()
    owed.title = owed.basis = title
    calendar = read(world, [owed])
    (event,) = calendar.walk("VEVENT")
    said = shown if not owed.expected else f"（预计）{shown}"
    assert str(event["SUMMARY"]) == said
    assert str(event["DESCRIPTION"]).startswith(shown)
    assert calendar.walk("VALARM") == []


@pytest.mark.parametrize("name", ["市商务局\r\nX-EVIL:1", "市;商,务局"])
def test_no_name_breaks_the_file(world, name):
    world.commerce.name = name
    calendar = read(world, [world.owe()])
    assert "X-EVIL" not in calendar
    assert len(calendar.walk("VEVENT")) == 1


def test_what_does_not_fit_is_not_left_out_silently(world, monkeypatch):
    monkeypatch.setattr(making, "MOST", 2)
    owed = [world.owe(number) for number in range(3)]
    assert len(read(world, owed[:2]).walk("VEVENT")) == 2
    *_two, more = read(world, owed).walk("VEVENT")
    assert str(more["URL"]) == "https://xx.example.cn:8443/staff/deadlines/"
