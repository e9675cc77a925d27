"""Deadlines as an iCalendar file (RFC 5545): one event a day long for each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import islice
from unicodedata import category

from icalendar import Calendar, Event, vText

from portal.clock import HOME
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.queries import ADDRESS, address_of
from portal.foundation.deadlines.rules import State
from portal.foundation.organisations.models import Organisation
from portal.i18n import gettext as _

PRODUCT = "-//Remit//Deadlines//ZH"
REFRESH = timedelta(hours=6)

MOST = 2000
"""So many deadlines stand in a file; calendar programs choke on more."""


def calendar_file(
    organisation: Organisation, deadlines: Iterable[Deadline], *, root: str, made_at: datetime
) -> bytes:
    """What the organisation owes, each on its last day, in the language of the request.

    `root` is how this site is reached, without a slash at the end; `made_at` is when the file was made (DTSTAMP).
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    # The library takes the value of a property that it does not know as it is, unescaped.
    calendar.add("x-wr-calname", vText(_plain(_("%(name)s的时限", name=organisation.name))))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    every = iter(deadlines)
    for deadline in islice(every, MOST):
        calendar.add_component(_event(deadline, root, made_at))
    if next(every, None) is not None:
        calendar.add_component(_rest(root, made_at))
    return bytes(calendar.to_ical())


def _event(deadline: Deadline, root: str, made_at: datetime) -> Event:
    event = _day_long(f"deadline-{deadline.id}", deadline.due_on, _summary(deadline), root, made_at)
    said = [deadline.basis, _("到期日随放假安排可能改变。") if deadline.expected else ""]
    event.add("description", _plain("\n".join(part for part in said if part)))
    event.add("url", root + address_of(deadline))
    return event


def _rest(root: str, made_at: datetime) -> Event:
    """What the file leaves out is not left out silently."""
    today = made_at.astimezone(HOME).date()
    event = _day_long("more", today, _("还有更多时限没有列在这里，请看时限总表"), root, made_at)
    event.add("url", f"{root}{ADDRESS}/")
    return event


def _day_long(key: str, day: date, summary: str, root: str, made_at: datetime) -> Event:
    event = Event()
    host = root.partition("://")[2].partition("/")[0].partition(":")[0]
    event.add("uid", f"{key}@{host or 'remit'}")
    event.add("dtstamp", made_at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", _plain(summary))
    event.add("transp", "TRANSPARENT")
    return event


def _plain(text: str) -> str:
    """The text without control characters, which RFC 5545 forbids and programs stumble over; line breaks stay."""
    whole = "\n".join(text.splitlines())
    return "".join(each for each in whole if each == "\n" or category(each) != "Cc")


def _summary(deadline: Deadline) -> str:
    if deadline.state is State.PAUSED:
        return _("（暂停中）%(title)s", title=deadline.title)
    if deadline.expected:
        return _("（预计）%(title)s", title=deadline.title)
    return deadline.title
