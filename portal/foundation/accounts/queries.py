"""Reading accounts."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account, Post
from portal.foundation.organisations.models import Organisation
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Reach, Right, Role, carries, reach_of


def by_login(login: str) -> Account | None:
    """The account of a login, whatever its state."""
    return db.session.scalar(select(Account).where(Account.login == login))


def names(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of the people with these ids; None, for nobody, is passed over."""
    people = {key for key in ids if key is not None}
    found = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(people)))
    return dict(found.all())


def other_administrators(account: Account) -> int:
    """How many open accounts besides this one are administrators today, with no end in sight."""
    query = (
        select(func.count(func.distinct(Post.account_id)))
        .join(Post.account)
        .where(
            Post.role == Role.ADMINISTRATOR,
            Post.since <= clock.today(),
            Post.until.is_(None),
            Account.active.is_(True),
            Account.id != account.id,
        )
    )
    return db.session.scalar(query) or 0


def places_of(account: Account, right: Right = Right.READ_DRAFTS) -> frozenset[int] | None:
    """Ids of the places with whose records the account may use the right; None for all (R-3).

    By default those whose drafts it may see: its own and those below. A right that reaches its own bodies'
    records alone gives no place.
    """
    own = posted_at(account, right)
    return frozenset(db.session.scalars(places.subtree(own))) if own else own


def posted_at(account: Account, right: Right) -> frozenset[int] | None:
    """The topmost of those places, as the posts name them; None for all."""
    own: set[int] = set()
    for post in account.held:
        reach = reach_of(post.role, right)
        if reach is Reach.ALL or (reach is Reach.CITY and post.place_id is None):
            return None
        if reach in (Reach.CITY, Reach.PLACE) and post.place_id is not None:
            own.add(post.place_id)
    return frozenset(own)


def bodies_of(account: Account, right: Right = Right.READ_DRAFTS) -> Select[int] | None:
    """A statement for the ids of the bodies with whose records the account may use the right; None for all.

    Its own bodies, if it has the right in any post, and those of the places that `places_of` gives.
    """
    own = places_of(account, right)
    if own is None:
        return None
    units = {
        post.organisation_id
        for post in account.held
        if reach_of(post.role, right) is not Reach.NONE and post.organisation_id is not None
    }
    return select(Organisation.id).where(or_(Organisation.id.in_(units), Organisation.place_id.in_(own)))


def able(right: Right, place: Place) -> list[Account]:
    """Who may use the right at the place's records today, be it standing in for somebody, in the order of ids."""
    today = clock.today()
    held = select(Post.account_id).where(
        Post.role.in_([role for role in Role if reach_of(role, right) is not Reach.NONE]),
        Post.since <= today,
        or_(Post.until.is_(None), Post.until >= today),
    )
    wanted = (
        select(Account)
        .where(Account.id.in_(held), Account.active.is_(True))
        .options(selectinload(Account.posts).options(joinedload(Post.organisation), joinedload(Post.place)))
        .order_by(Account.id)
    )
    return [
        each
        for each in db.session.scalars(wanted)
        if any(carries(post, right, place, None) for post in each.held)
    ]


def demo_accounts() -> list[Account]:
    """Accounts made for trying out, in the order in which they were made; production must have none."""
    return list(db.session.scalars(select(Account).where(Account.demo.is_(True)).order_by(Account.id)))
