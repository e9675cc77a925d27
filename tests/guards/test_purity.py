"""What a kind of module may know, beyond what import-linter can say."""

from __future__ import annotations

import ast
import sys

from tests.guards.tree import ROOT, code, named, tree

HTTP = {
    "request",
    "session",
    "g",
    "abort",
    "redirect",
    "url_for",
    "render_template",
    "flash",
    "make_response",
}
"""Names of Flask that only make sense inside a request."""

UNSTEADY = {"random", "secrets", "time", "os", "socket", "subprocess", "threading"}
"""Standard library that makes a rule answer differently from one call to the next."""


def modules(*names, folders=("portal",)):
    found = [path for path in code(*folders) if path.name in {f"{name}.py" for name in names}]
    assert found
    return found


def imported(path):
    """(module, name) of every import of a file, wherever it stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def test_rules_import_the_standard_library_and_rules():
    def pure(module, name):
        top = module.split(".")[0]
        if top == "portal":
            return module.endswith(".rules") or name == "rules"
        return top in sys.stdlib_module_names and top not in UNSTEADY

    wrong = [
        f"{named(path)}: {m} {n}" for path in modules("rules") for m, n in imported(path) if not pure(m, n)
    ]
    assert wrong == []


def test_rules_do_not_ask_what_time_it_is():
    clocks = {"now", "today", "utcnow"}
    wrong = [
        f"{named(path)}:{node.lineno}"
        for path in modules("rules")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in clocks
    ]
    assert wrong == []


def test_verbs_and_tables_know_no_http():
    wrong = [
        f"{named(path)}: {module} {name}"
        for path in modules("service", "models", "queries")
        for module, name in imported(path)
        if (module == "flask" and name in HTTP)
        or module.split(".")[0] in ("werkzeug", "flask_wtf", "wtforms")
    ]
    assert wrong == []


def test_verbs_do_not_commit():
    wrong = [
        f"{named(path)}:{node.lineno}"
        for path in modules("service", "queries", "models")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert wrong == []


def test_only_the_settings_read_the_environment():
    # A child process needs the PATH it would have had anyway; that is no setting.
    handed_on = {
        node.func.value
        for path in code("portal")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)] == ["PATH"]
    }
    wrong = [
        f"{named(path)}:{node.lineno}"
        for path in code("portal", "admin", "jobs")
        if path != ROOT / "portal/config.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv")
        and node not in handed_on
        # What a request brings along has the same name and is another thing.
        and ast.unparse(node) != "request.environ"
    ]
    assert wrong == []


def test_only_the_clock_asks_the_time_of_day():
    wrong = [
        f"{named(path)}:{node.lineno}"
        for path in code("portal", "admin", "jobs")
        if path != ROOT / "portal/clock.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("now", "today", "utcnow")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date")
    ]
    assert wrong == []


def test_chance_is_not_drawn_from_a_predictable_source():
    wrong = [
        named(path) for path in code("portal", "admin", "jobs") for m, _ in imported(path) if m == "random"
    ]
    assert wrong == []
