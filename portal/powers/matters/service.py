"""Verbs on matters: their status and the names people use for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.rights.rules import Right
from portal.powers.matters.models import EverydayName, Matter
from portal.powers.matters.rules import MatterStatus, fold_name

LONGEST_NAME = 128


def set_status(
    matter: Matter, status: MatterStatus, *, by: Account, since: date | None = None, document: str = ""
) -> Matter:
    """Say whether a matter still exists (M-5); an abolished one names since when and by which document."""
    require(by, Right.EDIT_LISTS)
    if status is MatterStatus.ABOLISHED and (since is None or not document.strip()):
        raise Refused("事项已取消的，请写明从哪一天起、依据哪个文件。")
    matter.status, matter.status_since, matter.status_document = status, since, document.strip()
    db.session.flush()
    return matter


def set_everyday_names(matter: Matter, names: Iterable[str], *, by: Account) -> Matter:
    """The other names people search by (M-4), e.g. 办营业执照; the same name twice is kept once."""
    require(by, Right.EDIT_LISTS)
    wanted: dict[str, str] = {}
    for name in names:
        tidy = " ".join(name.split())
        if len(tidy) > LONGEST_NAME:
            raise Refused("常用叫法最多 %(limit)s 个字。", limit=LONGEST_NAME)
        if tidy:
            wanted.setdefault(fold_name(tidy), tidy)
    kept = {fold_name(each.name): each for each in matter.everyday_names}
    matter.everyday_names = [kept.get(key) or EverydayName(name=name) for key, name in wanted.items()]
    db.session.flush()
    return matter
