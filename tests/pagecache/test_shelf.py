"""The shelf never holds more than it may, and a crowd does not push out what is read."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Thread

from hypothesis import given
from hypothesis import strategies as st

from portal.pagecache.shelf import LARGEST, Shelf

LIMIT = 1000


@dataclass
class Page:
    size: int
    used: bool = False


steps = st.lists(
    st.tuples(st.sampled_from(["put", "take", "grow"]), st.integers(0, 30), st.integers(0, 300)), max_size=60
)


@given(steps)
def test_it_is_never_over_its_limit_and_counts_right(taken):
    shelf = Shelf(LIMIT)
    keys = set()
    for what, key, size in taken:
        page = shelf.take(key)
        if what == "put":
            shelf.put(key, Page(size))
            keys.add(key)
        elif page is not None and what == "take":
            page.used = True
        elif page is not None:
            shelf.grow(key, page, size)
        kept = [page for key in keys if (page := shelf.take(key))]
        assert shelf.total == sum(page.size for page in kept) <= LIMIT
        assert len(shelf) == len(kept)


def test_a_page_too_large_for_it_is_not_kept():
    shelf = Shelf(LIMIT)
    assert not shelf.put("large", Page(LIMIT // LARGEST + 1))
    assert shelf.put("fits", Page(LIMIT // LARGEST))
    assert len(shelf) == 1


def test_addresses_that_are_asked_for_once_do_not_push_out_those_that_are_read():
    shelf = Shelf(LIMIT)
    for name in ("home", "list"):
        shelf.put(name, Page(100))
    for number in range(1000):
        for name in ("home", "list"):
            shelf.take(name).used = True
        shelf.put(number, Page(100))
    assert shelf.take("home")
    assert shelf.take("list")


def test_several_threads_keep_the_count():
    shelf = Shelf(LIMIT)

    def crowd(start):
        for number in range(start, start + 3000):
            shelf.put(number % 50, Page(number % 90))

    threads = [Thread(target=crowd, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf.total == sum(page.size for key in range(50) if (page := shelf.take(key))) <= LIMIT
