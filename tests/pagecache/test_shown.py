"""What a public page reads is either part of a revision or counts when it changes (`siteversion.shown`)."""

from __future__ import annotations

import re

from sqlalchemy import event

from portal.db import Base
from portal.foundation.siteversion.models import SHOWN
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
}
"""A value for each part of a public address."""

QUERIES = ("", "?at=371522&q=备案&lang=en")


def addresses(app, **more):
    """One of each kind of public page; a part of an address that is new here is added to VALUES."""
    values = VALUES | more
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("site."):
            yield re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda part: str(values[part[1]]), rule.rule)


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


def test_every_table_that_a_page_reads_is_frozen_or_counts(app, client, session):
    city = make_city()
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "企业投资项目备案")])
    publish(city, power_list)
    matter_id = power_list.delegations[0].matter_id
    policy_id = city.policy.id
    session.commit()
    asked = [*addresses(app, matter_id=matter_id, policy_id=policy_id)]
    engine = session.get_bind()

    def crawl():
        for address in asked:
            for query in QUERIES:
                client.get(f"{address}{query}")

    known = {table.name for table in Base.metadata.sorted_tables}
    read = tables_read(engine, crawl) & known
    counting = {table.__tablename__ for table in SHOWN}
    assert {"revisions", "published_matters", "policies", "places", "power_lists"} <= read
    assert sorted(name for name in read - counting if not FROZEN.fullmatch(name)) == []
