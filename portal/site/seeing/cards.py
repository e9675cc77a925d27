"""One card for each matter that changed between two revisions: both sides, the places, why (P-5, P-7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from portal.db import db
from portal.foundation.publishing.models import Revision
from portal.i18n import gettext as _
from portal.powers.lists.adjusting.rules import ChangeKind as Kind
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.rules import Mode
from portal.site import changes, wording
from portal.site.adjusting import sentences
from portal.site.editions import Edition, PlaceName
from portal.site.seeing import grid
from portal.site.seeing.comparing import Change, Comparison
from portal.site.seeing.tilemaps import shorter
from portal.site.spread import shares

PAGE = 50
FOLDED = 100
"""So many unchanged matters are named in the fold."""


@dataclass(frozen=True)
class Reason:
    """A revision between the two that touched the matter: where it is read, and why it was published."""

    number: int
    href: str
    text: str
    kin: str = ""
    """What it came from or became, where it was split or merged."""


def word(kind: Kind) -> str:
    """What happened, as a tag."""
    return _(kind.label)


def counts(found: Comparison) -> list[tuple[str, int]]:
    """The numbers above the cards; what did not happen is left out, but for coming and going."""
    always = (Kind.ADDED, Kind.WITHDRAWN)
    kinds = (*always, *(kind for kind in Kind if kind not in always and found.counts[kind]))
    return [(word(kind), found.counts[kind]) for kind in kinds]


def sentence(found: Comparison) -> str:
    """The comparison in one sentence."""
    if found.same:
        if found.place:
            return _("这两版之间，%(place)s没有变化。", place=_(found.place.name))
        return _("两版的内容一样。")
    values = {
        "total": found.sizes[0],
        "changed": found.changed,
        "added": found.counts[Kind.ADDED],
        "withdrawn": found.counts[Kind.WITHDRAWN],
        "same": found.unchanged,
    }
    if found.place:
        return _(
            "%(place)s：%(changed)s 项变了，加入 %(added)s 项，退出 %(withdrawn)s 项；%(same)s 项没有变。",
            place=_(found.place.name),
            **values,
        )
    return _(
        "%(total)s 项里 %(changed)s 项变了，退出 %(withdrawn)s 项，另加入 %(added)s 项；%(same)s 项没有变。",
        **values,
    )


def page(found: Comparison, shown: Sequence[Change], between: Sequence[Revision]) -> list[dict[str, Any]]:
    """Cards for some of the changes; `between` are the revisions after the older one up to the newer."""
    keys = [key for change in shown for key in (change.was_id, change.now_id) if key is not None]
    rows = {
        row.id: row for row in db.session.scalars(select(PublishedMatter).where(PublishedMatter.id.in_(keys)))
    }
    others = grid.differing((row.id, row.mode) for row in rows.values())
    why = _reasons(found.now.slug, between)
    return [_card(found, change, rows, others, why) for change in shown]


def _card(
    found: Comparison,
    change: Change,
    rows: Mapping[int, PublishedMatter],
    others: Mapping[int, Mapping[int, Mode]],
    why: Mapping[int, Sequence[Reason]],
) -> dict[str, Any]:
    was = rows[change.was_id] if change.was_id is not None else None
    now = rows[change.now_id] if change.now_id is not None else None
    row = now or was
    assert row is not None  # noqa: S101  a change has a row on one side at least
    edition = found.now if now else found.was
    return {
        "kind": change.kind.value,
        "tag": word(change.kind),
        "name": row.name,
        "href": url_for("site.matter", slug=edition.slug, matter_id=row.matter_id),
        "seq": row.seq,
        "department": row.department,
        "was": _side(found, found.was, was, others, change),
        "now": _side(found, found.now, now, others, change),
        "texts": _texts(change),
        "strip": _strip(found, edition, change, _answers(edition, row, others)),
        "remark": now.remark if now and "remark" not in change.fields else "",
        "reasons": why.get(row.matter_id, ()),
    }


def _answers(
    edition: Edition, row: PublishedMatter, others: Mapping[int, Mapping[int, Mode]]
) -> dict[int, Mode]:
    held = others.get(row.id, {})
    return {place.id: held.get(place.id, row.mode) for place in edition.places}


def _side(
    found: Comparison,
    edition: Edition,
    row: PublishedMatter | None,
    others: Mapping[int, Mapping[int, Mode]],
    change: Change,
) -> list[dict[str, Any]] | None:
    """The answers of one revision, the usual one first, each with its places; None where the matter is not in it."""
    if row is None:
        return None
    answers = _answers(edition, row, others)
    places = _looked_at(found, edition)
    moved = {answers[place.id] for place in places if place.code in change.moved}
    if not places:
        return []
    groups = shares(places, answers)
    return [
        {
            "mode": share.mode.value,
            "label": wording.named(_label(row, share.mode, edition), share.mode),
            "places": "" if found.place else wording.shared(share, alone=len(groups) == 1),
            "moved": share.mode in moved,
        }
        for share in reversed(groups)
    ]


def _label(row: PublishedMatter, mode: Mode, edition: Edition) -> str:
    return row.mode_label if mode is row.mode and row.mode_label else edition.labels[mode]


def _looked_at(found: Comparison, edition: Edition) -> list[PlaceName]:
    """The one place that is asked about, if the revision reaches it, or all of them."""
    places = grid.columns(edition)
    if found.place is None:
        return places
    return [place for place in places if place.code == found.place.reached.code]


def _strip(
    found: Comparison, edition: Edition, change: Change, answers: Mapping[int, Mode]
) -> list[dict[str, Any]]:
    """Every place with its answer and whether it changed; empty where no answer did, or one place is asked about."""
    if found.place or not change.moved or change.kind in (Kind.ADDED, Kind.WITHDRAWN):
        return []
    return [
        {
            "mode": answers[place.id].value,
            "name": shorter(edition.issuer_code, place.name),
            "label": wording.named(edition.labels[answers[place.id]], answers[place.id]),
            "moved": place.code in change.moved,
        }
        for place in grid.columns(edition)
    ]


def _texts(change: Change) -> list[dict[str, str]]:
    """Fields that read differently; a mode's name is told only where the mode itself is the same."""
    left_out = {"mode"} | ({"mode_label"} if "mode" in change.fields else set())
    return [
        {"label": changes.field_label(name), "was": changes.value(name, was), "now": changes.value(name, now)}
        for name, (was, now) in change.fields.items()
        if name not in left_out
    ]


