"""The page of one list: searched, narrowed by facets, sorted, page by page, or as one table to copy."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template
from werkzeug.wrappers import Response

from portal import clock
from portal.address import knows, place_code
from portal.htmx import fragment, wants_fragment
from portal.i18n import gettext as _
from portal.powers.lists.cube.rules import Order
from portal.site import editions
from portal.site.blueprint import page as whole_page
from portal.site.blueprint import site
from portal.site.files import downloads
from portal.site.finding import facets, paging
from portal.site.finding.asked import PARAMETERS, Asked, address, asked
from portal.site.finding.lines import lines
from portal.site.finding.listing import Page, Question, page
from portal.site.finding.marking import mark_rows
from portal.site.local import Local

COPIED = 1000
"""So many rows are shown as one table; whoever wants more takes a file."""


@site.get("/lists/<slug>")
@knows(*PARAMETERS)
def power_list(slug: str) -> Response:
    """One list: its rows searched, narrowed and sorted, with the answer at the chosen place."""
    local = Local(clock.today())
    edition = editions.current_of(slug, local.day) or abort(404)
    question = Question(edition, edition.place(place_code()), local, asked())
    if question.asked.as_table:
        return _table(question)
    found = page(question, paging.cursor(question)) or abort(404)
    shown = _shown(question, found)
    if wants_fragment():
        return fragment(make_response(render_template("site/_results.html", fragment=True, **shown)))
    return fragment(make_response(whole_page("site/list.html", files=downloads(edition), **shown)))


def _table(question: Question) -> Response:
    """The rows as one plain table, which a spreadsheet or a word processor takes as it is."""
    found = page(question, size=COPIED) or abort(404)
    rows = _lines(question, found)
    return make_response(
        whole_page(
            "site/table.html",
            edition=question.edition,
            here=question.place,
            asked=question.asked,
            total=found.total,
            rows=rows,
            coded=any(row["code"] for row in rows),
            back=address(),
            files=downloads(question.edition),
        )
    )


def _shown(question: Question, found: Page) -> dict[str, Any]:
    groups = facets.groups(question, found)
    return {
        "edition": question.edition,
        "here": question.place,
        "asked": question.asked,
        "groups": groups,
        "chosen": facets.chosen(groups),
        "everything": address(**dict.fromkeys(("q", *(group.name for group in groups)))),
        "handled": found.handled,
        "total": found.total,
        "more": found.more,
        "found": found.found,
        "rows": _marked(found, _lines(question, found)),
        "orders": _orders(question.asked),
        "pages": paging.pages(question, found),
        "as_table": address(view="table"),
    }


def _lines(question: Question, found: Page) -> list[dict[str, Any]]:
    return lines(question.edition, found.rows, question.place, question.local)


def _marked(found: Page, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the words marked that they were found by, where words were asked for."""
    if found.found is None:
        return rows
    hits = {hit.position: hit for hit in found.found.hits}
    return mark_rows(rows, [hits[row] for row in found.rows], found.found.words)


def _orders(asked: Asked) -> list[dict[str, Any]]:
    """The orders to choose from, each with its address; the usual one is written by leaving it out."""
    usual = Order.LIST if not asked.query else None
    words: dict[Order | None, str] = {
        Order.LIST: _("按清单顺序"),
        Order.NAME: _("按名称"),
        Order.DEPARTMENT: _("按部门"),
        Order.TYPE: _("按类型"),
        Order.CODE: _("按编码"),
    }
    if asked.query:
        words = {None: _("最相关的在前"), **words}
    current = asked.order or usual
    return [
        {
            "label": label,
            "href": address(sort=None if order is usual else order.value if order else None),
            "current": order is current,
        }
        for order, label in words.items()
    ]
