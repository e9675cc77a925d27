"""权限表: who may do what with whose records, made from the table that the verbs ask (rights.rules)."""

from __future__ import annotations

from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import Answer, StaffPage
from portal.foundation.rights.rules import COLUMNS, MATRIX, Reach, Right


class RightsPage(StaffPage):
    """The matrix of rights, for administrators and auditors."""

    key = "rights"
    title = _("权限表")
    section = "system"
    access = frozenset({Right.MANAGE_ACCOUNTS})

    @expose("/")
    def index(self) -> Answer:
        """A row for each right, a column for each role, and how far it reaches."""
        return self.render(
            "staff/rights.html", roles=COLUMNS, rights=tuple(Right), matrix=MATRIX, reaches=tuple(Reach)
        )
