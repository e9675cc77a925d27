"""The stamp: what the processes of one machine know of the site's version, in a file that all have in memory.

Reading it costs no system call. Whoever has seen another version in the database than the stamp says, writes it there
before answering; that a version looks older than the stamp's does not matter, a new mark only makes pages anew.
"""

from __future__ import annotations

import mmap
import os
import sys
from hashlib import sha256
from pathlib import Path

VERSION, NONCE = 8, 8
SIZE = VERSION + NONCE


def stamp_path(folder: Path, database: str) -> Path:
    """Where the stamp of a database lies: two databases on one machine do not share one."""
    return folder / f"site-{sha256(database.encode()).hexdigest()[:12]}.stamp"


class Stamp:
    """A version with a mark that is never the same twice; OSError when the folder cannot be written."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o660)
        try:
            if os.fstat(descriptor).st_size < SIZE:
                os.ftruncate(descriptor, SIZE)
            self._memory = mmap.mmap(descriptor, SIZE)
            self.numbers = memoryview(self._memory).cast("Q")
            """The mark as two numbers, in this machine's order of bytes: the second is the nonce (`nonce_of`)."""
        finally:
            os.close(descriptor)

    def mark(self) -> bytes:
        """What changes with every version told; compared as it is."""
        return self._memory[:]

    def tell(self, version: int) -> None:
        """Let every process of this machine know the version; nothing happens when they do."""
        if version_of(self.mark()) != version:
            # A reader that sees half of it sees a mark like no other, and looks again the next time.
            self._memory[:] = version.to_bytes(VERSION) + os.urandom(NONCE)


def nonce_of(mark: bytes) -> int:
    """The nonce of a mark, as `Stamp.numbers` has it."""
    return int.from_bytes(mark[VERSION:], sys.byteorder)


def version_of(mark: bytes) -> int:
    """The version that a mark tells."""
    return int.from_bytes(mark[:VERSION])
