"""From a settled table to the working copy of its list: compare first, then take over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update

from portal import clock
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.imports.models import ImportedTable
from portal.foundation.imports.rules import TableState
from portal.foundation.organisations import queries as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import fold
from portal.foundation.places.models import Place
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound
from portal.foundation.rights.rules import Right
from portal.powers.lists import queries
from portal.powers.lists.intake.asking import ask_further, ask_places, official_names
from portal.powers.lists.intake.bulk import many_rows
from portal.powers.lists.intake.present import Present, present_rows
from portal.powers.lists.intake.rules import Fault, Row, check_rows
from portal.powers.lists.intake.settling import rows_of, still_open, unsettled, waiver_of
from portal.powers.lists.models import Delegation, PowerList, ScopeException, SubItem
from portal.powers.lists.rules import Mode
from portal.powers.lists.scopes import Resolved, Resolver
from portal.powers.lists.totals import figures
from portal.powers.lists.transfers.service import usual_label
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterType, identity, read_type
from portal.powers.matters.service import take_sayings

BATCH = 500
MOST_FAULTS_SHOWN = 5


class Wanted(NamedTuple):
    """One row as the working copy will hold it; a tuple, since there may be tens of thousands."""

    identity: str
    organisation_id: int | None
    line: int
    seq: int
    name: str
    code: str
    type: MatterType
    mode: Mode
    mode_label: str
    remark: str
    sub_items: tuple[str, ...]
    exceptions: tuple[Resolved, ...]

    @property
    def compared(self) -> tuple[Any, ...]:
        """Everything that can differ for one and the same matter."""
        keys = tuple(sorted(rule.key for rule in self.exceptions)) if self.exceptions else ()
        return (
            self.seq,
            self.type.value,
            self.mode.value,
            self.mode_label,
            self.remark,
            self.sub_items,
            keys,
            self.organisation_id,
        )


@dataclass(frozen=True)
class Change:
    """A matter that the table changes: what was and what will be, in the order of Wanted.compared."""

    wanted: Wanted
    was: tuple[Any, ...]


@dataclass(frozen=True)
class Preview:
    """What taking the table over would do to its list."""

    new: Sequence[Wanted]
    changed: Sequence[Change]
    gone: Sequence[tuple[int, str]]
    """Sequence number and name of matters that the table no longer has."""
    same: int

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.new or self.changed or self.gone)


@many_rows()
def aim(table: ImportedTable, power_list: PowerList, *, by: Account) -> None:
    """Say which list the table is an edition of; both must be of the same issuing place.

    Places in remarks that the list does not reach are asked about from here on. Conflict for a table that was
    taken over already.
    """
    require(by, Right.EDIT_LISTS, table.upload.place_id)
    still_open(table)
    if power_list.place_id != table.upload.place_id:
        raise Refused("这份清单不是%(place)s的，请另选一份。", place=table.upload.place.name)
    table.target_id = power_list.id
    ask_places(table, rows_of(table))


@many_rows()
def preview(table: ImportedTable) -> Preview:
    """Compare the settled rows with the list's working copy; raises Refused while the rows do not hold together."""
    power_list = _target(table)
    return _compare(_wanted(table, power_list), present_rows(power_list))


@many_rows()
def apply(table: ImportedTable, *, by: Account) -> Preview:
    """Take the settled table over into its list's working copy, in one transaction; gives what it changed.

    Refused while anything is unsettled (nothing is guessed) or rows are incomplete; Conflict while the list
    is put forward for publication. A table that changes nothing leaves everything as it is.
    """
    require(by, Right.EDIT_LISTS, table.upload.place_id)
    power_list = _target(table)
    _take_turn(table, power_list)
    if table.state is TableState.APPLIED:
        raise Conflict("这份表已经并入清单了。", code="applied")
    ask_further(table, rows_of(table))
    waiting = unsettled(table)
    if waiting:
        raise Refused("还有 %(count)s 处没有处理，处理完才能并入清单。", code="unsettled", count=len(waiting))
    bound(Subject.LIST, power_list.id)
    wanted = _wanted(table, power_list)
    present = present_rows(power_list)
    change = _compare(wanted, present)
    if not change.empty:
        _write(power_list, wanted, change, present)
    power_list.notes = table.content["notes"]
    power_list.totals = table.content["totals"]
    power_list.totals_waiver = waiver_of(table)
    power_list.totals_waived = figures(queries.mismatches(power_list))
    table.state, table.applied_at = TableState.APPLIED, clock.now()
    db.session.flush()
    db.session.expire(power_list)
    return change


