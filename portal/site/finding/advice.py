"""What to try when nothing was found: other words, another spelling, no filter, a list, the place's own page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import url_for

from portal.foundation.search.asking.rules import split
from portal.foundation.search.pinyin.rules import FORGIVING
from portal.foundation.search.queries import find
from portal.foundation.search.rules import MARK, han, latin
from portal.foundation.search.spelling import heard
from portal.i18n import gettext as _
from portal.powers.lists.indexing import KIND
from portal.site.editions import PlaceName
from portal.site.finding.searching import Search

SHORTEST = 2
TRIED = 24
"""So many shorter words are tried; each is a few questions to the database."""
FEW = 3

Way = dict[str, Any]


def advice(asked: Search, place: PlaceName | None) -> list[Way]:
    """Links that do lead somewhere, the nearest to what was asked first: label and href."""
    ways = []
    if asked.chosen and _finds(asked, asked.query):
        ways.append(_search(_("去掉筛选条件，只查“%(query)s”", query=asked.query), asked.query))
    ways += [_search(_("改查“%(query)s”", query=query), query) for query in dict.fromkeys(_others(asked))]
    if place:
        label = _("看在%(place)s能办的全部事项", place=_(place.name))
        ways.append({"label": label, "href": url_for("site.place", code=place.code)})
    ways.append({"label": _("从清单里找"), "href": url_for("site.power_lists")})
    return [*ways, {"label": _("按部门找"), "href": url_for("site.departments")}]


def _others(asked: Search) -> Iterator[str]:
    """Queries near what was asked that find something: one word less, or a part of the one, or what sounds so."""
    words = split(asked.query)
    if len(words) > 1:
        shorter = [" ".join(words[:at] + words[at + 1 :]) for at in range(len(words))]
        yield from (query for query in shorter if _finds(asked, query))
        return
    word = words[0] if words else ""
    sound = _sound(word)
    if sound and _finds(asked, sound):
        yield sound
    yield from islice((part for part in _parts(word)[:TRIED] if _finds(asked, part)), FEW)


def _parts(word: str) -> list[str]:
    """Its beginnings and ends, the longest first, then what stands inside it."""
    sizes = range(len(word) - 1, SHORTEST - 1, -1)
    ends = [part for size in sizes for part in (word[:size], word[-size:])]
    return list(dict.fromkeys([*ends, *(word[at : at + SHORTEST] for at in range(len(word) - 1))]))


def _sound(word: str) -> str:
    """A Chinese word as pinyin, for one written with wrong characters; empty for anything short or mixed."""
    if not word or not all(map(han, word)):
        return ""
    letters = heard(word).replace(MARK, "")
    return letters if latin(letters) and len(letters) >= FORGIVING else ""


def _finds(asked: Search, query: str) -> bool:
    return bool(find(KIND, [each.revision.id for each in asked.editions], query, limit=1, strict=True).hits)


def _search(label: str, query: str) -> Way:
    return {"label": label, "href": url_for("site.search", q=query)}
