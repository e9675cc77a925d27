"""The ledger of tasks as rows of a table (K-1): taken along, edited, handed in again. Dates: `milestones.rows`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal import clock
from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.naming import body_at, day_of, fitting, lines_of, place_among, word_of
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.remembering import once
from portal.foundation.imports.rows.rules import Column
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import fold
from portal.foundation.policies.models import Clause, Policy
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.oversight.tasks import queries, service
from portal.oversight.tasks.models import Task, TaskUnit
from portal.oversight.tasks.rules import Dating

DATINGS = {
    Dating.FIXED: "写明日期",
    Dating.UNSTATED: "没有写日期",
    Dating.STANDING: "长期任务",
}
"""What files call that which a document says of the date."""

POLICY = Column("policy", (mark("政策文件"), "文号", "Document"), needed=True)
CODE = Column("code", (mark("编号"), "任务编号", "Code"), needed=True)
COLUMNS = (
    POLICY,
    CODE,
    Column("title", (mark("任务名称"), "任务", "Title")),
    Column("clause", (mark("哪一条"), "条款", "Clause")),
    Column("text", (mark("任务内容"), "Text")),
    Column("responsible", (mark("责任单位（原文）"), "Responsible")),
    Column("office", (mark("调度单位"), "Office")),
    Column("leads", (mark("牵头单位"), "Leads")),
    Column("partners", (mark("配合单位"), "Partners")),
    Column("dating", (mark("文件怎么写日期"), "Dating")),
    Column("begins_on", (mark("开始的那天"), "Begins on")),
    Column("reason", (mark("换单位的理由"), "理由", "Reason")),
)
LONGEST = {"code": 32, "title": 255, "text": 5000, "responsible": 5000, "reason": 1000}
SETTLED = ("clause", "office", "begins_on")
"""What no verb changes once a task is entered."""
MOST_UNITS = 50

_ELSEWHERE = re.compile(r"(.+)[（(]([^（）()]+)[）)]")


def policy_of(values: Mapping[str, str], by: Account) -> Policy:
    """The document of that number whose tasks the person manages; another's is as none (R-3). Refused otherwise."""
    return once(("policy", by.id, values["policy"]), lambda: _policy(values["policy"], by))


def _policy(number: str, by: Account) -> Policy:
    own = places_of(by, Right.MANAGE_TASKS)
    wanted = select(Policy).where(Policy.number == number)
    policy: Policy | None = db.session.scalar(
        wanted if own is None else wanted.where(Policy.place_id.in_(own))
    )
    if policy is None:
        raise Refused("没有“%(number)s”这份文件，或者它的任务不归您填。请写文号。", number=number[:64])
    return policy


def find(values: Mapping[str, str], by: Account) -> Task | None:
    """The document's task of that code."""
    return queries.by_code(policy_of(values, by).id, values["code"])


def text(task: Task) -> dict[str, str]:
    """The task as a row says it. A reason is given for a change, and none stands."""
    place_id = task.policy.place_id
    return {
        "policy": task.policy.number,
        "code": task.code,
        "title": task.title,
        "clause": task.clause.ref if task.clause else "",
        "text": task.text,
        "responsible": task.responsible,
        "office": _called(task.office, place_id),
        "leads": "\n".join(_called(body, place_id) for body in task.leads),
        "partners": "\n".join(_called(body, place_id) for body in task.partners),
        "dating": DATINGS[task.dating],
        "begins_on": task.begins_on.isoformat(),
        "reason": "",
    }


def _called(body: Organisation, place_id: int) -> str:
    """Its name; where it is not of the document's own place, with the place that it is of."""
    return body.name if body.place_id == place_id else f"{body.name}（{body.place.name}）"


def save(task: Task | None, values: Mapping[str, str], by: Account) -> Task:
    """Enter the task, or put it right and give it to other units. Refused as the verbs of the forms are."""
    for field, most in LONGEST.items():
        fitting(values.get(field, ""), most)
    return _entered(values, by) if task is None else _put_right(task, values, by)


