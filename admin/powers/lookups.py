"""Finding matters, lists and documents by what people type."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, and_, or_, select

from admin.base import HIGHEST_ID
from admin.forms import Lookup
from admin.foundation.lookups import like
from admin.powers.drafts import issuers
from portal import auth
from portal.db import db
from portal.foundation.policies.models import Policy
from portal.foundation.publishing.models import Head, Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.lists.models import Delegation, PowerList, PublishedMatter
from portal.powers.matters.models import Matter


def _policies(text: str, limit: int) -> Sequence[Policy]:
    pattern = like(text)
    found = select(Policy).where(
        or_(Policy.number.like(pattern, escape="\\"), Policy.title.like(pattern, escape="\\"))
    )
    return db.session.scalars(found.order_by(Policy.number != text, Policy.number).limit(limit)).all()


def _lists(text: str, limit: int) -> Sequence[PowerList]:
    pattern = like(text)
    found = _visible_lists().where(
        or_(PowerList.title.like(pattern, escape="\\"), PowerList.slug.like(pattern, escape="\\"))
    )
    exact = and_(PowerList.slug != text, PowerList.title != text)
    return db.session.scalars(found.order_by(exact, PowerList.position, PowerList.id).limit(limit)).all()


def known_lists() -> Sequence[PowerList]:
    """The lists that the visitor may know of, in their order."""
    return db.session.scalars(_visible_lists().order_by(PowerList.position, PowerList.id)).all()


def _visible_lists() -> Select[PowerList]:
    found, own = select(PowerList).where(PowerList.earlier_of_id.is_(None)), issuers(auth.account())
    if own is None:
        return found
    public = PowerList.id.in_(select(Head.subject_id).where(Head.subject == Subject.LIST))
    return found.where(or_(public, PowerList.place_id.in_(own)))


def _matters(text: str, limit: int) -> Sequence[Matter]:
    found = _visible_matters().where(or_(Matter.name.like(like(text), escape="\\"), Matter.code == text))
    return db.session.scalars(found.order_by(Matter.name != text, Matter.name, Matter.id).limit(limit)).all()


def matter_given(number: int | None) -> Matter | None:
    """The matter with this id, if the visitor may know of it: for links that fill a form in."""
    if number is None or not 0 < number <= HIGHEST_ID:
        return None
    return db.session.scalar(_visible_matters().where(Matter.id == number))


def known_matters(power_list: PowerList) -> frozenset[int]:
    """Ids of the matters of a list's working copy that the visitor may know of."""
    own = select(Delegation.matter_id).where(Delegation.list_id == power_list.id)
    return frozenset(
        db.session.scalars(_visible_matters().with_only_columns(Matter.id).where(Matter.id.in_(own)))
    )


def _visible_matters() -> Select[Matter]:
    found, own = select(Matter), issuers(auth.account())
    if own is None:
        return found
    public = select(PublishedMatter.matter_id).join(PublishedMatter.revision)
    known = Matter.id.in_(public.where(Revision.state == RevisionState.PUBLISHED))
    return found.where(or_(known, Matter.place_id.in_(own)))


def _office(matter: Matter) -> str:
    return matter.organisation.name if matter.organisation else matter.place.name


POLICIES = Lookup(
    "policy", _policies, lambda policy: policy.number, lambda policy: (policy.number, policy.title)
)
LISTS = Lookup(
    "list", _lists, lambda each: f"{each.title}（{each.slug}）", lambda each: (each.title, each.slug)
)
MATTERS = Lookup(
    "matter",
    _matters,
    lambda matter: f"{matter.name}（{_office(matter)} {matter.id}）",
    lambda matter: (matter.name, matter.code) if matter.code else (matter.name,),
)
