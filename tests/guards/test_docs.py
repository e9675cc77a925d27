"""What the documents tell people to type exists; every setting is told of."""

from __future__ import annotations

import re

import pytest

from tests.guards.tree import ROOT, files, named
from wsgi import app

PAGES = [path for path in files(".md") if path.name != "CHANGELOG.md"]


def text(name):
    return (ROOT / name).read_text("utf-8")


def targets():
    return set(re.findall(r"^([a-z-]+):", text("Makefile"), flags=re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_exists(page):
    wanted = set(re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)", page.read_text("utf-8")))
    wanted |= set(
        re.findall(r"^(?:[A-Z_]+=\S+ )*make ([a-z-]+)", page.read_text("utf-8"), flags=re.MULTILINE)
    )
    assert wanted - targets() == set()


def test_every_target_explains_itself():
    explained = set(re.findall(r"^([a-z-]+):.*## \w", text("Makefile"), flags=re.MULTILINE))
    assert targets() - explained == {"compiled"}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_exists(page):
    wanted = re.findall(r"flask ([a-z]+) ([a-z-]+)", page.read_text("utf-8"))
    known = {
        (group, verb)
        for group, command in app.cli.commands.items()
        for verb in getattr(command, "commands", ())
    }
    assert set(wanted) - known == set()


def test_every_setting_is_in_the_readme():
    pattern = r'"((?:REMIT|SMTP|FLASK)_[A-Z_]+|PORT|DATABASE_URL|REDIS_URL)"'
    known = set(re.findall(pattern, text("portal/config.py")))
    cells = re.findall(r"^\| (`[A-Z_]+`[^|]*)\|", text("README.md"), flags=re.MULTILINE)
    told = {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}
    outside = {"REMIT_CHROMIUM", "PYTHON"}  # read by the scripts, before there is a portal
    assert known == told - outside
    assert outside <= told


def test_every_decision_is_listed():
    index = text("docs/adr/README.md")
    pages = [path.name for path in (ROOT / "docs/adr").glob("0*.md")]
    assert pages
    assert [name for name in pages if name not in index] == []


def test_the_glossary_has_every_slice():
    words = text("docs/glossary.md")
    models = {
        name
        for path in files("models.py")
        for name in re.findall(r"^class (\w+)\(Base\)", path.read_text("utf-8"), flags=re.MULTILINE)
    }
    assert models
    assert sorted(name for name in models if f"`{name}`" not in words) == []
