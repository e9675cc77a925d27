"""The project's own files, for the guards."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("foundation", "powers", "oversight")


@cache
def files(*endings: str) -> tuple[Path, ...]:
    """Every file of the project, committed or about to be, with one of the endings."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    found = [ROOT / name for name in listed if name]
    return tuple(path for path in found if path.is_file() and (not endings or path.name.endswith(endings)))


def code(*folders: str) -> list[Path]:
    """The Python files of the named folders."""
    return [path for path in files(".py") if path.relative_to(ROOT).parts[0] in folders]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def named(path: Path) -> str:
    """The path as people write it, from the project's folder on."""
    return path.relative_to(ROOT).as_posix()


def slices() -> list[Path]:
    """The folder of every slice, floor by floor."""
    return sorted(
        path.parent
        for path in files("__init__.py")
        if path.relative_to(ROOT).parts[:2] in {("portal", floor) for floor in FLOORS}
        and len(path.relative_to(ROOT).parts) == 4
    )
