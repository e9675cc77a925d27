"""What people call matters as rows of a table (M-4), and an act that settles whether many still exist (M-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.errors import NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.naming import day_of, lines_of
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.rules import Column
from portal.foundation.organisations.rules import fold
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.powers.matters import service
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterStatus

STATES = {
    MatterStatus.IN_FORCE: "有效",
    MatterStatus.ABOLISHED: "已取消",
    MatterStatus.UNVERIFIED: "未核实",
}
"""What the states are called in a report."""

NAMED = (
    Column("matter", ("事项", "事项名称", "名称", "Matter"), needed=True),
    Column("code", ("编码", "事项编码", "Code")),
    Column("department", ("部门", "Department")),
)
COLUMNS = (*NAMED, Column("names", ("常用叫法", "叫法", "Everyday names"), needed=True))
STATED = (
    *NAMED,
    Column("status", ("状态", "Status")),
    Column("since", ("从哪一天起", "Since")),
    Column("document", ("依据的文件", "Document")),
)


def find(values: Mapping[str, str], by: Account) -> Matter:
    """The matter of that name, and of that code and department where they are said. No row makes one."""
    wanted = _own(by).where(Matter.name == values["matter"])
    code, department = values.get("code", ""), fold(values.get("department", ""))
    if code:
        wanted = wanted.where(Matter.code == code)
    found: list[Matter] = [
        each
        for each in db.session.scalars(wanted)
        if not department or (each.organisation is not None and fold(each.organisation.name) == department)
    ]
    if not found:
        raise Refused("没有“%(matter)s”这个事项，或者不归您填。请写清单里的全称。", matter=values["matter"])
    if len(found) > 1:
        raise Refused("叫“%(matter)s”的事项不止一个，请写上编码或者部门。", matter=values["matter"])
    return found[0]


def _named(matter: Matter) -> dict[str, str]:
    return {
        "matter": matter.name,
        "code": matter.code,
        "department": matter.organisation.name if matter.organisation else "",
    }


def text(matter: Matter) -> dict[str, str]:
    """The matter with its names as a row says it."""
    return {**_named(matter), "names": "\n".join(sorted(each.name for each in matter.everyday_names))}


def save(matter: Matter | None, values: Mapping[str, str], by: Account) -> Matter:
    """Let these be all everyday names of the matter; an empty cell takes them away."""
    return service.set_everyday_names(matter or find(values, by), lines_of(values["names"]), by=by)


def every(by: Account) -> Sequence[Matter]:
    """The matters of the places for which the person edits lists."""
    wanted = _own(by).options(selectinload(Matter.everyday_names))
    return db.session.scalars(wanted.order_by(Matter.place_id, Matter.id)).all()


def _own(by: Account) -> Select[Matter]:
    own = places_of(by, Right.EDIT_LISTS)
    wanted = select(Matter).options(joinedload(Matter.organisation))
    return wanted if own is None else wanted.where(Matter.place_id.in_(own))


def chosen(values: Mapping[str, str], by: Account) -> Matter:
    """The matter that was chosen on the list."""
    matter: Matter | None = db.session.scalar(_own(by).where(Matter.id == int(values["id"])))
    if matter is None:
        raise NotFound("这条记录已经没有了，或者不归您办。")
    return matter


def _status(matter: Matter) -> dict[str, str]:
    return {
        **_named(matter),
        "status": STATES[matter.status],
        "since": matter.status_since.isoformat() if matter.status_since else "",
        "document": matter.status_document,
    }


def _settled(matter: Matter | None, values: Mapping[str, str], by: Account) -> Matter:
    return service.set_status(
        matter or chosen(values, by),
        MatterStatus(values["to"]),
        by=by,
        since=day_of(values["day"]),
        document=values["by_document"],
    )


NAMES = RowKind(
    name="names",
    label=mark("常用叫法"),
    right=Right.EDIT_LISTS,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    every=every,
)

SETTLING = RowKind(
    name="matters-status",
    label=mark("改状态"),
    right=Right.EDIT_LISTS,
    columns=STATED,
    find=chosen,
    text=_status,
    save=_settled,
)
