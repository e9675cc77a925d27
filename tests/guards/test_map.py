"""The map is true: what it names exists, and what exists is on it."""

from __future__ import annotations

import ast
import re

import portal
from tests.guards.tree import ROOT, files, named, slices, tree


def on_the_map():
    return re.findall(r"^ {4}(\w+) ", portal.__doc__, flags=re.MULTILINE)


def test_every_slice_is_on_the_map_and_the_other_way_round():
    assert sorted(on_the_map()) == sorted(folder.name for folder in slices())


def test_every_slice_is_in_the_documented_map():
    text = (ROOT / "docs/map.md").read_text("utf-8")
    assert [name for name in on_the_map() if f"`{name}`" not in text] == []


def test_the_map_has_the_order_of_the_contracts():
    import tomllib

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    order = {
        rule["id"]: [name.strip("()") for name in reversed(rule.get("layers", []))] for rule in contracts
    }
    assert on_the_map() == order["foundation"] + order["powers"] + order["oversight"]


def test_a_slice_begins_with_its_description_and_imports_nothing():
    wrong = []
    for folder in slices():
        module = tree(folder / "__init__.py")
        if len(ast.get_docstring(module) or "") < 20 or len(module.body) > 1:
            wrong.append(named(folder))
    assert wrong == []


def test_every_module_says_what_it_is():
    ours = [path for path in files(".py") if named(path).split("/")[0] not in {"migrations", "tests"}]
    assert [named(path) for path in ours if not ast.get_docstring(tree(path))] == []


def test_addresses_of_documents_lead_somewhere():
    link = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
    assert [
        f"{named(page)}: {target}"
        for page in files(".md")
        for target in link.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ] == []
