"""The pages that explain: what the states mean, what the site is, how it can be used."""

from __future__ import annotations

from typing import Any

from portal import clock
from portal.site import editions, overview, wording
from portal.site.blueprint import page, site
from portal.site.profiles import lines


@site.get("/modes")
def modes() -> str:
    """What the seven states mean, and what each list says of its own."""
    current = editions.current(clock.today())
    said: dict[str, list[Any]] = {}
    for each in current:
        for mode in each.profiles:
            said.setdefault(mode.value, []).append((each, lines(each, mode)))
    return page("site/modes.html", current, states=wording.states(), said=said)


@site.get("/reading")
def reading() -> str:
    """How an answer is read, part by part; what the states and the words for what is missing mean."""
    current = editions.current(clock.today())
    return page("site/reading.html", current, states=wording.states(), example=overview.example(current))


@site.get("/about")
def about() -> str:
    """What the site is, where it has its content from, how to check a revision."""
    return page("site/about.html")


@site.get("/accessibility")
def accessibility() -> str:
    """How the pages can be used, and whom to tell when they cannot."""
    return page("site/accessibility.html")
