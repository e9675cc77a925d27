"""The import contracts bite: each one reports an import that it forbids."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.guards.tree import ROOT

BREACHES = {
    "doors": ("portal/errors.py", "import admin"),
    "no-pages-through-doors": ("admin/__init__.py", "import portal.foundation.files.views"),
    "floors": ("portal/foundation/places/queries.py", "import portal.powers.matters.rules"),
    "foundation": ("portal/foundation/files/service.py", "import portal.foundation.publishing.rules"),
    "powers": ("portal/powers/matters/rules.py", "import portal.powers.uptakes.models"),
    "oversight": ("portal/oversight/tasks/models.py", "import portal.oversight.circulars.models"),
    "slice": ("portal/foundation/places/models.py", "import portal.foundation.places.service"),
    "pure-rules": ("portal/foundation/runs/rules.py", "import flask"),
    "light-child": ("portal/sheets/child.py", "import sqlalchemy"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What import-linter says of a copy of the project with one breach of each contract."""
    copy = tmp_path_factory.mktemp("breached")
    for name in ("portal", "admin", "jobs"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    (copy / "portal/foundation/files/views.py").touch()
    for place, breach in BREACHES.values():
        with (copy / place).open("a", encoding="utf-8") as file:
            file.write(f"\n{breach}\n")
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=copy, capture_output=True, text=True, check=False)
    return re.sub(r"\s+", " ", done.stdout)


def contracts():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


def test_each_contract_has_a_breach_to_catch():
    assert {rule["id"] for rule in contracts()} == set(BREACHES)


@pytest.mark.slow
@pytest.mark.parametrize("rule", contracts(), ids=lambda rule: rule["id"])
def test_the_breach_is_caught(report, rule):
    assert f"{rule['name']} BROKEN" in report
