"""The pages behind a private link: one list and its matters as they would stand if they were published now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, after_this_request, url_for

from portal import clock
from portal.address import knows, place_code
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.i18n import gettext as _
from portal.limits import guessing
from portal.powers.lists import queries as lists
from portal.powers.lists.previews import queries, service
from portal.powers.lists.previews.models import PreviewLink
from portal.powers.lists.snapshot import Row
from portal.site import editions, histories, matters
from portal.site.blueprint import page, site
from portal.site.finding.lines import Line, written
from portal.site.matters import Asked
from portal.site.previews import working
from portal.site.previews.counting import count_opening
from portal.site.previews.working import WorkingEdition, WorkingLocal
from portal.site.seeing import paging

PAGE = 100
"""So many matters stand on a page."""
NAMED = 200
"""So many matters that leave the list are named."""


@site.get("/previews/<secret>")
@knows("page")
@guessing
def preview_list(secret: str) -> str:
    """The list: its matters in order, what is new or changed in it, and what leaves it."""
    link = _link(secret)
    power_list, local, edition = link.power_list, WorkingLocal(clock.today()), _edition(link)
    number, size = paging.number(), lists.size(link.list_id)
    pages = paging.neighbours(number, max(1, -(-size // PAGE)))
    found = working.rows_of(power_list, queries.page_of(link.list_id, (number - 1) * PAGE, PAGE))
    base, here = publishing.newest(Subject.LIST, link.list_id), edition.place(place_code())
    local.printed = working.answers(edition, found)
    rows = written(edition, working.frozen(found), here, local, local.printed)
    gone, names = queries.withdrawn(power_list, base, NAMED)
    return _shown(
        "site/previews/list.html",
        link,
        edition=edition,
        secret=secret,
        base=base,
        here=here,
        total=size,
        rows=_inside(_marked(rows, found, queries.changes(found, base)), edition, secret),
        gone=gone,
        names=names,
        pages=pages,
        places=_choices(edition, secret, here),
    )


@site.get("/previews/<secret>/matters/<int(max=2147483647):matter_id>")
@guessing
def preview_matter(secret: str, matter_id: int) -> str:
    """One matter's page."""
    link = _link(secret)
    local, edition = WorkingLocal(clock.today()), _edition(link)
    found = working.rows_of(link.power_list, [matter_id]) or abort(404)
    (row,) = working.frozen(found)
    local.printed = working.answers(edition, found)
    printed = local.printed[matter_id]
    answers = local.answers(edition, matter_id, printed)
    here = matters.at(edition, edition.place(place_code()))
    asked = Asked(edition, row, printed, answers, here, local)
    shown = matters.page(asked)
    for name in ("places", "towns"):
        shown[name] = _inside(shown.get(name, []), edition, secret)
    if shown["department"]:
        shown["department"] = {"name": row.department, "href": url_for("site.preview_list", secret=secret)}
    shown["events"] = _events(link, matter_id)
    others = histories.elsewhere(editions.current(local.day), edition, matter_id)
    return _shown("site/previews/matter.html", link, secret=secret, elsewhere=others, **shown)


def _link(secret: str) -> PreviewLink:
    """The link of the secret; 404 for none, 410 for one that is over. No answer under it is kept or told on."""
    after_this_request(_private)
    link = queries.by_hash(service.secret_hash(secret)) if len(secret) <= service.LONGEST_SECRET else None
    if link is None:
        abort(404)
    if not queries.opens(link, clock.now()):
        abort(410, description="preview")
    return link


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _edition(link: PreviewLink) -> WorkingEdition:
    return working.edition_of(link.power_list)


def _shown(template: str, link: PreviewLink, **shown: Any) -> str:
    """The page among the lists in force, where the working copy stands for its own list's newest revision."""
    others = [each for each in editions.current(clock.today()) if each.list_id != link.list_id]
    made = page(template, [shown["edition"], *others], link=link, **shown)
    count_opening(link.id)
    return made


def _events(link: PreviewLink, matter_id: int) -> list[dict[str, Any]]:
    """What was published of the matter so far; nothing for one that is new."""
    public = editions.current_of(link.power_list.slug, clock.today())
    row = matters.row_of(public, matter_id) if public else None
    return histories.events(public, row) if public and row else []


def _marked(lines: list[Line], rows: list[Row], changes: Mapping[int, str]) -> list[Line]:
    """The lines of rows, with a word on those that are new or changed."""
    words = {"added": _("新增"), "changed": _("修改")}
    told = [words.get(changes.get(row.matter_id, ""), "") for row in rows]
    return [{**line, "change": word} for line, word in zip(lines, told, strict=True)]


def _inside(lines: list[Line], edition: WorkingEdition, secret: str) -> list[Line]:
    """Lines whose ways to matters stay within the preview."""
    public = url_for("site.power_list", slug=edition.slug, **_BARE)
    private = url_for("site.preview_list", secret=secret, **_BARE)
    return [{**line, "href": line["href"].replace(public, private, 1)} for line in lines]


_BARE: dict[str, Any] = dict.fromkeys(("lang", "at", "text", "contrast"))


def _choices(edition: WorkingEdition, secret: str, here: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": place.name,
            "href": url_for("site.preview_list", secret=secret, at=place.code),
            "current": here is not None and here.reached == place,
        }
        for place in edition.places
    ]
