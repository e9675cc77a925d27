"""Whether this process can serve: database, schema, queue server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from portal.config import ROOT
from portal.db import db
from portal.health import queueserver


class Condition(StrEnum):
    """How a part of the portal is."""

    OK = "ok"
    AWAY = "away"
    BEHIND = "behind"
    AHEAD = "ahead"

    @property
    def well(self) -> bool:
        """Whether nothing has to be done about it."""
        return self is Condition.OK


class Verdict(StrEnum):
    """The whole: `degraded` serves pages and takes forms in, while something else has to be mended."""

    READY = "ready"
    DEGRADED = "degraded"
    NOT_READY = "not ready"


@dataclass(frozen=True)
class Readiness:
    """The parts by name and what follows from them."""

    parts: Mapping[str, Condition]

    @property
    def verdict(self) -> Verdict:
        """Without database or with an older schema nothing works; without queue server all but background work.

        A newer schema is what old processes see while a release is rolled out.
        """
        if self.parts["database"] is Condition.AWAY or self.parts["schema"] is Condition.BEHIND:
            return Verdict.NOT_READY
        if not all(condition.well for condition in self.parts.values()):
            return Verdict.DEGRADED
        return Verdict.READY


def look() -> Readiness:
    """How the parts are now."""
    schema = _schema()
    parts = {
        "database": Condition.AWAY if schema is Condition.AWAY else Condition.OK,
        "schema": schema,
        "queue": Condition.OK if queueserver.answers() else Condition.AWAY,
    }
    return Readiness(parts)


def _schema() -> Condition:
    """Whether the database is at the newest migration of this code; AWAY when it does not answer."""
    known = _migrations()
    try:
        there = _revision()
    except SQLAlchemyError:
        db.session.rollback()
        return Condition.AWAY
    if there == known[-1]:
        return Condition.OK
    return Condition.BEHIND if there is None or there in known else Condition.AHEAD


def _revision() -> str | None:
    """The number of the migration that the database is at."""
    return MigrationContext.configure(db.session.connection()).get_current_revision()


@cache
def _migrations() -> tuple[str, ...]:
    """The numbers of this code's migrations, oldest first."""
    scripts = ScriptDirectory(str(ROOT / "migrations")).walk_revisions()
    return tuple(reversed([script.revision for script in scripts]))
