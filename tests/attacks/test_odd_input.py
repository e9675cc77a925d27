"""Whatever is asked of any address, none breaks, and none that is only read writes anything but the record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from sqlalchemy import event
from werkzeug.routing import AnyConverter, IntegerConverter

import admin
import portal
from portal.db import db
from portal.foundation.rights.rules import Role
from tests.attacks.conftest import values

ODD = (
    "%00", "%ED%A0%80", "%FF%FE", "9" * 5000, "-1", "0", "99999999999999999999", "%27%22%3E%3Cscript%3E", "%D9%A3",
    "2026-13-45", "0001-01-01", "9999-12-31", "%E2%80%AEtxt", "%E2%80%A8", "1e999", "nan", "a" * 3000, "%25",
    "..%2F..%2F", "%7B%7B7*7%7D%7D", "true", "%F0%9F%8F%9B", "1,2,3", "12:99", "_%25_", "%C2%B2", "zh_CN", "",
)  # fmt: skip
"""Values as they stand in an address: controls, halves of signs, numbers that are none or far too long, days that are
none, marks that turn the writing, wild cards, templates, another script's digits."""

WRITTEN = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
MAY_BE_WRITTEN = {"audit_entries", "audit_head", "sign_ins"}
"""What reading writes: that something was taken along or refused, and that somebody is still there."""

MARK = 87654
"""Stands in an address where something odd is to stand."""

ASKED = re.compile(r"(?:args|values|form)\.get(?:list)?\(\s*\"([\w-]+)\"")


def names(app: Any) -> list[str]:
    """Every parameter that some page of ours reads."""
    roots = [Path(str(each.__file__)).parent for each in (admin, portal)]
    found = {
        name
        for root in roots
        for file in root.rglob("*.py")
        for name in ASKED.findall(file.read_text("utf-8"))
    }
    for view in app.view_functions.values():
        found |= set(getattr(view, "known_parameters", ()))
    return sorted(found | {"id", "lang", "text", "flt0_1", "page_size"})


def odd_query(app: Any, turn: int, more: Iterable[str] = ()) -> str:
    """Every parameter with an odd value of its own, others with each turn; every third twice."""
    said = []
    for number, name in enumerate([*names(app), *more]):
        value = ODD[(crc32(name.encode()) + turn * 5) % len(ODD)]
        said += [f"{name}={value}"] * (2 if (number + turn) % 3 == 0 else 1)
    return "&".join(said)


class World:
    """A world full of records, for asking it anything without leaving a trace."""

    def __init__(self, app: Any, land: Any) -> None:
        self.app, (self.records, _held, self.visitors, self.connection) = app, land

    def address(self, rule: Any, **instead: Any) -> str:
        """An address of the rule that leads to a record, where there is one; `instead` names other arguments."""
        kept = self.records.get(tuple(sorted(rule.arguments)))
        given = values(rule) | {"slug": "here", "code": "370826"} | (kept[0].values if kept else {}) | instead
        with self.app.test_request_context():
            path = str(self.app.url_for(rule.endpoint, **{each: given[each] for each in rule.arguments}))
        page = rule.endpoint.partition(".")[0]
        keyed = self.records.get((f"{page}?id",))
        return f"{path}?id={keyed[0].values['id']}" if keyed and not rule.arguments else path

    def ask(self, role: Role, where: str, method: str = "GET", body: str = "") -> Any:
        """The answer; whatever it changed is taken back."""
        visitor = self.visitors[role]
        db.session.remove()
        point, cookies = self.connection.begin_nested(), dict(visitor._cookies)
        form = {"data": body, "content_type": "application/x-www-form-urlencoded"} if body else {}
        try:
            return visitor.open(where, method=method, **form)
        finally:
            db.session.remove()
            point.rollback()
            visitor._cookies = cookies

    def rules(self, method: str) -> Iterator[Any]:
        """The rules that take a method and lead into our code."""
        for rule in self.app.url_map.iter_rules():
            if method in rule.methods and not rule.endpoint.endswith("static"):
                yield rule


