"""Files and functions stay small enough to be read at once, and every file has a name that says something."""

from __future__ import annotations

import ast

import pytest

from tests.guards.tree import code, files, named, tree

FILE, FUNCTION, VIEW, TEMPLATE, CONFTEST = 400, 40, 25, 150, 200
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}
OURS = ("portal", "admin", "jobs", "deploy", "bench", "tests")


def lines(path):
    return len(path.read_text("utf-8").splitlines())


def too_long(paths, most):
    return [f"{named(path)}: {lines(path)}" for path in paths if lines(path) > most]


def anything(_node):
    return True


def view(node):
    """Whether a function answers an address: it is decorated with a route."""
    calls = [mark.func for mark in node.decorator_list if isinstance(mark, ast.Call)]
    names = {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}
    return bool(names & {"get", "post", "route", "expose"})


def functions(paths, most, counted=anything):
    return [
        f"{named(path)}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1}"
        for path in paths
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and counted(node)
        and node.end_lineno - node.lineno + 1 > most
    ]


def test_python_files():
    assert too_long(code(*OURS), FILE) == []


def test_functions():
    assert functions(code(*OURS), FUNCTION) == []


def test_views():
    assert functions(code("portal", "admin"), 0, view)
    assert functions(code("portal", "admin"), VIEW, view) == []


def test_templates():
    assert too_long([path for path in files(".html") if "templates" in path.parts], TEMPLATE) == []


def test_conftest():
    assert too_long([path for path in files(".py") if path.name == "conftest.py"], CONFTEST) == []


@pytest.mark.parametrize("ending", [".py", ".html", ".scss", ".css", ".js"])
def test_no_drawers(ending):
    assert [named(path) for path in files(ending) if path.stem.lstrip("_") in DRAWERS] == []


def test_nothing_is_left_open():
    marks = ("TO" + "DO", "FIX" + "ME", "X" + "XX")
    paths = [*code(*OURS), *files(".html")]
    assert [
        f"{named(path)}: {mark}" for path in paths for mark in marks if mark in path.read_text("utf-8")
    ] == []


def test_tests_run_and_can_fail():
    words = ("pytest." + "skip", "mark." + "skip", "mark." + "xfail", "import" + "orskip", "assert " + "True")
    assert [
        f"{named(path)}: {word}"
        for path in code("tests")
        for word in words
        if word in path.read_text("utf-8")
    ] == []
