"""Bodies with their other names, groups of places, documents: by file (G-3, G-4)."""

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


class GroupRowsPage(RowsPage):
    """What documents mean by 各功能区 or 各县（市、区）."""

    key = "group-rows"
    title = _("成批填写地方分组")
    section = "bodies"
    listed = False
    access = frozenset({Right.EDIT_LISTS})
    change = Right.EDIT_LISTS
    of = "groups"
    widths = (14, 16, 28, 40, 40)


class DocumentRowsPage(RowsPage):
    """Documents, with the clauses that are cut from their texts."""

    key = "document-rows"
    title = _("成批登记政策文件")
    section = "lists"
    listed = False
    access = frozenset({Right.EDIT_LISTS})
    change = Right.EDIT_LISTS
    of = "documents"
    widths = (24, 48, 28, 14, 14, 60)
