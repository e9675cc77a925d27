"""Verbs on reviews: how often, opening a round, filing (P-9).

A department files for itself, the reform office may file for it. Filing ends the review and begins the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.deadlines import service as deadlines
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.i18n import mark
from portal.powers.lists.models import PowerList
from portal.powers.reviews import opening, queries, telling
from portal.powers.reviews.models import Review, ReviewLine, ReviewTerms
from portal.powers.reviews.rules import (
    LONGEST_MONTHS,
    ReviewState,
    Said,
    anew,
    months_after,
)

ANOTHER = mark("改了评估间隔，期限重新定")
ROUND = mark("另开了一轮评估")
MOST_CASES = 2**31 - 1


def set_interval(power_list: PowerList, months: int, *, by: Account, basis: str = "") -> ReviewTerms:
    """Say how many months lie between two reviews of a list; what waits to be filed gets its day by it.

    A day set anew is at least 30 days off; history stays as it is (T-7). Forbidden without MANAGE_REVIEWS; Refused
    unless the months are from 1 to 60.
    """
    require(by, Right.MANAGE_REVIEWS, power_list.place_id)
    if not 1 <= months <= LONGEST_MONTHS:
        raise Refused("评估间隔请写 1 到 60 个月。")
    terms = db.session.merge(ReviewTerms(list_id=power_list.id, months=months, basis=basis.strip()))
    db.session.flush()
    due = queries.due_of(power_list.id)
    held = queries.deadlines_of(due.values())
    today = clock.today()
    for review in due.values():
        deadline = held.get(review.id)
        if deadline is None or deadline.history or not deadline.state.running:
            continue
        begin, day = anew(review.begins_on, months, today)
        if day == deadline.fixed_on:
            continue
        opening.drop(review, deadline, reason=ANOTHER, by=by)
        opening.open_one(power_list, review.organisation, begin, day, by=by)
    return terms


def start(power_list: PowerList, due_on: date, *, by: Account) -> int:
    """Ask every department of a list for a review by a day, instead of what waits to be filed; gives how many owe it.

    This is how reviews of long ago come to life (T-7). Forbidden without MANAGE_REVIEWS; Refused for a day that is not
    to come or over five years off, and for a list that does not hold today.
    """
    require(by, Right.MANAGE_REVIEWS, power_list.place_id)
    today = clock.today()
    if not today < due_on <= months_after(today, LONGEST_MONTHS):
        raise Refused("报送的日期要晚于今天，最多五年以后。")
    units, due = queries.departments(power_list), queries.due_of(power_list.id)
    if not units:
        raise Refused("这份清单现在没有公布的事项，没有可以评估的。")
    held = queries.deadlines_of(due.values())
    for review in due.values():
        opening.drop(review, held.get(review.id), reason=ROUND, by=by)
    made = [opening.open_one(power_list, unit, today, due_on, by=by) for _key, unit in sorted(units.items())]
    return sum(each is not None for each in made)


def file(review: Review, said: Mapping[int, Said], *, by: Account, note: str = "") -> Review:
    """File a review: what is `said`, by the id of the matter; of all others that they stay as they are.

    Its deadline is met today, the next review begins today. Forbidden for other departments' people; Refused for a
    matter that is none of the department's, a number of cases that is none, and a change without a word why; Conflict
    when it was filed or dropped meanwhile.
    """
    if not may_file(by, review):
        raise Forbidden("这是别的单位的评估，您不能填。", code="other_unit")
    matters = queries.matters(review)
    _check(said, {each.matter_id: each.seq for each in matters})
    if not opening.move(
        review, ReviewState.FILED, filed_by_id=by.id, filed_at=clock.now(), note=note.strip()
    ):
        raise Conflict("这次评估刚才已经报送，或者不用填了。", code="state")
    for position, matter in enumerate(matters, 1):
        each = said.get(matter.matter_id, Said())
        db.session.add(
            ReviewLine(
                review_id=review.id,
                matter_id=matter.matter_id,
                position=position,
                seq=matter.seq,
                name=matter.name,
                volume=each.volume,
                outcome=each.outcome,
                problems=each.problems.strip(),
                note=each.note.strip(),
            )
        )
    db.session.flush()
    deadline = queries.deadlines_of([review]).get(review.id)
    if deadline is not None and deadline.state.running:
        deadlines.fulfil(deadline, on=clock.today(), by=by)
    telling.tell_office(review)
    today = clock.today()
    months = queries.terms_of(review.list_id).months
    opening.open_one(review.power_list, review.organisation, today, months_after(today, months), by=by)
    return review


def may_file(account: Account, review: Review) -> bool:
    """Whether the account files for the review's department: one of its people, or the reform office."""
    return may(account, Right.FILE_REVIEWS, organisation=review.organisation)


def _check(said: Mapping[int, Said], known: Mapping[int, int]) -> None:
    if not known:
        raise Refused("清单里现在没有这个单位的事项，不用填了。")
    if not said.keys() <= known.keys():
        raise Refused("填的事项里有的已经不在清单里，请重新打开这一页再填。")
    for matter_id, each in said.items():
        if each.volume is not None and not 0 <= each.volume <= MOST_CASES:
            raise Refused("第 %(seq)s 项的办件量请写 0 以上的整数。", seq=known[matter_id])
        if not each.explained:
            raise Refused("第 %(seq)s 项建议调整或者收回，请写明问题或者理由。", seq=known[matter_id])
