"""The record: who did what, narrowed and read page by page, one entry with before and after, taken along as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from http import HTTPStatus
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from flask import Response, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin.asking import asks
from admin.base import HIGHEST_ID, Answer, StaffPage
from admin.foundation import record_words
from admin.foundation.record_fields import TABLES, table_word
from admin.labels import label
from admin.savedviews import bar, opening_address
from portal import clock
from portal.db import READS, db
from portal.downloads import disposition
from portal.errors import NotFound, Refused
from portal.foundation.accounts.queries import by_login
from portal.foundation.audit import taking
from portal.foundation.audit.at_once import record_now
from portal.foundation.audit.models import Entry
from portal.foundation.audit.rules import Act, Outcome
from portal.foundation.audit.taking import Wanted
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.i18n import mark

PAGE = 50
MOST = 100_000
"""So many entries are taken along at once; more by days."""

NO_DAY = mark("日期请写成 2021-06-15 这样。")
YEARS = range(2000, 2200)
LONGEST = 64
Word = TypeVar("Word", bound=StrEnum)


def asked(given: Mapping[str, str]) -> Wanted:
    """What an address or a form asks for; what makes no sense narrows nothing, but for days (`odd_days`).

    Somebody is looked for by name, or by login: then by the name that goes with it.
    """
    who = given.get("who", "").strip()[:LONGEST]
    known = by_login(who)
    return Wanted(
        who=known.name if known is not None else who,
        actor_id=_number(given.get("account", "")),
        act=_word(Act, given.get("act", "")),
        outcome=_word(Outcome, given.get("outcome", "")),
        kind=given.get("kind", "") if given.get("kind", "") in TABLES else "",
        record_id=given.get("id", "").strip()[:LONGEST],
        text=given.get("text", "").strip()[:LONGEST],
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        together=_number(given.get("together", "")),
    )


def odd_days(given: Mapping[str, str]) -> list[str]:
    """Which of the two days are none. More would be found, and taken along, than was meant."""
    return [name for name in ("since", "until") if given.get(name, "").strip() and _day(given[name]) is None]


def _word(words: type[Word], text: str) -> Word | None:
    return next((word for word in words if word.value == text), None)


def _number(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0  # noqa: PLR2004  int32
    return number if 0 < number <= HIGHEST_ID else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if day.year in YEARS else None


def by_day(entries: list[Entry]) -> list[tuple[date, list[Entry]]]:
    """The entries by their day in China, in the order in which they come."""
    grouped = groupby(entries, key=lambda entry: clock.day_of(entry.at))
    return [(day, list(some)) for day, some in grouped]


def time_of_day(when: datetime) -> str:
    """A moment as the clock in China shows it, to the minute."""
    return when.astimezone(clock.HOME).strftime("%H:%M")


class RecordPage(StaffPage):
    """Everything that anybody did; for auditors and administrators."""

    key = "record"
    title = _("操作记录")
    section = "system"
    access = frozenset({Right.READ_RECORD})
    remembers = ("who", "account", "act", "outcome", "kind", "id", "text", "since", "until", "together")

    @expose("/")
    def index(self) -> Answer:
        """The newest entries that fit."""
        if (address := opening_address(self)) is not None:
            return redirect(address)
        wanted, odd = asked(request.args), odd_days(request.args)
        before = _number(request.args.get("before", ""))
        found = [] if odd else list(taking.found(wanted, before=before, limit=PAGE + 1))
        page = self.render(
            "staff/entries.html",
            days=by_day(found[:PAGE]),
            older=found[PAGE - 1].number if len(found) > PAGE else None,
            wanted=wanted,
            bar=bar(self),
            asked=wanted.said(),
            asked_words=record_words.asked_words(wanted.said(), label),
            routes=record_words.routes(found[:PAGE], label),
            acts=Act,
            outcomes=Outcome,
            tables=sorted(((name, table_word(name)) for name in TABLES), key=lambda each: each[1]),
            words=record_words,
            table_word=table_word,
            time_of_day=time_of_day,
            odd=odd,
        )
        return page, HTTPStatus.UNPROCESSABLE_ENTITY if odd else HTTPStatus.OK

    @expose("/<int:number>/")
    def show(self, number: int) -> Answer:
        """One entry, with what stood before and what stands after."""
        entry = taking.get(number)
        if entry is None:
            raise NotFound("没有这条记录。", "no_entry")
        beside = taking.found(Wanted(together=entry.together), limit=PAGE)
        return self.render(
            "staff/entry.html",
            entry=entry,
            route=record_words.routes([entry], label)[entry.number],
            beside=[each for each in reversed(beside) if each.number != number],
            words=record_words,
            table_word=table_word,
            known=entry.kind in TABLES,
            page=record_words.page_of(entry) if may(self.account, Right.READ_ALL) else "",
        )

    @expose("/export", methods=("POST",))
    @asks(Right.READ_RECORD)
    def export(self) -> Answer | Response:
        """What fits as CSV; that it was taken along is written down before it goes out."""
        wanted = asked(request.form)
        if odd_days(request.form):
            raise Refused(NO_DAY, "day")
        if taking.more_than(MOST, wanted):
            raise Refused("一次最多导出 %(count)s 条，请按日期分几次导出。", "many", count=MOST)
        name = f"{gettext('操作记录')}-{clock.today().isoformat()}.csv"
        record_now(Act.EXPORT, about=("audit_entries", ""), name=name, asked=wanted.said())
        db.session.connection(execution_options=READS)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "record.csv"
            taking.write(path, wanted)
            answer = Response(path.read_bytes(), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = disposition(name)
        return answer
