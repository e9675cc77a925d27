"""Every public address: for people as a page, for search engines as sitemap.xml in parts of bounded size.

A part is written while its pages are put together; of a list only the keys of its matters are in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from typing import Any
from xml.sax.saxutils import escape

from flask import Response, abort, current_app, stream_with_context, url_for
from sqlalchemy import select

from portal import clock
from portal.address import PUBLIC, absolute, carried
from portal.clock import HOME
from portal.db import db
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.foundation.workdays import queries as workdays
from portal.i18n import DEFAULT, TAGS
from portal.oversight.circulars import queries as circulars
from portal.oversight.tasks import queries as ledgers
from portal.powers.lists import queries as lists
from portal.powers.lists.models import PublishedMatter
from portal.powers.memoranda import queries as memoranda
from portal.site import departments, editions, overview
from portal.site.around.machines import KEPT_OUT
from portal.site.blueprint import page, site
from portal.site.editions import Edition

MOST = 50_000
"""So many addresses a file may hold (sitemaps.org)."""
PART = MOST // len(TAGS)
"""So many pages: each stands once for each language."""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(frozen=True)
class Entry:
    """One page: what it is made by, and the day of its last change where that is known."""

    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    changed: date | None = None

    def address(self, language: str) -> str:
        """Its address in a language, without what a reader carries from page to page."""
        plain: dict[str, Any] = dict.fromkeys(carried())
        return absolute(
            url_for(
                self.endpoint,
                **{**plain, **self.values, "lang": None if language == DEFAULT else language},
            )
        )


class Pages:
    """All public pages on a day: the few first, then the matters list by list."""

    def __init__(self, day: date) -> None:
        self.editions = editions.current(day)
        self.day = day

    @cached_property
    def few(self) -> list[Entry]:
        """Everything but matters."""
        newest = max((_changed(each) for each in self.editions), default=None)
        fixed = [Entry(endpoint, {}, newest) for endpoint in _endpoints(frozenset())]
        of_list = _endpoints(frozenset({"slug"}))
        each_list = [
            Entry(endpoint, {"slug": each.slug}, _changed(each))
            for each in self.editions
            for endpoint in of_list
        ]
        years = [Entry("site.workday_year", {"year": year}) for year in sorted(workdays.calendar().years)]
        bodies = self._departments()
        documents = [*self._policies(), *_ledgers(), *_memoranda(self.day)]
        return [*fixed, *each_list, *self._places(), *bodies, *_revisions(), *documents, *years]

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """How many matters each list has, by its address word."""
        return overview.sizes(self.editions)

    @property
    def parts(self) -> int:
        """How many files they fill."""
        total = len(self.few) + sum(self.sizes.values())
        return max(1, -(-total // PART))

    def part(self, number: int) -> Iterator[Entry]:
        """The pages of one file, the first is 1."""
        first, last = (number - 1) * PART, number * PART
        yield from self.few[first:last]
        before = len(self.few)
        for edition in self.editions:
            size = self.sizes[edition.slug]
            start, end = max(first - before, 0), min(last - before, size)
            if start < end:
                yield from _matters(edition, start, end)
            before += size

    def _places(self) -> list[Entry]:
        said = _said(self.day)
        found: dict[str, Entry] = {}
        for each in self.editions:
            for place in each.places:
                days = [
                    _changed(each),
                    said.get(place.id),
                    known.changed if (known := found.get(place.code)) else None,
                ]
                changed = max(filter(None, days))
                found[place.code] = Entry("site.place", {"code": place.code}, changed)
        return list(found.values())

    def _departments(self) -> list[Entry]:
        bodies = chain.from_iterable(departments.every(self.editions).values())
        return [Entry("site.department", {"code": body.issuer_code, "name": body.name}) for body in bodies]

    def _policies(self) -> list[Entry]:
        known = {each.policy.id: each for each in self.editions if each.policy}
        return [Entry("site.policy", {"policy_id": key}) for key in known]


def _matters(edition: Edition, start: int, end: int) -> Iterator[Entry]:
    """A list's matters from one place in its order to another."""
    wanted = (
        select(PublishedMatter.matter_id)
        .where(PublishedMatter.revision_id == edition.revision.id)
        .order_by(PublishedMatter.position)
        .offset(start)
        .limit(end - start)
    )
    changed = _changed(edition)
    for matter_id in db.session.scalars(wanted).all():
        yield Entry("site.matter", {"slug": edition.slug, "matter_id": matter_id}, changed)


