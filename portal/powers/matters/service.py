"""Verbs on matters: their status and the names people use for them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache

from sqlalchemy import insert

from portal.config import ROOT
from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.rights.rules import Right
from portal.powers.matters.models import EverydayName, Matter
from portal.powers.matters.rules import MatterStatus, fold_name, sayings_of

LONGEST_NAME = 128
SAYINGS = ROOT / "portal" / "data" / "everyday.toml"


def set_status(
    matter: Matter, status: MatterStatus, *, by: Account, since: date | None = None, document: str = ""
) -> Matter:
    """Say whether a matter still exists (M-5); an abolished one names since when and by which document."""
    require(by, Right.EDIT_LISTS, matter.place_id)
    if status is MatterStatus.ABOLISHED and (since is None or not document.strip()):
        raise Refused("事项已取消的，请写明从哪一天起、依据哪个文件。")
    matter.status, matter.status_since, matter.status_document = status, since, document.strip()
    db.session.flush()
    return matter


def set_everyday_names(matter: Matter, names: Iterable[str], *, by: Account) -> Matter:
    """The other names people search by (M-4), e.g. 办营业执照; the same name twice is kept once."""
    require(by, Right.EDIT_LISTS, matter.place_id)
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


def take_sayings(made: Iterable[tuple[int, str]]) -> None:
    """Give matters that have just come in, by id and name, what people call them: the project's own wording.

    No right is asked for: who may bring a matter in may bring its sayings, and staff see and change them.
    """
    records = [
        {"matter_id": key, "name": saying}
        for key, name in made
        for saying in sayings_of(name, shipped_sayings())
    ]
    if records:
        db.session.execute(insert(EverydayName), records)


@cache
def shipped_sayings() -> Mapping[str, Sequence[str]]:
    """What ships with the project, by the folded name of the matter, in the order of the file."""
    with SAYINGS.open("rb") as file:
        entries = tomllib.load(file)["matters"]
    return {fold_name(name): tuple(entry["sayings"]) for entry in entries for name in entry["names"]}
