"""Two cities with one record of each kind for everybody: what the matrix of rights is tried on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jobs.reviews import open_reviews
from portal.db import db
from portal.foundation.accounts.models import Account, Post
from portal.foundation.deadlines.rules import Terms
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places import service as places
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.policies import service as policies
from portal.foundation.rights.rules import Role
from portal.oversight.tasks import service as tasks
from portal.oversight.tasks.rules import Dating
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.handovers import queries as handovers
from portal.powers.handovers import service as handing
from portal.powers.lists.models import PowerList
from portal.powers.memoranda.models import Memorandum
from portal.powers.points.models import PointKind, ServicePoint
from portal.powers.reviews import queries as reviews
from portal.powers.reviews.models import ReviewLine
from portal.powers.reviews.rules import Outcome
from tests.lists.making import (
    City,
    change,
    exception,
    hand_in,
    make_city,
    make_list,
    publish,
    put_forward,
    row,
)
from tests.lists.making import take_over as taken_over

DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Ground:
    """A place as the rules know it, whatever becomes of the session."""

    id: int
    parent: Ground | None


@dataclass(frozen=True)
class Unit:
    """A body as the rules know it."""

    id: int
    place: Ground


@dataclass(frozen=True)
class Held:
    """A post as the rules know it."""

    role: Role
    place_id: int | None
    organisation_id: int | None
    since: date
    until: date | None


@dataclass(frozen=True)
class Kept:
    """Values for an address, and whose record they lead to."""

    values: dict[str, Any]
    place: Ground | None
    organisation: Unit | None


def ground(place: Place) -> Ground:
    """The place with those above it."""
    return Ground(place.id, ground(place.parent) if place.parent else None)


@dataclass
class Land:
    """Records by the arguments of addresses (`?id` of which page for those that stand behind the mark)."""

    people: dict[Role, Account]
    records: dict[tuple[str, ...], list[Kept]] = field(default_factory=dict)

    def keep(
        self,
        values: dict[str, Any],
        place: Place | None = None,
        body: Organisation | None = None,
        *,
        of: str = "",
    ) -> None:
        """A record that one kind of address leads to."""
        key = (f"{of}?id",) if of else tuple(sorted(values))
        unit = Unit(body.id, ground(body.place)) if body else None
        self.records.setdefault(key, []).append(Kept(values, ground(place) if place else None, unit))

    def held(self) -> dict[Role, Held]:
        """The one post of each person."""
        found = {role: account.posts[0] for role, account in self.people.items()}
        return {
            role: Held(role, post.place_id, post.organisation_id, post.since, post.until)
            for role, post in found.items()
        }


def make_land() -> Land:
    """The land, with a person of each role, whose posts are in the first city, its 莘县 and its 市商务局."""
    here = make_city()
    there = _another(here.place.parent)
    land = Land(_people(here))
    for city, slug in ((here, "here"), (there, "there")):
        power_list = make_list(city, slug)
        taken_over(city, power_list, [row(1, "甲"), row(2, "乙", department="市公安局")])
        _issued(land, city, power_list)
        _owed(land, city, power_list)
        _local(land, city, power_list)
    db.session.commit()
    return land


def _another(province: Place | None) -> City:
    city = places.add(province, "泰安市", PlaceKind.CITY, code="370900", by=None)
    counties = [
        places.add(city, name, PlaceKind.COUNTY, code=code, by=None)
        for name, code in (("宁阳县", "370921"), ("东平县", "370923"))
    ]
    places.set_group(city, "all", "各县（市、区）", counties, by=None)
    departments = {name: organisations.add(city, name, by=None) for name in ("市商务局", "市公安局")}
    policy = policies.add(
        city, number="泰政字〔2020〕1号", title="通知", issuer="泰安市人民政府", issued_on=None, by=None
    )
    return City(city, policy, _first(Role.EDITOR), _first(Role.APPROVER), departments)


def _first(role: Role) -> Account:
    return next(each for each in db.session.query(Account) if each.roles == {role})


def _people(city: City) -> dict[Role, Account]:
    commerce, shen = city.departments["市商务局"], city.county("莘县")
    government = organisations.add(shen, "莘县人民政府", OrganisationKind.GOVERNMENT, by=None)
    organisations.add(city.county("临清市"), "临清市人民政府", OrganisationKind.GOVERNMENT, by=None)
    posts = {
        Role.EDITOR: {"place": city.place},
        Role.APPROVER: {"place": city.place},
        Role.DEPARTMENT_OFFICER: {"organisation": commerce},
        Role.COUNTY_OFFICER: {"place": shen, "organisation": government},
        Role.REGULATOR: {"organisation": commerce},
        Role.AUDITOR: {},
        Role.ADMINISTRATOR: {},
    }
    made = {role: Account(login=f"as-{role.value}".replace("_", "-"), name="甲") for role in posts}
    for role, of in posts.items():
        made[role].posts = [Post(role=role, since=date(2000, 1, 1), **of)]
    db.session.add_all(made.values())
    db.session.flush()
    return made


def _issued(land: Land, city: City, power_list: PowerList) -> None:
    """What belongs to the place that issues lists."""
    office = organisations.add(city.place, "市政府办公室", OrganisationKind.GOVERNMENT_OFFICE, by=None)
    handing.set_terms(power_list, "承接方案", Terms.calendar(30), by=city.editor, basis="《通知》二")
    table = hand_in(city, [row(1, "甲", exceptions=[exception("undelegated", places=["莘县"])], remark="乙")])
    publish(city, power_list)
    change(city, power_list, "改过")
    proposal = put_forward(city, power_list)
    matter = power_list.delegations[0].matter
    land.keep({"list_id": power_list.id}, city.place)
    land.keep({"list_id": power_list.id, "matter_id": matter.id}, city.place)
    land.keep({"list_id": power_list.id, "mode": "direct"}, city.place)
    land.keep({"upload_id": table.upload_id}, city.place)
    land.keep({"table_id": table.id}, city.place)
    land.keep({"proposal_id": proposal.id}, city.place)
    land.keep({"delegation_id": power_list.delegations[0].id}, city.place)
    land.keep({"terms_id": handovers.terms_of(power_list.id)[0].id}, city.place)
    land.keep({"id": power_list.delegations[0].id}, city.place, of="delegations")
    land.keep({"id": matter.id}, city.place, of="matters")
    for body in city.departments.values():
        draft = tasks.Draft(body.name, "任务", Dating.FIXED, DAY, office, text="照办", leads=[body])
        task = tasks.add(city.policy, draft, by=city.editor)
        land.keep({"task_id": task.id}, city.place, body)
        land.keep({"task_id": task.id, "how": "publish"}, city.place, body)


def _owed(land: Land, city: City, power_list: PowerList) -> None:
    """What bodies and places owe for the list that was published."""
    open_reviews()
    for body in city.departments.values():
        review = reviews.due_of(power_list.id).get(body.id)
        if review is not None:
            owed = reviews.deadlines_of([review])[review.id]
            land.keep({"review_id": review.id}, city.place, body)
            row_ = next(each for each in power_list.delegations if each.matter.organisation is body)
            line = ReviewLine(
                review_id=review.id,
                matter_id=row_.matter_id,
                position=1,
                seq=row_.seq,
                name=row_.matter.name,
                outcome=Outcome.CHANGE,
            )
            db.session.add(line)
            db.session.flush()
            land.keep({"review_id": review.id, "line_id": line.id}, city.place)
            land.keep({"deadline_id": owed.id}, city.place, body)
        land.keep({"unit_id": body.id}, None, body)
    (terms,) = handovers.terms_of(power_list.id)
    for plan in handovers.plans_of(terms).values():
        if plan.place.name in ("莘县", "临清市", "宁阳县"):
            land.keep({"plan_id": plan.id}, plan.place)


def _agreed(land: Land, place: Place, department: Organisation) -> None:
    """What the place's approval bureau and a department agree on."""
    bureau = organisations.add(place, "行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)
    memorandum = Memorandum(bureau=bureau, department=department)
    db.session.add(memorandum)
    db.session.flush()
    land.keep({"memorandum_id": memorandum.id}, place, department)
    land.keep({"memorandum_id": memorandum.id, "party": "department", "how": "return"}, place, department)


def _local(land: Land, city: City, power_list: PowerList) -> None:
    """What places say of themselves."""
    for place in power_list.scope.members[:2]:
        town = places.add(place, "某镇", PlaceKind.TOWN, by=None)
        _agreed(land, place, next(iter(city.departments.values())))
        point = ServicePoint(place=place, kind=PointKind.CENTRE, name="中心")
        db.session.add(point)
        land.keep({"place_id": place.id}, place)
        land.keep({"id": town.id}, town, of="towns")
        for row_ in power_list.delegations:
            receiver = organisations.add(place, f"承接{row_.id}局", by=None)
            duty = Duty(place=place, matter=row_.matter, role=DutyRole.RECEIVER, organisation=receiver)
            db.session.add(duty)
            db.session.flush()
            land.keep({"id": duty.id}, place, row_.matter.organisation, of="duties")
        land.keep({"id": point.id}, place, of="points")
