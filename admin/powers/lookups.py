"""Finding matters, lists and documents by what people type."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from admin.base import DRAFTS
from admin.forms import Lookup
from admin.foundation.lookups import like
from portal import auth
from portal.db import db
from portal.foundation.accounts.rules import may
from portal.foundation.policies.models import Policy
from portal.foundation.publishing.models import Head, Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.lists.models import PowerList, PublishedMatter
from portal.powers.matters.models import Matter


def _policies(text: str, limit: int) -> Sequence[Policy]:
    pattern = like(text)
    found = select(Policy).where(
        or_(Policy.number.like(pattern, escape="\\"), Policy.title.like(pattern, escape="\\"))
    )
    return db.session.scalars(found.order_by(Policy.number != text, Policy.number).limit(limit)).all()


def _sees_drafts() -> bool:
    visitor = auth.account()
    return visitor is not None and any(may(visitor.role, right) for right in DRAFTS)


def _lists(text: str, limit: int) -> Sequence[PowerList]:
    pattern = like(text)
    found = select(PowerList).where(
        or_(PowerList.title.like(pattern, escape="\\"), PowerList.slug.like(pattern, escape="\\"))
    )
    if not _sees_drafts():
        found = found.where(PowerList.id.in_(select(Head.subject_id).where(Head.subject == Subject.LIST)))
    return db.session.scalars(found.order_by(PowerList.position, PowerList.id).limit(limit)).all()


def _matters(text: str, limit: int) -> Sequence[Matter]:
    found = select(Matter).where(or_(Matter.name.like(like(text), escape="\\"), Matter.code == text))
    if not _sees_drafts():
        public = select(PublishedMatter.matter_id).join(PublishedMatter.revision)
        found = found.where(Matter.id.in_(public.where(Revision.state == RevisionState.PUBLISHED)))
    return db.session.scalars(found.order_by(Matter.name != text, Matter.name, Matter.id).limit(limit)).all()


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
