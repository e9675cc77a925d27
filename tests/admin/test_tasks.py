"""The pages of the ledger and of circulars: what each role sees and does."""

from __future__ import annotations

import csv
import re
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from portal import clock
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Role
from portal.oversight.circulars.models import Circular, CircularPlan
from portal.oversight.tasks import queries
from portal.oversight.tasks.models import ProgressReport, Task, TaskUnit
from tests.admin.conftest import enter, person

NUMBER = "济政字〔2021〕30号"


def task_of(session, code):
    return session.query(Task).filter(Task.code == code).one()


def test_the_office_reopens_history_signs_it_off_and_makes_a_circular(frozen, editor, approver, session):
    page = editor.get("/staff/tasks/").text
    assert page.count("/staff/tasks/") > 15
    task = task_of(session, "J4")
    first = task.milestones[0]
    address = f"/staff/tasks/{task.id}/"
    assert "重新打开" in editor.get(address).text
    part = f"{address}milestones/{first.id}"
    assert editor.post(f"{part}/reopen", data={}).status_code == 422
    assert editor.post(f"{part}/reopen", data={f"reopen-{first.id}-reason": "还要督办"}).status_code == 302
    assert "逾期" in editor.get(address).text
    done = editor.post(f"{part}/reach", data={f"reach-{first.id}-note": "上线了"})
    assert done.status_code == 302
    form = {"policy": NUMBER, "begin": "2026-02-01", "end": "2026-03-02"}
    made = editor.post("/staff/circulars/", data=form)
    assert made.status_code == 302
    circular = session.query(Circular).one()
    shown = editor.get(made.location).text
    assert "市行政审批服务局逾期办结1件" in shown
    assert editor.get(f"/staff/circulars/{circular.id}/file.docx").data.startswith(b"PK")
    assert editor.post(f"/staff/circulars/{circular.id}/publish").status_code == 403
    assert approver.post(f"/staff/circulars/{circular.id}/publish").status_code == 302
    assert f"/tasks/circulars/{circular.id}" in editor.get("/tasks").text


@pytest.fixture
def bureau(app, editor, session):
    """Somebody of a lead unit who keeps no ledger."""
    city = session.query(Place).filter(Place.code == "370800").one()
    account = person(Role.COUNTY_OFFICER, login="bureau", place=city)
    account.posts[0].organisation = (
        session.query(Organisation).filter(Organisation.name == "市大数据中心").one()
    )
    session.flush()
    visitor = app.test_client()
    assert enter(visitor, "bureau") == 302
    return visitor


def test_a_lead_unit_reports_on_its_own_with_files_and_not_on_others(bureau, session):
    own, other = task_of(session, "J5"), task_of(session, "J4")
    said = {"report-percent": "30", "report-text": "印章做好了", "report-files": (BytesIO(b"x"), "图.png")}
    refused = bureau.post(f"/staff/tasks/{own.id}/report", data={"report-percent": "130"})
    assert (refused.status_code, "0 到 100" in refused.text) == (422, True)
    assert bureau.post(f"/staff/tasks/{own.id}/report", data=said).status_code == 302
    report = session.query(ProgressReport).one()
    assert [each.file.name for each in report.evidence] == ["图.png"]
    kept = report.evidence[0].file_id
    assert bureau.get(f"/staff/tasks/{own.id}/files/{kept}").data == b"x"
    assert bureau.get(f"/staff/tasks/{other.id}/files/{kept}").status_code == 404
    page = bureau.get(f"/staff/tasks/{other.id}/").text
    assert "报进展" not in page
    again = {"report-percent": "30", "report-text": "甲"}
    assert bureau.post(f"/staff/tasks/{other.id}/report", data=again).status_code == 403
    assert bureau.post(f"/staff/tasks/{own.id}/withdraw").status_code == 403
    assert bureau.get("/staff/circulars/").status_code == 403


def test_what_is_not_public_is_not_there_for_other_units(bureau, editor, session):
    hidden = task_of(session, "J4")
    assert editor.post(f"/staff/tasks/{hidden.id}/withdraw").status_code == 302
    assert bureau.get(f"/staff/tasks/{hidden.id}/").status_code == 404
    assert hidden.title not in bureau.get("/staff/tasks/").text


def test_a_new_task_with_its_units_and_milestone(editor, session):
    form = {
        "policy": NUMBER,
        "clause": "3",
        "code": "J16",
        "title": "动态调整",
        "office": "市政府办公室",
        "leads": "市财政局\n市商务局",
        "partners": "市公安局",
        "dating": "fixed",
    }
    unknown = editor.post("/staff/tasks/new", data={**form, "leads": "没有的局"})
    assert (unknown.status_code, "没有的局" in unknown.text) == (422, True)
    assert editor.post("/staff/tasks/new", data={**form, "clause": "99"}).status_code == 422
    assert editor.post("/staff/tasks/new", data=form).status_code == 302
    task = task_of(session, "J16")
    assert [body.name for body in task.leads] == ["市财政局", "市商务局"]
    due = {"milestone-text": "出台办法", "milestone-on": "2027-06-30", "milestone-printed": "明年6月底前"}
    assert editor.post(f"/staff/tasks/{task.id}/milestones", data=due).status_code == 302
    shown = editor.get(f"/staff/tasks/{task.id}/").text
    assert "明年6月底前" in shown
    units = re.search(r'<textarea[^>]*name="units-leads"[^>]*>\s*([^<]*)</textarea>', shown)
    assert units[1].split() == ["市财政局（济宁市）", "市商务局（济宁市）"]
    passed = {"units-leads": "市商务局（济宁市）", "units-partners": "", "units-reason": "调整"}
    assert editor.post(f"/staff/tasks/{task.id}/units", data=passed).status_code == 302
    assert "市商务局负责" in editor.get(f"/staff/tasks/{task.id}/").text


