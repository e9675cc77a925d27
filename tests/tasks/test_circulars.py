"""Circulars: what the rows say of a period, with who is ahead and who behind, kept as page, Word and PDF."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from docx import Document

from portal import clock
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts.standing import service as standing
from portal.foundation.files.service import path_of
from portal.foundation.workdays.rules import Calendar
from portal.oversight.circulars import papers, queries, rules, service
from portal.oversight.circulars.rules import Fact, Part
from portal.oversight.tasks import service as tasks
from portal.oversight.tasks.milestones import service as milestones
from portal.oversight.tasks.queries import by_code
from portal.oversight.tasks.reporting import service as reporting
from portal.oversight.tasks.reporting.service import Progress
from tests.exports.conftest import pages, words

BEGIN, END, TODAY = date(2026, 2, 2), date(2026, 2, 27), date(2026, 3, 2)


def fact(due_on, done_on=None, unit="甲局", begins_on=date(2026, 1, 5)):
    return Fact("K1", "任务", unit, "部分", begins_on, due_on, done_on, 50)


@pytest.mark.parametrize(
    ("known", "part", "days"),
    [
        (fact(date(2026, 2, 20)), Part.LATE, 5),
        (fact(date(2026, 2, 27)), Part.UNDER_WAY, 0),
        (fact(date(2026, 2, 20), date(2026, 3, 2)), Part.LATE, 5),
        (fact(date(2026, 2, 20), date(2026, 2, 23)), Part.DONE_LATE, 1),
        (fact(date(2026, 2, 20), date(2026, 2, 20)), Part.DONE, 0),
        (fact(date(2026, 2, 27), date(2026, 2, 20)), Part.DONE, 5),
        (fact(None), Part.UNDATED, 0),
        (fact(None, date(2026, 2, 20)), Part.DONE, 0),
    ],
)
def test_each_part_is_told_of_as_it_stood_on_the_last_day(known, part, days):
    (line,) = rules.lines([known], BEGIN, END, Calendar())
    assert (line.part, line.days) == (part, days)


@pytest.mark.parametrize(
    "known",
    [fact(date(2026, 2, 20), date(2026, 2, 1)), fact(date(2026, 4, 1), begins_on=date(2026, 3, 1))],
)
def test_what_was_done_before_or_began_after_is_left_out(known):
    assert rules.lines([known], BEGIN, END, Calendar()) == []


def test_units_are_ahead_or_behind_by_what_they_did_in_time():
    found = rules.lines(
        [
            fact(date(2026, 2, 27), date(2026, 2, 20), "快局"),
            fact(date(2026, 2, 20), None, "慢局"),
            fact(date(2026, 2, 13), date(2026, 2, 20), "慢局"),
            fact(date(2026, 3, 31), None, "平局"),
        ],
        BEGIN,
        END,
        Calendar(),
    )
    fast, even, slow = rules.units(found)
    assert (fast.name, fast.ahead, fast.days_early) == ("快局", True, 5)
    assert (even.name, even.ahead, even.behind) == ("平局", False, False)
    assert (slow.name, slow.late, slow.done_late, slow.days_late) == ("慢局", 1, 1, 10)
    content = rules.stored(found, rules.units(found))
    assert rules.lines_of(content) == found
    assert rules.units_of(content) == [fast, even, slow]


@pytest.fixture
def busy(world):
    """One done early, one late, one under way, one without a date, one that is history."""
    early = world.task(date(2026, 2, 27), leads=[world.housing])
    milestones.reach(early.milestones[0], on=date(2026, 2, 12), note="", by=world.editor)
    world.task(date(2026, 2, 13))
    running = world.task(date(2026, 3, 31))
    reporting.report(running, Progress(date(2026, 2, 20), 40, "过半了"), by=world.clerk)
    reporting.report(running, Progress(TODAY, 90, "快了"), by=world.clerk)
    world.task()
    milestones.add_milestone(running, text="旧的", on=date(2026, 1, 6), by=world.editor, history=True)
    return world


def test_a_circular_is_kept_as_it_was_made_with_its_files(busy):
    made = service.make(busy.policy, begin=BEGIN, end=END, by=busy.editor)
    lines = rules.lines_of(made.content)
    assert [(line.code, line.part, line.percent) for line in lines] == [
        ("K2", Part.LATE, None),
        ("K1", Part.DONE, None),
        ("K3", Part.UNDER_WAY, 40),
        ("K4", Part.UNDATED, None),
    ]
    text = "".join(body for _heading, body in papers.sections(made))
    assert "市住建局办结1件，全部按时" in text
    assert "市商务局逾期未办结1件，合计逾期10个工作日" in text
    assert "另有1件期限早于录入" in text
    milestones.reach(by_code(busy.policy.id, "K2").milestones[0], on=TODAY, note="", by=busy.editor)
    assert rules.lines_of(made.content) == lines
    rows = [list(row) for row in papers.paper(made).rows]
    document = Document(BytesIO(path_of(queries.file(made, "docx")).read_bytes()))
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows[1:]] == rows
    written = words("".join(line.text for line in document.paragraphs))
    printed = "".join(pages(path_of(queries.file(made, "pdf"))))
    for paper in (written, printed):
        assert "市商务局逾期未办结1件，合计逾期10个工作日。" in paper
        assert "关于聊政字〔2026〕1号改革任务进展情况的通报" in paper
        assert "第1期，2026年2月2日—2026年2月27日" in paper
    assert all(words("".join(row)) in printed for row in rows)


def test_circulars_are_numbered_and_refused_for_periods_that_cannot_be(busy):
    assert service.make(busy.policy, begin=BEGIN, end=END, by=busy.editor).number == 1
    assert service.make(busy.policy, begin=BEGIN, end=TODAY, by=busy.approver).number == 2
    for begin, end in ((END, BEGIN), (BEGIN, date(2026, 3, 3)), (date(2025, 1, 1), date(2025, 2, 1))):
        with pytest.raises(Refused):
            service.make(busy.policy, begin=begin, end=end, by=busy.editor)
    with pytest.raises(Forbidden):
        service.make(busy.policy, begin=BEGIN, end=END, by=busy.clerk)


def test_nor_does_who_stands_in_for_its_maker_publish_it(busy):
    made = service.make(busy.policy, begin=BEGIN, end=END, by=busy.approver)
    turn = standing.Naming(busy.clerk, clock.today(), clock.today(), "休假")
    standing.name(busy.approver.posts[0], turn, by=busy.approver)
    with pytest.raises(Conflict, match="另一个人"):
        service.publish(made, by=busy.clerk)


def test_another_approver_than_its_maker_publishes_it(busy, client):
    made = service.make(busy.policy, begin=BEGIN, end=END, by=busy.approver)
    address = f"/tasks/circulars/{made.id}"
    with pytest.raises(Forbidden):
        service.publish(made, by=busy.editor)
    with pytest.raises(Conflict, match="另一个人"):
        service.publish(made, by=busy.approver)
    assert [client.get(address + ending).status_code for ending in ("", ".pdf", ".docx")] == [404] * 3
    other = service.make(busy.policy, begin=BEGIN, end=END, by=busy.editor)
    for code in ("K1", "K2", "K4"):
        tasks.publish(by_code(busy.policy.id, code), by=busy.editor)
    with pytest.raises(Conflict) as refused:
        service.publish(other, by=busy.approver)
    # Who is behind with what nobody may know of is not told to everybody.
    assert refused.value.values == {"codes": "K3"}
    tasks.publish(by_code(busy.policy.id, "K3"), by=busy.editor)
    service.publish(other, by=busy.approver)
    page = client.get(f"/tasks/circulars/{other.id}").text
    assert "市商务局逾期未办结1件" in page
    answer = client.get(f"/tasks/circulars/{other.id}.pdf")
    assert answer.data.startswith(b"%PDF")
    with pytest.raises(Conflict):
        service.publish(other, by=busy.approver)
    known = client.get("/sitemap.xml").text
    assert f"/tasks?policy={busy.policy.id}</loc>" in known
    assert f"/tasks/circulars/{other.id}</loc>" in known


def test_a_sign_that_no_font_holds_costs_the_pdf_alone_and_is_named(busy, client):
    task = by_code(busy.policy.id, "K3")
    tasks.amend(task, title="见\ue000条", text="", responsible="", by=busy.editor)
    late = milestones.add_milestone(task, text="见\ue000件", on=date(2026, 2, 20), by=busy.editor)
    made = service.make(busy.policy, begin=BEGIN, end=END, by=busy.editor)
    assert late.text in [line.text for line in rules.lines_of(made.content)]
    assert queries.file(made, "pdf") is None
    assert queries.file(made, "docx") is not None
    assert {each.reason for each in made.files} == {"", "signs \ue000"}
