"""Filing, accepting, returning: what each does to the plan, its deadline and the other side (H-1, H-3, R-3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jobs.deadlines import remind
from portal import clock
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.reminding.rules import Level
from portal.foundation.deadlines.rules import State, Terms
from portal.foundation.files.service import path_of
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.handovers import queries, service
from portal.powers.handovers.queries import Handing
from portal.powers.handovers.rules import Coverage, PlanState, Verdict

BEFORE = date(2026, 4, 1)


def deadline(world):
    found = queries.deadline_of(world.plan())
    assert found is not None
    return found


def coverage(world):
    return queries.stands(world.plan(), deadline(world), clock.today()).coverage


def test_filing_meets_the_deadline_and_tells_the_office(owing, told, frozen):
    frozen.shift(timedelta(days=3))
    filing = owing.file(note=" 盖了章 ")
    assert (filing.number, filing.note, filing.verdict) == (1, "盖了章", None)
    assert path_of(filing.file).read_bytes() == b"plan"
    assert (owing.plan().state, coverage(owing)) == (PlanState.FILED, Coverage.FILED)
    assert (deadline(owing).state, deadline(owing).done_on) == (State.FULFILLED, date(2026, 3, 5))
    assert told(owing.office) == ["莘县报来了承接方案"]


def test_a_filing_keeps_whom_the_place_had_named(owing):
    matter = owing.power_list.delegations[0].matter
    duties.set_duty(owing.shen, matter, DutyRole.RECEIVER, owing.government, by=owing.officer)
    filing = owing.file()
    kept = [Handing.kept(each) for each in filing.receivers]
    assert [(each.department, each.matters, each.receivers, each.unnamed) for each in kept] == [
        ("市商务局", 1, {"莘县人民政府": 1}, 0),
        ("市公安局", 1, {}, 1),
    ], "what is not handed down here is nobody's"
    duties.remove(duties_of(owing)[0], by=owing.officer)
    assert filing.receivers[0]["receivers"] == {"莘县人民政府": 1}
    assert queries.handings(owing.plan())[0].receivers == {}


def duties_of(world):
    from portal.powers.duties.queries import of_place

    return of_place(world.shen.id)


def test_returned_it_is_owed_again_by_its_old_day_and_accepted_it_is_done(owing, told, frozen):
    first = owing.file()
    frozen.shift(timedelta(days=7))
    service.send_back(first, reasons=" 没有写明承办单位。", by=owing.approver)
    assert (first.verdict, first.reasons) == (Verdict.RETURNED, "没有写明承办单位。")
    assert (first.decided_by_id, coverage(owing)) == (owing.approver.id, Coverage.RETURNED)
    assert (deadline(owing).state, deadline(owing).due_on) == (State.OPEN, BEFORE)
    frozen.shift(timedelta(days=1))
    second = owing.file(b"better")
    frozen.shift(timedelta(days=90))
    service.accept(second, note="可以", by=owing.editor)
    assert coverage(owing) is Coverage.ACCEPTED
    assert (deadline(owing).state, deadline(owing).done_on) == (State.FULFILLED, date(2026, 3, 10))
    assert [each.verdict for each in queries.filings(owing.plan())] == [Verdict.ACCEPTED, Verdict.RETURNED]
    assert told(owing.government) == ["请报送承接方案", "承接方案被退回，请改好再报", "承接方案已认可"]
    with pytest.raises(Conflict):
        owing.file()


def test_a_later_day_is_granted_with_the_reasons(owing):
    filing = owing.file()
    service.send_back(filing, reasons="补充材料", until=date(2026, 4, 20), by=owing.approver)
    assert deadline(owing).due_on == date(2026, 4, 20)
    (extension,) = deadline(owing).extensions
    assert (extension.reason, extension.granted_by) == ("补充材料", owing.approver.name)


def test_another_paper_takes_the_place_of_one_that_waits(owing):
    first = owing.file()
    second = owing.file(b"newer")
    assert (first.verdict, second.number) == (Verdict.REPLACED, 2)
    with pytest.raises(Conflict):
        service.accept(first, by=owing.approver)
    assert owing.plan().state is PlanState.FILED
    service.accept(second, by=owing.approver)
    with pytest.raises(Conflict):
        service.send_back(second, reasons="晚了", by=owing.editor)


def test_who_may_not(owing):
    with pytest.raises(Forbidden):
        owing.file(by=owing.stranger)
    with pytest.raises(Forbidden):
        owing.file(by=owing.approver)
    filing = owing.file(by=owing.editor)
    with pytest.raises(Forbidden) as own:
        service.accept(filing, by=owing.editor)
    assert own.value.code == "two_people"
    with pytest.raises(Forbidden):
        service.accept(filing, by=owing.officer)
    with pytest.raises(Refused):
        service.send_back(filing, reasons="  ", by=owing.approver)
    with pytest.raises(Refused):
        service.send_back(filing, reasons="改", until=date(2026, 3, 1), by=owing.approver)
    with pytest.raises(Refused):
        owing.file(b"")


def test_history_stays_history_until_somebody_gives_a_new_day(world, told):
    world.ask(Terms.fixed(date(2021, 6, 30)))
    world.publish()
    service.send_back(world.file(), reasons="不全", by=world.approver)
    assert deadline(world).history
    assert told(world.government) == ["承接方案被退回，请改好再报"]
    assert remind() == 0
    service.send_back(world.file(), reasons="还不全", until=date(2026, 5, 6), by=world.approver)
    assert (deadline(world).history, deadline(world).due_on) == (False, date(2026, 5, 6))
    assert deadline(world).state is State.OPEN


def test_what_was_waived_stays_waived(owing):
    deadlines.waive(deadline(owing), reason="合并办理", by=owing.editor)
    assert coverage(owing) is Coverage.RELEASED
    service.send_back(owing.file(), reasons="不用报", by=owing.approver)
    assert deadline(owing).state is State.WAIVED


def test_reminders_rise_until_it_is_filed(owing, frozen):
    """30, 7, 1 days before, on the day, then weekly; those before the opening are skipped (T-5)."""
    levels = {}
    for _day in range(60):
        if remind():
            late = (clock.today() - BEFORE).days
            levels[late] = deadline(owing).reminded_to
        frozen.shift(timedelta(days=1))
    assert levels == {
        **dict.fromkeys((-30, -7, -1, 0), Level.OFFICER),
        7: Level.LEADER,
        **dict.fromkeys((14, 21, 28), Level.OFFICE),
    }
    assert coverage(owing) is Coverage.LATE
    owing.file()
    frozen.shift(timedelta(days=30))
    assert remind() == 0
    assert coverage(owing) is Coverage.FILED


def test_the_table_says_how_far_everybody_is(owing):
    owing.file()
    (table,) = queries.tables(None, clock.today())
    assert table.issuer is owing.city.place
    assert next(place.name for place, _cells in table.rows) == "东昌府区"
    (terms,) = table.terms
    assert table.counts[terms.id] == {Coverage.FILED: 1, Coverage.NOBODY: 5}
    (own,) = queries.tables([owing.shen.id], clock.today())
    assert [place for place, _cells in own.rows] == [owing.shen]
    assert queries.tables([], clock.today()) == []
