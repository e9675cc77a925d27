"""Whoever changes something is known to the verb that changes it (ARCHITECTURE 3.9)."""

from __future__ import annotations

import ast

from tests.guards.tree import ROOT, code, named, tree

WITHOUT_A_PERSON = {
    "portal/foundation/signins/sessions/service.py": {
        "open_session": "the person has just shown the password",
        "keep_session": "a session in use, known by its token",
        "close_session": "whoever holds the token may give it up",
        "end_session": "one's own",
        "end_others": "one's own",
        "prove": "one's own, after code or password",
    },
    "portal/foundation/signins/passwords/service.py": {
        "check_password": "nobody is signed in yet",
        "change_password": "one's own, shown by the old one",
        "choose_password": "shown by a link",
        "set_demo_password": "the command line of a demonstration",
    },
    "portal/foundation/signins/tries/service.py": {
        "failed": "nobody is signed in yet",
        "succeeded": "the person has just shown who it is",
        "forgive": "follows from verbs that asked",
    },
    "portal/foundation/signins/links/service.py": {
        "ask_reset": "anybody may ask; only the receiver of the e-mail gains",
        "redeem": "shown by the link",
        "claim": "a worker, no person",
        "settle": "a worker, no person",
    },
    "portal/foundation/signins/openid/service.py": {"account_of": "the provider vouches"},
    "portal/foundation/signins/factors/service.py": {
        "begin": "one's own",
        "confirm": "one's own, shown by a code",
        "check": "nobody is wholly signed in yet",
        "renew_codes": "one's own, asked anew at the door",
        "give_up": "one's own, asked anew at the door",
        "replace": "one's own, asked anew at the door",
    },
    "portal/foundation/accounts/service.py": {
        "choose_language": "one's own",
    },
    "portal/foundation/accounts/standing/service.py": {
        "shorten": "follows from verbs that asked",
        "fitted": "follows from verbs that asked",
        "all_fitted": "follows from verbs that asked",
    },
    "portal/foundation/savedviews/service.py": {
        "keep": "one's own",
        "remember": "one's own",
        "rename": "one's own",
        "open_with": "one's own",
        "remove": "one's own",
    },
    "portal/foundation/drafts/service.py": {
        "keep": "one's own",
        "remove": "one's own",
        "saved": "one's own",
        "forget": "the clock asks, no person",
    },
    "portal/foundation/deadlines/recounting/service.py": {
        "recompute": "follows from the calendar, whose verb has asked"
    },
    "portal/foundation/deadlines/reminding/service.py": {"remind": "the clock asks, no person"},
    "portal/foundation/search/service.py": {"forget": "part of publishing, whose verb has asked"},
    "portal/powers/lists/cube/service.py": {
        "make": "part of publishing, whose verb has asked",
        "forget": "part of publishing, whose verb has asked",
    },
    "portal/powers/matters/service.py": {
        "take_sayings": "part of taking an annex over, whose verb has asked"
    },
    "portal/foundation/organisations/service.py": {"load": "the project's own data"},
    "portal/foundation/places/service.py": {"load": "the project's own data"},
    "portal/foundation/policies/service.py": {"load": "the project's own data"},
    "portal/foundation/workdays/service.py": {"load": "the project's own data"},
    "portal/foundation/publishing/service.py": {"carry_out": "the second half of a verb that has asked"},
    "portal/foundation/schedule/service.py": {"bring_up": "what the code declares"},
    "portal/foundation/files/service.py": {"store": "a file means nothing before a verb refers to it"},
}
DOORS = ("portal/site/", "portal/api/", "portal/auth.py")
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


def writing(path):
    """Names of the functions of a file that write, by themselves or through one another."""
    functions = {node.name: node for node in tree(path).body if isinstance(node, ast.FunctionDef)}
    found = {name for name, node in functions.items() if any(mark in ast.unparse(node) for mark in WRITES)}
    while more := {name for name, node in functions.items() if name not in found and called(node) & found}:
        found |= more
    return found


def called(node):
    """Names of what a function calls by its bare name."""
    calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
    return {each.func.id for each in calls if isinstance(each.func, ast.Name)}


def test_a_verb_that_writes_takes_the_account_that_asks():
    nameless = {
        (path, verb.name)
        for path, verb in verbs()
        if verb.name in writing(ROOT / path)
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


def test_a_verb_that_takes_the_account_asks_it():
    idle = [
        f"{path}: {verb.name}"
        for path, verb in verbs()
        if "by" in {each.arg for each in (*verb.args.args, *verb.args.kwonlyargs)}
        and not any(isinstance(each, ast.Name) and each.id == "by" for each in ast.walk(verb))
    ]
    assert idle == []


def test_no_door_leaves_the_account_out():
    """`by=None` stands for the project's own data; where a person stands at the door it would ask nobody."""
    doors = [*code("admin"), *(path for path in code("portal") if named(path).startswith(DOORS))]
    nobody = [
        f"{named(path)}:{call.lineno}"
        for path in doors
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call)
        for given in call.keywords
        if given.arg == "by" and isinstance(given.value, ast.Constant)
    ]
    assert nobody == []
