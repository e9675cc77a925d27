"""The matter page, put together: one answer at one place, with everything it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from portal.db import db
from portal.foundation.places import queries as places
from portal.i18n import foreign
from portal.i18n import gettext as _
from portal.powers.duties.models import DutyRole
from portal.powers.lists import queries as lists
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.profiles.rules import Field
from portal.powers.lists.profiles.rules import Step as Stage
from portal.powers.lists.rules import Mode
from portal.powers.uptakes.queries import Point, Statement
from portal.site import departments, histories, lanes, steps, wording
from portal.site.clauses import Citer, Part, Quote
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local
from portal.site.memoranda.covering import covering
from portal.site.situations import Situation, Standing
from portal.site.spread import shares
from portal.site.transfers import sentences as transferring

LONG = 16
"""A name of more characters is set smaller."""


def row_of(edition: Edition, matter_id: int) -> PublishedMatter | None:
    """The matter in the revision; None when the revision does not hold it."""
    return db.session.scalar(
        select(PublishedMatter).where(
            PublishedMatter.revision_id == edition.revision.id, PublishedMatter.matter_id == matter_id
        )
    )


@dataclass(frozen=True)
class Asked:
    """A matter of a list, its answers at all places by place id, and the place that was asked for.

    `printed` are the list's own answers, `answers` the same with what places chose.
    """

    edition: Edition
    row: PublishedMatter
    printed: Mapping[int, Mode]
    answers: Mapping[int, Mode]
    place: PlaceName | None
    local: Local

    def mode(self, place: PlaceName) -> Mode:
        """The answer at one of the list's places or at a town below one."""
        return self.local.mode(self.edition, self.row.matter_id, place, self.printed[place.reached.id])


def ask(edition: Edition, row: PublishedMatter, place: PlaceName | None, local: Local) -> Asked:
    """Gather the answers for a page."""
    printed = lists.answers([row.id])[row.id]
    return Asked(
        edition, row, printed, local.answers(edition, row.matter_id, printed), at(edition, place), local
    )


def at(edition: Edition, place: PlaceName | None) -> PlaceName | None:
    """Where a matter is answered for; a transfer list reaches one place, so nobody is asked where he is (Y-1)."""
    return edition.places[0] if place is None and edition.bureau else place


def page(asked: Asked) -> dict[str, Any]:
    """Everything the template shows; without a place only what holds everywhere."""
    stop = asked.local.stopped(asked.edition, asked.row.matter_id)
    shown = {
        "row": asked.row,
        "edition": asked.edition,
        "long": len(asked.row.name) > LONG,
        "department": departments.of(asked.edition, asked.row.department) if asked.row.department else None,
        "places": _places(asked),
        "spread": wording.spread(shares(asked.edition.places, asked.answers), asked.edition.labels),
        "events": histories.events(asked.edition, asked.row),
        "stopped": stop,
        "stopped_sentence": wording.stopped_sentence(stop.since) if stop else "",
    }
    if asked.place is None:
        return shown
    here, chosen = _here(asked, asked.place), _chosen(asked, asked.place)
    if chosen.get("by_town"):
        here["panel"]["explanation"].insert(0, wording.by_town(asked.place.name))
    return {**shown, **here, **chosen}


def withdrawn(edition: Edition, gone: histories.Withdrawn) -> dict[str, Any]:
    """What is shown of a matter that the list in force holds no longer: since when, by which revision (P-3)."""
    row = gone.row
    events = histories.events(edition, row)
    return {
        "row": row,
        "edition": edition,
        "long": len(row.name) > LONG,
        "gone": gone,
        "label": wording.named(Edition(edition.slug, gone.last).labels[row.mode], row.mode),
        "department": departments.of(edition, row.department) if row.department else None,
        "events": events,
        "became": events[0] if events and events[0]["kin"] else None,
    }


def _here(asked: Asked, place: PlaceName) -> dict[str, Any]:
    here = asked.local.answering(asked.edition, asked.row, place)
    local, above = asked.local.of(here.id), asked.local.of(place.reached.id)
    at = asked.local.situation(asked.edition, asked.row, place, asked.mode(place), remark=asked.row.remark)
    cite = Citer(asked.edition.policy)
    route = steps.route(at)
    return {
        "at": at,
        "panel": _panel(at),
        "counters": counters(at, local if at.decided else above, _issuer_statement(asked)),
        "wide": lanes.wide(route),
        "narrow": lanes.narrow(route),
        "steps": steps.table(at, cite),
        "quotes": _quotes(at, cite) or notes(asked.edition, at),
        "watchers": _watchers(local, asked.row.matter_id),
        "memoranda": covering(asked.edition, asked.row, here, asked.mode(place), asked.local),
    }


def _chosen(asked: Asked, place: PlaceName) -> dict[str, Any]:
    """Where the list leaves the mode open: by whom it was chosen, and how it is in the towns (D-10)."""
    if asked.printed[place.reached.id] is not Mode.UNDETERMINED:
        return {}
    found = asked.local.chosen(asked.edition, asked.row.matter_id, place)
    towns = asked.edition.towns(place.reached, asked.local.day)
    answered = {town.id: asked.mode(town) for town in towns}
    labels = asked.edition.labels
    said = wording.named(labels[found.mode], found.mode) if found else ""
    decided = any(mode is not Mode.UNDETERMINED for mode in answered.values())
    return {
        "by_town": decided and found is None and place.within is None,
        "chosen": wording.chosen(place.reached.name, said, found.basis) if found else "",
        "county": place.reached.name,
        "towns": [_place(asked, town, answered[town.id], town.code == place.code) for town in towns],
        "town_spread": wording.spread(shares(towns, answered), labels) if towns else "",
    }


