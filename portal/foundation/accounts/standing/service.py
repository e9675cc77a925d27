"""Verbs on stand-ins: an approver names one, comes back; posts that end take theirs along (P-5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts.models import Account, Post
from portal.foundation.accounts.standing import queries
from portal.foundation.accounts.standing.registry import tell
from portal.foundation.accounts.standing.rules import (
    DAY,
    LONGEST_DAYS,
    News,
    free_through,
    held_through,
    stands_against,
)
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Role, living


@dataclass(frozen=True)
class Naming:
    """Who stands in, from which day to which, both included, and why."""

    person: Account
    since: date
    until: date
    reason: str


def name(post: Post, given: Naming, *, by: Account) -> Post:
    """Let a person of the same city stand in for the holder of an approver's post; gives the stand-in's post.

    Forbidden unless the post is one's own: what somebody carries for another is not passed on. Refused for days that
    are past, in the wrong order or more than sixty, without a reason, and for a person who may not: of another city,
    an editor, auditor, administrator or approver there, without a post for the whole time, or away as well. Conflict
    when somebody stands in on one of these days already, or the person does so for somebody else: whoever approves
    then must be known to do it for one.
    """
    _check_days(given)
    held = [post, *given.person.posts]
    wait_for_mergers((each.place for each in held), (each.organisation for each in held))
    # Two who name each other at one moment wait for each other; who loses the post meanwhile is seen.
    keep(by, given.person)
    place = post.place
    if post not in queries.own_posts(by) or place is None:
        raise Forbidden("只能为自己的批准人任职指定代批人；代批人不能再指定代批人。", "not_own_post")
    _check_person(given, place, by)
    _check_circle(post, given, by)
    made = Post(
        role=Role.APPROVER,
        organisation=post.organisation,
        place=place,
        since=given.since,
        until=given.until,
        given_by=by,
        standing_in_for=by,
        reason=given.reason.strip(),
    )
    given.person.posts.append(made)
    db.session.flush()
    if _fits_through(made) < given.until:
        raise Refused("您的批准人任职在这之前就结束，代批不能比它长。", "until")
    tell(made, News.NAMED)
    return made


def come_back(post: Post, *, by: Account) -> Post:
    """End what somebody carries for oneself at once, or take it back before it begins.

    Forbidden for anybody but the one who is stood in for; Conflict when it is over already.
    """
    if post.standing_in_for_id != by.id:
        raise Forbidden("只有被代的人自己可以收回。", "not_own_post")
    keep(by)
    if post.until is not None and post.until < clock.today():
        raise Conflict("这个代批已经结束了。", "over")
    return shorten(post, clock.today() - DAY)


def shorten(post: Post, last_day: date | None) -> Post:
    """Let a stand-in's post end earlier; with a day before today its sessions end. Part of verbs that asked.

    Refused for a later day, or none: it lasts no longer than it was given for.
    """
    if last_day is None or (post.until is not None and last_day > post.until):
        raise Refused("代批只能提前结束，不能延长；要接着代，请被代的人重新指定。", "until")
    held = post in post.account.held
    post.until = last_day
    if held and post not in living([post], clock.today()):
        post.account.generation += 1
    db.session.flush()
    tell(post, News.ENDED)
    return post


def keep(*accounts: Account) -> None:
    """Let nobody else change the posts of these people, and of those who stand in for or by them, until the end.

    Part of verbs that change posts, called before anything is decided: what was read of them is read anew. Everybody
    locks in one order, so that nobody waits in a circle.
    """
    ids = {account.id for account in accounts}
    ids.update(each for account in accounts for post in queries.about(account) for each in _both(post))
    wanted = select(Account).where(Account.id.in_(ids)).order_by(Account.id)
    kept = wanted.with_for_update(key_share=True).options(selectinload(Account.posts))
    db.session.scalars(kept, execution_options={"populate_existing": True}).all()


def wait_for_mergers(places: Iterable[Place | None], bodies: Iterable[Organisation | None]) -> None:
    """Let none of these end until the end of this, and where one is just ending, go on when that is done.

    Part of verbs that give posts there, called before `keep`: whoever held accounts while waiting for a place would
    wait in a circle with the merger, which cuts the posts of these accounts. Whether one has ended is read anew.
    """
    units = [each for each in bodies if each is not None]
    # A place that ends takes its bodies along, and only the place itself is kept for that.
    _kept(Place, (*places, *(each.place for each in units)))
    _kept(Organisation, units)


def _kept(table: type[Place | Organisation], given: Iterable[Place | Organisation | None]) -> None:
    ids = {each.id for each in given if each is not None}
    wanted = select(table).where(table.id.in_(ids)).order_by(table.id)
    kept = wanted.with_for_update(read=True, key_share=True)
    db.session.scalars(kept, execution_options={"populate_existing": True}).all()


def fitted(account: Account) -> None:
    """Let nobody stand in for the person, nor the person for anybody, longer than the posts of both allow.

    Part of verbs that changed the person's posts, or closed the account.
    """
    _cut(queries.about(account))


def all_fitted() -> None:
    """The same for everybody who stands in, now or later. Part of verbs that moved places, bodies and their posts."""
    _cut(queries.lasting())


def _cut(posts: Iterable[Post]) -> None:
    for post in posts:
        through = _fits_through(post)
        if post.until is not None and through < post.until:
            shorten(post, through)


def _both(post: Post) -> Iterable[int]:
    """The ids of who stands in, and of who is stood in for."""
    return (each for each in (post.account_id, post.standing_in_for_id) if each is not None)


def _check_days(given: Naming) -> None:
    if not given.reason.strip():
        raise Refused("请写明原因，例如“休假”。", "reason")
    if given.since < clock.today():
        raise Refused("代批不能从过去的日期开始。", "since")
    if given.until < given.since:
        raise Refused("最后一天不能早于第一天。", "until")
    if (given.until - given.since).days >= LONGEST_DAYS:
        raise Refused("代批一次最多 %(days)s 天。", "until", days=LONGEST_DAYS)


def _check_person(given: Naming, place: Place, by: Account) -> None:
    person = given.person
    if person is by or not person.active:
        raise Refused("请选另一个在用的账号。", "person")
    days = {"first": given.since, "last": given.until}
    own = [post for post in person.posts if queries.belongs(post, place)]
    if held_through(own, **days) < given.until:
        raise Refused("代批人要是本市的人，而且这些天都在任。", "person")
    if free_through((post for post in person.posts if stands_against(post, place)), **days) < given.until:
        raise Refused("编辑、审计人员和系统管理员不能代批：改清单的人不能批准清单。", "person")
    if free_through((post for post in person.posts if queries.approves(post, place)), **days) < given.until:
        raise Refused("这个人自己就是批准人，不用代批。", "person")


def _check_circle(post: Post, given: Naming, by: Account) -> None:
    """Nobody is away and stands in on one day, stands in for two, or is stood in for twice."""
    if _meanwhile(queries.for_others(by), given):
        raise Refused("这些天您自己在代别人批准，不能再指定代批人。请先让被代的人收回。", "chain")
    if _meanwhile(queries.in_place_of(given.person), given):
        raise Refused("这个人这些天自己也由别人代批，请选另一个人。", "chain")
    others = [each for each in queries.for_others(given.person) if each.standing_in_for_id != by.id]
    if _meanwhile(others, given):
        raise Conflict("这个人这些天已经在代别人批准，请选另一个人。", "person")
    same = [each for each in queries.in_place_of(by) if each.place_id == post.place_id]
    if _meanwhile(same, given):
        raise Conflict("这些天已经有代批人了。请先收回原来的。", "twice")


def _meanwhile(posts: Iterable[Post], given: Naming) -> bool:
    return any(each.since <= given.until and (each.until or date.max) >= given.since for each in posts)


def _fits_through(post: Post) -> date:
    """The last day, up to its own, through which a stand-in's post may be held."""
    absent, holder, place = post.standing_in_for, post.account, post.place
    first, last = max(post.since, clock.today()), post.until or date.max
    if absent is None or place is None or not (absent.active and holder.active):
        return clock.today() - DAY
    return min(
        held_through((each for each in absent.posts if _stood_in_for(each, post)), first, last),
        held_through((each for each in holder.posts if queries.belongs(each, place)), first, last),
        free_through((each for each in holder.posts if stands_against(each, place)), first, last),
    )


def _stood_in_for(own: Post, post: Post) -> bool:
    """Whether it is the approver's post that another's stands in for."""
    there = (own.role, own.place_id, own.organisation_id) == (post.role, post.place_id, post.organisation_id)
    return there and own.standing_in_for_id is None