def _said(day: date) -> dict[int, date]:
    """The day on which each place last made something of itself public, by its key; contents are not read."""
    columns = (Revision.subject_id, Revision.published_at, Revision.effective_on)
    published = select(*columns).where(
        Revision.subject == Subject.UPTAKE,
        Revision.state == RevisionState.PUBLISHED,
        Revision.effective_on <= day,
    )
    found: dict[int, date] = {}
    for key, when, holds in db.session.execute(published):
        found[key] = max(found.get(key, holds), _later(when, holds))
    return found


def _revisions() -> list[Entry]:
    return [
        Entry(
            "site.revision",
            {"slug": each.slug, "number": revision.number},
            _later(revision.published_at, revision.effective_on),
        )
        for each in lists.every()
        for revision in publishing.revisions(Subject.LIST, each.id)
        if revision.state is RevisionState.PUBLISHED
    ]


def _memoranda(day: date) -> Iterator[Entry]:
    """The memoranda that are public on the day."""
    for each in memoranda.all_published(day):
        changed = _later(each.revision.published_at, each.revision.effective_on)
        yield Entry("site.memorandum", {"memorandum_id": each.id}, changed)


def _ledgers() -> Iterator[Entry]:
    """The ledger of each document that sets tasks, and the circulars about it."""
    for policy in ledgers.policies(public=True):
        yield Entry("site.tasks", {"policy": policy.id})
        for each in circulars.published(policy.id):
            when = each.published_at
            yield Entry(
                "site.circular", {"circular_id": each.id}, when.astimezone(HOME).date() if when else None
            )


def _changed(edition: Edition) -> date:
    return max(edition.published, edition.date)


def _later(when: datetime | None, holds: date) -> date:
    """The day from which something can be read and holds."""
    return max(when.astimezone(HOME).date(), holds) if when else holds


def _endpoints(arguments: frozenset[str]) -> list[str]:
    """The public pages that take exactly these arguments, in the order of their addresses; files are no pages."""
    found = [
        (rule.rule, rule.endpoint)
        for rule in current_app.url_map.iter_rules()
        if rule.endpoint.startswith(PUBLIC)
        and rule.arguments == arguments
        and "." not in rule.rule
        and not rule.rule.startswith(KEPT_OUT)
    ]
    return [endpoint for _rule, endpoint in sorted(found)]


def _urls(entries: Iterator[Entry]) -> Iterator[str]:
    yield f'{HEAD}<urlset {SITEMAPS} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    for entry in entries:
        addresses = {language: escape(entry.address(language), {'"': "&quot;"}) for language in TAGS}
        changed = f"<lastmod>{entry.changed.isoformat()}</lastmod>" if entry.changed else ""
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href="{addresses[language]}"/>'
            for language, tag in (*TAGS.items(), (DEFAULT, "x-default"))
        )
        for address in addresses.values():
            yield f"<url><loc>{address}</loc>{changed}{others}</url>\n"
    yield "</urlset>\n"


def _index(parts: int) -> Iterator[str]:
    yield f"{HEAD}<sitemapindex {SITEMAPS}>\n"
    for number in range(1, parts + 1):
        address = absolute(url_for("site.sitemap_part", number=number, **dict.fromkeys(carried())))
        yield f"<sitemap><loc>{escape(address)}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def _xml(lines: Iterator[str]) -> Response:
    return Response(stream_with_context(lines), content_type="application/xml; charset=utf-8")


@site.get("/sitemap.xml")
def sitemap() -> Response:
    """Every public page in both languages; the list of the parts when one file cannot hold them."""
    pages = Pages(clock.today())
    return _xml(_index(pages.parts) if pages.parts > 1 else _urls(pages.part(1)))


@site.get("/sitemap-<int(max=99999):number>.xml")
def sitemap_part(number: int) -> Response:
    """One part of a map that needs several."""
    pages = Pages(clock.today())
    if not 1 <= number <= pages.parts:
        abort(404)
    return _xml(_urls(pages.part(number)))


@site.get("/sitemap")
def sitemap_page() -> str:
    """The same for people: the site's pages in groups."""
    current = editions.current(clock.today())
    return page("site/sitemap.html", current, bodies=departments.every(current))