def _entered(values: Mapping[str, str], by: Account) -> Task:
    policy = policy_of(values, by)
    said = {column.name: values.get(column.name, "") for column in COLUMNS}
    if not said["office"]:
        raise Refused("请写调度单位。")
    draft = service.Draft(
        code=said["code"],
        title=said["title"],
        dating=word_of(said["dating"] or DATINGS[Dating.UNSTATED], DATINGS),
        begins_on=day_of(said["begins_on"]) or policy.issued_on or clock.today(),
        office=_body(said["office"], policy),
        clause=_clause(said["clause"], policy),
        text=said["text"],
        responsible=said["responsible"],
        leads=_bodies(said["leads"], policy, ()),
        partners=_bodies(said["partners"], policy, ()),
    )
    return service.add(policy, draft, by=by)


def _put_right(task: Task, values: Mapping[str, str], by: Account) -> Task:
    stands = text(task)
    said = {column.name: values.get(column.name, stands[column.name]) for column in COLUMNS}
    _as_entered(task, said, stands)

    def changed(*names: str) -> bool:
        return any(said[name] != stands[name] for name in names)

    if changed("dating"):
        service.set_dating(task, word_of(said["dating"] or stands["dating"], DATINGS), by=by)
    if changed("title", "text", "responsible"):
        service.amend(task, title=said["title"], text=said["text"], responsible=said["responsible"], by=by)
    leads = _bodies(said["leads"], task.policy, task.leads)
    partners = _bodies(said["partners"], task.policy, task.partners)
    if leads != task.leads or partners != task.partners:
        service.entrust(task, leads=leads, partners=partners, reason=said["reason"], by=by)
    return task


def _as_entered(task: Task, said: Mapping[str, str], stands: Mapping[str, str]) -> None:
    """Refuse another clause, office or first day; an empty cell says nothing of them, and a day may be spelt anyhow."""
    for field in SETTLED:
        same = said[field] in ("", stands[field])
        if field == "begins_on":
            same = same or day_of(said[field]) == task.begins_on
        if not same:
            raise Refused("条款、调度单位和开始的那天登记以后不能改。")


def _clause(ref: str, policy: Policy) -> Clause | None:
    if not ref:
        return None
    found = next((each for each in policy.clauses if ref in (each.ref, each.label)), None)
    if found is None:
        raise Refused("这份文件没有编号“%(ref)s”的条款。", ref=ref[:32])
    return found


def _bodies(said: str, policy: Policy, standing: Iterable[Organisation]) -> list[Organisation]:
    """The bodies of a cell, each once; one that stands there already stays, also when it has ended since."""
    known = {fold(_called(body, policy.place_id)): body for body in standing}
    names = [
        name
        for line in lines_of(said)
        # A name may hold the very mark that stands between names.
        for name in ([line] if fold(line) in known else lines_of(line, "、"))
    ]
    if len(names) > MOST_UNITS:
        raise Refused("一项任务最多写 %(most)s 个单位。", most=MOST_UNITS)
    found = [known.get(fold(name)) or _body(name, policy) for name in names]
    return list({body.id: body for body in found}.values())


def _body(name: str, policy: Policy) -> Organisation:
    """The body of the document's place, or of the place that stands behind its name: 市商务局（济宁市）."""
    try:
        return body_at([policy.place], name)
    except Refused:
        elsewhere = _ELSEWHERE.fullmatch(name)
        if elsewhere is None:
            raise
    return body_at([place_among(elsewhere[2].strip(), None)], elsewhere[1].strip())


def every(by: Account) -> Sequence[Task]:
    """The tasks of the documents whose tasks the person manages, document by document in their order."""
    own = places_of(by, Right.MANAGE_TASKS)
    wanted = (
        select(Task)
        .join(Task.policy)
        .options(
            contains_eager(Task.policy),
            joinedload(Task.clause),
            joinedload(Task.office).joinedload(Organisation.place),
            selectinload(Task.units).joinedload(TaskUnit.organisation).joinedload(Organisation.place),
        )
    )
    if own is not None:
        wanted = wanted.where(Policy.place_id.in_(own))
    return db.session.scalars(wanted.order_by(Task.policy_id, Task.position, Task.id)).all()


TASKS = RowKind(
    name="tasks",
    label=mark("改革任务"),
    right=Right.MANAGE_TASKS,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    every=every,
)
