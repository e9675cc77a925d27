"""Static files from memory: pressed once in a process's life, kept for ever by readers who name their digest.

A file is looked at (its time and length) before each answer, so that a rebuilt one is seen at once; only who names the
digest of what is kept gets it without a look, for it can be nothing else.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from werkzeug.security import safe_join

from portal.look import DIGITS
from portal.pagecache import encodings
from portal.pagecache.pages import Headers, Page

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"


@dataclass(frozen=True)
class Stored:
    """A file as it was read: its state then, its page for those who name the digest, and for all others."""

    path: str
    state: tuple[int, int]
    query: str
    named: Page
    plain: Page


class Files:
    """The files of a folder under an address that ends in a slash."""

    def __init__(self, folder: str, address: str) -> None:
        self.folder, self.address = folder, address
        self._stored: dict[str, Stored] = {}

    def get(self, path: str, query: str) -> Page | None:
        """The page of a file that was kept and has not changed since."""
        stored = self._stored.get(path)
        if stored is None:
            return None
        if query == stored.query:
            return stored.named
        try:
            unchanged = _state(stored.path) == stored.state
        except OSError:
            unchanged = False
        if not unchanged:
            self._stored.pop(path, None)
            return None
        return stored.plain

    def keep(self, path: str, query: str, headers: Headers) -> Page | None:
        """Read the file that Flask answered with these headers; None when the path is not the file's own.

        One file has many paths (`a/./b`); only the straight one is kept, so that there are as many pages as files.
        """
        name = path.removeprefix(self.address).encode("latin-1").decode("utf-8", "replace")
        found = safe_join(self.folder, name)
        if found is None or os.path.relpath(found, self.folder) != name:
            return None
        try:
            state, body = _state(found), Path(found).read_bytes()
        except OSError:
            return None
        bare = [(key, value) for key, value in headers if key.lower() != "cache-control"]
        named, plain = (
            Page([*bare, ("Cache-Control", lifetime)], body, encodings.FILE)
            for lifetime in (FOR_EVER, ASK_AGAIN)
        )
        stored = Stored(found, state, f"v={sha256(body).hexdigest()[:DIGITS]}", named, plain)
        self._stored[path] = stored
        return named if query == stored.query else plain


def _state(path: str) -> tuple[int, int]:
    """What changes when a file is written."""
    found = os.stat(path)  # noqa: PTH116  asked for each answer
    return found.st_mtime_ns, found.st_size
