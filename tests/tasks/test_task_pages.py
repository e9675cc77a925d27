"""The public ledger: what is published and nothing else, as picture and table."""

from __future__ import annotations

import csv
import re
from datetime import date

import pytest

from portal.foundation.files.models import StoredFile
from portal.oversight.tasks import service
from portal.oversight.tasks.milestones import service as milestones
from portal.oversight.tasks.reporting import service as reporting
from portal.oversight.tasks.reporting.service import Handed, Progress
from portal.site.tasks.stretches import Axis, axis

TODAY = date(2026, 3, 2)


def test_only_published_tasks_are_shown_and_nothing_of_their_reports(world, client, session):
    shown, hidden = world.task(date(2026, 2, 26)), world.task(date(2026, 3, 31))
    reporting.report(shown, Progress(TODAY, 40, "内部情况", [Handed(b"x", "内部.docx")]), by=world.clerk)
    assert "还没有公开改革任务" in client.get("/tasks").text
    service.publish(shown, by=world.editor)
    page = client.get("/tasks").text
    assert shown.title in page
    assert hidden.title not in page
    assert "逾期（2 个工作日）" in page
    assert "40%" in page
    assert "（2月底前）" in page
    assert not re.search("内部|clerk", page)
    file = session.query(StoredFile).one()
    assert client.get(f"/staff/tasks/{shown.id}/files/{file.id}").status_code == 302
    assert client.get(f"/policies/{world.policy.id}").text.count("/tasks?policy=") == 1
    (explained,) = set(re.findall(r"/deadlines/\d+", page))
    assert client.get(explained).status_code == 200
    service.withdraw(shown, by=world.editor)
    assert client.get(explained).status_code == 404
    assert shown.title not in client.get("/tasks").text


def test_the_picture_has_a_row_for_each_task_and_a_mark_for_each_date(world, client):
    service.publish(world.task(date(2026, 3, 31), date(2026, 4, 30)), by=world.editor)
    service.publish(world.task(), by=world.editor)
    page = client.get("/tasks?lang=en").text
    drawing = page[page.index('<svg class="gantt"') : page.index("</svg>", page.index('<svg class="gantt"'))]
    assert drawing.count("<g>") == 2
    assert drawing.count("gantt__mark") == 2
    assert drawing.count("gantt__open") == 1
    assert drawing.count("gantt__today") == 1
    assert "style=" not in drawing


def test_without_dates_there_is_no_picture_and_an_unknown_document_is_not_found(world, client):
    service.publish(world.task(), by=world.editor)
    assert '<svg class="gantt"' not in client.get("/tasks").text
    assert client.get(f"/tasks?policy={world.policy.id}").status_code == 200
    assert [client.get(f"/tasks?policy={said}").status_code for said in ("0", "x", "99999999999")] == [
        404
    ] * 3


def test_the_ledger_is_taken_along_as_csv_with_a_row_for_each_date(world, client):
    assert client.get("/tasks.csv").status_code == 404
    task = world.task(date(2026, 2, 26), date(2026, 3, 31))
    milestones.reach(task.milestones[0], on=date(2026, 2, 27), note="", by=world.editor)
    for each in (task, world.task()):
        service.publish(each, by=world.editor)
    world.task()
    answer = client.get("/tasks.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    head, first, second, undated = csv.reader(answer.data.decode("utf-8-sig").splitlines())
    assert dict(zip(head, first, strict=True)) == {
        "编号": "K1",
        "任务": "第 1 项任务",
        "条款": "第1条",
        "牵头单位": "市商务局",
        "责任单位（原文）": "市商务局牵头，各县（市、区）。",
        "节点": "做成第 1 件",
        "原文的期限": "2月底前",
        "到期日": "2026-02-26",
        "办结日": "2026-02-27",
        "进度（%）": "",
        "任务状态": "进行中",
        "逾期工作日": "1",
    }
    assert second[5:9] == ["做成第 2 件", "3月底前", "2026-03-31", ""]
    assert (undated[0], undated[7]) == ("K2", "")


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2021, 6, 15), date(2021, 7, 31), 3),
        (date(2021, 1, 1), date(2021, 12, 31), 11),
        (date(2021, 1, 1), date(2023, 12, 31), 11),
        (date(2010, 1, 1), date(2030, 12, 31), 20),
    ],
)
def test_an_axis_names_as_many_days_as_its_length_bears(first, last, count):
    shown = axis([last, first])
    assert len(shown.ticks()) == count
    assert (shown.share(first), shown.share(last)) == (0, 1)


def test_an_axis_of_one_day_goes_on_for_a_month():
    assert axis([TODAY]) == Axis(TODAY, date(2026, 4, 1))
