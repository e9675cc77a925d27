"""The page of everything there is to take along."""

from __future__ import annotations

from portal import clock
from portal.powers.uptakes.queries import statements
from portal.site import editions, overview
from portal.site.blueprint import page, site
from portal.site.taking import shelf


@site.get("/data")
def data() -> str:
    """Everything published as files, for people and machines, with sizes and days (R-4)."""
    today = clock.today()
    current = editions.current(today)
    return page(
        "site/data.html",
        current,
        packages=[(each, shelf.of_revision(each)) for each in current],
        sizes=overview.sizes(current),
        places=shelf.of_places(current, statements(today)),
    )
