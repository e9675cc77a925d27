"""How long pages hold: until another version is told, until midnight in China, and never unasked for a second.

Within an epoch (a version and a day) a public page does not change: what is published is the same, and every
effective day, ended place and day of taking over changes what is shown at a midnight (clock.HOME).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic, time

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal.clock import HOME
from portal.pagecache.pages import Page
from portal.pagecache.shelf import Shelf
from portal.pagecache.stamp import Stamp, nonce_of, version_of

log = structlog.get_logger(__name__)

PERIOD = 0.4
"""Seconds after which the database is asked again for what other machines have published."""

LATEST = 0.9
"""Seconds after which nobody is answered before the database was asked, if it answers at all."""


@dataclass(frozen=True)
class Epoch:
    """One version and one day, from `since` to before `until` (seconds), with the pages made in it."""

    mark: bytes
    since: float
    until: float
    shelf: Shelf[Page] = field(compare=False)

    @property
    def version(self) -> int:
        """The site's version."""
        return version_of(self.mark)

    @property
    def nonce(self) -> int:
        """What no other mark has."""
        return nonce_of(self.mark)


Present = tuple[float, float, int, Callable[[Hashable], Page | None]]
"""From when until when (seconds of the clock on the wall) the epoch needs no look as long as the stamp has this nonce,
and how its pages are taken. A clock that is put back or forward leaves the two."""

NEVER: Present = (0.0, 0.0, 0, lambda _key: None)


class Freshness:
    """Knows the present epoch; `ask` reads the site's version from the database.

    `present` is for whoever asks a thousand times a second; who finds it over asks for the `epoch`. It compares the
    nonce alone: a stamp read while it was half written makes an epoch in which nothing is kept (`lasts`), and which
    the next look ends.
    """

    def __init__(self, stamp: Stamp, ask: Callable[[], int], limit: int) -> None:
        self._stamp, self._ask, self._limit = stamp, ask, limit
        self.told = stamp.numbers
        self.present = NEVER
        self._asked_at = float("-inf")
        self._asking = Lock()
        self._away = False
        self._epoch = self._begun(time())

    def epoch(self) -> Epoch:
        """The epoch that a request begun now belongs to."""
        if monotonic() - self._asked_at > PERIOD:
            self._ask_again()
        left = self._asked_at + PERIOD - monotonic()
        now = time()
        epoch = self._epoch
        if epoch.mark != self._stamp.mark() or not epoch.since <= now < epoch.until:
            self._epoch = epoch = self._begun(now)
        self.present = (now, min(now + left, epoch.until), epoch.nonce, epoch.shelf.take)
        return epoch

    def lasts(self, epoch: Epoch, version: int | None) -> bool:
        """Whether a page begun in the epoch, and made from that version, may be kept in it."""
        same = version == epoch.version and self._stamp.mark() == epoch.mark
        return same and epoch.since <= time() < epoch.until

    def _begun(self, now: float) -> Epoch:
        day = datetime.fromtimestamp(now, HOME).replace(hour=0, minute=0, second=0, microsecond=0)
        tomorrow = day + timedelta(days=1)
        return Epoch(self._stamp.mark(), day.timestamp(), tomorrow.timestamp(), Shelf(self._limit))

    def _ask_again(self) -> None:
        """One asks and the others go on, unless it is so long ago that they have to wait for the answer."""
        late = monotonic() - self._asked_at > LATEST
        if not self._asking.acquire(blocking=late, timeout=LATEST if late else -1):
            return
        try:
            if monotonic() - self._asked_at <= PERIOD:
                return
            begun = monotonic()
            try:
                self._stamp.tell(self._ask())
                self._away = False
            except SQLAlchemyError as error:
                # Without its database the portal still shows what it knows; nobody can publish meanwhile.
                if not self._away:
                    log.warning("the site's version cannot be read", error=type(error).__name__)
                self._away, begun = True, monotonic()
            self._asked_at = begun
        finally:
            self._asking.release()
