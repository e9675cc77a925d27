"""The catalogue is up to the code, whole, and in order; texts for people are Chinese first."""

from __future__ import annotations

import ast
import re

import pytest
from babel.messages.pofile import read_po

from portal.i18n import catalogues, collect
from tests.guards.tree import code, files, named, tree

HOLE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def texts():
    """The texts that the code and the templates hold at this moment."""
    return {message.id for message in collect() if message.id}


@pytest.fixture(scope="module")
def catalogue():
    """The English catalogue as read; there is no other."""
    (path,) = catalogues()
    with path.open("rb") as file:
        return read_po(file, locale="en")


def test_the_catalogue_has_the_texts_of_the_code(catalogue, texts):
    kept = {message.id for message in catalogue if message.id}
    assert {"new": sorted(map(str, texts - kept)), "gone": sorted(map(str, kept - texts))} == {
        "new": [],
        "gone": [],
    }


def test_everything_is_translated(catalogue):
    def filled(message):
        return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)

    assert [message.id for message in catalogue if message.id and not filled(message)] == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_translations_fill_the_same_holes(catalogue):
    def holes(text):
        return {name for found in HOLE.findall(text) for name in found if name}

    wrong = []
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and any(holes(string) - holes("".join(ids)) for string in strings):
            wrong.append(message.id)
    assert wrong == []


def test_translations_are_not_chinese(catalogue):
    # Names of things that have no other name may stay; a sentence may not.
    assert [
        message.id for message in catalogue if message.id and len(CHINESE.findall(str(message.string))) > 12
    ] == []


def test_texts_are_chinese(texts):
    names = {"Remit", "English"}
    latin = re.compile(r"[A-Za-z]{2}")
    bare = {str(text): HOLE.sub("", str(text)) for text in texts}
    assert (
        sorted(
            text
            for text, rest in bare.items()
            if latin.search(rest) and not CHINESE.search(rest) and text not in names
        )
        == []
    )


def test_templates_hold_no_text_outside_the_catalogue():
    """Chinese that stands in a template without `_( )` or `{% trans %}` would stay Chinese in English."""
    outside = []
    for path in files(".html"):
        if named(path).startswith("bench/"):
            continue  # a peer's pages, in one language
        bare = re.sub(
            r"\{#.*?#\}|\{\{.*?\}\}|\{%-?\s*trans.*?endtrans\s*-?%\}|\{%.*?%\}",
            "",
            path.read_text("utf-8"),
            flags=re.DOTALL,
        )
        # What says of itself that it is Chinese stays so: the name of the language on its switch.
        bare = re.sub(r'<(\w+)[^>]*\blang="zh-CN"[^>]*>[^<]*</\1>', "", bare)
        outside += [f"{named(path)}: {line.strip()}" for line in bare.splitlines() if CHINESE.search(line)]
    assert outside == []


def test_sentences_have_full_width_punctuation(texts):
    wrong = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;?!][\u4e00-\u9fff]|你")
    assert sorted(str(text) for text in texts if wrong.search(str(text))) == []


def early(path):
    """Calls of the immediate gettext outside every function: they translate once, at import, for everybody."""
    module = tree(path)
    names = {
        alias.asname or alias.name
        for node in module.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in ("gettext", "ngettext")
    }
    waiting = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node.lineno
        waiting += ast.iter_child_nodes(node)


def test_translated_at_the_right_moment():
    assert [f"{named(path)}:{line}" for path in code("portal", "admin", "jobs") for line in early(path)] == []
