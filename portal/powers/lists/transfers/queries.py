"""Reading what was transferred: by whom at a place, and which lists still want the former department's stamp."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select

from portal.db import db
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.queries import of_place
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.lists.models import Delegation, ListKind, PowerList, PublishedMatter, ScopeException
from portal.powers.lists.profiles.rules import wants_former_stamp
from portal.powers.lists.rules import Mode
from portal.powers.lists.transfers.rules import TRANSFER_LABELS
from portal.powers.matters.models import Matter


@dataclass(frozen=True)
class Stamped:
    """A transferred matter for which a list's working copy wants the former department's stamp."""

    list_id: int
    title: str
    matter: str


def bureau_of(place: Place) -> Organisation | None:
    """The approval bureau of a place, to which its departments' matters are transferred; None while it has none."""
    return next(iter(of_place(place, OrganisationKind.APPROVAL_BUREAU)), None)


def transferred(place_id: int, day: date) -> frozenset[int]:
    """Ids of the matters that a place's transfer lists in force moved away from the department that still has them.

    A matter that was moved to the bureau in the register too has no former department to ask.
    """
    lists = set(
        db.session.scalars(
            select(PowerList.id).where(PowerList.place_id == place_id, PowerList.kind == ListKind.TRANSFER)
        )
    )
    if not lists:
        return frozenset()
    current = publishing.all_current(Subject.LIST, day)
    wanted = (
        select(PublishedMatter.matter_id)
        .join(Matter, Matter.id == PublishedMatter.matter_id)
        .where(
            PublishedMatter.revision_id.in_([current[key].id for key in lists if key in current]),
            PublishedMatter.mode == Mode.DIRECT,
            PublishedMatter.organisation_id == Matter.organisation_id,
        )
    )
    return frozenset(db.session.scalars(wanted))


def moved(list_id: int) -> frozenset[int]:
    """Ids of the matters that the working copy of a transfer list moves."""
    wanted = select(Delegation.matter_id).where(Delegation.list_id == list_id, Delegation.mode == Mode.DIRECT)
    return frozenset(db.session.scalars(wanted))


def odd_names(list_id: int) -> list[str]:
    """Names of the matters of which a transfer list's working copy says something that no transfer list says."""
    wanted = (
        select(Matter.name)
        .join(Delegation, Delegation.matter_id == Matter.id)
        .where(Delegation.list_id == list_id, Delegation.mode.not_in(TRANSFER_LABELS))
    )
    return list(db.session.scalars(wanted.order_by(Delegation.position)))


def homeless(list_id: int, bureau_id: int | None) -> list[str]:
    """Names of the matters of a working copy that have no department to be moved from: none, or the bureau itself."""
    wanted = (
        select(Matter.name)
        .join(Delegation, Delegation.matter_id == Matter.id)
        .where(
            Delegation.list_id == list_id,
            or_(Matter.organisation_id.is_(None), Matter.organisation_id == bureau_id),
        )
    )
    return list(db.session.scalars(wanted.order_by(Delegation.position)))


def stamping(power_list: PowerList) -> frozenset[Mode]:
    """The modes under which a list's profile puts the issuing department's stamp on the decision."""
    return frozenset(each.mode for each in power_list.profile if wants_former_stamp(each.field, each.value))


def stamped(
    power_list: PowerList, matter_ids: Collection[int], modes: Collection[Mode] | None = None
) -> list[Stamped]:
    """Of these matters those that a list's working copy hands down, usually or somewhere, under a stamping mode.

    `modes` stand for those of the list's profile.
    """
    asked = stamping(power_list) if modes is None else frozenset(modes)
    if not asked or not matter_ids:
        return []
    elsewhere = select(ScopeException.delegation_id).where(ScopeException.mode.in_(asked))
    wanted = (
        select(Delegation.matter_id, Matter.name)
        .join(Matter, Matter.id == Delegation.matter_id)
        .where(
            and_(
                Delegation.list_id == power_list.id,
                or_(Delegation.mode.in_(asked), Delegation.id.in_(elsewhere)),
            )
        )
        .order_by(Delegation.position)
    )
    known = frozenset(matter_ids)
    return [
        Stamped(power_list.id, power_list.title, name)
        for matter_id, name in db.session.execute(wanted)
        if matter_id in known
    ]


def others(power_list: PowerList) -> list[PowerList]:
    """The lists by which the same place hands powers down, in their order."""
    wanted = select(PowerList).where(
        PowerList.place_id == power_list.place_id,
        PowerList.kind == ListKind.DELEGATION,
        PowerList.earlier_of_id.is_(None),
    )
    return list(db.session.scalars(wanted.order_by(PowerList.position, PowerList.id)))