def _reasons(slug: str, between: Sequence[Revision]) -> dict[int, list[Reason]]:
    """Why revisions that touched a matter were published, by matter, the oldest first."""
    found: dict[int, list[Reason]] = {}
    for revision in reversed(between):
        href = url_for("site.revision", slug=slug, number=revision.number)
        for entry in revision.difference.get("entries", ()):
            text = sentences.why(entry) or revision.reason
            reason = Reason(revision.number, href, text, sentences.kin(entry))
            found.setdefault(entry["matter_id"], []).append(reason)
    return found


def unchanged(found: Comparison) -> list[dict[str, Any]]:
    """The first matters that say the same in both, for the fold."""
    told = {change.now_id for change in found.spoken}
    rows = db.session.execute(
        select(PublishedMatter.id, PublishedMatter.matter_id, PublishedMatter.seq, PublishedMatter.name)
        .where(PublishedMatter.revision_id == found.now.revision.id)
        .order_by(PublishedMatter.position)
        .limit(FOLDED + len(told))
    )
    same = [row for row in rows if row.id not in told][:FOLDED]
    return [
        {
            "seq": row.seq,
            "name": row.name,
            "href": url_for("site.matter", slug=found.now.slug, matter_id=row.matter_id),
        }
        for row in same
    ]
