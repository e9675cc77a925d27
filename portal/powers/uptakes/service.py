"""A place's choice of mode where its list leaves it open (D-2, D-10)."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.places.models import Place
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound
from portal.foundation.rights.rules import Right
from portal.powers.lists.models import Delegation, PowerList
from portal.powers.lists.rules import Mode
from portal.powers.lists.scopes import mode_at
from portal.powers.matters.models import Matter
from portal.powers.uptakes.models import Choice

CHOOSABLE = (Mode.DIRECT, Mode.ENTRUSTED, Mode.WINDOW, Mode.REVIEW, Mode.COLLECTION)


def choose(
    place: Place, power_list: PowerList, matter: Matter, mode: Mode | None, *, by: Account, basis: str = ""
) -> Choice | None:
    """Say which mode a place chose for a matter; None takes the choice back.

    Refused where the list itself settles the mode, and for places that the list does not reach.
    """
    require(by, Right.EDIT_PLACE, place.id)
    bound(Subject.UPTAKE, place.id)
    present = db.session.scalar(
        select(Choice).where(
            Choice.place_id == place.id, Choice.list_id == power_list.id, Choice.matter_id == matter.id
        )
    )
    if mode is None:
        if present is not None:
            db.session.delete(present)
            db.session.flush()
        return None
    if mode not in CHOOSABLE:
        raise Refused("请从几种放权方式里选一种。")
    if answer_of(place, power_list, matter) is not Mode.UNDETERMINED:
        raise Conflict("这个事项的方式由清单规定，不由各地选择。")
    if present is None:
        present = Choice(place=place, power_list=power_list, matter=matter)
        db.session.add(present)
    present.mode, present.basis = mode, basis.strip()
    db.session.flush()
    return present


def answer_of(place: Place, power_list: PowerList, matter: Matter) -> Mode:
    """What the list's working copy says for a matter at a place; Refused when it does not reach it."""
    delegation = db.session.scalar(
        select(Delegation).where(Delegation.list_id == power_list.id, Delegation.matter_id == matter.id)
    )
    mode = mode_at(delegation, place) if delegation else None
    if mode is None:
        raise Refused("这份清单不包括%(place)s的这个事项。", place=place.name)
    return mode
