"""Whoever changes something is known to the verb that changes it (ARCHITECTURE 3.9)."""

from __future__ import annotations

import ast

from tests.guards.tree import code, named, tree

WITHOUT_A_PERSON = {
    "portal/foundation/accounts/service.py": {
        "check_password": "nobody is signed in yet",
        "open_session": "the person has just shown the password",
        "keep_session": "a session in use, known by its token",
        "close_session": "whoever holds the token may give it up",
        "close_sessions": "follows from verbs that asked",
        "set_demo_password": "the command line of a demonstration",
    },
    "portal/foundation/search/service.py": {"forget": "part of publishing, whose verb has asked"},
    "portal/powers/lists/cube/service.py": {
        "make": "part of publishing, whose verb has asked",
        "forget": "part of publishing, whose verb has asked",
    },
    "portal/powers/matters/service.py": {
        "take_sayings": "part of taking an annex over, whose verb has asked"
    },
    "portal/foundation/files/service.py": {"store": "a file means nothing before a verb refers to it"},
}
WRITES = (
    "session.add(",
    "session.delete(",
    "session.flush(",
    "execute(delete(",
    "execute(update(",
    "execute(insert(",
)


def verbs():
    """Public functions of every service, with their file."""
    for path in code("portal"):
        if path.name == "service.py":
            for node in tree(path).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield named(path), node


def test_a_verb_that_writes_takes_the_account_that_asks():
    nameless = {
        (path, verb.name)
        for path, verb in verbs()
        if any(mark in ast.unparse(verb) for mark in WRITES)
        and "by" not in {each.arg for each in (*verb.args.args, *verb.args.kwonlyargs)}
    }
    assert nameless == {(path, name) for path, names in WITHOUT_A_PERSON.items() for name in names}


def test_the_account_is_never_left_out_by_default():
    for path, verb in verbs():
        given = dict(zip((each.arg for each in verb.args.kwonlyargs), verb.args.kw_defaults, strict=True))
        assert given.get("by") is None, f"{path}: {verb.name} has a default for `by`"
        assert "by" not in [
            each.arg for each in verb.args.args[len(verb.args.args) - len(verb.args.defaults) :]
        ]