def _take_turn(table: ImportedTable, power_list: PowerList) -> None:
    """Two tables of one issuing place are taken over one after the other: they may share matters."""
    db.session.execute(select(Place.id).where(Place.id == power_list.place_id).with_for_update())
    db.session.refresh(table, ["state"])


def _target(table: ImportedTable) -> PowerList:
    power_list = db.session.get(PowerList, table.target_id) if table.target_id else None
    if power_list is None:
        raise Refused("请先选定这份表对应哪一份清单。", code="no_list")
    return power_list


def _wanted(table: ImportedTable, power_list: PowerList) -> list[Wanted]:
    bodies = organisations.by_name(power_list.place)
    rows = official_names(rows_of(table), bodies)
    faults = check_rows(rows)
    if faults:
        shown = "；".join(_shown(fault) for fault in faults[:MOST_FAULTS_SHOWN])
        raise Refused("这些行还不完整：%(rows)s", code="rows", rows=shown)
    resolver = Resolver(power_list.place, power_list.scope.members)
    return [_want(row, number, power_list, bodies, resolver) for number, row in enumerate(rows, 1)]


def _shown(fault: Fault) -> str:
    return f"第{fault.line}行{fault.sentence}" if fault.line else fault.sentence


def _want(
    row: Row, number: int, power_list: PowerList, bodies: Mapping[str, Organisation], resolver: Resolver
) -> Wanted:
    department = row["department"] or ""
    body = bodies.get(fold(department)) if department else None
    if department and body is None:
        raise Refused("还没有登记过“%(name)s”。", code="department_unknown", name=department)
    kind = read_type(row["type"])
    assert kind is not None, "check_rows lets only known types through"  # noqa: S101
    code = row["code"] or ""
    return Wanted(
        identity=identity(power_list.place.code, body.name if body else "", row["name"], code),
        organisation_id=body.id if body else None,
        line=row["line"],
        # A list that counts its matters nowhere is counted here.
        seq=row["seq"] or number,
        name=row["name"],
        code=code,
        type=kind,
        mode=Mode(row["mode"]),
        mode_label=row["mode_label"] or usual_label(power_list, Mode(row["mode"])),
        remark=row["remark"] or "",
        sub_items=tuple(dict.fromkeys(row["sub_items"])),
        exceptions=tuple(resolver.resolve(row["exceptions"])) if row["exceptions"] else (),
    )


def _compare(wanted: Sequence[Wanted], present: Mapping[str, Present]) -> Preview:
    new: list[Wanted] = []
    changed: list[Change] = []
    for row in wanted:
        was = present.get(row.identity)
        if was is None:
            new.append(row)
        elif was.compared != row.compared:
            changed.append(Change(row, was.compared))
    names = {row.identity for row in wanted}
    return Preview(
        new=new,
        changed=changed,
        gone=[(was.compared[0], was.name) for key, was in present.items() if key not in names],
        same=len(wanted) - len(new) - len(changed),
    )


