"""Sets pages in a fresh child process with limits; whoever asks is never at risk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import portal
from portal.typesetting.fonts import folders, missing

WALL_SECONDS = 120
"""How long a child may take on a busy machine; its CPU time is limited far below (child.limit)."""


class SignsMissing(Exception):  # noqa: N818  named by what it says
    """No font holds these characters, so nothing was set; they stand in `signs`."""

    def __init__(self, signs: str) -> None:
        self.signs = signs
        super().__init__(signs)


class TypesettingFailed(Exception):  # noqa: N818  named by what it says
    """The child was stopped by a limit, or the template and its data do not fit; the text says which."""


def typeset(template: Path, said: Mapping[str, Any], *, moment: datetime, own: Path | None = None) -> bytes:
    """The PDF (PDF/A-2a and PDF/UA-1) that a Typst template makes of the data.

    The template gets `said` as JSON in `sys.inputs.said`; `moment` is the aware time written into the file, so
    that the same data always give the same bytes. `own` is a folder of further fonts. Raises SignsMissing before
    anything is set, TypesettingFailed when the child did not finish.
    """
    text = json.dumps(said, ensure_ascii=False)
    if signs := missing(text, own):
        raise SignsMissing(signs)
    order = {
        "template": str(template.resolve()),
        "fonts": [str(folder.resolve()) for folder in folders(own)],
        "moment": int(moment.timestamp()),
        "said": text,
    }
    try:
        done = _run(json.dumps(order).encode())
    except subprocess.TimeoutExpired as error:
        raise TypesettingFailed(f"no page after {WALL_SECONDS} s") from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        raise TypesettingFailed(done.stderr.decode(errors="replace")[-500:] or f"status {done.returncode}")
    return done.stdout


def _run(order: bytes) -> subprocess.CompletedProcess[bytes]:
    root = Path(portal.__file__).resolve().parent.parent
    return subprocess.run(
        [sys.executable, "-P", "-m", "portal.typesetting.child"],
        env={"PYTHONPATH": str(root), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
        input=order,
        capture_output=True,
        timeout=WALL_SECONDS,
        check=False,
    )
