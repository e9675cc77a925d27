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
from portal.powers.lists.adjusting.service import make_room, tidy_code
from portal.powers.lists.models import Delegation, PowerList
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterType, fold_name, identity
from portal.powers.matters.service import take_sayings

LONGEST_NAME = 400


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
    unless that is known, for the code of a matter that is known without any, for a department of another place, for a
    number that the list does not have, and for what that verb refuses (D-8, Y-4). Conflict when the list holds it
    already, and while it waits for a decision.
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
        by_hand=True,
    )
    db.session.add(row)
    db.session.flush()
    db.session.expire(power_list, ["delegations"])
    return row


def _matter(power_list: PowerList, wanted: Wanted) -> Matter:
    """The matter that is meant: the one that is known, else a new one."""
    name = " ".join(wanted.name.split())
    code = tidy_code(wanted.code, wanted.type, other_type=wanted.other_type)
    if not name or len(name) > LONGEST_NAME:
        raise Refused("请写事项名称，最多 %(limit)s 个字。", limit=LONGEST_NAME)
    body = wanted.organisation
    if body is not None and body.place_id != power_list.place_id:
        raise Refused("请选%(place)s的部门。", place=power_list.place.name)
    key = identity(power_list.place.code, body.name if body else "", name, code)
    found = db.session.scalar(select(Matter).where(Matter.identity == key)) or (
        None if code else _with_a_code(power_list, body, name)
    )
    if found is None and code:
        _check_without_code(power_list, body, name)
    if found is None:
        return _new(power_list, wanted, key, name, code)
    if power_list.earlier_of_id is None:
        _as_known(found, wanted)
    return found


def _with_a_code(power_list: PowerList, body: Organisation | None, name: str) -> Matter | None:
    """The matter of that name and department that has a code, where none was typed; Refused where there are several."""
    wanted = select(Matter).where(
        Matter.place_id == power_list.place_id,
        Matter.organisation_id == (body.id if body else None),
        Matter.identity.startswith(f"{power_list.place.code}\nc:", autoescape=True),
        Matter.identity.endswith(f"\n{fold_name(name)}", autoescape=True),
    )
    known = db.session.scalars(wanted).all()
    if len(known) > 1:
        raise Refused("叫“%(name)s”的事项有几个，请写编码。", code="code", name=name)
    return known[0] if known else None


def _check_without_code(power_list: PowerList, body: Organisation | None, name: str) -> None:
    """Refused where the matter is known already, only its code is not: it would be there twice."""
    key = identity(power_list.place.code, body.name if body else "", name)
    if db.session.scalar(select(Matter.id).where(Matter.identity == key)) is not None:
        raise Refused("“%(name)s”已经登记，还没有编码：请先不写编码加入，再改编码。", code="code", name=name)


def _as_known(known: Matter, wanted: Wanted) -> None:
    """Refused where a matter is known as another type's or another department's than was chosen."""
    if (known.type, known.organisation) != (wanted.type, wanted.organisation):
        raise Refused(
            "“%(name)s”已经登记为%(department)s的%(type)s事项，请照着选；要改的，加入以后再改。",
            code="type",
            name=known.name,
            department=known.organisation.name if known.organisation else known.place.name,
            type=known.type.label,
        )


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
