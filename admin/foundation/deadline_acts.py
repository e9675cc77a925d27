"""Acts on many deadlines of the board: urged, or given more time; looked at one by one, then done (admin.bulk)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.asking import asks_to_change
from admin.base import Answer
from admin.bulk import ActsPage, ticked
from admin.foundation.deadlines import ACTS, DeadlinesPage, wanted_by
from portal import clock
from portal.foundation.deadlines.board import queries as board
from portal.foundation.rights.rules import Right


class DeadlineActsPage(ActsPage):
    """The act that the board asks for, and its tables."""

    key = "deadline-acts"
    title = _("时限总表")
    section = "deadlines"
    listed = False
    access = frozenset({Right.MANAGE_DEADLINES})
    change = Right.MANAGE_DEADLINES
    acts = ACTS

    @expose("/", methods=("GET", "POST"))
    @asks_to_change
    def index(self) -> Answer:
        """What an act asks for all."""
        return self.asked_for_many()

    def home(self) -> str:
        """The board."""
        return str(self.get_url("deadlines.index"))

    def chosen(self) -> Sequence[int]:
        """Those of the board that are ticked, or all that it finds."""
        among = None if request.args.get("all") == "1" else ticked()
        return board.ids(wanted_by(self.account), clock.today(), among)

    def back(self) -> str:
        """The board with what it was asked for."""
        kept = {name: request.args[name] for name in DeadlinesPage.remembers if name in request.args}
        return str(self.get_url("deadlines.index", **kept))
