"""What a public page reads is part of a revision or counts when it changes, and it reads no parameter undeclared."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar

import pytest
from flask import Request, request
from sqlalchemy import event
from werkzeug.datastructures import ImmutableMultiDict

from portal.address import CARRIED
from portal.db import Base
from portal.foundation.siteversion.models import SHOWN
from portal.oversight.tasks import queries as ledger
from portal.oversight.tasks import service as tasks
from portal.oversight.tasks.milestones import service as milestones
from portal.oversight.tasks.rules import Dating
from tests.lists.making import make_city, make_list, publish, row, take_over

FROZEN = re.compile(
    r"revisions|published_matters|answers|cube_\w+|search_\w+|files|heads|site_version|sqlite_\w+"
)
"""Tables whose rows are written under a revision before anybody sees it, and never changed; publishing counts."""

VALUES = {
    "slug": "liaocheng-2020",
    "number": "1",
    "code": "371522",
    "name": "市商务局",
    "policy_id": "1",
    "statement": "0",
    "kind": "csv",
    "part": "answers",
    "year": "2026",
    "secret": "0" * 64,
    "circular_id": "1",
    "approval_id": "1",
    "memorandum_id": "1",
}
"""A value for each part of a public address."""

TOLD = {"deadlines", "deadline_pauses", "deadline_extensions"}
"""Tables of which pages show one kind alone, whose every change is told of by its verb (DeadlineKind.shown)."""

PRIVATE = {"calendar_feeds", "preview_links"}
"""Tables behind an address that only its owner knows, and whose answer nobody keeps."""

BORROWED = {"site.suggestions"}
"""Reads its address as the search page does; of that, only what it declared reaches it."""

QUERIES = ("", "?at=371522&q=备案&lang=en")


def addresses(app, **more):
    """One of each kind of public page; a part of an address that is new here is added to VALUES."""
    values = VALUES | more
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("site."):
            yield re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda part: str(values[part[1]]), rule.rule)


class Noting(ImmutableMultiDict):
    """The parameters of an address; notes which view asks for which."""

    asked: ClassVar[set[tuple[str | None, str]]] = set()

    def get(self, key, *rest, **more):
        self.asked.add((request.endpoint, key))
        return super().get(key, *rest, **more)

    def getlist(self, key, *rest, **more):
        self.asked.add((request.endpoint, key))
        return super().getlist(key, *rest, **more)

    def __getitem__(self, key):
        self.asked.add((request.endpoint, key))
        return super().__getitem__(key)


class NotingRequest(Request):
    parameter_storage_class = Noting


@pytest.fixture
def asked(app, monkeypatch):
    """What views ask of their addresses: endpoint and parameter."""
    monkeypatch.setattr(Noting, "asked", set())
    monkeypatch.setattr(app, "request_class", NotingRequest)
    return Noting.asked


def tables_read(engine, act):
    """The names of the tables that are asked for while something is done."""
    said = []

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return {name for text in said for name in re.findall(r'(?:FROM|JOIN|,)\s+"?([a-z_]+)"?', text)}


def publish_task(city):
    """A task with a date that everybody sees; gives the key of the date's deadline."""
    office = next(iter(city.departments.values()))
    draft = tasks.Draft("K1", "任务", Dating.FIXED, date(2026, 1, 5), office, text="照办。")
    task = tasks.add(city.policy, draft, by=city.editor)
    milestone = milestones.add_milestone(task, text="做成", on=date(2026, 3, 31), by=city.editor)
    tasks.publish(task, by=city.editor)
    return ledger.deadline_of(milestone).id


def test_pages_read_nothing_that_the_cache_does_not_know_of(app, client, session, asked):
    city = make_city()
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "企业投资项目备案")])
    publish(city, power_list)
    matter_id = power_list.delegations[0].matter_id
    policy_id = city.policy.id
    deadline_id = publish_task(city)
    session.commit()
    pages = [*addresses(app, matter_id=matter_id, policy_id=policy_id, deadline_id=deadline_id)]
    engine = session.get_bind()

    def crawl():
        for address in pages:
            for query in QUERIES:
                client.get(f"{address}{query}")

    known = {table.name for table in Base.metadata.sorted_tables}
    read = tables_read(engine, crawl) & known
    counting = {table.__tablename__ for table in SHOWN}
    assert {"revisions", "published_matters", "policies", "places", "power_lists"} <= read
    assert read >= TOLD
    known_otherwise = counting | TOLD | PRIVATE
    assert sorted(name for name in read - known_otherwise if not FROZEN.fullmatch(name)) == []
    assert {("site.search", "q"), ("site.power_list", "page")} <= asked
    # Error pages have no view; they know what all pages carry.
    views = {None: None, **app.view_functions}
    assert [
        f"{endpoint} {name}"
        for endpoint, name in asked
        if endpoint not in BORROWED
        and name not in {*getattr(views[endpoint], "known_parameters", ()), *CARRIED}
    ] == []
