"""The staff pages' navigation: sections, and in each the pages that the visitor may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _

from portal.auth import DOOR

SECTIONS = {
    "home": _("首页"),
    "lists": _("清单与导入"),
    "publishing": _("批准与公布"),
    "deadlines": _("时限"),
    "uptake": _("职责与办事点"),
    "bodies": _("机构与地方"),
    "system": _("系统"),
}


@dataclass(frozen=True)
class Entry:
    """A link of the navigation; `pages` are those of the section."""

    title: Any
    address: str
    current: bool
    pages: tuple[Entry, ...] = ()


def navigation(present: Any) -> tuple[Entry, ...]:
    """The sections for whoever is signed in, each leading to its first page; `present` is the page shown."""
    door = next(each for each in current_app.extensions["admin"] if each.url == DOOR)
    sections = []
    for key, title in SECTIONS.items():
        pages = tuple(
            Entry(view.title, url_for(f"{view.key}.{view._default_view}"), view is present)  # noqa: SLF001  Flask-Admin's name
            for view in door._views  # noqa: SLF001  likewise
            if view.section == key and view.listed and view.is_accessible()
        )
        if pages:
            sections.append(Entry(title, pages[0].address, present.section == key, pages))
    return tuple(sections)
