"""Work on tens of thousands of rows at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def many_rows() -> Iterator[None]:
    """While it lasts the cycle collector rests; also a decorator.

    A list's rows make hundreds of thousands of objects that stay, and the collector would walk over all of
    them again and again: half of the time that comparing 20,000 rows takes (bench/compare_list.py). Memory is
    freed by count all the while.
    """
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()
