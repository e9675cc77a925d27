"""Nothing is written past the session, whose writing the record captures by itself."""

from __future__ import annotations

import ast
import re

from tests.guards.tree import code, named, tree

WRITING = re.compile(r"^\s*(INSERT|UPDATE|DELETE|TRUNCATE|MERGE|REPLACE)\b", re.IGNORECASE)

PAST_THE_SESSION = {
    "portal/foundation/audit/chain.py": "the record itself",
    "portal/foundation/audit/pruning.py": "the record itself, with a stump and an entry that tells of it",
    "portal/foundation/siteversion/service.py": "a counter, which is left out",
    "portal/foundation/search/service.py": "an index, which is left out",
    "portal/crypto.py": "the same values, encrypted with another key",
}

BULK = {"bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"}


def past_the_session(module):
    """What a module writes by a connection instead of the session, or as text."""
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in BULK:
            yield node.attr
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
        if called in ("text", "sa.text") or called.endswith("exec_driver_sql"):
            yield from (words for words in texts if isinstance(words, str) and WRITING.match(words))
        if called.endswith(("connection.execute", "connection().execute")):
            yield from (word for word in ("insert(", "update(", "delete(") if word in ast.unparse(node))


def test_what_writes_past_the_session_is_known():
    found = {named(path): set(past_the_session(tree(path))) for path in code("portal", "admin", "jobs")}
    assert {name: what for name, what in found.items() if what and name not in PAST_THE_SESSION} == {}
