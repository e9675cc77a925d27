"""A bare WSGI callable: the answers that ours gave, from a dictionary; no routing, no checks, no conditions.

`RECORDED` names a file of answers by path, as bench/serve.py recorded them.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

ANSWERS: dict[str, tuple[str, list[tuple[str, str]], list[bytes]]] = pickle.loads(  # noqa: S301  our own file
    Path(os.environ["RECORDED"]).read_bytes()
)


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """The recorded answer of the path."""
    status, headers, body = ANSWERS[environ["PATH_INFO"]]
    start_response(status, headers)
    return body
