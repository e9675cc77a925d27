from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.publishing.rules import Issue, ProposalState, Unfit, begins_on, entered_after, in_force

MAY, JUNE, JULY, AUGUST = (date(2026, month, 1) for month in (5, 6, 7, 8))

TABLE = [
    # revisions as (number, effective day, closed), day, the number that holds
    ([], JUNE, None),
    ([(1, JUNE, False)], MAY, None),
    ([(1, JUNE, False)], JUNE, 1),
    ([(1, MAY, False), (2, JULY, False)], JUNE, 1),
    ([(1, MAY, False), (2, JULY, False)], JULY, 2),
    # a later decision with an earlier day replaces the one that was to begin later
    ([(1, MAY, False), (2, AUGUST, False), (3, JULY, False)], JUNE, 1),
    ([(1, MAY, False), (2, AUGUST, False), (3, JULY, False)], JULY, 3),
    ([(1, MAY, False), (2, AUGUST, False), (3, JULY, False)], AUGUST, 3),
    # a closed one holds no more, and the one before it does again
    ([(1, MAY, False), (2, JUNE, True)], JULY, 1),
    ([(1, MAY, True)], JULY, None),
]


@pytest.mark.parametrize(("issues", "day", "number"), TABLE)
def test_which_revision_holds(issues, day, number):
    found = in_force([Issue(*issue) for issue in issues], day)
    assert (found.number if found else None) == number


@pytest.mark.parametrize(
    ("wanted", "proposed_on", "first", "day"),
    [
        # nothing chosen: the day on which it was put forward, a month before it is made public
        (JUNE, JUNE, True, JULY),
        (JUNE, JUNE, False, JULY),
        # a day that was over when it was put forward dates the first back, and no other
        (MAY, JUNE, True, MAY),
        (MAY, JUNE, False, JULY),
        (AUGUST, JUNE, True, AUGUST),
        (AUGUST, JUNE, False, AUGUST),
    ],
)
def test_from_which_day_a_revision_holds(wanted, proposed_on, first, day):
    assert begins_on(wanted, proposed_on, JULY, past=first) == day


days = st.dates(MAY, AUGUST)
histories = st.lists(st.tuples(days, st.booleans()), max_size=6).map(
    lambda parts: [Issue(number, day, closed) for number, (day, closed) in enumerate(parts, 1)]
)


@given(histories, days, st.randoms())
def test_what_holds_is_begun_open_and_not_replaced(issues, day, shuffler):
    shuffled = list(issues)
    shuffler.shuffle(shuffled)
    found = in_force(shuffled, day)
    begun = [issue for issue in issues if issue.effective_on <= day and not issue.closed]
    assert (found is None) is (begun == [])
    assert found is None or (found in begun and all(issue.number <= found.number for issue in begun))


@given(histories, days)
def test_between_two_beginnings_nothing_changes(issues, day):
    later = min((i.effective_on for i in issues if i.effective_on > day), default=None)
    if later is not None:
        assert in_force(issues, day) == in_force(issues, later - timedelta(days=1))


@given(histories, st.lists(days, max_size=5))
def test_in_whatever_order_older_states_are_entered_each_holds_until_the_next_begins(issues, entered):
    known = list(issues)
    every = [MAY + timedelta(days=count) for count in range((AUGUST - MAY).days + 1)]
    for day in entered:
        before = {each: in_force(known, each) for each in every}
        rank = entered_after(known, day, AUGUST)
        later = [each for each in every if each > day and before[each] != before[day]]
        taken = before[day] is not None and before[day].effective_on == day
        assert isinstance(rank, Unfit) == (taken or not later)
        if isinstance(rank, Unfit):
            continue
        made = Issue(len(known) + 1, day, rank=rank)
        known.append(made)
        for each in every:
            assert in_force(known, each) == (made if day <= each < later[0] else before[each])


@given(histories, st.lists(st.tuples(days, st.none() | st.integers(0, 9)), max_size=6))
def test_what_was_closed_between_two_entries_moves_no_day_that_is_not_its_own(issues, steps):
    known = list(issues)
    every = [MAY + timedelta(days=count) for count in range((AUGUST - MAY).days + 1)]
    for day, closing in steps:
        if closing is not None and known:
            at = closing % len(known)
            known[at] = replace(known[at], closed=True)
        before = {each: in_force(known, each) for each in every}
        rank = entered_after(known, day, AUGUST)
        if not isinstance(rank, Unfit):
            known.append(Issue(len(known) + 1, day, rank=rank))
            end = next(each for each in every if each > day and before[each] != before[day])
            for each in every:
                assert in_force(known, each) == (known[-1] if day <= each < end else before[each])


def test_an_older_state_after_one_whose_decision_was_closed_holds():
    years = [date(year, 1, 1) for year in (2020, 2022, 2023, 2024, 2025)]
    first, second, entered, wanted, last = years
    known = [Issue(1, first), Issue(2, second, closed=True), Issue(3, last), Issue(4, entered, rank=2)]
    rank = entered_after(known, wanted, date(2026, 1, 1))
    assert rank == 2
    assert in_force([*known, Issue(5, wanted, rank=rank)], wanted).number == 5


@given(histories, days, days)
def test_a_decision_after_an_entered_one_goes_before_it(issues, day, begin):
    rank = entered_after(issues, day, AUGUST)
    if not isinstance(rank, Unfit):
        number = len(issues) + 2
        known = [*issues, Issue(number - 1, day, rank=rank), Issue(number, begin)]
        assert in_force(known, AUGUST).number == number


def test_a_proposal_binds_its_working_copy_until_it_is_decided_for_good():
    assert {state for state in ProposalState if state.open} == {
        ProposalState.PROPOSED,
        ProposalState.APPROVED,
    }
