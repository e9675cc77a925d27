"""What those concerned are told of a reorganisation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from portal.foundation.notifications import texts
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.notifications.texts import Text
from portal.foundation.organisations import queries as bodies
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.reorganisations.models import Reorganisation
from portal.foundation.reorganisations.registry import Subject
from portal.i18n import mark

_EXAMPLE = {
    "former": "甲县",
    "name": "乙区",
    "date": date(2021, 7, 1),
    "count": 12,
    "reason": "行政区划调整",
    "basis": "国函〔2021〕1号",
}

RENAMED = Text(
    NoticeKind.GENERAL,
    mark("改名：%(former)s改为%(name)s"),
    mark("%(former)s从%(date)s起改名为%(name)s。理由：%(reason)s。依据：%(basis)s。"),
    _EXAMPLE,
)
TAKEN_OVER = Text(
    NoticeKind.GENERAL,
    mark("请接手：%(former)s由%(name)s接手"),
    mark(
        "%(former)s从%(date)s起撤销，由%(name)s接手，一共转来%(count)d件，办理的期限不变。理由：%(reason)s。依据：%(basis)s。"
    ),
    _EXAMPLE,
)
GONE = Text(
    NoticeKind.GENERAL,
    mark("撤销：%(former)s"),
    mark("%(former)s从%(date)s起撤销。理由：%(reason)s。依据：%(basis)s。"),
    _EXAMPLE,
)
texts.register(RENAMED, TAKEN_OVER, GONE)


def renamed(made: Reorganisation, subject: Subject) -> None:
    """Tell the body, or every body of the place, of the new name."""
    _tell(RENAMED, made, _of(subject), subject.name, 0)


def ended(made: Reorganisation, subject: Subject, successors: Sequence[Subject]) -> None:
    """Tell those that go on with it how much came over; without any, those that stand above or beside it."""
    for each in successors:
        count = sum(entry["count"] for entry in made.moved if entry["to_id"] == each.id)
        _tell(TAKEN_OVER, made, _of(each), each.name, count)
    if not successors:
        place = subject.parent if isinstance(subject, Place) else subject.place
        _tell(GONE, made, bodies.of_place(place) if place else (), "", 0)


def _of(subject: Subject) -> Iterable[Organisation]:
    return bodies.of_place(subject) if isinstance(subject, Place) else (subject,)


def _tell(text: Text, made: Reorganisation, told: Iterable[Organisation], name: str, count: int) -> None:
    values = {
        "former": made.former_name,
        "name": name,
        "date": made.effective_on,
        "count": count,
        "reason": made.reason,
        "basis": made.basis,
    }
    for body in told:
        notify(
            body,
            key=f"reorganisation:{made.id}:{body.id}",
            title=text.title,
            body=text.body,
            values=values,
            kind=text.kind,
        )
