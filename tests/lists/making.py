"""A made-up programme of 聊城市: its places, people, departments, a policy, and lists from rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from jobs.runs import work_off
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.files.models import StoredFile
from portal.foundation.imports.models import ImportedTable, Upload
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.places import service as places
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.policies import service as policies
from portal.foundation.policies.models import Policy
from portal.foundation.publishing import queries as publishing_queries
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.foundation.runs.models import Run
from portal.powers.lists import service as lists
from portal.powers.lists.adjusting import service as adjusting
from portal.powers.lists.adjusting.rules import unexplained
from portal.powers.lists.intake import applying, reading, settling
from portal.powers.lists.models import PowerList
from tests.fixtures.people import somebody

COUNTIES = (("东昌府区", "371502"), ("茌平区", "371503"), ("临清市", "371581"), ("莘县", "371522"))
ZONES = ("聊城经济技术开发区", "聊城高新技术产业开发区")
HANDED = ("direct", "entrusted", "window", "review", "collection")
PROFILE = {
    mode: {
        **dict.fromkeys(("receive", "accept", "review", "decide", "stamp"), ("place", "二（一）")),
        "decide": ("place", "《行政许可法》第二十四条"),
        "seal": ("own", "二（一）"),
        "apply_at": ("place,issuer", "二（二）"),
        "complaints": ("place", "三"),
        "respondent": ("issuer", "《行政许可法》第二十四条"),
    }
    for mode in HANDED
}


@dataclass(frozen=True)
class City:
    """Everything that a list needs."""

    place: Place
    policy: Policy
    editor: Account
    approver: Account
    departments: dict[str, Organisation]

    def county(self, name: str) -> Place:
        """One of the places under the city."""
        return next(place for place in db.session.query(Place) if place.name == name)


def account(role: Role, place: Place | None = None, login: str = "") -> Account:
    """A person of that role."""
    made = somebody(role, login=login, place=place)
    db.session.add(made)
    db.session.flush()
    return made


def make_city() -> City:
    """聊城市 with four counties, two zones, their groups, three departments, two people and a policy."""
    province = places.add(None, "山东省", PlaceKind.PROVINCE, code="370000", by=None)
    city = places.add(province, "聊城市", PlaceKind.CITY, code="371500", by=None)
    counties = [places.add(city, name, PlaceKind.COUNTY, code=code, by=None) for name, code in COUNTIES]
    zones = [places.add(city, name, PlaceKind.ZONE, by=None) for name in ZONES]
    places.set_group(city, "all", "各县（市、区）、市属开发区", counties + zones, by=None)
    places.set_group(city, "counties", "各县（市、区）", counties, by=None)
    places.set_group(city, "zones", "市属开发区", zones, by=None)
    names = ("市住房城乡建设局", "市商务局", "市公安局")
    departments = {name: organisations.add(city, name, by=None) for name in names}
    organisations.add_alias(departments["市住房城乡建设局"], "市住建局", by=None)
    policy = policies.add(
        city,
        number="聊政字〔2020〕8号",
        title="关于下放权力的通知",
        issuer="聊城市人民政府",
        issued_on=None,
        by=None,
    )
    return City(city, policy, account(Role.EDITOR), account(Role.APPROVER), departments)


def make_list(city: City, slug: str = "liaocheng-2020", scope: str = "all") -> PowerList:
    """An empty list of the city with a whole profile."""
    from portal.foundation.places import queries

    group = queries.group(city.place, scope)
    assert group is not None
    made = lists.found(
        slug, f"清单 {slug}", policy=city.policy, place=city.place, scope=group, by=city.editor, annex="附件"
    )
    lists.load_profile(made, PROFILE, by=city.editor)
    return made


def row(line: int, name: str, **said: Any) -> dict[str, Any]:
    """A row as `flask lists read` prints it."""
    return {
        "line": line,
        "seq": line,
        "department": "市商务局",
        "code": "",
        "name": name,
        "type": "行政许可",
        "mode": "direct",
        "mode_label": "直接下放",
        "remark": "",
        "sub_items": [],
        "exceptions": [],
        **said,
    }


def exception(mode: str, *, places: Sequence[str] = (), groups: Sequence[str] = ()) -> dict[str, Any]:
    """An exception as a remark's reading gives it."""
    return {"places": list(places), "groups": list(groups), "mode": mode}


def problem(code: str, line: int | None = None, field: str = "", table: int | None = 1) -> dict[str, Any]:
    """A problem as `flask lists read` prints it."""
    return {"table": table, "line": line, "field": field, "code": code, "message": f"{code}。"}


def hand_in(
    city: City,
    rows: Sequence[dict[str, Any]],
    *,
    problems: Sequence[dict[str, Any]] = (),
    totals: dict[str, Any] | None = None,
    notes: Sequence[str] = (),
    receivers: Sequence[str] = (),
) -> ImportedTable:
    """An annex with one table, as far as having been read."""
    file = StoredFile(id=uuid4().hex, name="附件.docx", sha256="0" * 64, size=1, media_type="x")
    upload = Upload(file=file, place=city.place, policy=city.policy, created_by_id=city.editor.id)
    db.session.add(upload)
    table = {
        "title": "放权清单",
        "notes": list(notes),
        "receivers": list(receivers),
        "totals": totals or {},
        "rows": list(rows),
    }
    reading.keep(upload, {"tables": [table], "skipped": [], "problems": list(problems)})
    return upload.tables[0]


def take_over(city: City, power_list: PowerList, rows: Sequence[dict[str, Any]]) -> applying.Preview:
    """Rows that raise no question become the list's working copy."""
    table = hand_in(city, rows)
    applying.aim(table, power_list, by=city.editor)
    settling.confirm_all(table, by=city.editor)
    return applying.apply(table, by=city.editor)


def explain(city: City, power_list: PowerList) -> None:
    """What the working copy changes with a reason and a basis (P-5), where it has none yet."""
    base = publishing_queries.newest(Subject.LIST, power_list.id)
    entries = publishable(Subject.LIST).difference(power_list.id, base).entries if base else ()
    lacking = [each["matter_id"] for each in entries if unexplained(each)]
    adjusting.explain(
        power_list, lacking, reason="试点一年", basis="聊政字〔2020〕8号", by=city.editor, only_missing=True
    )


def put_forward(city: City, power_list: PowerList, day: date | None = None) -> Proposal:
    """The list proposed by its editor, every change with its reason."""
    explain(city, power_list)
    return publishing.propose(Subject.LIST, power_list.id, by=city.editor, effective_on=day, reason="试点")


def publish(city: City, power_list: PowerList, day: date | None = None) -> Revision:
    """The list's working copy as a published revision."""
    publishing.approve(put_forward(city, power_list, day).id, by=city.approver)
    db.session.commit()
    work_off()
    revision = publishing_queries.newest(Subject.LIST, power_list.id)
    assert revision is not None
    return revision


def publish_run(proposal: Proposal) -> Run:
    """The run that publishes an approved proposal."""
    return db.session.get_one(Run, proposal.run_id)


def change(city: City, power_list: PowerList, remark: str) -> None:
    """The list's first matter with another remark."""
    delegation = power_list.delegations[0]
    lists.change_delegation(
        delegation,
        mode=delegation.mode,
        mode_label=delegation.mode_label,
        remark=remark,
        exceptions=[],
        sub_items=[],
        by=city.editor,
    )
