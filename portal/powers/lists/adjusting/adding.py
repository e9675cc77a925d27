"""Taking one matter into the working copy of a list, without handing in the whole annex anew (P-5)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound
from portal.foundation.rights.rules import Right
from portal.powers.lists import service
from portal.powers.lists.adjusting.service import make_room
from portal.powers.lists.models import Delegation, PowerList
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterType, code_clash, identity
from portal.powers.matters.service import take_sayings

LONGEST_NAME = 400
LONGEST_CODE = 64


@dataclass(frozen=True)
class Wanted:
    """A matter as an editor writes it down; `code` as printed, empty where no source gives one (M-1)."""

    name: str
    organisation: Organisation | None
    type: MatterType
    mode: Mode
    code: str = ""
    other_type: bool = False
    """That the code names another type than the one chosen is known, and right so (M-1)."""
    after: int | None = None
    """The number behind which it stands: 0 for the first place, None for the last."""


def add(power_list: PowerList, wanted: Wanted, *, by: Account) -> Delegation:
    """Put a matter into the list; one that the place already has, in another list or earlier in this, is it.

    What stands below moves down by one, its number too. Exceptions, remark and parts are said afterwards
    (`lists.service.change_delegation`). Refused for an empty or too long name or code, for a code of another type
    unless that is known, for a department of another place, for a number that the list does not have, and for what
    that verb refuses (D-8, Y-4). Conflict when the list holds it already, and while it waits for a decision.
    """
    require(by, Right.EDIT_LISTS, power_list.place_id)
    bound(Subject.LIST, power_list.id)
    # Two people who add at once take turns, so that neither a matter nor a number comes twice.
    db.session.execute(select(Place.id).where(Place.id == power_list.place_id).with_for_update())
    matter = _matter(power_list, wanted)
    here = Delegation.list_id == power_list.id
    if db.session.scalar(select(Delegation.id).where(here, Delegation.matter_id == matter.id)) is not None:
        raise Conflict("清单里已经有“%(name)s”了。", name=matter.name)
    row = _row(power_list, matter, wanted)
    return service.change_delegation(
        row,
        mode=wanted.mode,
        mode_label=service.word_for(power_list, wanted.mode),
        remark="",
        exceptions=[],
        sub_items=[],
        by=by,
    )


def _row(power_list: PowerList, matter: Matter, wanted: Wanted) -> Delegation:
    here = Delegation.list_id == power_list.id
    if wanted.after is None:
        last, highest = select(func.max(Delegation.position)), select(func.max(Delegation.seq))
        position, seq = (db.session.scalar(each.where(here)) or 0 for each in (last, highest))
    elif wanted.after == 0:
        position, seq = 0, 0
    else:
        above = db.session.scalars(select(Delegation).where(here, Delegation.seq == wanted.after)).all()
        if len(above) != 1:
            raise Refused("清单里没有第“%(number)s”项，或者不止一项。", number=wanted.after)
        position, seq = above[0].position, above[0].seq
    make_room(power_list.id, position, 1)
    body_id = wanted.organisation.id if wanted.organisation else None
    row = Delegation(
        power_list=power_list,
        matter=matter,
        position=position + 1,
        seq=seq + 1,
        mode=wanted.mode,
        printed=power_list.printed(matter.name, matter.code, wanted.type, body_id),
    )
    db.session.add(row)
    db.session.flush()
    db.session.expire(power_list, ["delegations"])
    return row


def _matter(power_list: PowerList, wanted: Wanted) -> Matter:
    """The matter that is meant: the one that is known, else a new one."""
    name, code = " ".join(wanted.name.split()), wanted.code.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refused("请写事项名称，最多 %(limit)s 个字。", limit=LONGEST_NAME)
    if len(code) > LONGEST_CODE or not code.isprintable():
        raise Refused("编码最多 %(limit)s 个字符。", limit=LONGEST_CODE)
    body = wanted.organisation
    if body is not None and body.place_id != power_list.place_id:
        raise Refused("请选%(place)s的部门。", place=power_list.place.name)
    other = code_clash(code, wanted.type)
    if other is not None and not wanted.other_type:
        raise Refused(
            "编码里写的类型是“%(type)s”，和选的不一样。改正其中一处；文件确实这样写的，勾上下面那一格。",
            code="code_type_clash",
            type=other.label,
        )
    key = identity(power_list.place.code, body.name if body else "", name, code)
    found = db.session.scalar(select(Matter).where(Matter.identity == key))
    return found if found is not None else _new(power_list, wanted, key, name, code)


def _new(power_list: PowerList, wanted: Wanted, key: str, name: str, code: str) -> Matter:
    made = Matter(
        identity=key,
        place_id=power_list.place_id,
        organisation_id=wanted.organisation.id if wanted.organisation else None,
        name=name,
        code=code,
        type=wanted.type,
    )
    db.session.add(made)
    db.session.flush()
    take_sayings([(made.id, name)])
    return made
