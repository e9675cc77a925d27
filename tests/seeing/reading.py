"""Pages as trees, looked through by selectors of `tag`, `.class`, `#id`, `:not(.class)`, one below the other."""

from __future__ import annotations

import re

from lxml import html

STEP = re.compile(r"^(?P<tag>\w+)?(?P<rest>(?:[.#][\w-]+|:not\(\.[\w-]+\))*)$")
PART = re.compile(r"(?P<no>:not\()?(?P<sign>[.#])(?P<name>[\w-]+)\)?")


def page(client, address, status=200):
    """The page at the address, which answers with the status."""
    answer = client.get(address)
    assert answer.status_code == status, address
    return html.fromstring(answer.get_data(as_text=True))


def every(tree, selector):
    """All elements below `tree` that a selector names, in the page's order."""
    return tree.xpath("." + "".join(f"//{_step(step)}" for step in selector.split()))


def first(tree, selector):
    """The first of them."""
    return every(tree, selector)[0]


def _step(step):
    said = STEP.match(step)
    assert said, step
    tests = "".join(_test(part) for part in PART.finditer(said["rest"]))
    return f"{said['tag'] or '*'}{tests}"


def _test(part):
    if part["sign"] == "#":
        return f"[@id='{part['name']}']"
    has = f"contains(concat(' ', normalize-space(@class), ' '), ' {part['name']} ')"
    return f"[not({has})]" if part["no"] else f"[{has}]"
