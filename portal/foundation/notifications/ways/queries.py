"""Reading what units have chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time

from sqlalchemy import select

from portal.db import db
from portal.foundation.notifications.rules import Channel, NoticeKind, Timing
from portal.foundation.notifications.ways.models import DIGEST_AT, Habit, Way, Wish
from portal.i18n import DEFAULT


@dataclass(frozen=True)
class Choice:
    """Everything that one unit has chosen."""

    ways: Mapping[Channel, Way] = field(default_factory=dict)
    wishes: Mapping[tuple[NoticeKind, Channel], Timing] = field(default_factory=dict)
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time = DIGEST_AT
    language: str = DEFAULT

    def timing(self, kind: NoticeKind, channel: Channel) -> Timing:
        """When the unit wants this kind by this channel; a trial goes out at once."""
        if kind is NoticeKind.TRIAL:
            return Timing.AT_ONCE
        return self.wishes.get((kind, channel), Timing.AT_ONCE)


def choices(organisations: Collection[int]) -> dict[int, Choice]:
    """What each of these units has chosen, in three statements however many they are."""
    wanted = list(organisations)
    ways: dict[int, dict[Channel, Way]] = {each: {} for each in wanted}
    wishes: dict[int, dict[tuple[NoticeKind, Channel], Timing]] = {each: {} for each in wanted}
    for way in db.session.scalars(select(Way).where(Way.organisation_id.in_(wanted))):
        ways[way.organisation_id][way.channel] = way
    for wish in db.session.scalars(select(Wish).where(Wish.organisation_id.in_(wanted))):
        wishes[wish.organisation_id][wish.kind, wish.channel] = wish.timing
    habits = {
        each.organisation_id: each
        for each in db.session.scalars(select(Habit).where(Habit.organisation_id.in_(wanted)))
    }
    return {each: _choice(ways[each], wishes[each], habits.get(each)) for each in wanted}


def choice(organisation_id: int) -> Choice:
    """What one unit has chosen."""
    return choices([organisation_id])[organisation_id]


def _choice(
    ways: Mapping[Channel, Way], wishes: Mapping[tuple[NoticeKind, Channel], Timing], habit: Habit | None
) -> Choice:
    if habit is None:
        return Choice(ways, wishes)
    return Choice(ways, wishes, habit.quiet_from, habit.quiet_until, habit.digest_at, habit.language)