def _issuer_statement(asked: Asked) -> Statement | None:
    """What the issuing place made public: its own counters."""
    issuer = places.by_code(asked.edition.issuer_code)
    return asked.local.of(issuer.id) if issuer else None


def _panel(at: Situation) -> dict[str, Any]:
    pending = at.standing in (Standing.PENDING, Standing.UNNAMED, Standing.UNDECIDED)
    return {
        "mode": at.mode_today.value,
        "sentence": wording.sentence(at),
        "explanation": wording.explanation(at),
        "label": wording.label(at),
        "printed": at.label if foreign(_(at.label)) else "",
        "pending": pending,
    }


def counters(at: Situation, local: Statement | None, issuer: Statement | None) -> list[dict[str, Any]]:
    """Where people can go, the better first: what is open today before what is still to come (D-4, D-11)."""
    if at.bureau:
        name = at.department_name if at.handled_by_issuer else at.receiver_name
        cards = [card(point) for point in (local.points if local else ())] or [_unentered(name)]
        return [{**each, "remark": transferring.counter(at)} for each in cards]
    name = at.receiver_name if at.decided else at.chooser or at.place
    here = [card(point) for point in (local.points if local else ())] or [_unentered(name)]
    there = [card(point) for point in (issuer.points if issuer else ())] or [_unentered(at.department_name)]
    here = [{**each, "remark": _remark_here(at)} for each in here]
    there = [{**each, "remark": _remark_there(at)} for each in there]
    if at.handled_by_issuer or at.standing in (Standing.UNNAMED, Standing.UNDECIDED):
        return [*there, *here]
    return [*here, *there] if at.also_at_issuer else here


def card(point: Point) -> dict[str, Any]:
    """A service point as a card; what is not entered yet is said to be to come (G-5)."""
    facts = [(_("地址"), point.address), (_("时间"), point.hours), (_("电话"), point.phone)]
    missing = [label for label, value in facts if not value]
    return {
        "name": point.name,
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "phone": point.phone,
        "note": _("%(what)s待公布", what=_("、").join(missing)) if missing else "",
    }


def _unentered(name: str) -> dict[str, Any]:
    """G-5: until a service point is entered the page names the body and says that the address is to come."""
    return {"name": _(name), "facts": [], "phone": "", "note": _("地址、时间和电话还没有公布。")}


def _remark_here(at: Situation) -> str:
    match at.standing:
        case Standing.KEPT:
            return _("现在不能办这件事。")
        case Standing.UNDECIDED:
            return _("怎么办还没有公布。")
        case Standing.PENDING:
            return _("还没有接手。")
        case Standing.UNNAMED:
            return _("承接单位待公布。")
        case Standing.OPEN:
            return wording.counter(at)


def _remark_there(at: Situation) -> str:
    if at.standing is Standing.KEPT:
        return _("请到这里办")
    if at.handled_by_issuer:
        return _("现在请到这里办")
    if at.standing is Standing.UNNAMED:
        return _("公布以前请到这里办")
    if at.standing is Standing.UNDECIDED:
        return _("公布以前可以到这里问")
    return _("也可以到这里办")


def _quotes(at: Situation, cite: Citer) -> Sequence[Quote]:
    if at.standing in (Standing.KEPT, Standing.UNDECIDED):
        return ()
    order = (Stage.ACCEPT, Stage.REVIEW, Stage.DECIDE, Stage.STAMP)
    sources = [source for stage in order for source in at.sources(Field(stage.value))]
    return cite.quotes(sources, at.mode, at.label)


def notes(edition: Edition, at: Situation) -> Sequence[Quote]:
    """What the list's own notes say, where the mode is left open by one of them (D-2)."""
    if at.standing is not Standing.UNDECIDED:
        return ()
    source = f"{edition.policy_number}{edition.annex}"
    return [Quote((Part(note),), source, "") for note in edition.notes]


def _watchers(local: Statement | None, matter_id: int) -> list[tuple[str, str]]:
    """Who regulates and who enforces, where it is published."""
    names = {
        DutyRole.REGULATOR_CITY: _("上级监管"),
        DutyRole.REGULATOR_PLACE: _("本地监管"),
        DutyRole.ENFORCEMENT: _("执法"),
    }
    if local is None:
        return []
    return [(label, body.name) for role, label in names.items() for body in local.holders(matter_id, role)]


def _places(asked: Asked) -> list[dict[str, Any]]:
    return [
        _place(
            asked,
            place,
            asked.answers[place.id],
            current=asked.place is not None and asked.place.reached == place,
        )
        for place in asked.edition.places
    ]


def _place(asked: Asked, place: PlaceName, mode: Mode, current: bool) -> dict[str, Any]:
    return {
        "name": _(place.name),
        "href": url_for("site.matter", slug=asked.edition.slug, matter_id=asked.row.matter_id, at=place.code),
        "current": current,
        "mode": mode.value,
        "label": wording.named(asked.edition.labels[mode], mode),
    }
