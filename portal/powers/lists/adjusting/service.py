"""Verbs of an adjustment: why a matter is changed, a new name or department, splits and merges (P-5).

All change the working copy alone and are refused while it waits for a decision.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.organisations.models import Organisation
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound
from portal.foundation.rights.rules import Right
from portal.powers.lists.adjusting.models import ChangeNote, Succession
from portal.powers.lists.adjusting.queries import notes
from portal.powers.lists.adjusting.rules import SuccessionKind
from portal.powers.lists.models import Delegation, PowerList, ScopeException, SubItem
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterType, code_clash, identity
from portal.powers.matters.service import take_sayings

LONGEST_NAME = 500
LONGEST_IDENTITY = 600
LONGEST_CODE = 64
LONGEST_BASIS = 255
FEWEST = 2


def explain(
    power_list: PowerList,
    matter_ids: Collection[int],
    *,
    reason: str,
    basis: str,
    by: Account,
    only_missing: bool = False,
) -> None:
    """Say why these matters are changed, and on what basis; two empty texts take it back.

    With `only_missing` what is said of one already stays, and two empty texts are Refused. Refused for a basis of more
    than 255 characters; Conflict while the list waits for a decision.
    """
    require(by, Right.EDIT_LISTS, power_list.place_id)
    bound(Subject.LIST, power_list.id)
    if len(basis.strip()) > LONGEST_BASIS:
        raise Refused("依据最多 %(limit)s 个字。", limit=LONGEST_BASIS)
    if only_missing and not (reason.strip() or basis.strip()):
        raise Refused("请写理由或者依据。", code="reason")
    known = notes(power_list.id)
    for matter_id in matter_ids:
        said = known.get(matter_id)
        kept = (said.reason, said.basis) if said and only_missing else ("", "")
        now = (kept[0] or reason.strip(), kept[1] or basis.strip())
        if said is None and any(now):
            said = ChangeNote(list_id=power_list.id, matter_id=matter_id)
            db.session.add(said)
        if said is not None and any(now):
            said.reason, said.basis = now
        elif said is not None:
            db.session.delete(said)
    db.session.flush()


def tidy_code(code: str, kind: MatterType, *, other_type: bool) -> str:
    """A code as it is kept. Refused when too long, and when it names another type unless that is known (M-1)."""
    said = code.strip()
    if len(said) > LONGEST_CODE or not said.isprintable():
        raise Refused("编码最多 %(limit)s 个字符。", code="code", limit=LONGEST_CODE)
    other = code_clash(said, kind)
    if other is not None and not other_type:
        raise Refused(
            "编码里写的类型是“%(type)s”，和选的不一样。改正其中一处；文件确实这样写的，勾上下面那一格。",
            code="code",
            type=other.label,
        )
    return said


def put_right(
    delegation: Delegation, code: str, kind: MatterType, *, other_type: bool = False, by: Account
) -> Matter:
    """Give a matter the code and the type that its document prints; its past, its places and its key stay.

    Every list of today that holds it is changed. Refused as `tidy_code` is and in an older state; Conflict as `rename`.
    """
    require(by, Right.EDIT_LISTS, delegation.power_list.place_id)
    matter = _unbound(delegation)
    if (code.strip(), kind) != (matter.code, matter.type):
        _identify(matter, matter.name, matter.organisation, tidy_code(code, kind, other_type=other_type))
        matter.type = kind
        db.session.flush()
    return matter


def rename(delegation: Delegation, name: str, organisation: Organisation | None, *, by: Account) -> Matter:
    """Give a matter another name or another department; its past, its places and its key stay.

    Every list that holds it is changed, but for older states (lists.earlier), which keep the names of their time:
    Conflict while one of them waits for a decision, or when the department has a matter of that name already. Refused
    for an empty name, for a department of another place, and in an older state.
    """
    require(by, Right.EDIT_LISTS, delegation.power_list.place_id)
    matter = _unbound(delegation)
    said = _name(name)
    if organisation is not None and organisation.place_id != matter.place_id:
        raise Refused("请选%(place)s的部门。", code="organisation", place=matter.place.name)
    _identify(matter, said, organisation, matter.code)
    db.session.flush()
    return matter


def split(delegation: Delegation, names: Sequence[str], *, by: Account) -> list[Delegation]:
    """Put several new matters in the place of one; they take its type, department, mode and exceptions.

    Refused for fewer than two names, for one said twice, and in an older state; Conflict for a name that is taken.
    """
    require(by, Right.EDIT_LISTS, delegation.power_list.place_id)
    _of_today(delegation)
    bound(Subject.LIST, delegation.list_id)
    wanted = [_name(each) for each in names if each.strip()]
    if len(wanted) < FEWEST or len(set(wanted)) < len(wanted):
        raise Refused("请写拆分以后的名称，一行一个，至少两个，不能重复。")
    made = []
    for offset, name in enumerate(wanted):
        matter = _like(delegation.matter, name)
        made.append(_row_like(delegation, matter, delegation.seq + offset, delegation.position + offset))
    new = [each.matter_id for each in made]
    _link(delegation.list_id, [delegation.matter_id], new, SuccessionKind.SPLIT)
    make_room(delegation.list_id, delegation.position, len(made) - 1)
    db.session.delete(delegation)
    db.session.flush()
    db.session.add_all(made)
    db.session.flush()
    db.session.expire(made[0].power_list, ["delegations"])
    return made


def merge(delegations: Sequence[Delegation], name: str, *, by: Account) -> Delegation:
    """Put one new matter in the place of several of one list; it takes everything else from the first of them.

    Refused for fewer than two, for rows of two lists, and for matters of different departments (give them one
    first); Conflict for a name that is taken.
    """
    for each in delegations:
        require(by, Right.EDIT_LISTS, each.power_list.place_id)
        _of_today(each)
    if len({each.id for each in delegations}) < FEWEST or len({each.list_id for each in delegations}) > 1:
        raise Refused("请从同一份清单里选至少两项来合并。")
    first = min(delegations, key=lambda each: each.position)
    bound(Subject.LIST, first.list_id)
    if len({each.matter.organisation_id for each in delegations}) > 1:
        raise Refused("要合并的事项属于不同的部门，请先改成同一个部门。")
    matter = _like(first.matter, _name(name))
    row = _row_like(first, matter, first.seq, first.position)
    _link(first.list_id, [each.matter_id for each in delegations], [matter.id], SuccessionKind.MERGE)
    for each in delegations:
        db.session.delete(each)
    db.session.flush()
    db.session.add(row)
    db.session.flush()
    db.session.expire(row.power_list, ["delegations"])
    return row


def _of_today(row: Delegation) -> None:
    """Refuse a row of an older state: it says what was printed, and the matter is what it is today."""
    if row.power_list.earlier_of_id is not None:
        raise Refused(
            "以前的版本照当时的文件，不改名、不拆分、不合并。写错的，改好附件重新导入。", code="earlier"
        )


def _name(text: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > LONGEST_NAME:
        raise Refused("请写事项名称，最多 %(limit)s 个字。", limit=LONGEST_NAME)
    return said


def _unbound(delegation: Delegation) -> Matter:
    """The row's matter. Conflict while a list that holds it waits for a decision; Refused in an older state."""
    _of_today(delegation)
    matter = delegation.matter
    holding = select(Delegation.list_id).join(Delegation.power_list).where(Delegation.matter_id == matter.id)
    for list_id in db.session.scalars(holding.where(PowerList.earlier_of_id.is_(None))):
        bound(Subject.LIST, list_id)
    return matter