@pytest.fixture
def world(app, land):
    return World(app, land)


def broken(world: World, role: Role, where: str, method: str = "GET", body: str = "") -> Iterator[str]:
    """What broke, in a line."""
    try:
        answer = world.ask(role, where, method, body)
    except Exception as error:  # noqa: BLE001  whatever it is, it is what is looked for
        yield f"{method} {where[:90]}: {type(error).__name__}: {str(error)[:200]}"
    else:
        if answer.status_code >= 500 and "/readyz" not in where:
            yield f"{method} {where[:90]}: {answer.status_code}"


def half(rule: Any, turn: int = 0) -> bool:
    """Whether a rule is in this half of all: what takes long is tried on one database for each half."""
    return crc32(rule.endpoint.encode()) % 2 == turn


def asking(rule: Any) -> Role:
    """Who asks: both in turn, so that each kind of page is met by each."""
    return (Role.ADMINISTRATOR, Role.EDITOR)[crc32(rule.rule.encode()) % 2]


@pytest.fixture
def turn(app):
    """Of two halves, and of all odd values, that which is tried on this database."""
    with app.app_context():
        return int(db.engine.dialect.name == "postgresql")


def test_nothing_that_is_asked_breaks_a_page(world, turn):
    wrong = []
    for rule in world.rules("GET"):
        if not half(rule, turn):
            continue
        where = world.address(rule)
        joint = "&" if "?" in where else "?"
        wrong += broken(world, asking(rule), f"{where}{joint}{odd_query(world.app, turn)}")
    assert not wrong, "\n".join(wrong)


def test_nothing_in_a_path_breaks_a_page(world, turn):
    wrong, texts = [], cycle(ODD)
    for rule in world.rules("GET"):
        for name, converter in rule._converters.items():
            if isinstance(converter, AnyConverter) or not half(rule, turn):
                continue
            number = isinstance(converter, IntegerConverter)
            plain = world.address(rule, **{name: MARK if number else str(MARK)})
            for odd in ("9" * 5000, "0") if number else (next(texts), next(texts)):
                wrong += broken(world, Role.ADMINISTRATOR, plain.replace(str(MARK), odd))
    assert not wrong, "\n".join(wrong)


def test_nothing_that_is_sent_breaks_a_form(world, turn):
    fields = sorted(_fields())
    wrong = []
    for rule in world.rules("POST"):
        if rule.endpoint != "own.sign_out" and half(rule, turn):
            body = odd_query(world.app, turn, fields)
            wrong += broken(world, asking(rule), world.address(rule), "POST", body)
    assert not wrong, "\n".join(wrong)


def _fields() -> set[str]:
    """The names of the fields of all forms of the staff door, as its code and its templates write them."""
    root = Path(str(admin.__file__)).parent
    declared = re.compile(r"^    (\w+) = .*(?:Field|forms\.\w+)\(", re.MULTILINE)
    found = {name for file in root.rglob("*.py") for name in declared.findall(file.read_text("utf-8"))}
    pages = (file.read_text("utf-8") for file in root.rglob("*.html"))
    return found | {name for page in pages for name in re.findall(r'name="([a-z][\w-]*)"', page)} - {
        "csrf_token"
    }


def test_what_is_read_writes_nothing(world, turn):
    written, where = [], ""

    def look(_connection, _cursor, statement, _parameters, _context, _many):
        found = WRITTEN.match(statement)
        if found and found.group(2) not in MAY_BE_WRITTEN:
            written.append(f"{where}: {statement[:90]}")

    event.listen(world.connection, "before_cursor_execute", look)
    try:
        for rule in world.rules("GET"):
            where = world.address(rule)
            if half(rule, turn):
                world.ask(Role.ADMINISTRATOR, where)
    finally:
        event.remove(world.connection, "before_cursor_execute", look)
    assert not written, "\n".join(written)
