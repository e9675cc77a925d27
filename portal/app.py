"""Putting the application together: settings, database, queue, texts, the public pages and the commands."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from portal import address, crypto, headers, htmx, i18n, logs, look, queue
from portal import db as database
from portal.config import ROOT, Settings
from portal.foundation.publishing.registry import (
    register,
    register_follower,
    register_rewriter,
    register_teller,
)
from portal.foundation.publishing.rules import Subject


def create_app(settings: Settings | None = None) -> Flask:
    """The portal without its staff door; wsgi.py adds that one.

    Raises SettingsError (one line) when the settings are not fit for their environment.
    """
    settings = settings or Settings.from_env()
    settings.check()
    app = Flask("portal", static_folder=str(ROOT / "static"), static_url_path="/static")
    app.config.update(settings.flask())
    settings.data_dir.mkdir(parents=True, exist_ok=True)

    import_module("portal.tables")
    # Declares its kind of deadline, which boards and reminders know by name.
    import_module("portal.oversight.tasks.milestones.service")
    from portal.api import door as api
    from portal.foundation.audit import service as recording
    from portal.foundation.signins.cli import accounts_cli
    from portal.foundation.siteversion import queries as version
    from portal.foundation.siteversion import service as counting
    from portal.health import door as health
    from portal.pagecache import wiring as pages
    from portal.powers.lists.commands import lists_cli
    from portal.site import door

    database.db.init_app(app)
    with app.app_context():
        database.tame_sqlite(database.db.engine)
    database.migrate.init_app(app, database.db, directory=str(ROOT / "migrations"))
    queue.init_app(app)
    for part in (logs, crypto, i18n, address, look, headers, htmx, door, api, health, counting, recording):
        part.init_app(app)
    _publishing()
    _touched()
    _handed_on()
    _passed_on()
    _handed_in()
    pages.init_app(app, ("site",), version.number, version.number_apart)
    app.cli.add_command(accounts_cli)
    app.cli.add_command(lists_cli)
    return app


def _publishing() -> None:
    """What can be published, who is told of it besides, and what follows from it."""
    from portal.powers.duties.objecting import wrong_receivers
    from portal.powers.filings import opening as filings
    from portal.powers.handouts import making as handouts
    from portal.powers.handovers import opening as handovers
    from portal.powers.lists.earlier import recount
    from portal.powers.lists.publishing import ListPublishing, register_objection
    from portal.powers.lists.stopped import register_stopped
    from portal.powers.memoranda import renewing
    from portal.powers.memoranda.publishing import MemorandumPublishing
    from portal.powers.reviews import adjusting as reviews
    from portal.powers.suspensions import ending as suspensions
    from portal.powers.suspensions import queries as suspension_queries
    from portal.powers.uptakes.overseeing import tell_regulators
    from portal.powers.uptakes.publishing import UptakePublishing, tell_duty_holders

    register(Subject.LIST, ListPublishing())
    register(Subject.UPTAKE, UptakePublishing())
    register(Subject.MEMORANDUM, MemorandumPublishing())
    register_objection(wrong_receivers)
    register_teller(tell_duty_holders)
    register_teller(tell_regulators)
    register_follower(filings.follow)
    register_follower(suspensions.follow)
    register_follower(reviews.follow)
    register_stopped(suspension_queries.of_list)
    register_follower(handouts.follow)
    register_follower(handovers.follow)
    register_follower(renewing.follow)
    register_rewriter(recount)


def _handed_on() -> None:
    """What people have in hand, which passes on when they leave; who hears that somebody stands in meanwhile."""
    from portal.foundation.accounts.handing.registry import register_holding
    from portal.foundation.accounts.standing.registry import register_teller as register_news
    from portal.foundation.deadlines.handing import NAMED
    from portal.foundation.imports.handing import OPEN
    from portal.foundation.notifications.stand_ins import tell

    register_holding("deadlines", NAMED)
    register_holding("uploads", OPEN)
    register_news(tell)


def _handed_in() -> None:
    """Which records can be handed in as rows of a table, and what can be done to many at once."""
    from portal.foundation.imports.rows.bodies import BODIES
    from portal.foundation.imports.rows.documents import DOCUMENTS
    from portal.foundation.imports.rows.groups import GROUPS
    from portal.foundation.imports.rows.leaving import ENDING
    from portal.foundation.imports.rows.owed import EXTENDING, URGING
    from portal.foundation.imports.rows.registry import register_rows
    from portal.oversight.tasks.acts import DATED, LEADING
    from portal.oversight.tasks.milestones.rows import MILESTONES
    from portal.oversight.tasks.rows import TASKS
    from portal.powers.duties.rows import ACTS, DUTIES
    from portal.powers.filings.rows import TERMS
    from portal.powers.lists.profiles.rows import PROFILES
    from portal.powers.matters.rows import NAMES, SETTLING
    from portal.powers.points.rows import POINTS, WITHDRAWING
    from portal.powers.uptakes.rows import CHOICES
    from portal.powers.uptakes.town_rows import TOWNS

    kept = (
        BODIES,
        GROUPS,
        DOCUMENTS,
        NAMES,
        PROFILES,
        DUTIES,
        POINTS,
        CHOICES,
        TOWNS,
        TERMS,
        TASKS,
        MILESTONES,
    )
    for kind in (*kept, ENDING, SETTLING, *ACTS, WITHDRAWING, URGING, EXTENDING, LEADING, DATED):
        register_rows(kind)


def _passed_on() -> None:
    """What hangs on places and bodies, in the order in which it passes on when they are merged, split or ended."""
    from portal.foundation.publishing.opinions import moving as opinions
    from portal.foundation.reorganisations import kinds
    from portal.foundation.reorganisations.registry import register as register_hanging
    from portal.oversight.tasks import moving as tasks
    from portal.powers.duties import moving as duties
    from portal.powers.handouts import moving as handouts
    from portal.powers.handovers import moving as handovers
    from portal.powers.lists import moving as lists
    from portal.powers.matters import moving as matters
    from portal.powers.memoranda import moving as memoranda
    from portal.powers.points import moving as points
    from portal.powers.reviews import moving as reviews
    from portal.powers.uptakes import moving as uptakes

    register_hanging(kinds.MOVING, kinds.STAYING)
    for part in (duties, uptakes, points, memoranda, opinions):
        register_hanging(part.MOVING, {})
    for each in (matters, lists, tasks):
        register_hanging(each.MOVING, each.STAYING)
    register_hanging((*handovers.MOVING, *reviews.MOVING, *kinds.DEADLINES), handouts.STAYING)


def _touched() -> None:
    """Whose records a change of a list touches, in the order in which they are told."""
    from portal.oversight.tasks import touched as tasks
    from portal.powers.duties import touched as duties
    from portal.powers.handouts import touched as handouts
    from portal.powers.handovers import touched as handovers
    from portal.powers.lists.adjusting.touching import register_touched
    from portal.powers.memoranda import touched as memoranda
    from portal.powers.points import touched as points
    from portal.powers.uptakes import touched as uptakes

    for part in (duties, uptakes, points, memoranda, handouts, handovers, tasks):
        register_touched(part.touched)