def test_a_monthly_order_is_given_and_taken_back(editor, approver, bureau, session):
    form = {"monthly-policy": NUMBER, "monthly-day": "29"}
    refused = editor.post("/staff/circulars/monthly", data=form)
    assert (refused.status_code, "1 到 28" in refused.text) == (422, True)
    assert editor.post("/staff/circulars/monthly", data=form | {"monthly-day": "5"}).status_code == 302
    assert "每月 5 号编上个月的" in approver.get("/staff/circulars/").text
    plan = session.query(CircularPlan).one()
    stop = f"/staff/circulars/monthly/{plan.policy_id}/stop"
    assert bureau.post(stop).status_code in (403, 404)
    assert editor.post(stop).status_code == 302
    assert editor.post(stop).status_code == 404


def test_a_draft_waits_on_the_first_page_until_it_is_set_aside(editor, approver, session):
    task = task_of(session, "J1")
    assert editor.post(f"/staff/tasks/{task.id}/words", data={"words-title": "甲"}).status_code == 302
    form = {"policy": NUMBER, "begin": "2026-02-01", "end": "2026-03-02"}
    made = editor.post("/staff/circulars/", data=form)
    said = f"{NUMBER}调度通报第1期"
    assert said in approver.get("/staff/").text
    assert said not in editor.get("/staff/").text
    assert editor.post(f"{made.location}set-aside").status_code == 302
    assert said not in approver.get("/staff/").text
    assert "已搁置" in editor.get("/staff/circulars/").text


def test_the_ledger_is_taken_along_row_for_row_with_what_it_is_narrowed_by(editor, bureau, session):
    task = task_of(session, "J5")
    said = {"report-percent": "30", "report-text": "印章做好了"}
    assert bureau.post(f"/staff/tasks/{task.id}/report", data=said).status_code == 302
    text = editor.get("/staff/tasks/export.csv").data.decode("utf-8-sig")
    head, *rows = csv.reader(text.splitlines())
    entries = queries.ledger(task.policy_id, clock.today())
    assert len(rows) == sum(max(1, len(each.steps)) for each in entries)
    assert {row[0] for row in rows} == {f"J{number}" for number in range(1, 16)}
    (own,) = [dict(zip(head, row, strict=True)) for row in rows if row[0] == "J5"]
    assert (own["进度（%）"], own["牵头单位"]) == ("30", "市行政审批服务局、市大数据中心")
    book = CalamineWorkbook.from_filelike(BytesIO(editor.get("/staff/tasks/export.xlsx?lang=en").data))
    sheet = book.get_sheet_by_index(0).to_python()
    assert len(sheet) == len(rows) + 1
    assert [row[0] for row in sheet[1:]] == [row[0] for row in rows]
    some = editor.get(f"/staff/tasks/export.csv?state=history&policy={task.policy_id}").data.decode(
        "utf-8-sig"
    )
    states = {
        dict(zip(head, row, strict=True))["任务状态"] for row in list(csv.reader(some.splitlines()))[1:]
    }
    assert states == {"历史"}


def test_a_file_of_the_ledger_holds_what_the_visitor_may_see_and_no_formula(editor, bureau, session):
    hidden = task_of(session, "J4")
    assert editor.post(f"/staff/tasks/{hidden.id}/withdraw").status_code == 302
    words = {"words-title": "=HYPERLINK(1)", "words-text": "", "words-responsible": "<b>"}
    assert editor.post(f"/staff/tasks/{task_of(session, 'J5').id}/words", data=words).status_code == 302
    text = bureau.get("/staff/tasks/export.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert "J4" not in {row[0] for row in rows}
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert "&lt;b&gt;" in bureau.get(f"/staff/tasks/{task_of(session, 'J5').id}/").text


def test_a_unit_with_nothing_to_see_has_no_ledger(bureau, session):
    session.query(Task).update({"published": False})
    session.flush()
    own = {each.id for each in session.query(Task) if "市大数据中心" in [body.name for body in each.leads]}
    page = bureau.get("/staff/tasks/").text
    assert {int(found) for found in re.findall(r"/staff/tasks/(\d+)/", page)} == own
    session.query(TaskUnit).delete()
    session.flush()
    session.expire_all()
    assert NUMBER not in bureau.get("/staff/tasks/").text
    assert bureau.get("/staff/tasks/export.csv").status_code == 404


def test_the_office_urges_from_the_page_of_the_task(editor, bureau, session):
    task = task_of(session, "J4")
    part = task.milestones[0]
    reopened = f"/staff/tasks/{task.id}/milestones/{part.id}/reopen"
    assert editor.post(reopened, data={f"reopen-{part.id}-reason": "还要督办"}).status_code == 302
    page = editor.get(f"/staff/tasks/{task.id}/").text
    (address,) = re.findall(r'action="(/staff/deadlines/\d+/urge)"', page)
    answer = editor.post(address, data={"back": f"/staff/tasks/{task.id}/?"})
    assert answer.location == f"/staff/tasks/{task.id}/"
    assert "今天已催办" in editor.get(f"/staff/tasks/{task.id}/").text
    assert "/urge" not in bureau.get(f"/staff/tasks/{task.id}/").text


def test_no_unit_is_left_out_silently(editor, session):
    many = "\n".join(["市财政局"] * 50 + ["没有的局"])
    form = {"policy": NUMBER, "clause": "3", "code": "J17", "title": "甲", "office": "市政府办公室"}
    refused = editor.post("/staff/tasks/new", data={**form, "dating": "fixed", "leads": many})
    assert (refused.status_code, "最多写 50 个单位" in refused.text) == (422, True)