def _write(
    power_list: PowerList, wanted: Sequence[Wanted], change: Preview, present: Mapping[str, Present]
) -> None:
    matters = _matters(power_list, wanted)
    names = {row.identity for row in wanted}
    touched = [present[each.wanted.identity].delegation_id for each in change.changed]
    gone = [row.delegation_id for key, row in present.items() if key not in names]
    _clear(touched, gone)
    positions = {row.identity: position for position, row in enumerate(wanted, 1)}
    changed = {each.wanted.identity for each in change.changed}
    for row in wanted:
        was = present.get(row.identity)
        if was is None or (row.identity not in changed and was.position == positions[row.identity]):
            continue
        db.session.execute(
            update(Delegation)
            .where(Delegation.id == was.delegation_id)
            .values(_stored(power_list, row, positions))
        )
    keys = {key: row.delegation_id for key, row in present.items()}
    for begin in range(0, len(change.new), BATCH):
        batch = change.new[begin : begin + BATCH]
        records = [
            {
                "list_id": power_list.id,
                "matter_id": matters[row.identity],
                **_stored(power_list, row, positions),
            }
            for row in batch
        ]
        made = db.session.scalars(
            insert(Delegation).returning(Delegation.id, sort_by_parameter_order=True), records
        ).all()
        keys.update({row.identity: key for row, key in zip(batch, made, strict=True)})
    _parts([row for row in wanted if row.identity in changed or row.identity not in present], keys)


def _stored(power_list: PowerList, row: Wanted, positions: Mapping[str, int]) -> dict[str, Any]:
    return {
        "position": positions[row.identity],
        "seq": row.seq,
        "mode": row.mode,
        "mode_label": row.mode_label,
        "remark": row.remark,
        "printed": power_list.printed(row.name, row.code, row.type, row.organisation_id),
        "by_hand": False,
    }


def _clear(touched: Sequence[int], gone: Sequence[int]) -> None:
    for begin in range(0, len(touched) + len(gone), BATCH):
        keys = [*touched, *gone][begin : begin + BATCH]
        db.session.execute(delete(SubItem).where(SubItem.delegation_id.in_(keys)))
        db.session.execute(delete(ScopeException).where(ScopeException.delegation_id.in_(keys)))
    for begin in range(0, len(gone), BATCH):
        db.session.execute(delete(Delegation).where(Delegation.id.in_(gone[begin : begin + BATCH])))
    db.session.expire_all()


def _parts(rows: Iterable[Wanted], keys: Mapping[str, int]) -> None:
    parts, rules = [], []
    for row in rows:
        key = keys[row.identity]
        parts += [
            {"delegation_id": key, "position": position, "name": name}
            for position, name in enumerate(row.sub_items, 1)
        ]
        rules += [
            {
                "delegation_id": key,
                "place_id": rule.place.id if rule.place else None,
                "group_id": rule.group.id if rule.group else None,
                "mode": rule.mode,
            }
            for rule in row.exceptions
        ]
    if parts:
        db.session.execute(insert(SubItem), parts)
    if rules:
        db.session.execute(insert(ScopeException), rules)


def _matters(power_list: PowerList, wanted: Sequence[Wanted]) -> dict[str, int]:
    """The id of every matter, known or new; a known one takes the printed type and department, but no older ones."""
    known: dict[str, int] = {}
    printed: dict[str, tuple[MatterType, int | None]] = {}
    for key, number, kind, body_id in db.session.execute(
        select(Matter.identity, Matter.id, Matter.type, Matter.organisation_id).where(
            Matter.place_id == power_list.place_id
        )
    ):
        known[key], printed[key] = number, (kind, body_id)
    for row in wanted if power_list.earlier_of_id is None else ():
        if printed.get(row.identity, (row.type, row.organisation_id)) != (row.type, row.organisation_id):
            values = {"type": row.type, "organisation_id": row.organisation_id}
            db.session.execute(update(Matter).where(Matter.identity == row.identity).values(values))
    new = [row for row in wanted if row.identity not in known]
    for begin in range(0, len(new), BATCH):
        batch = new[begin : begin + BATCH]
        records = [
            {
                "identity": row.identity,
                "place_id": power_list.place_id,
                "organisation_id": row.organisation_id,
                "name": row.name,
                "code": row.code,
                "type": row.type,
            }
            for row in batch
        ]
        made = db.session.scalars(
            insert(Matter).returning(Matter.id, sort_by_parameter_order=True), records
        ).all()
        known.update({row.identity: key for row, key in zip(batch, made, strict=True)})
        take_sayings((key, row.name) for row, key in zip(batch, made, strict=True))
    return known
