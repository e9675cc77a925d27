"""Handing a file to the reader under the name people know it by (RFC 5987), never as a page of this site."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from flask import Response, send_file


def disposition(name: str) -> str:
    """The Content-Disposition for a download of that name.

    Programs that know only ASCII get a plain name with the same ending; all others the real one.
    """
    _, dot, ending = name.rpartition(".")
    ascii_ending = dot + ending if dot and ending.isascii() and ending.isalnum() else ""
    plain = (
        name
        if name.isascii() and name.isprintable() and not set(name) & set('"\\%')
        else "download" + ascii_ending
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def download(path: Path, *, name: str, media_type: str, sha256: str = "") -> Response:
    """The file at `path` as a download called `name`, in ranges if asked for.

    `sha256` becomes its ETag. The reader's program may not guess another type nor open it as a page here. Who
    may keep a copy (Cache-Control) is the view's to say.
    """
    response = send_file(path, mimetype=media_type, conditional=True, etag=sha256 or True)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
