"""Asking for files to take along that are not there yet."""

from __future__ import annotations

import structlog

from portal import clock
from portal.db import db
from portal.foundation.runs.rules import RunKind
from portal.foundation.runs.service import start
from portal.powers.handouts import making as handouts
from portal.powers.lists.exports import making as exports

log = structlog.get_logger(__name__)


def prepare() -> None:
    """Start a run for each revision and each place that lacks a file; nothing when all are there.

    Publishing asks for them itself. This finds what was published before a format was thought of, what failed, and
    what only waited for a font.
    """
    revisions, places = exports.lacking(), handouts.lacking(clock.today())
    for revision_id in revisions:
        start(RunKind.EXPORT, revision_id, by=None)
    for place_id in places:
        start(RunKind.HANDOUT, place_id, by=None)
    db.session.commit()
    if revisions or places:
        log.info("files are lacking", revisions=len(revisions), places=len(places))
