"""Two people at one record: whoever saves second is told what the first one changed, and what was typed is kept.

A form carries what it was opened with: a hash of what its fields said, and how far the record (操作记录) was then. If
they say something else when it comes back, nothing is saved until the person has seen who changed what and ticks to
save all the same. The tick holds for the state that was shown: one more change, and it is asked again. A draft keeps
with what its form was opened, and tells the same when it is used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from http import HTTPStatus
from typing import Any, TypeVar

from flask import g, request
from flask_babel import gettext as _
from sqlalchemy import or_, select

from admin.forms import LookupField, StaffForm
from admin.foundation.record_fields import table_word
from admin.foundation.record_words import Line, lines
from admin.labels import label
from portal.db import Base, db
from portal.errors import NotFound
from portal.foundation.audit import queries as audit
from portal.foundation.audit.models import Entry

MOST = 200
"""So many entries are read to tell who changed what."""
Record = TypeVar("Record")
TOLD = 20
"""So many of them are shown, the newest first."""


class Opened:
    """A form as it was opened on a record. `parts` are the tables of its parts, each with the column that names it."""

    def __init__(
        self, form: StaffForm, fresh: StaffForm, record: Any, parts: Mapping[str, str] | None = None
    ) -> None:
        self.state, self._record, self._parts = _state(fresh), record, parts or {}
        draft = form.drafting.used
        self.stamp = (
            request.form.get("opened")
            or (draft.stamp if draft else "")
            or f"{audit.head().number}.{self.state}"
        )
        number, _dot, state = self.stamp.partition(".")
        # A draft tells at once what has changed since the form was opened.
        self.changed = draft is not None and state != self.state
        self.entries: Sequence[Entry] = self._since(number) if self.changed else ()
        form.opened = self

    def settled(self, form: StaffForm) -> bool:
        """Whether the record still is as it was opened, or the person saves knowingly; else the form says so (409)."""
        number, _dot, state = self.stamp.partition(".")
        if self.state in (state, request.form.get("anyway")):
            return True
        self.changed, self.entries = True, self._since(number)
        form.form_errors.append(_("您打开以后，这条记录有人改过，没有保存。请看下面改了什么，再决定。"))
        g.refused_with = HTTPStatus.CONFLICT
        return False

    @staticmethod
    def what(entry: Entry) -> str:
        """What was done to what, e.g. 修改 例外."""
        return f"{label(entry.act)} {table_word(entry.kind)}"

    @staticmethod
    def lines(entry: Entry) -> list[Line]:
        """The fields that were changed, with both values in words."""
        return lines(entry, label)

    def _since(self, number: str) -> list[Entry]:
        """What the record tells of the row and its parts since then."""
        if not (number.isascii() and number.isdigit() and len(number) < 10):  # noqa: PLR2004  digits of a number
            return []
        kind, key = self._record.__tablename__, str(self._record.id)
        about = or_((Entry.kind == kind) & (Entry.record_id == key), Entry.kind.in_(self._parts))
        wanted = select(Entry).where(Entry.number > int(number), about).order_by(Entry.number.desc())
        found = db.session.scalars(wanted.limit(MOST))
        return [each for each in found if each.kind == kind or self._part(each)][:TOLD]

    def _part(self, entry: Entry) -> bool:
        """Whether a part belongs to the record: its changes name it, or the part still stands."""
        column = self._parts[entry.kind]
        named: Sequence[Any] = json.loads(entry.changes).get(column, ())
        if named:
            return self._record.id in named
        table = Base.metadata.tables[entry.kind]
        owner = select(table.c[column]).where(table.c.id == int(entry.record_id))
        return bool(db.session.scalar(owner) == self._record.id)


def locked(record: Record) -> Record:
    """The record; for a POST others who would change it wait, and it is read anew. NotFound where it is gone by now."""
    if request.method != "POST":
        return record
    kind: Any = type(record)
    key = record.id  # type: ignore[attr-defined]
    if db.session.scalar(select(kind.id).where(kind.id == key).with_for_update()) is None:
        raise NotFound("没有这条记录，或者您不能看。")
    db.session.expire_all()
    return record


def _state(form: StaffForm) -> str:
    said = {field.name: _said(field) for field in form if field.type != "CSRFTokenField"}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:32]


def _said(field: Any) -> Any:
    return field._value() if isinstance(field, LookupField) else field.data  # noqa: SLF001  what it shows
