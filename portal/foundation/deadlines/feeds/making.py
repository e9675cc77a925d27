"""Deadlines as an iCalendar file (RFC 5545): one event a day long for each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.queries import address_of
from portal.foundation.deadlines.rules import State
from portal.foundation.organisations.models import Organisation
from portal.i18n import gettext as _

PRODUCT = "-//Remit//Deadlines//ZH"
REFRESH = timedelta(hours=6)


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
    calendar.add("x-wr-calname", _("%(name)s的时限", name=organisation.name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for deadline in deadlines:
        calendar.add_component(_event(deadline, root, made_at))
    return bytes(calendar.to_ical())


def _event(deadline: Deadline, root: str, made_at: datetime) -> Event:
    event = Event()
    host = root.partition("://")[2].partition("/")[0].partition(":")[0]
    event.add("uid", f"deadline-{deadline.id}@{host or 'remit'}")
    event.add("dtstamp", made_at)
    event.add("dtstart", deadline.due_on)
    event.add("dtend", deadline.due_on + timedelta(days=1))
    event.add("summary", _summary(deadline))
    said = [deadline.basis, _("到期日随放假安排可能改变。") if deadline.expected else ""]
    event.add("description", "\n".join(part for part in said if part))
    event.add("url", root + address_of(deadline))
    event.add("transp", "TRANSPARENT")
    return event


def _summary(deadline: Deadline) -> str:
    if deadline.state is State.PAUSED:
        return _("（暂停中）%(title)s", title=deadline.title)
    if deadline.expected:
        return _("（预计）%(title)s", title=deadline.title)
    return deadline.title
