"""What axe finds on the page that a browser shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""The rules that public pages keep; without a choice axe tries every rule it has."""


def violations(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """Each broken rule with its first three elements.

    axe is asked for violations alone: describing everything that it passed takes as long as finding out.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = Axe().run(page, options=options).response["violations"]
    return [f"{each['id']} {[node['html'][:120] for node in each['nodes'][:3]]}" for each in found]
