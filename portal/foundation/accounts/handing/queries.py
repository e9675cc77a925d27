"""Reading who has what in hand, and who could take it over."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

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
    return {each.label: each.count(leaver, units) for each in holdings()}


def people(by: Account) -> Sequence[Account]:
    """Everybody who has or had a post in a body whose work the account may hand on, by name."""
    wanted = select(Account).join(Account.posts).where(Post.organisation_id.is_not(None)).distinct()
    own = bodies_of(by, Right.HAND_ON)
    if own is not None:
        wanted = wanted.where(Post.organisation_id.in_(own))
    loaded = wanted.options(selectinload(Account.posts).joinedload(Post.organisation))
    return db.session.scalars(loaded.order_by(Account.name, Account.id)).all()


def successors(leaver: Account, by: Account) -> list[Account]:
    """The people of those bodies who are there today, without the leaver."""
    units = {body.id for body in units_of(leaver, by)}
    return [each for each in people(by) if each is not leaver and units & each.unit_ids]
