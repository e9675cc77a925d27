"""Hits as they are shown: what was asked for is marked in the name, or where else it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import select

from portal.db import db
from portal.foundation.search.asking.rules import Level, Word
from portal.foundation.search.queries import Hit
from portal.foundation.search.rules import fold
from portal.foundation.search.showing.rules import Span, sounds_by_line, spans
from portal.i18n import foreign
from portal.powers.lists.models import PublishedMatter


def marked(text: str, parts: Sequence[Span]) -> Markup:
    """A document's own words with some parts marked; on a page in another language marked as Chinese, too."""
    shown, at = Markup(), 0
    for start, end in parts:
        shown += escape(text[at:start]) + Markup("<mark>{}</mark>").format(text[start:end])
        at = end
    shown += escape(text[at:])
    return Markup('<span lang="zh-CN">{}</span>').format(shown) if foreign(text) else shown


def mark_row(row: dict[str, Any], hit: Hit, words: Sequence[Word], everyday: Sequence[str]) -> dict[str, Any]:
    """A row (lines.lines) with its hits marked.

    Adds `marked` (the name), `department_marked`, `parts_marked`, and where they hold a word `code_marked` and
    `also` (everyday names); `near` says that one letter was put right.
    """
    heard = sounds_by_line(hit.held)

    def where(line: str) -> list[Span]:
        return spans(line, words, heard.get(fold(line), ""))

    return {
        **row,
        "marked": marked(row["name"], where(row["name"])),
        "department_marked": marked(row["department"], where(row["department"])),
        "parts_marked": [marked(part, where(part)) for part in row["parts"]],
        "code_marked": marked(row["code"], parts) if (parts := where(row["code"])) else "",
        "also": [marked(name, parts) for name in everyday if (parts := where(name))],
        "near": hit.level is Level.NEAR,
    }


def mark_rows(
    rows: Sequence[dict[str, Any]], hits: Sequence[Hit], words: Sequence[Word]
) -> list[dict[str, Any]]:
    """Rows (lines.lines), each with its hit marked (mark_row); the hits are in the order of the rows."""
    names = everyday_names(hits)
    return [
        mark_row(row, hit, words, names.get(hit.record_id, ())) for row, hit in zip(rows, hits, strict=True)
    ]


def everyday_names(hits: Sequence[Hit]) -> Mapping[int, Sequence[str]]:
    """What people call the matters that were found, by record."""
    wanted = select(PublishedMatter.id, PublishedMatter.everyday_names)
    ids = [hit.record_id for hit in hits]
    return {
        row.id: row.everyday_names for row in db.session.execute(wanted.where(PublishedMatter.id.in_(ids)))
    }
