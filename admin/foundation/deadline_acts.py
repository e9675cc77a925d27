"""Acts on many deadlines of the board: urged, or given more time; looked at one by one, then done (admin.bulk)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask_babel import lazy_gettext as _

from admin.bulk import ActsApartPage, ticked
from admin.foundation.deadlines import ACTS, DeadlinesPage, wanted_by
from portal import clock
from portal.foundation.deadlines.board import queries as board
from portal.foundation.rights.rules import Right


class DeadlineActsPage(ActsApartPage):
    """The act that the board asks for, and its tables."""

    key = "deadline-acts"
    title = _("时限总表")
    section = "deadlines"
    access = frozenset({Right.MANAGE_DEADLINES})
    change = Right.MANAGE_DEADLINES
    acts = ACTS
    list_key = DeadlinesPage.key
    asked_of_list = DeadlinesPage.remembers

    def chosen(self) -> Sequence[int]:
        """Those of the board that are ticked, or all that it finds."""
        among = None if request.args.get("all") == "1" else ticked()
        return board.ids(wanted_by(self.account), clock.today(), among)
