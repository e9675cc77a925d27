"""Which handouts there are to make, and what a mode comes to at a place in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby

from portal.powers.lists.profiles.rules import Actor, Profile, Step
from portal.powers.lists.rules import Mode

FORMATS = ("pdf", "docx")

MOST_ROWS = 100_000
"""Places × matters of a list up to which every place gets its handouts: 200 places of 500 matters are a few minutes
of work. Beyond it the list's own files have to do."""

DOES = {
    Step.RECEIVE: "收件",
    Step.ACCEPT: "受理",
    Step.REVIEW: "审核",
    Step.DECIDE: "决定",
    Step.STAMP: "盖章",
}
UNCHOSEN = "方式待定"


def prepared(places: int, matters: int) -> bool:
    """Whether a list is small enough for handouts of every place."""
    return places * matters <= MOST_ROWS


def days(today: date, *beginnings: Iterable[date]) -> list[date]:
    """The days on which what holds may be another: today and every day to come on which a revision begins to hold."""
    return sorted({today, *(day for group in beginnings for day in group if day > today)})


def holding(printed: Mode, chosen: Mode | None) -> Mode:
    """What the list says for a place, or the place's published choice where the list leaves the mode open (D-2)."""
    return chosen if printed is Mode.UNDETERMINED and chosen else printed


def meaning(profile: Profile, place: str, issuer: str) -> str:
    """Who does which step under a mode, e.g. 微山县收件、受理，济宁市决定、盖章; "" while the profile is silent."""
    who: Mapping[Actor, str] = {
        Actor.PLACE: place,
        Actor.POSTED: f"{issuer}派驻{place}的人员",
        Actor.ISSUER: issuer,
    }
    done = [(actor, word) for step, word in DOES.items() if (actor := profile.actor(step))]
    return "，".join(
        who[actor] + "、".join(word for _actor, word in group)
        for actor, group in groupby(done, key=lambda each: each[0])
    )
