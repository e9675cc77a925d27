"""A shelf that holds so many bytes and no more, and keeps what is asked for again.

Pages stand in a ring. A page that was asked for since it was last looked at gets another round, any other goes (the
"clock"): a crowd of addresses that are each asked for once cannot push out the pages that people read.
"""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar

LARGEST = 8
"""One page takes an eighth of the shelf at most."""


class Kept(Protocol):
    """What stands on the shelf: knows its bytes, and is marked by whoever takes it."""

    size: int
    used: bool


Page = TypeVar("Page", bound=Kept)


class Shelf(Generic[Page]):
    """Pages by key, `limit` bytes of them. Taking needs no lock; the size of a page is changed by `grow` only."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.total = 0
        self._pages: dict[Hashable, Page] = {}
        self._lock = Lock()
        self.take = self._pages.get

    def __len__(self) -> int:
        return len(self._pages)

    def put(self, key: Hashable, page: Page) -> bool:
        """Keep a page; False when it is too large for the shelf. One of the same key makes way."""
        if page.size * LARGEST > self.limit:
            return False
        with self._lock:
            former = self._pages.pop(key, None)
            self.total += page.size - (former.size if former else 0)
            self._pages[key] = page
            self._make_room()
        return True

    def grow(self, key: Hashable, page: Page, more: int) -> None:
        """A page on the shelf, if it still is there, has become larger by so many bytes."""
        with self._lock:
            page.size += more
            if self._pages.get(key) is page:
                self.total += more
                self._make_room()

    def _make_room(self) -> None:
        while self.total > self.limit:
            key = next(iter(self._pages))
            page = self._pages.pop(key)
            if page.used:
                page.used = False
                self._pages[key] = page
            else:
                self.total -= page.size
