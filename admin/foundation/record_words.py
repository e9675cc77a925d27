"""How an entry of the record is said: its act, its door, and values by their words instead of their keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Date, Enum, Table, select

from admin.foundation.record_fields import field_word, table_word
from portal.db import Base, Instant, db
from portal.foundation.audit.models import Entry
from portal.foundation.audit.rules import Act, Door, Outcome
from portal.foundation.rights.rules import Role
from portal.foundation.runs.rules import RunKind
from portal.foundation.schedule.models import ScheduleEntry
from portal.i18n import day, moment
from portal.i18n import gettext as translated

RECORD_WORDS: list[tuple[StrEnum, Any]] = [
    (Act.CREATE, _("新建")),
    (Act.CHANGE, _("修改")),
    (Act.DELETE, _("删除")),
    (Act.SIGN_IN, _("登录")),
    (Act.SIGN_OUT, _("退出")),
    (Act.STEP_UP, _("再次验证身份")),
    (Act.REFUSAL, _("被拒绝的操作")),
    (Act.REVEAL, _("查看个人信息")),
    (Act.EXPORT, _("导出")),
    (Act.JOB, _("后台作业")),
    (Act.PRUNE, _("清理操作记录")),
    (Outcome.DONE, _("完成")),
    (Outcome.REFUSED, _("被拒绝")),
    (Outcome.FAILED, _("没有做成")),
    (Door.STAFF, _("工作台")),
    (Door.PUBLIC, _("公众页面")),
    (Door.JOB, _("后台")),
    (Door.COMMAND, _("命令行")),
]

DONE = {
    ("proposals", "proposed"): _("送审"),
    ("proposals", "approved"): _("批准"),
    ("proposals", "returned"): _("退回"),
    ("proposals", "withdrawn"): _("收回送审"),
    ("proposals", "published"): _("公布"),
    ("revisions", "published"): _("公布"),
    ("revisions", "closed"): _("关闭"),
}
"""What was done where a record came into this state: people look for the approving, not for a change of a field."""

PAGES = {
    "proposals": ("proposals.show", "proposal_id"),
    "revisions": ("revisions.show", "revision_id"),
    "power_lists": ("lists.show", "list_id"),
    "memoranda": ("memoranda.show", "memorandum_id"),
}
"""Where a record of that kind is read: the endpoint, and the argument that its key is."""

NOTES = {
    "count": _("条数"),
    "digest": _("内容校验值"),
    "first": _("开头几条"),
    "set": _("统一改成"),
    "why": _("原因"),
    "asked": _("查的是"),
    "channel": _("渠道"),
    "up_to": _("清理到第几条"),
    "hash": _("校验值"),
}

WHYS = {
    "old_password": _("不知道现在的密码"),
    "no_entry": _("没有这条记录"),
}
"""Reasons that entries give by a code; all others are sentences."""

ASKED = {
    "who": _("谁"),
    "actor_id": _("账号编号"),
    "act": _("做了什么"),
    "outcome": _("结果"),
    "door": _("从哪里"),
    "kind": _("种类"),
    "record_id": _("记录编号"),
    "text": _("记录"),
    "since": _("从"),
    "until": _("到"),
    "together": _("同一次操作，从第几条起"),
}
"""What can be looked for."""


@dataclass(frozen=True)
class Line:
    """One field of an entry: what it is called, what stood before, what stands after; "" for nothing."""

    name: str
    before: str
    after: str


def did(entry: Entry, label: Any) -> str:
    """What was done, in a word: 批准 rather than a change of a state."""
    _was, state = json.loads(entry.changes).get("state", ("", ""))
    return str(DONE.get((entry.kind, state), "") or label(entry.act))


def page_of(entry: Entry) -> str:
    """The address on which the record is read, "" where it has none, or is gone."""
    endpoint, argument = PAGES.get(entry.kind, ("", ""))
    if not endpoint or entry.act is Act.DELETE or not entry.record_id.isdigit():
        return ""
    values: dict[str, Any] = {argument: int(entry.record_id)}
    return url_for(endpoint, **values)


def lines(entry: Entry, label: Any) -> list[Line]:
    """The fields that an entry tells of; keys of people, places and other records by their names of today."""
    changes: dict[str, list[Any]] = json.loads(entry.changes)
    table = Base.metadata.tables.get(entry.kind)
    names = _names(table, changes) if table is not None else {}
    return [
        Line(field_word(name), *(_said(table, name, value, names, label) for value in pair))
        for name, pair in sorted(changes.items(), key=lambda each: _place(table, each[0]))
    ]


def notes(entry: Entry, label: Any) -> list[tuple[Any, str]]:
    """What else there is to say, by its word."""
    note: dict[str, Any] = json.loads(entry.note)
    return [(NOTES.get(name, name), _noted(name, value, label)) for name, value in note.items()]


def _noted(name: str, value: Any, label: Any) -> str:
    if name == "why" and isinstance(value, str):
        return str(WHYS[value]) if value in WHYS else translated(value)
    if name == "asked" and isinstance(value, dict):
        return asked_words(value, label)
    if name == "set" and isinstance(value, dict):
        return _together((field_word(column), _plainly(each)) for column, each in value.items())
    if name == "first" and isinstance(value, list):
        return str(gettext("、")).join(map(str, value))
    return _plainly(value)


def asked_words(asked: Mapping[str, Any], label: Any) -> str:
    """What was looked for, in words: 做了什么：导出；从：2026-03-02."""
    said = {
        "act": lambda value: label(Act(value)) if value in list(Act) else value,
        "outcome": lambda value: label(Outcome(value)) if value in list(Outcome) else value,
        "door": lambda value: label(Door(value)) if value in list(Door) else value,
        "kind": table_word,
    }
    return _together((ASKED.get(name, name), said.get(name, str)(value)) for name, value in asked.items())


def _together(pairs: Iterable[tuple[Any, Any]]) -> str:
    return str(gettext("；")).join(f"{name}{gettext('：')}{value}" for name, value in pairs)


def routes(entries: Iterable[Entry], label: Any) -> dict[int, str]:
    """By which page, job or command each entry came about, in words, by its number."""
    found = list(entries)
    names = {
        each.route.partition(":")[2] for each in found if each.door is Door.JOB and "schedule:" in each.route
    }
    query = select(ScheduleEntry.name, ScheduleEntry.label).where(ScheduleEntry.name.in_(names))
    turns = {name: translated(said) for name, said in db.session.execute(query)} if names else {}
    pages = {page.key: str(page.title) for page in current_app.extensions["admin"][0]._views}  # noqa: SLF001
    return {each.number: _route(each, label, turns, pages) for each in found}


def _route(entry: Entry, label: Any, turns: Mapping[str, str], pages: Mapping[str, str]) -> str:
    if entry.door is Door.JOB:
        how, _colon, rest = entry.route.partition(":")
        if how == "schedule":
            return turns.get(rest, rest)
        kind, _colon, number = rest.partition(":")
        word = label(RunKind(kind)) if kind in list(RunKind) else gettext("后台作业")
        return (
            str(gettext("%(kind)s（第 %(number)s 号作业）", kind=word, number=number))
            if number
            else entry.route
        )
    if entry.door is Door.STAFF:
        method, _space, path = entry.route.partition(" ")
        page = pages.get((path.split("/") + [""] * 3)[2])
        if page and method == "GET":
            return str(gettext("打开“%(page)s”", page=page))
        return str(gettext("在“%(page)s”里提交", page=page)) if page else entry.route
    return entry.route


def posts(entry: Entry, label: Any) -> str:
    """As what the person acted: each post with its body or place, in words."""
    said = []
    for post in filter(None, entry.role.split("、")):
        role, _colon, told = post.partition(":")
        where, stands_in, absent = told.partition("，代")
        word = str(label(Role(role))) if role in list(Role) else role
        if stands_in:
            where = str(gettext("%(where)s，代%(absent)s", where=where, absent=absent))
        said.append(f"{word}（{where}）" if where else word)
    return str(gettext("、")).join(said)


def _place(table: Table | None, name: str) -> int:
    """Fields in the order of their table."""
    columns = list(table.columns.keys()) if table is not None else []
    return columns.index(name) if name in columns else len(columns)


def _said(
    table: Table | None, name: str, value: Any, names: Mapping[tuple[str, int], str], label: Any
) -> str:
    if value is None or value == "":
        return ""
    column = table.columns.get(name) if table is not None else None
    kind = column.type.enum_class if column is not None and isinstance(column.type, Enum) else None
    if kind is not None and value in [word.value for word in kind]:
        return str(label(kind(value)))
    if isinstance(value, int) and (name, value) in names:
        return names[name, value]
    if column is not None and isinstance(column.type, Instant | Date):
        return _when(value)
    return _plainly(value)


def _when(value: Any) -> str:
    """A moment or a day as people write it; what is none, as it stands."""
    try:
        when = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return moment(when) if when.tzinfo is not None else day(when.date())


def _plainly(value: Any) -> str:
    if isinstance(value, bool):
        return str(gettext("是") if value else gettext("否"))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, indent=1)
    return str(value)


def _names(table: Table, changes: Mapping[str, Iterable[Any]]) -> dict[tuple[str, int], str]:
    """What the records that are referred to are called today, by field and key."""
    found: dict[tuple[str, int], str] = {}
    for field, pair in changes.items():
        keys = [value for value in pair if isinstance(value, int)]
        column = table.columns.get(field)
        targets = [each.column for each in column.foreign_keys] if column is not None and keys else []
        for target in targets:
            named = _named(target.table.columns)
            if named is not None:
                rows: Any = db.session.execute(select(target, named).where(target.in_(keys)))
                found |= {(field, key): name for key, name in rows}
    return found


def _named(columns: Any) -> Any:
    return next((columns[name] for name in ("name", "title") if name in columns), None)
