"""Tasks, their milestones, choices of mode and mode profiles as rows: each goes out, comes back, is changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal import clock
from portal.db import db
from portal.foundation.imports.rows.registry import row_kind
from portal.foundation.organisations import service as organisations
from portal.foundation.policies.models import Policy
from portal.foundation.rights.rules import Role
from portal.oversight.tasks import service as tasks
from portal.oversight.tasks.milestones import service as milestones
from portal.oversight.tasks.models import Milestone, Task
from portal.oversight.tasks.queries import deadline_of
from portal.oversight.tasks.rules import Dating
from portal.powers.lists.models import PowerList, ProfileField
from portal.powers.uptakes.models import Choice
from tests.imports.handing import fates, handed_in, present, written
from tests.lists.making import account, make_city, make_list, publish, row, take_over

TASK_HEAD = (
    "政策文件,编号,任务名称,任务内容,调度单位,牵头单位,配合单位,文件怎么写日期,开始的那天,换单位的理由\n"
)


@pytest.fixture
def city(session):
    return make_city()


@pytest.fixture
def keeper(city):
    """The reform office of the city."""
    return account(Role.EDITOR, place=city.place)


@pytest.fixture
def policy(city, session):
    made = Policy(
        number="聊政发〔2026〕1号",
        title="工作方案",
        issuer="聊城市人民政府",
        issued_on=date(2026, 1, 5),
        place=city.place,
    )
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def task(policy, city, keeper):
    shen = city.county("莘县")
    there = organisations.add(shen, "县行政审批服务局", by=None)
    office = organisations.add(city.place, "市职转办", by=None)
    lead = organisations.add(city.place, "市发改、能源局", by=None)
    draft = tasks.Draft(
        code="A1",
        title="清单编制",
        dating=Dating.FIXED,
        begins_on=date(2026, 1, 5),
        office=office,
        text="编制清单。",
        leads=[lead],
        partners=[there],
    )
    return tasks.add(policy, draft, by=keeper)


def test_tasks_go_out_come_back_and_are_entered_and_put_right(city, policy, task, keeper):
    number = policy.number
    assert fates(handed_in("tasks", present("tasks", keeper), keeper)) == ["same"]
    table = handed_in(
        "tasks",
        TASK_HEAD
        + f'{number},A1,清单编制和公布,编制清单。,市职转办,"市发改、能源局",县行政审批服务局（莘县）,写明日期,,\n'
        + f"{number},A2,流程再造,再造流程。,市职转办,市住建局、市商务局,,长期任务,,\n"
        + f"{number},A3,没有内容,,市职转办,,,长期任务,,\n"
        + f"{number},A4,没有这个单位,做。,市职转办,市茶馆局,,长期任务,,\n"
        + "没有这份〔2026〕9号,A1,名称,做。,市职转办,,,,,\n",
        keeper,
    )
    assert fates(table) == ["change", "new", "wrong", "wrong", "wrong"]
    assert db.session.query(Task).count() == 1
    written(table, keeper)
    said = {each.code: each for each in db.session.query(Task)}
    assert said["A1"].title == "清单编制和公布"
    assert [body.name for body in said["A1"].partners] == ["县行政审批服务局"]
    assert [body.name for body in said["A2"].leads] == ["市住房城乡建设局", "市商务局"]
    assert (said["A2"].begins_on, said["A2"].published) == (date(2026, 1, 5), False)


def test_units_change_with_a_reason_and_what_is_settled_stays(city, policy, task, keeper):
    row = f"{policy.number},A1,清单编制,编制清单。,%s,市商务局,,,%s,%s\n"
    for office, begins_on, reason, what in (
        ("市职转办", "2026/1/5", "", "wrong"),
        ("市职转办", "2026/1/6", "分工调整", "wrong"),
        ("市商务局", "", "分工调整", "wrong"),
        ("", "2026年1月5日", "分工调整", "change"),
    ):
        table = handed_in("tasks", TASK_HEAD + row % (office, begins_on, reason), keeper)
        assert fates(table) == [what]
    written(table, keeper)
    assert [body.name for body in task.leads] == ["市商务局"]
    assert task.partners == []


def test_nobody_manages_another_city_s_tasks_by_file(city, policy, task):
    other = account(Role.EDITOR, place=city.county("莘县"))
    table = handed_in("tasks", TASK_HEAD + f"{policy.number},A1,改名,改。,,,,,,\n", other)
    assert fates(table) == ["wrong"]
    assert table.report[0]["why"][1] == {"number": policy.number}
    assert list(row_kind("tasks").every(other)) == []
    assert list(row_kind("milestones").every(other)) == []


def test_milestones_go_out_come_back_and_are_signed_off(policy, task, keeper):
    today = clock.today()
    task.begins_on = today - timedelta(days=30)
    soon, later = today + timedelta(days=5), today + timedelta(days=9)
    first = milestones.add_milestone(task, text="印发清单", on=soon, printed="近期", by=keeper)
    # As a browser sends what was typed on two lines.
    milestones.add_milestone(task, text="自查\r\n抽查", on=later, by=keeper)
    task.text = "编制清单，\r\n公布。"
    assert fates(handed_in("milestones", present("milestones", keeper), keeper)) == ["same"] * 2
    assert fates(handed_in("tasks", present("tasks", keeper).replace("\r", ""), keeper)) == ["same"]
    assert fates(handed_in("tasks", present("tasks", keeper), keeper)) == ["same"]
    table = handed_in(
        "milestones",
        "政策文件,编号,节点,原文的期限,到期日,办结日\n"
        f"{policy.number},A1,印发清单,近期,{soon},{today}\n"
        f"{policy.number},A1,公布清单,,{later},\n"
        f"{policy.number},A1,抽查,,,\n"
        f"{policy.number},A9,公布清单,,{later},\n"
        f"{policy.number},A1,回头看,,2020-01-01,\n",
        keeper,
    )
    assert fates(table) == ["change", "new", "wrong", "wrong", "wrong"]
    written(table, keeper)
    assert deadline_of(first).done_on == today
    assert {each.text for each in db.session.query(Milestone)} == {"印发清单", "公布清单", "自查\r\n抽查"}
    moved = f"政策文件,编号,节点,到期日\n{policy.number},A1,公布清单,{soon}\n"
    assert fates(handed_in("milestones", moved, keeper)) == ["wrong"]


@pytest.fixture
def open_list(city):
    made = make_list(city)
    take_over(city, made, [row(1, "企业备案", mode="undetermined"), row(2, "典当业许可")])
    return made


def test_choices_go_out_empty_and_come_back_chosen(city, open_list):
    publish(city, open_list)
    shen = city.county("莘县")
    officer = account(Role.COUNTY_OFFICER, place=shen)
    out = present("choices", officer)
    assert out.count("\n") > 1
    assert set(fates(handed_in("choices", out, officer))) == {"same"}
    head = "地方,清单,事项,方式,依据\n"
    title = open_list.title
    table = handed_in(
        "choices",
        head
        + f"莘县,{title},企业备案,服务窗口前移,莘政发1号\n"
        + f"莘县,{title},典当业许可,窗口前移,\n"
        + f"茌平区,{title},企业备案,窗口前移,\n"
        + "莘县,没有这份,企业备案,窗口前移,\n"
        + f"莘县,{title},没有这一项,窗口前移,\n",
        officer,
    )
    assert fates(table) == ["change", "wrong", "wrong", "wrong", "wrong"]
    written(table, officer)
    (choice,) = db.session.query(Choice)
    assert (choice.place.name, choice.mode.value, choice.basis) == ("莘县", "window", "莘政发1号")
    back = handed_in("choices", head + f"莘县,{title},企业备案,,\n", officer)
    assert fates(back) == ["change"]
    written(back, officer)
    assert db.session.query(Choice).count() == 0


def test_a_county_is_not_told_of_what_is_not_published(city, open_list):
    officer = account(Role.COUNTY_OFFICER, place=city.county("莘县"))
    assert list(row_kind("choices").every(officer)) == []
    table = handed_in("choices", f"地方,清单,事项,方式\n莘县,{open_list.title},企业备案,窗口前移\n", officer)
    assert "没有" in table.report[0]["why"][0]


def test_profiles_go_out_and_come_back(city, open_list):
    keeper, title = city.editor, open_list.title
    stood = db.session.query(ProfileField).count()
    assert set(fates(handed_in("profiles", present("profiles", keeper), keeper))) == {"same"}
    table = handed_in(
        "profiles",
        "清单,方式,哪一项,怎么办,依据\n"
        f'{title},下放审核权,公众可以去哪里申请,"放权的一方、承接的地方",4\n'
        f"{title},直接下放,用哪枚章,,\n"
        f"{title},直接下放,谁决定,茶馆,3\n"
        f"{title},直接下放,谁做饭,承接的地方,3\n"
        f"{title},直接下放,谁决定,放权的一方,\n",
        keeper,
    )
    assert fates(table)[2:] == ["wrong"] * 3
    written(table, keeper)
    assert open_list.profile is not None
    assert db.session.query(ProfileField).count() != stood
    other = account(Role.EDITOR, place=city.county("莘县"))
    assert list(row_kind("profiles").every(other)) == []
    assert db.session.query(PowerList).count() == 1


def test_towns_are_entered_by_file(city):
    shen = city.county("莘县")
    officer = account(Role.COUNTY_OFFICER, place=shen)
    head = "上级,名称,代码,备注\n"
    table = handed_in(
        "towns",
        head
        + "莘县,莘亭街道,371522001,城关\n"
        + "371522,朝城镇,,\n"
        + "莘县,张寨镇,12,\n"
        + "茌平区,冯屯镇,,\n"
        + "莘县,张寨镇 3 号,,\n",
        officer,
    )
    assert fates(table) == ["new", "new", "wrong", "wrong", "wrong"]
    written(table, officer)
    assert set(fates(handed_in("towns", present("towns", officer), officer))) == {"same"}
    again = handed_in(
        "towns", head + "莘县,莘亭街道,371522009,城关\n莘县,朝城镇,,古镇\n莘县,朝城镇,,古镇\n", officer
    )
    assert fates(again) == ["wrong", "change", "wrong"]
    written(again, officer)
    towns = {each.name: (each.code, each.note) for each in row_kind("towns").every(officer)}
    assert towns["莘亭街道"] == ("371522001", "城关")
    assert towns["朝城镇"][1] == "古镇"
    assert organisations.queries.named(city.county("朝城镇"), "朝城镇人民政府") is not None


def test_groups_of_places_go_out_and_come_back(city):
    keeper = city.editor
    assert set(fates(handed_in("groups", present("groups", keeper), keeper))) == {"same"}
    table = handed_in(
        "groups",
        "上级,代号,名称,包括哪些地方,依据或说明\n"
        "聊城市,pilots,试点县,莘县、371503,第2条\n"
        "聊城市,zones,各功能区,聊城经济技术开发区,第3条\n"
        "聊城市,own,本市,莘县,\n"
        "聊城市,Bad-1,坏的,莘县,\n"
        "聊城市,others,外地,济宁市,\n",
        keeper,
    )
    assert fates(table) == ["new", "change", "wrong", "wrong", "wrong"]
    written(table, keeper)
    said = {group.key: [place.name for place in group.members] for group in row_kind("groups").every(keeper)}
    assert said["pilots"] == ["茌平区", "莘县"]
    assert said["zones"] == ["聊城经济技术开发区"]


def test_documents_are_entered_by_file_and_stay(city):
    keeper, head = city.editor, "文号,标题,发文机关,发文日期,地方,正文\n"
    assert set(fates(handed_in("documents", present("documents", keeper), keeper))) == {"same"}
    table = handed_in(
        "documents",
        head
        + '聊政发〔2026〕2号,办法,聊城市人民政府,2026年3月1日,聊城市,"1．目的。\n2．范围。"\n'
        + f"{city.policy.number},另一个标题,,,聊城市,\n"
        + "聊政发〔2026〕3号,办法,,去年,聊城市,\n",
        keeper,
    )
    assert fates(table) == ["new", "wrong", "wrong"]
    written(table, keeper)
    made = db.session.query(Policy).filter_by(number="聊政发〔2026〕2号").one()
    assert (made.issued_on, len(made.clauses) > 0) == (date(2026, 3, 1), True)
    other = account(Role.EDITOR, place=city.county("莘县"))
    row = "聊政发〔2026〕2号,办法,,,聊城市,\n"
    assert fates(handed_in("documents", head + row, other)) == ["wrong"]


def test_what_lists_ask_for_is_written_down_by_file(city, open_list):
    keeper, title = city.editor, open_list.title
    head = "清单,备案还是公示,报给谁,只涉及这些方式的才要,公布以后多少天之内,怎么数,依据\n"
    rows = (
        f"{title},备案,省政府,直接下放、委托,15,工作日,第9条\n"
        f"{title},公示,政务服务网,,5.0,自然日,第10条\n"
        f"{title},公示,公报,,0,,第10条\n"
        f"{title},公示,公报,,5,月,第10条\n"
        f"{title},公示,公报,,5,,\n"
        "没有这份,公示,公报,,5,,第10条\n"
    )
    table = handed_in("filing-terms", head + rows, keeper)
    assert fates(table) == ["new", "new", "wrong", "wrong", "wrong", "wrong"]
    written(table, keeper)
    assert set(fates(handed_in("filing-terms", present("filing-terms", keeper), keeper))) == {"same"}
    other = f"{title},备案,省政府,,20,,第9条\n"
    assert fates(handed_in("filing-terms", head + other, keeper)) == ["wrong"]
    elsewhere = account(Role.EDITOR, place=city.county("莘县"))
    assert list(row_kind("filing-terms").every(elsewhere)) == []
