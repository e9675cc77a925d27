"""Which matters of a list are stopped at once (紧急停办): a slice above stops them, papers repeat it.

A stop is no part of a revision (ADR 0026): it lies over what was published, in files to take along too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from portal import clock
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject

WORD = "紧急停办"

Finder = Callable[[int, date], Mapping[int, date]]

_finders: list[Finder] = []


def register_stopped(find: Finder) -> None:
    """Let a slice say what it has stopped in a list on a day: {matter id: since}; once, when the application starts."""
    if find not in _finders:
        _finders.append(find)


def stopped(revision: Revision) -> dict[int, date]:
    """What is stopped in a list's revision, today or on its first day where that is to come: {matter id: since}."""
    if revision.subject is not Subject.LIST:
        return {}
    day = max(clock.today(), revision.effective_on)
    return {key: since for find in _finders for key, since in find(revision.subject_id, day).items()}


def said(since: date) -> str:
    """What a paper says of a matter that is stopped."""
    return f"{WORD}：{since.year}年{since.month}月{since.day}日起停止办理，到另行公布为止"
