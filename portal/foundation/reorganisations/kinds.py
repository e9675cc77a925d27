"""What of the ground floor hangs on places and bodies, and how it passes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, TextClause, or_, select

from portal import clock
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Post
from portal.foundation.accounts.queries import other_administrators
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.models import RUNNING, Deadline
from portal.foundation.deadlines.moving import pass_on
from portal.foundation.organisations import queries as bodies
from portal.foundation.organisations.models import Organisation, OrganisationAlias
from portal.foundation.organisations.rules import fold
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place, PlaceGroup, PlaceGroupMember
from portal.foundation.reorganisations.registry import Hanging, Occasion, Subject, delete, twin
from portal.foundation.rights.rules import Role
from portal.i18n import mark


def _child(kind: Hanging, row: Place, successor: Subject, occasion: Occasion) -> bool:
    """A place below goes below the successor, unless one of its name is there already."""
    del kind, occasion
    there = db.session.get_one(Place, successor.id)
    others = [each for each in places.children(there) if each is not row]
    if any(each.name == row.name and each.ended_on is None for each in others):
        raise Conflict(
            "%(parent)s下面已经有“%(name)s”，请先给其中一个改名，或者先把它并过去。",
            parent=there.name,
            name=row.name,
        )
    row.parent, row.position = there, max((each.position for each in others), default=0) + 1
    db.session.flush()
    return True


def _body(kind: Hanging, row: Organisation, successor: Subject, occasion: Occasion) -> bool:
    """A body goes to the successor, or into the body of its name there."""
    del kind
    there = db.session.get_one(Place, successor.id)
    namesake = bodies.named(there, row.name)
    if namesake is not None:
        occasion.absorb(row, namesake)
        return True
    _no_past_namesake(there, row)
    names = bodies.by_name(there)
    for alias in list(row.aliases):
        if fold(alias.name) in names:
            row.aliases.remove(alias)
        else:
            alias.place_id = there.id
    row.place = there
    db.session.flush()
    return True


def _no_past_namesake(there: Place, row: Organisation) -> None:
    past = select(Organisation.id).where(Organisation.place_id == there.id, Organisation.name == row.name)
    if db.session.scalar(past) is not None:
        raise Conflict(
            "%(parent)s原来有过“%(name)s”，已经撤销。请先给要转去的单位改名。",
            parent=there.name,
            name=row.name,
        )


def _end_body(row: Organisation, occasion: Occasion) -> None:
    occasion.absorb(row, None)


def _living_posts() -> Sequence[ColumnElement[bool]]:
    return (or_(Post.until.is_(None), Post.until >= clock.today()),)


def _post(kind: Hanging, row: Post, successor: Subject, occasion: Occasion) -> bool:
    """The post ends the day before; the same one begins at the successor, unless its holder has it there.

    One that has not begun before today is given at the successor from the first.
    """
    ids = {"organisation_id": row.organisation_id, "place_id": row.place_id, kind.column.key: successor.id}
    today = clock.today()
    others = [each for each in row.account.posts if each is not row]
    twice = any(
        (each.role, each.organisation_id, each.place_id, each.standing_in_for_id)
        == (row.role, ids["organisation_id"], ids["place_id"], row.standing_in_for_id)
        and (each.until is None or each.until >= today)
        for each in others
    )
    if twice:
        _end_post(row, occasion)
    elif row.since >= today:
        setattr(row, kind.column.key, successor.id)
        db.session.flush()
        db.session.refresh(row)
    else:
        ids |= {"standing_in_for_id": row.standing_in_for_id}
        wanted = Post(
            role=row.role,
            since=today,
            until=row.until,
            given_by_id=occasion.by.id,
            reason=row.reason,
            **ids,
        )
        _end_post(row, occasion)
        row.account.posts.append(wanted)
        db.session.flush()
    return not twice


def _drop_post(row: Post, occasion: Occasion) -> None:
    """The post ends; Refused where it makes the last administrator."""
    if row.role is Role.ADMINISTRATOR and row.account.active and other_administrators(row.account) == 0:
        raise Refused(
            "“%(name)s”是最后一位管理员，请先给他别的任职。", code="administrator", name=row.account.name
        )
    _end_post(row, occasion)


def _end_post(row: Post, occasion: Occasion) -> None:
    del occasion
    row.until = clock.today() - timedelta(days=1)
    db.session.flush()


def _post_name(row: Post) -> str:
    return row.account.name


def _deadline(kind: Hanging, row: Deadline, successor: Subject, occasion: Occasion) -> bool:
    if twin(row, kind.column, successor.id) is not None:
        _cancel(row, occasion)
        return False
    pass_on(row, kind.column.key, successor.id, by=occasion.by, note=occasion.note)
    return True


def _running() -> Sequence[ColumnElement[bool] | TextClause]:
    return (RUNNING,)


def _cancel(row: Deadline, occasion: Occasion) -> None:
    if row.state.running:
        deadlines.cancel(row, reason=occasion.note, by=occasion.by)


def _no_longer_owed_to(row: Deadline, occasion: Occasion) -> None:
    del occasion
    row.owed_to_id = None
    db.session.flush()


def _member(kind: Hanging, row: PlaceGroupMember, successor: Subject, occasion: Occasion) -> bool:
    """A successor of the same kind takes the place in a group of its own parent; a zone in a county makes no zone."""
    del kind
    there = db.session.get_one(Place, successor.id)
    gone = db.session.get_one(Place, row.place_id)
    group = db.session.get_one(PlaceGroup, row.group_id)
    delete(row, occasion)
    if there.kind is not gone.kind or there.parent_id != group.parent_id or _is_member(group.id, there):
        return False
    db.session.add(PlaceGroupMember(group_id=group.id, place_id=there.id))
    db.session.flush()
    return True


def _is_member(group_id: int, place: Place) -> bool:
    wanted = select(PlaceGroupMember.place_id).where(PlaceGroupMember.group_id == group_id)
    return place.id in set(db.session.scalars(wanted))


def _group_name(row: PlaceGroupMember) -> str:
    return db.session.get_one(PlaceGroup, row.group_id).name


def _alias(kind: Hanging, row: OrganisationAlias, successor: Subject, occasion: Occasion) -> bool:
    """Documents go on naming the body so: the successor answers to it, unless another body there does."""
    del kind
    there = db.session.get_one(Organisation, successor.id)
    if fold(row.name) in bodies.by_name(there.place):
        delete(row, occasion)
        return False
    row.organisation, row.place_id = there, there.place_id
    db.session.flush()
    return True


MOVING = (
    Hanging(
        Place.parent_id,
        mark("下级地方"),
        lambda row: row.name,
        _child,
        where=lambda: (Place.ended_on.is_(None),),
        singly=True,
    ),
    Hanging(
        Organisation.place_id,
        mark("机构"),
        lambda row: row.name,
        _body,
        _end_body,
        mark("一并撤销"),
        where=lambda: (Organisation.ended_on.is_(None),),
        singly=True,
    ),
    Hanging(
        Post.place_id,
        mark("地方的任职"),
        _post_name,
        _post,
        _drop_post,
        mark("任职到昨天为止"),
        where=_living_posts,
        singly=True,
        follows=lambda row: row.organisation_id,
    ),
    Hanging(
        Post.organisation_id,
        mark("单位的任职"),
        _post_name,
        _post,
        _drop_post,
        mark("任职到昨天为止"),
        where=_living_posts,
        singly=True,
    ),
    Hanging(
        PlaceGroupMember.place_id,
        mark("地方分组"),
        _group_name,
        _member,
        delete,
        mark("退出分组"),
    ),
    Hanging(
        OrganisationAlias.organisation_id, mark("别名"), lambda row: row.name, _alias, delete, mark("删除")
    ),
)
"""In the order in which they pass on: bodies before what they owe."""

DEADLINES = (
    Hanging(
        Deadline.owed_by_id,
        mark("要办的时限"),
        lambda row: row.title,
        _deadline,
        _cancel,
        mark("取消"),
        where=_running,
    ),
    Hanging(
        Deadline.owed_to_id,
        mark("别人要交来的时限"),
        lambda row: row.title,
        _deadline,
        _no_longer_owed_to,
        mark("不再写明交给谁"),
        where=_running,
    ),
    Hanging(
        Deadline.place_id,
        mark("本地的时限"),
        lambda row: row.title,
        _deadline,
        _cancel,
        mark("取消"),
        where=_running,
        follows=lambda row: row.owed_by_id,
    ),
)
"""Last of all: whatever ends takes its date along first."""

STAYING = {
    "organisation_aliases.place_id": mark("随机构走"),
    "place_groups.parent_id": mark("分组是当地文件里的说法"),
    "policies.place_id": mark("文件是谁发的，不会变"),
    "uploads.place_id": mark("导入属于当地的清单"),
    "notices.organisation_id": mark("通知当时发给了谁"),
    "deliveries.organisation_id": mark("通知当时发给了谁"),
    "notice_ways.organisation_id": mark("通知渠道是原单位自己的，不再往那里发"),
    "notice_wishes.organisation_id": mark("通知渠道是原单位自己的，不再往那里发"),
    "notice_habits.organisation_id": mark("通知渠道是原单位自己的，不再往那里发"),
    "calendar_feeds.organisation_id": mark("订阅地址是原单位自己的，接手的单位另有地址"),
    "reorganisations.place_id": mark("沿革不变"),
    "reorganisations.organisation_id": mark("沿革不变"),
    "reorganisation_successors.place_id": mark("沿革不变"),
    "reorganisation_successors.organisation_id": mark("沿革不变"),
}
