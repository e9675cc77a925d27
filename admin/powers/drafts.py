"""Whose working copies of lists, and what leads to them, the visitor may see before they are published (P-1, R-3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from portal import auth
from portal.errors import NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports import queries as imports
from portal.foundation.imports.models import ImportedTable, Upload
from portal.foundation.rights.rules import Right
from portal.powers.lists import queries as lists
from portal.powers.lists import service
from portal.powers.lists.models import PowerList

WORKING = (Right.EDIT_LISTS, Right.APPROVE, Right.READ_ALL)
Record = TypeVar("Record")


def issuers(account: Account | None, rights: Iterable[Right] = WORKING) -> frozenset[int] | None:
    """Ids of the places with whose records the account may use one of the rights; None for all places.

    By default those whose lists it works on, or reads because it reads everything; none for a stranger.
    """
    found: set[int] = set()
    if account is None:
        return frozenset()
    for right in rights:
        own = places_of(account, right)
        if own is None:
            return None
        found |= own
    return frozenset(found)


def own_or_missing(record: Record, place_id: int, sentence: str, rights: Iterable[Right] = WORKING) -> Record:
    """The record if its place is one of the visitor's; NotFound with the sentence for a missing one otherwise."""
    own = issuers(auth.account(), rights)
    if own is not None and place_id not in own:
        raise NotFound(sentence)
    return record


def seen_lists() -> list[PowerList]:
    """The lists whose working copies the visitor may see, in their order."""
    return [each for each in seen_copies() if each.earlier_of_id is None]


def seen_copies() -> list[PowerList]:
    """The same with the older states that are being entered, which stand behind the lists."""
    own = issuers(auth.account())
    return [each for each in lists.working_copies() if own is None or each.place_id in own]


def seen_list(list_id: int) -> PowerList:
    """The list with this id; NotFound when there is none or it is another city's."""
    found = service.get(list_id)
    return own_or_missing(found, found.place_id, "没有这份清单。")


def seen_uploads() -> list[Upload]:
    """The newest uploads of the visitor's places."""
    own = issuers(auth.account())
    return [each for each in imports.newest() if own is None or each.place_id in own]


def seen_upload(upload_id: int) -> Upload:
    """The upload with this id; NotFound when there is none or it is another city's."""
    found = imports.upload(upload_id)
    return own_or_missing(found, found.place_id, "没有这次导入。")


def seen_table(table_id: int) -> ImportedTable:
    """The table with this id; NotFound when there is none or it is another city's."""
    found = imports.table(table_id)
    return own_or_missing(found, found.upload.place_id, "没有这份表。")
