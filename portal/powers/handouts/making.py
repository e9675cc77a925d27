"""The HANDOUT run: makes what a place's handouts lack; and when one is started."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunKind
from portal.foundation.runs.service import start
from portal.foundation.runs.work import Work
from portal.powers.handouts import queries
from portal.powers.handouts.models import Handout
from portal.powers.handouts.papers import Sheet, paper
from portal.powers.lists.exports.form import write_pdf
from portal.powers.lists.exports.formats import named
from portal.powers.lists.exports.making import made
from portal.powers.lists.exports.word import write_docx

WRITERS = {"pdf": write_pdf, "docx": write_docx}


def make(run: Run, work: Work) -> dict[str, Any]:
    """Carry out a HANDOUT run: `run.subject_id` is the place. What is there already is left as it is.

    Raises RowsDiffer when a handout would not hold every matter of its list, TypesettingFailed when a page was
    not finished.
    """
    place = db.session.get_one(Place, run.subject_id)
    due = list(queries.lacking(place, clock.today()))
    for done, (sheet, ending) in enumerate(due, 1):
        _make(sheet, ending)
        work.step(done, len(due))
    return {"handouts": len(due)}


def _make(sheet: Sheet, ending: str) -> None:
    number = sheet.statement.revision.number if sheet.statement else 0
    said = (sheet.name, f"第{number}次公布" if number else "")
    file, reason = made(partial(_write, sheet, ending), named(sheet.revision, said, ending))
    kept = queries.one(sheet.revision.id, sheet.place.id, number, ending) or Handout(
        revision_id=sheet.revision.id, place_id=sheet.place.id, statement=number, format=ending
    )
    kept.file, kept.reason = file, reason
    db.session.add(kept)
    db.session.flush()


def _write(sheet: Sheet, ending: str, path: Path) -> None:
    WRITERS[ending](paper(sheet), path)


def follow(revision: Revision) -> None:
    """Ask for the handouts that a change of what holds makes necessary: of a list's places, or of one place."""
    if revision.subject is Subject.UPTAKE:
        ask(revision.subject_id)
        return
    if revision.subject is Subject.LIST and queries.feasible(revision):
        for place in revision.content["place_ids"]:
            ask(place["id"])


def made_anew(revision: Revision) -> None:
    """Take a list's handouts away and ask for them again: something was stopped, or goes on."""
    for each in queries.of_revisions([revision.id]):
        db.session.delete(each)
    db.session.flush()
    follow(revision)


def ask(place_id: int) -> None:
    """Start the run that makes what a place's handouts lack."""
    start(RunKind.HANDOUT, place_id, by=None)


def lacking(today: date) -> list[int]:
    """Ids of the places that lack a handout: some lists came before handouts did, some fonts after."""
    reached = db.session.scalars(
        select(Place).where(Place.id.in_(queries.reached_places(today))).order_by(Place.id)
    )
    return [place.id for place in reached if any(queries.lacking(place, today))]
