"""What rows of tables call a list and a mode.

A list goes by its title, or by the code word of its address where two lists have one title, and an older state of a
list (lists.earlier) by its code word; a mode by every spelling that documents have for it (D-1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from portal.db import db
from portal.errors import Refused
from portal.foundation.imports.rows.naming import word_of
from portal.foundation.imports.rows.remembering import once
from portal.powers.lists.models import PowerList
from portal.powers.lists.rules import Mode, read_mode


def called(power_list: PowerList) -> str:
    """What a row calls the list."""
    if power_list.earlier_of_id is not None:
        return power_list.slug
    alike = select(func.count()).where(PowerList.title == power_list.title, PowerList.earlier_of_id.is_(None))
    twice = once(("titled", power_list.title), lambda: (db.session.scalar(alike) or 0) > 1)
    return power_list.slug if twice else power_list.title


def list_among(text: str, lists: Iterable[PowerList]) -> PowerList:
    """The list of that title or code word among those that the person may write of. Refused for none and several."""
    alike = [each for each in lists if text in (each.title, each.slug)]
    found = [each for each in alike if each.earlier_of_id is None] or alike
    if not found:
        raise Refused("没有“%(title)s”这份清单，或者不归您填。请写清单的全名。", title=text[:40])
    if len(found) > 1:
        raise Refused("叫“%(title)s”的清单不止一份，请改写它网址里的代号。", title=text[:40])
    return found[0]


def mode_said(text: str, modes: Mapping[Mode, str]) -> Mode:
    """The mode that a row names, if it is one of these. Refused otherwise, with what can be said."""
    read = read_mode(text)
    return read if read is not None and read in modes else word_of(text, modes)
