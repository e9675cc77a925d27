"""The matrix of rights, tried whole: every address × method × role, with one's own records and with others'.

What is expected follows from `rights.rules` and from what each address says it asks; the world is made once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection
from werkzeug.routing import AnyConverter

from admin.asking import EVERYBODY, rights_asked
from portal.db import db
from portal.foundation.rights.rules import Reach, Role, carries, reach_of
from tests.fixtures.doors import Visitor
from tests.rights.test_routes import OPEN, routes

MISSING = 10**6
WORDS = {"channel": "email", "mode": "direct"}
NOT_BY_PLACE = {
    "accounts?id", "organisations?id", "places?id", "place-groups?id", "policies?id",
    "account_id", "post_id", "channel", "unknown", "token", "number", "ending", "notice_id", "run_id", "entry_id",
    "delivery_id", "session_id", "revision_id", "opinion_id", "round_id", "circular_id", "policy_id", "milestone_id",
    "subject_id", "file_id", "link_id", "filing_id", "suspension_id", "approval_id", "question_id", "choices?id",
    "how", "rows_id", "view_id", "draft_id",
}  # fmt: skip
"""Arguments of addresses whose records are everybody's, the person's own, or have their own tests."""

NOWHERE = {"matters.delete_view", "towns.delete_view", "imports.file", "memoranda.paper"}
"""Addresses that lead nowhere here: pages without that verb, a file that was never stored."""


def addresses(app: Any) -> Iterator[tuple[Any, str, str, tuple[str, ...], str]]:
    """(page, view, method, arguments, endpoint) of every address that is not open to strangers."""
    for page, name, methods in routes(app):
        if page.key in OPEN:
            continue
        endpoint = f"{page.endpoint}.{name}"
        (rule,) = app.url_map.iter_rules(endpoint)
        keyed = name in ("edit_view", "delete_view")
        arguments = (f"{page.key}?id",) if keyed else tuple(sorted(rule.arguments))
        for method in sorted(set(methods) - {"HEAD", "OPTIONS"}):
            yield page, name, method, arguments, endpoint


def address(app: Any, endpoint: str, arguments: tuple[str, ...], values: dict[str, Any]) -> str:
    """The address with these values; those that lack lead to nothing."""
    (rule,) = app.url_map.iter_rules(endpoint)
    choices = {name: each.items for name, each in rule._converters.items() if isinstance(each, AnyConverter)}
    words = WORDS | {name: min(items) for name, items in choices.items()}
    given = {each: values.get(each, words.get(each, MISSING)) for each in arguments if "?" not in each}
    if any("?" in each for each in arguments):
        given["id"] = values.get("id", MISSING)
    with app.test_request_context():
        return str(app.url_for(endpoint, **given))


def answered(connection: Connection, visitor: Visitor, method: str, where: str) -> tuple[int, str]:
    """Status and body without what differs from one answer to the next; what it changed is taken back."""
    db.session.remove()
    point, cookies = connection.begin_nested(), dict(visitor._cookies)
    answer = visitor.open(where, method=method)
    db.session.remove()
    point.rollback()
    # What was to be said on the next page is forgotten with it.
    visitor._cookies = cookies
    # Tokens and links back to the very address differ.
    return answer.status_code, re.sub(r'value="[^"]*"|href="[^"]*"', "", answer.text)


def may_at_all(role: Role, asked: frozenset[Any]) -> bool:
    return any(reach_of(role, right) is not Reach.NONE for right in asked)


@pytest.mark.parametrize("role", Role)
def test_who_has_no_such_right_is_told_so(app, land, role):
    _records, _held, visitors, connection = land
    for page, name, method, arguments, endpoint in addresses(app):
        asked = rights_asked(page, name, method)
        if asked == EVERYBODY or may_at_all(role, asked):
            continue
        where = address(app, endpoint, arguments, {})
        status, _body = answered(connection, visitors[role], method, where)
        assert status == 403, (role, method, where)


def test_a_stranger_is_led_to_the_door(app, land):
    client = app.test_client()
    for _page, _name, method, arguments, endpoint in addresses(app):
        answer = client.open(address(app, endpoint, arguments, {}), method=method)
        assert answer.status_code == 302
        assert answer.location.startswith("/staff/sign-in/")


@pytest.mark.parametrize("role", Role)
def test_another_s_record_is_as_one_that_is_not_there(app, land, role):
    records, held, visitors, connection = land
    wrong = []
    for page, name, method, arguments, endpoint in addresses(app):
        asked = rights_asked(page, name, method)
        if arguments not in records or not may_at_all(role, asked):
            continue
        missing = answered(connection, visitors[role], method, address(app, endpoint, arguments, {}))
        for kept in records[arguments]:
            where = address(app, endpoint, arguments, kept.values)
            found = answered(connection, visitors[role], method, where)
            if found[0] == missing[0] == 404 and endpoint in NOWHERE:
                continue
            own = any(carries(held[role], right, kept.place, kept.organisation) for right in asked)
            if own and found[0] in (403, 404):
                wrong.append(f"{method} {where}: own, but {found[0]}")
            if not own and found != missing:
                wrong.append(f"{method} {where}: {found[0]} instead of {missing[0]} as if it were not there")
    assert not wrong, "\n".join(wrong)


def test_every_kind_of_record_is_tried(app, land):
    records, _held, _visitors, _connection = land
    kinds = {arguments for _page, _name, _method, arguments, _endpoint in addresses(app) if arguments}
    untried = {kind for kind in kinds - set(records) if not set(kind) & NOT_BY_PLACE}
    assert untried == set()
    assert all(len(kept) > 1 for kept in records.values())