def _identify(matter: Matter, name: str, organisation: Organisation | None, code: str) -> None:
    key = identity(matter.place.code, organisation.name if organisation else "", name, code)
    if len(key) > LONGEST_IDENTITY:
        raise Refused("事项名称太长，请写短一些。", code="name")
    if key != matter.identity and _known(key) is not None:
        raise Conflict("已经有叫“%(name)s”的事项了。", name=name)
    matter.name, matter.organisation, matter.code, matter.identity = name, organisation, code, key


def _known(key: str) -> Matter | None:
    return db.session.scalar(select(Matter).where(Matter.identity == key))


def _like(matter: Matter, name: str) -> Matter:
    """A new matter of the same department and type; its code is for the province to give."""
    key = identity(matter.place.code, matter.organisation.name if matter.organisation else "", name)
    if _known(key) is not None:
        raise Conflict("已经有叫“%(name)s”的事项了。", name=name)
    made = Matter(
        identity=key,
        place_id=matter.place_id,
        organisation_id=matter.organisation_id,
        name=name,
        type=matter.type,
    )
    db.session.add(made)
    db.session.flush()
    take_sayings([(made.id, name)])
    return made


def _row_like(row: Delegation, matter: Matter, seq: int, position: int) -> Delegation:
    return Delegation(
        list_id=row.list_id,
        matter_id=matter.id,
        position=position,
        seq=seq,
        mode=row.mode,
        mode_label=row.mode_label,
        remark=row.remark,
        exceptions=[
            ScopeException(place_id=each.place_id, group_id=each.group_id, mode=each.mode)
            for each in row.exceptions
        ],
        sub_items=[SubItem(name=each.name, position=each.position) for each in row.sub_items],
    )


def make_room(list_id: int, position: int, count: int) -> None:
    """Move what stands below a position by so many places, its printed numbers too."""
    below = select(Delegation).where(Delegation.list_id == list_id, Delegation.position > position)
    for each in db.session.scalars(below):
        each.position += count
        each.seq += count


def _link(list_id: int, old_ids: Collection[int], new_ids: Collection[int], kind: SuccessionKind) -> None:
    """Keep which came of which; where an old one is itself new in this adjustment, those it came from stand for it."""
    origins: set[int] = set()
    for old_id in old_ids:
        earlier = db.session.scalars(
            select(Succession).where(Succession.list_id == list_id, Succession.new_id == old_id)
        ).all()
        origins |= {each.old_id for each in earlier} or {old_id}
        for each in earlier:
            db.session.delete(each)
    db.session.flush()
    for old_id in sorted(origins):
        for new_id in new_ids:
            db.session.add(Succession(list_id=list_id, old_id=old_id, new_id=new_id, kind=kind))
    db.session.flush()
