"""Nothing of one machine, and nothing that a strict browser policy forbids, is in the project."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.guards.tree import ROOT, code, files, named

TEXTS = (".py", ".md", ".html", ".toml", ".sh", ".lock", ".yaml", ".yml", ".scss", ".css", ".po", ".service")


def text(path):
    return path.read_text("utf-8")


def test_no_path_of_a_machine():
    # Taken apart, so that this file does not report itself.
    path = re.compile(r"(?<![\w.:-])/(?:work|farm|root|home/[a-z]+|Users/[a-z]+)" + "/", re.IGNORECASE)
    paths = [*files(*TEXTS), ROOT / "Makefile", ROOT / ".ci/run"]
    assert [f"{named(p)}: {m[0]}" for p in paths for m in path.finditer(text(p))] == []


def test_the_locks_name_no_registry_and_agree():
    pinned = {}
    for name in ("requirements.lock", "requirements-dev.lock"):
        lock = text(ROOT / name)
        assert "://" not in lock
        assert "--index" not in lock
        pinned[name] = dict(re.findall(r"^([\w.-]+(?:\[\w+\])?)==(\S+)", lock, flags=re.MULTILINE))
    small, large = pinned.values()
    assert small.items() <= large.items()


def test_the_locks_hold_every_declared_library():
    project = tomllib.loads(text(ROOT / "pyproject.toml"))
    for name, wanted in (
        ("requirements.lock", project["project"]["dependencies"]),
        ("requirements-dev.lock", project["dependency-groups"]["dev"]),
    ):
        pinned = {m.lower() for m in re.findall(r"^([\w.-]+)", text(ROOT / name), flags=re.MULTILINE)}
        names = {re.match(r"[\w.-]+", line)[0].lower() for line in wanted}
        assert names - pinned == set(), name


def test_every_declared_library_is_used():
    project = tomllib.loads(text(ROOT / "pyproject.toml"))
    modules = {}
    for module, libraries in packages_distributions().items():
        for library in libraries:
            modules.setdefault(library.lower().replace("_", "-"), set()).add(module)
    said = "\n".join(
        text(path) for path in code("portal", "admin", "jobs", "deploy", "migrations", "wsgi.py")
    )
    names = [re.match(r"[\w.-]+", line)[0].lower() for line in project["project"]["dependencies"]]
    assert [
        name
        for name in names
        if not any(re.search(rf"\b{module}\b", said) for module in modules.get(name, ()))
    ] == []


TEMPLATES = [path for path in files(".html") if "templates" in path.parts]


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        # A block of data is not run: no browser asks the policy about it.
        ("script in the page", r"<script(?![^>]*\bsrc=)(?! type=\"application/ld\+json\">)"),
        ("style in the page", r"<style|\sstyle="),
        ("handler in the page", r"\son[a-z]+="),
        ("htmx code in the page", r"\shx-on|\shx-vals=[\"']js:"),
        ("address with code", r"javascript:"),
        ("another site's file", r"(?:src|srcset)=[\"']?(?:https?:)?//|<link[^>]+href=[\"']?(?:https?:)?//"),
    ],
)
def test_templates_obey_the_policy_of_the_browser(what, pattern):
    found = re.compile(pattern, re.IGNORECASE)
    assert TEMPLATES
    assert [f"{named(path)}: {m[0]}" for path in TEMPLATES for m in found.finditer(text(path))] == [], what


def test_no_styles_or_scripts_from_elsewhere():
    paths = [path for path in files(".css", ".scss") if "vendor" not in path.parts]
    found = re.compile(r"@import\s+[\"']?(?:https?:)?//|url\([\"']?(?:https?:)?//", re.IGNORECASE)
    assert [f"{named(path)}: {m[0]}" for path in paths for m in found.finditer(text(path))] == []


def test_the_shell_does_not_lend_its_name_to_the_staff_door():
    # A folder of this name would silently replace the pages of Flask-Admin.
    assert not (ROOT / "portal/templates/admin").exists()
