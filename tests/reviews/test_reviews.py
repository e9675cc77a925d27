"""Who owes a review and from when, filing it, how often, and what never alarms (P-9, T-7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jobs.deadlines import remind
from jobs.reviews import open_reviews
from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.registry import record_of
from portal.foundation.deadlines.rules import State
from portal.foundation.publishing.models import Revision
from portal.powers.lists.models import PublishedMatter
from portal.powers.reviews import opening, queries, service
from portal.powers.reviews.models import Review
from portal.powers.reviews.rules import Outcome, ReviewState, Said, anew, months_after
from tests.lists.making import row, take_over


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 3, 2), 12, date(2027, 3, 2)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months(day, months, then):
    assert months_after(day, months) == then


def test_a_day_set_anew_leaves_thirty_days():
    begin, today = date(2026, 3, 2), date(2026, 9, 1)
    assert anew(begin, 24, today) == (begin, date(2028, 3, 2))
    assert anew(begin, 6, today) == (today, date(2026, 10, 1))


def test_each_department_owes_a_review_from_the_day_the_list_holds(owing):
    review, deadline = owing.due()
    assert (review.number, review.begins_on) == (1, date(2026, 3, 2))
    assert (deadline.kind, deadline.due_on, deadline.history) == ("review", date(2027, 3, 2), False)
    assert (deadline.owed_by, deadline.owed_to) == (owing.commerce, owing.office)
    assert (deadline.list_id, deadline.place) == (owing.power_list.id, owing.city.place)
    assert [each.name for each in queries.matters(review)] == ["甲", "丙"]
    record = record_of("review", review.id)
    assert record is not None
    assert (record.title, record.address) == ("市商务局定期评估", f"/staff/reviews/{review.id}/")
    assert open_reviews() == 0, "asked again, it is opened once"


def test_nothing_is_owed_before_the_list_holds(world, frozen):
    world.publish(date(2026, 4, 1))
    assert open_reviews() == 0
    frozen.shift(timedelta(days=30))
    assert open_reviews() == 2
    assert world.due()[0].begins_on == date(2026, 4, 1)


def test_a_last_day_off_rolls_on_to_a_working_day(owing):
    service.set_interval(owing.power_list, 2, by=owing.editor)
    assert owing.due()[1].due_on == date(2026, 5, 4), "2 May is a Saturday"


def test_filing_keeps_a_line_for_each_matter_and_begins_the_next(owing, told, frozen):
    frozen.shift(timedelta(days=100))
    bad = Said(Outcome.TAKE_BACK, 3, " 没有系统权限 ", "请收回")
    filed = owing.file(said={owing.matter("丙"): bad}, note=" 总的还好 ")
    assert (filed.state, filed.filed_by, filed.note) == (ReviewState.FILED, owing.officer, "总的还好")
    assert [(each.seq, each.name, each.outcome, each.volume) for each in filed.lines] == [
        (1, "甲", Outcome.KEEP, None),
        (3, "丙", Outcome.TAKE_BACK, 3),
    ]
    assert (filed.lines[1].problems, filed.lines[1].quiet) == ("没有系统权限", False)
    met = queries.deadlines_of([filed])[filed.id]
    assert (met.state, met.done_on) == (State.FULFILLED, date(2026, 6, 10))
    review, deadline = owing.due()
    assert (review.number, review.begins_on, deadline.due_on) == (2, date(2026, 6, 10), date(2027, 6, 10))
    assert told(owing.office) == [
        "市商务局评估了《清单 liaocheng-2020》里本单位的2项：建议调整0项，建议收回1项。"
    ]
    assert open_reviews() == 0
    with pytest.raises(Conflict):
        service.file(filed, {}, by=owing.officer)
    opening.drop(filed, met, reason="晚了一步", by=None)
    assert filed.state is ReviewState.FILED


def test_who_may_not(owing):
    review, _deadline = owing.due()
    with pytest.raises(Forbidden):
        owing.file(by=owing.stranger)
    for verb in (
        lambda: service.set_interval(owing.power_list, 6, by=owing.officer),
        lambda: service.start(owing.power_list, date(2026, 6, 1), by=owing.officer),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert owing.file(by=owing.editor) is review, "the reform office files for others"


@pytest.mark.parametrize(
    "said", [Said(Outcome.CHANGE, problems="  "), Said(Outcome.TAKE_BACK), Said(volume=-1)]
)
def test_what_cannot_be_filed(owing, said):
    matter = owing.matter("甲")
    with pytest.raises(Refused):
        owing.file(said={matter: said})
    with pytest.raises(Refused):
        owing.file(said={db.session.query(PublishedMatter).filter_by(name="乙").one().matter_id: Said()})
    assert owing.due()[0].state is ReviewState.DUE


def test_another_interval_moves_what_waits_and_holds_for_the_next(owing):
    first, old = owing.due()
    service.set_interval(owing.power_list, 6, basis="三（二）", by=owing.editor)
    assert (first.state, old.state) == (ReviewState.DROPPED, State.CANCELLED)
    review, deadline = owing.due()
    assert (review.number, review.begins_on) == (2, date(2026, 3, 2))
    assert (deadline.due_on, deadline.basis) == (date(2026, 9, 2), "三（二）")
    service.set_interval(owing.power_list, 6, by=owing.editor)
    assert owing.due()[0] is review, "the same again changes nothing"
    owing.file()
    assert owing.due()[1].due_on == date(2026, 9, 2)
    for months in (0, 61):
        with pytest.raises(Refused):
            service.set_interval(owing.power_list, months, by=owing.editor)


def test_lists_of_long_ago_are_history_until_somebody_begins(world):
    world.publish(date(2021, 6, 15))
    assert open_reviews() == 2
    review, deadline = world.due()
    assert (deadline.due_on, deadline.history) == (date(2022, 6, 15), True)
    assert remind() == 0
    service.set_interval(world.power_list, 6, by=world.editor)
    assert world.due()[0] is review, "another interval wakes no history"
    assert service.start(world.power_list, date(2026, 6, 30), by=world.editor) == 2
    assert review.state is ReviewState.DROPPED
    deadline = world.due()[1]
    assert (deadline.begins_on, deadline.due_on) == (clock.today(), date(2026, 6, 30))
    assert (deadline.history, deadline.state) == (False, State.OPEN)
    assert open_reviews() == 0


def test_history_filed_begins_a_live_one(world):
    world.publish(date(2021, 6, 15))
    open_reviews()
    world.file()
    assert (world.due()[1].due_on, world.due()[1].history) == (date(2027, 3, 2), False)


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2031, 3, 3)])
def test_a_round_is_due_on_a_day_to_come(owing, day):
    with pytest.raises(Refused):
        service.start(owing.power_list, day, by=owing.editor)


def test_a_list_that_does_not_hold_is_not_reviewed(world):
    with pytest.raises(Refused):
        service.start(world.power_list, date(2026, 6, 1), by=world.editor)


def test_a_department_that_leaves_the_list_owes_no_more(owing):
    review, deadline = owing.due(owing.police)
    take_over(owing.city, owing.power_list, [row(1, "甲")])
    owing.publish()
    assert open_reviews() == 0
    assert (review.state, deadline.state) == (ReviewState.DROPPED, State.CANCELLED)
    assert list(queries.due_of(owing.power_list.id)) == [owing.commerce.id]


@pytest.mark.parametrize(
    ("away", "begins_on", "due_on"),
    [
        # Twenty days before its day: it goes on, with the least that anybody is given.
        (5, date(2027, 2, 15), date(2027, 3, 17)),
        # Really gone for two months: what comes back is new.
        (60, date(2027, 4, 11), date(2028, 4, 11)),
    ],
)
def test_a_slip_in_a_revision_is_no_year_s_grace(owing, frozen, away, begins_on, due_on):
    frozen.shift(timedelta(days=345))
    take_over(owing.city, owing.power_list, [row(1, "甲")])
    owing.publish()
    open_reviews()
    frozen.shift(timedelta(days=away))
    take_over(owing.city, owing.power_list, [row(1, "甲"), row(2, "乙", department="市公安局")])
    owing.publish()
    assert open_reviews() == 1
    review, deadline = owing.due(owing.police)
    assert (review.begins_on, deadline.due_on) == (begins_on, due_on)


def test_history_that_left_and_came_back_is_history(world):
    world.publish(date(2021, 6, 15))
    open_reviews()
    take_over(world.city, world.power_list, [row(1, "甲")])
    world.publish()
    open_reviews()
    take_over(world.city, world.power_list, [row(1, "甲"), row(2, "乙", department="市公安局")])
    world.publish()
    assert open_reviews() == 1
    assert world.due(world.police)[1].history


def test_what_was_waived_by_hand_is_over_and_the_next_begins(owing, frozen):
    review, deadline = owing.due()
    frozen.shift(timedelta(days=10))
    deadlines.waive(deadline, reason="并入专项检查", by=owing.editor)
    assert open_reviews() == 1
    assert (review.state, deadline.state) == (ReviewState.DROPPED, State.WAIVED)
    assert owing.due()[1].due_on == date(2027, 3, 12)


def test_matters_of_no_known_body_are_the_office_s(world):
    world.publish()
    db.session.query(PublishedMatter).filter_by(name="乙").update({"organisation_id": None})
    assert open_reviews() == 2
    review, _deadline = world.due(world.office)
    assert review.begins_on == date(2026, 3, 2)
    assert [each.name for each in queries.matters(review)] == ["乙"]


def test_it_is_reminded_of_before_its_day(owing, frozen):
    frozen.shift(timedelta(days=335))
    assert remind() == 2
    owing.file()
    frozen.shift(timedelta(days=29))
    assert remind() == 1, "what was filed reminds nobody"


def test_every_review_has_one_deadline(owing):
    service.start(owing.power_list, date(2026, 6, 30), by=owing.editor)
    owing.file()
    assert (
        db.session.query(Review).count() == db.session.query(Deadline).filter_by(kind="review").count() == 5
    )


def test_an_older_state_makes_no_review_begin_earlier(owing):
    first = db.session.query(Revision).filter_by(subject_id=owing.power_list.id).one()
    before = queries.first_days(owing.power_list, [owing.commerce.id])
    first.rank = 0
    db.session.flush()
    assert before[owing.commerce.id] == first.effective_on
    assert queries.first_days(owing.power_list, [owing.commerce.id]) == {}
