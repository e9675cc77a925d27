"""Reading who has what in hand, and who could take it over."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.db import db
from portal.foundation.accounts.handing.registry import holdings
from portal.foundation.accounts.models import Account, Post
from portal.foundation.accounts.queries import bodies_of
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may


def units_of(leaver: Account, by: Account) -> list[Organisation]:
    """The bodies in which the person has or had a post and whose work the account may hand on."""
    bodies = {post.organisation.id: post.organisation for post in leaver.posts if post.organisation}
    return [body for body in bodies.values() if may(by, Right.HAND_ON, organisation=body)]


def in_hand(leaver: Account, by: Account) -> dict[str, int]:
    """How much of each kind the person has in hand for those bodies, by the kind's label; nothing is left out."""
    units = units_of(leaver, by)
    return {each.label: each.counts({leaver.id: units}).get(leaver.id, 0) for each in holdings()}


def burdens(leavers: Sequence[Account], by: Account) -> dict[int, int]:
    """How much each of several people has in hand, all kinds together, by their ids."""
    units = {each.id: units_of(each, by) for each in leavers}
    kinds = [each.counts(units) for each in holdings()]
    return {key: sum(counts.get(key, 0) for counts in kinds) for key in units}


def people(by: Account, *, offset: int = 0, limit: int | None = None) -> Sequence[Account]:
    """Everybody who has or had a post in a body whose work the account may hand on: who is gone first, then by name."""
    wanted = select(Account).where(_in_reach(by)).options(*_LOADED)
    ordered = wanted.order_by(_here(), Account.name, Account.id)
    return db.session.scalars(ordered.offset(offset).limit(limit)).all()


def size(by: Account) -> int:
    """How many those are."""
    return db.session.scalar(select(func.count(Account.id)).where(_in_reach(by))) or 0


def person(account_id: int, by: Account) -> Account | None:
    """One of them."""
    wanted = select(Account).where(Account.id == account_id, _in_reach(by))
    return db.session.scalar(wanted.options(*_LOADED))


def successors(leaver: Account, by: Account) -> list[Account]:
    """The people of those bodies who are there today, without the leaver."""
    units = {body.id for body in units_of(leaver, by)}
    colleagues = exists().where(Post.account_id == Account.id, Post.organisation_id.in_(units))
    wanted = select(Account).where(colleagues, Account.id != leaver.id).options(*_LOADED)
    found = db.session.scalars(wanted.order_by(Account.name, Account.id))
    return [each for each in found if any(_stays(post, units) for post in each.held)]


def _stays(post: Post, units: set[int]) -> bool:
    """Whether a post makes a colleague of those bodies: who only stands in there is gone again soon."""
    return post.organisation_id in units and post.standing_in_for_id is None


_LOADED = (selectinload(Account.posts).joinedload(Post.organisation).joinedload(Organisation.place),)


def _in_reach(by: Account) -> ColumnElement[bool]:
    own: Select[int] | None = bodies_of(by, Right.HAND_ON)
    within = Post.organisation_id.is_not(None) if own is None else Post.organisation_id.in_(own)
    return exists().where(Post.account_id == Account.id, within)


def _here() -> ColumnElement[bool]:
    """Whether somebody holds a post today."""
    day = clock.today()
    held = exists().where(
        Post.account_id == Account.id, Post.since <= day, or_(Post.until.is_(None), Post.until >= day)
    )
    return and_(Account.active.is_(True), held)
