"""Looking for entries, page by page, and taking them along as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from portal.clock import HOME
from portal.db import db
from portal.foundation.audit.models import Entry
from portal.foundation.audit.rules import Act, Door, Outcome, plain
from portal.sheets.writing import Row, write_csv

AT_ONCE = 1000

HEADER = (
    "序号",
    "时间（北京时间）",
    "账号编号",
    "姓名",
    "身份",
    "入口",
    "途径",
    "来自",
    "做了什么",
    "表",
    "记录编号",
    "记录名称",
    "结果",
    "改动",
    "说明",
    "校验值",
)


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is empty narrows nothing.

    `who` is part of a name, `text` part of a record's name or its key, `since` and `until` are days in China, both
    included; `together` is the number of a transaction's first entry.
    """

    who: str = ""
    actor_id: int | None = None
    act: Act | None = None
    outcome: Outcome | None = None
    door: Door | None = None
    kind: str = ""
    record_id: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    together: int | None = None

    def said(self) -> dict[str, Any]:
        """What was asked for, for the entry that tells of an export."""
        return {name: plain(value) for name, value in asdict(self).items() if value not in ("", None)}


def found(wanted: Wanted, *, before: int | None = None, limit: int) -> list[Entry]:
    """The newest entries that fit, older than the entry `before` if given."""
    query = _query(wanted).order_by(Entry.number.desc()).limit(limit)
    if before is not None:
        query = query.where(Entry.number < before)
    return list(db.session.scalars(query))


def more_than(count: int, wanted: Wanted) -> bool:
    """Whether more entries fit than `count`."""
    query = _query(wanted).with_only_columns(Entry.number).order_by(Entry.number).offset(count).limit(1)
    return db.session.scalar(query) is not None


def get(number: int) -> Entry | None:
    """An entry by its number."""
    return db.session.get(Entry, number)


def write(file: Path, wanted: Wanted, *, bom: bool = True) -> int:
    """Write what fits to a file as CSV, the oldest first; gives how many entries."""
    return write_csv(file, HEADER, _rows(wanted), bom=bom)


def _rows(wanted: Wanted) -> Iterator[Row]:
    query = _query(wanted).order_by(Entry.number).limit(AT_ONCE)
    after = 0
    while some := list(db.session.scalars(query.where(Entry.number > after))):
        yield from (_row(each) for each in some)
        after = some[-1].number
        db.session.expunge_all()


def _row(entry: Entry) -> Row:
    return (
        entry.number,
        entry.at.astimezone(HOME).strftime("%Y-%m-%d %H:%M:%S"),
        entry.actor_id,
        entry.actor,
        entry.role,
        entry.door.value,
        entry.route,
        entry.origin,
        entry.act.value,
        entry.kind,
        entry.record_id,
        entry.record_name,
        entry.outcome.value,
        entry.changes if entry.changes != "{}" else "",
        entry.note if entry.note != "{}" else "",
        entry.hash,
    )


def _query(wanted: Wanted) -> Select[Any]:
    exact = {
        Entry.actor_id: wanted.actor_id,
        Entry.act: wanted.act,
        Entry.outcome: wanted.outcome,
        Entry.door: wanted.door,
        Entry.kind: wanted.kind or None,
        Entry.record_id: wanted.record_id or None,
        Entry.together: wanted.together,
    }
    query = select(Entry).where(*(column == value for column, value in exact.items() if value is not None))
    if wanted.who:
        query = query.where(Entry.actor.contains(wanted.who, autoescape=True))
    if wanted.text:
        named = Entry.record_name.contains(wanted.text, autoescape=True)
        query = query.where(or_(named, Entry.record_id == wanted.text[:64]))
    return query.where(*_days(wanted))


def _days(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.since is not None:
        yield Entry.at >= _begin(wanted.since)
    if wanted.until is not None and wanted.until < date.max:
        yield Entry.at < _begin(wanted.until + timedelta(days=1))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), HOME).astimezone(UTC)
