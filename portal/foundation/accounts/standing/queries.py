"""Reading who stands in for whom."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account, Post
from portal.foundation.accounts.standing.rules import stands_against
from portal.foundation.organisations.models import Organisation
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Right, Role, carries, within


def acting_for(by: Account, right: Right, place: Place | None) -> Account | None:
    """For whom the person acts who uses the right for the place's record now; None who acts in their own right.

    It is one: nobody stands in for two people on one day (service.name).
    """
    able = [post for post in by.held if carries(post, right, place, None)]
    return able[0].standing_in_for if able and all(post.standing_in_for_id for post in able) else None


def own_posts(account: Account) -> list[Post]:
    """The approver's posts that the person holds today in their own right and can be stood in for."""
    return [
        post
        for post in account.held
        if post.role is Role.APPROVER and post.standing_in_for_id is None and post.place is not None
    ]


def for_others(account: Account) -> list[Post]:
    """The posts in which the person stands in for somebody, now or later."""
    today = clock.today()
    return [
        post
        for post in account.posts
        if post.standing_in_for_id and (post.until is None or post.until >= today)
    ]


def in_place_of(account: Account) -> Sequence[Post]:
    """The posts of those who stand in for the person, now or later, in the order of their days."""
    wanted = select(Post).where(Post.standing_in_for_id == account.id, _not_over())
    return db.session.scalars(wanted.options(joinedload(Post.account)).order_by(Post.since, Post.id)).all()


def about(account: Account) -> Sequence[Post]:
    """The same with those in which the person stands in for somebody."""
    either = or_(Post.standing_in_for_id == account.id, Post.account_id == account.id)
    wanted = select(Post).where(Post.standing_in_for_id.is_not(None), either, _not_over())
    return db.session.scalars(wanted.order_by(Post.id)).all()


def lasting() -> Sequence[Post]:
    """The posts of all who stand in for somebody, now or later, with both people and what they hold."""
    wanted = select(Post).where(Post.standing_in_for_id.is_not(None), _not_over()).order_by(Post.id)
    people = (joinedload(each).selectinload(Account.posts) for each in (Post.account, Post.standing_in_for))
    return db.session.scalars(wanted.options(*people)).all()


def candidates(post: Post) -> list[Account]:
    """Who could stand in for the holder of an approver's post today, by name."""
    if post.place is None:
        return []
    ids = list(db.session.scalars(places.subtree([city_of(post.place).id])))
    there = or_(Post.place_id.in_(ids), Organisation.place_id.in_(ids))
    people = select(Post.account_id).outerjoin(Post.organisation).where(there, _not_over())
    wanted = (
        select(Account)
        .where(Account.id.in_(people), Account.active.is_(True), Account.id != post.account_id)
        .options(selectinload(Account.posts).joinedload(Post.organisation).joinedload(Organisation.place))
        .order_by(Account.name, Account.id)
    )
    return [each for each in db.session.scalars(wanted) if _fits(each, post.place)]


def belongs(post: Post, place: Place) -> bool:
    """Whether a post that is held in one's own right is one of the place's city."""
    if post.standing_in_for_id is not None:
        return False
    city = city_of(place)
    return within(post.place, city.id) or within(
        post.organisation.place if post.organisation else None, city.id
    )


def city_of(place: Place) -> Place:
    """The city in which the place lies, or the place where it lies in none."""
    above: Place | None = place
    while above is not None and above.kind is not PlaceKind.CITY:
        above = above.parent
    return above or place


def approves(post: Post, place: Place) -> bool:
    """Whether a post that is held in one's own right carries approving at the place."""
    return post.standing_in_for_id is None and carries(post, Right.APPROVE, place, None)


def _fits(account: Account, place: Place) -> bool:
    held = account.held
    if any(stands_against(post, place) or approves(post, place) for post in held):
        return False
    return any(belongs(post, place) for post in held)


def _not_over() -> ColumnElement[bool]:
    return or_(Post.until.is_(None), Post.until >= clock.today())
