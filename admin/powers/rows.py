"""What places and the reform office keep as tables, by file: points, duties, towns, choices, names, profiles."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from admin.rows import RowsPage
from portal.foundation.rights.rules import Right


class PointRowsPage(RowsPage):
    """Service points by file (G-5)."""

    key = "rows"
    title = _("成批填写办事点")
    section = "uptake"
    access = frozenset({Right.EDIT_PLACE})
    change = Right.EDIT_PLACE
    of = "points"
    widths = (14, 30, 20, 28, 36, 40, 20)


class DutyRowsPage(RowsPage):
    """Duties by file (Y-2)."""

    key = "duty-rows"
    title = _("成批填写职责")
    section = "uptake"
    listed = False
    access = frozenset({Right.EDIT_DUTIES})
    change = Right.EDIT_DUTIES
    of = "duties"
    widths = (14, 40, 20, 24, 14, 30, 14, 36)


class NameRowsPage(RowsPage):
    """Everyday names of matters by file (M-4)."""

    key = "name-rows"
    title = _("成批填写常用叫法")
    section = "lists"
    listed = False
    access = frozenset({Right.EDIT_LISTS})
    change = Right.EDIT_LISTS
    of = "names"
    widths = (40, 20, 24, 60)


class ChoiceRowsPage(RowsPage):
    """Choices of mode by file (D-10)."""

    key = "choice-rows"
    title = _("成批选择方式")
    section = "uptake"
    listed = False
    access = frozenset({Right.EDIT_PLACE})
    change = Right.EDIT_PLACE
    of = "choices"
    widths = (14, 40, 40, 20, 24, 16, 36)


class ProfileRowsPage(RowsPage):
    """Mode profiles by file (D-3)."""

    key = "profile-rows"
    title = _("成批填写方式说明")
    section = "lists"
    listed = False
    access = frozenset({Right.EDIT_LISTS})
    change = Right.EDIT_LISTS
    of = "profiles"
    widths = (24, 16, 24, 28, 24)


class TownRowsPage(RowsPage):
    """Towns by file (D-10)."""

    key = "town-rows"
    title = _("成批登记镇街")
    section = "uptake"
    listed = False
    access = frozenset({Right.EDIT_PLACE})
    change = Right.EDIT_PLACE
    of = "towns"
    widths = (14, 24, 14, 40)


class FilingRowsPage(RowsPage):
    """What lists ask for after each publication, by file (P-6)."""

    key = "filing-rows"
    title = _("成批填写备案和公示的要求")
    section = "publishing"
    listed = False
    access = frozenset({Right.EDIT_LISTS})
    change = Right.EDIT_LISTS
    of = "filing-terms"
    widths = (40, 14, 28, 28, 28, 14, 14, 40)
