"""What rows call places, bodies, days and kinds, found among what the person may write of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import or_, select

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.remembering import once
from portal.foundation.imports.rows.rules import folded
from portal.foundation.organisations import queries as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Right

Word = TypeVar("Word", bound=StrEnum)

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?: 00:00(?::00)?)?")


def own_place(text: str, by: Account, right: Right) -> Place:
    """The place of that name or code where the person has the right; another's is as none (R-3). Refused otherwise."""
    return place_among(text, once(("places", by.id, right), lambda: places_of(by, right)))


def place_among(text: str, own: frozenset[int] | None) -> Place:
    """The place of that name or code among those with these ids, all when None. Refused for none and for several."""
    return once(("place", text, own), lambda: _place(text, own))


def _place(text: str, own: frozenset[int] | None) -> Place:
    wanted = select(Place).where(or_(Place.name == text, Place.code == text), Place.ended_on.is_(None))
    found: Sequence[Place] = db.session.scalars(
        wanted if own is None else wanted.where(Place.id.in_(own))
    ).all()
    if not text or not found:
        raise Refused("没有“%(place)s”这个地方，或者不归您填。请写全称或者代码。", place=text)
    if len(found) > 1:
        raise Refused("叫“%(place)s”的地方不止一个，请改写代码。", place=text)
    return found[0]


def body_at(places: Sequence[Place], name: str) -> Organisation:
    """The body of that name, official or other, at the first of the places that has one. Refused when none has."""
    return once(("body", *(each.id for each in places), name), lambda: _body(places, name))


def _body(places: Sequence[Place], name: str) -> Organisation:
    for place in places:
        body = organisations.named(place, name)
        if body is not None:
            return body
    raise Refused("%(place)s没有登记“%(name)s”。", place=places[0].name, name=name)


def day_of(text: str) -> date | None:
    """2021-06-15, 2021/6/15 or 2021年6月15日 as a day, None for nothing. Refused for anything else."""
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> date:
    raise Refused("看不懂日期“%(day)s”，请写成 2021-06-15。", day=text[:20])


def word_of(text: str, words: Mapping[Word, str]) -> Word:
    """The value that files call so, or its code word. Refused with all that can be said otherwise."""
    known = {folded(said): word for word, said in words.items()} | {word.value: word for word in words}
    word = known.get(folded(text))
    if word is None:
        raise Refused(
            "没有“%(kind)s”这一种。请写：%(kinds)s。", kind=text[:20], kinds="、".join(words.values())
        )
    return word


def lines_of(text: str, also: str = "") -> list[str]:
    """Names of one cell, apart by line breaks, ； or what else may stand between them."""
    return [name.strip() for name in re.split(rf"[\n；;{also}]", text) if name.strip()]


def fitting(said: str, most: int) -> str:
    """The text, if the field holds so many characters. Refused otherwise."""
    if len(said) > most:
        raise Refused("“%(said)s…”太长，最多 %(most)s 个字。", said=said[:20], most=most)
    return said
