"""Bodies with their other names, by file (G-3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from admin.rows import RowsPage
from portal.foundation.rights.rules import Right


class BodyRowsPage(RowsPage):
    """Departments, bureaus, governments, centres."""

    key = "body-rows"
    title = _("成批登记机构")
    section = "bodies"
    listed = False
    access = frozenset({Right.MANAGE_ORGANISATIONS})
    change = Right.MANAGE_ORGANISATIONS
    of = "bodies"
    widths = (14, 36, 18, 36, 24, 30)
