"""Another city's annex, as a clerk hands it in: five modes, sections, remarks, totals, to answers and back."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from jobs.runs import work_off
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.imports import queries as imports
from portal.foundation.imports import service
from portal.foundation.imports.models import ImportedTable, Upload
from portal.foundation.imports.rules import UploadState
from portal.foundation.rights.rules import Role
from portal.foundation.runs.rules import RunState
from portal.powers.lists import snapshot
from portal.powers.lists.intake import applying, settling
from portal.powers.lists.models import Delegation
from tests.files.annexes import Annex, write
from tests.lists.making import account, hand_in, make_city, make_list, publish, row

HEADER = ("序号", "市级实施部门", "事项名称", "权力类别", "备注")
ANNEX = Annex(
    title="聊城市第三批市县同权事项清单（6项）",
    header=HEADER,
    rows=(
        ("一、直接下放事项（2项）",),
        ("1", "市商务局", "企业投资项目备案", "其他权力", ""),
        ("2", "市商务局", "对外贸易经营者备案", "行政许可", "暂不向各功能区下放"),
        ("二、委托下放事项（1项）",),
        ("3", "市住建局", "城市建筑垃圾处置核准", "行政许可", ""),
        ("三、服务窗口前移事项（1项）",),
        ("4", "市公安局", "典当业特种行业许可", "行政许可", ""),
        ("四、下放实质性审核权事项（1项）",),
        ("5", "市水利局", "取水许可", "行政许可", "服务窗口前移至临清市和各功能区"),
        ("五、委托收件（试行）事项（1项）",),
        ("6", "市公安局", "校车驾驶资格许可", "行政许可", ""),
    ),
)


def receive(city, path):
    upload = service.receive(path, name=path.name, place=city.place, policy=city.policy, by=city.editor)
    db.session.commit()
    work_off()
    db.session.refresh(upload)
    return upload


@pytest.fixture
def city(session):
    return make_city()


@pytest.mark.parametrize("kind", ["docx", "csv"])
def test_an_annex_of_another_city_becomes_answers(city, tmp_path, kind):
    power_list = make_list(city, "liaocheng-2026")
    upload = receive(city, write(ANNEX, tmp_path, kind))
    assert (upload.state, upload.refusal) == (UploadState.READ, "")
    (table,) = upload.tables
    applying.aim(table, power_list, by=city.editor)
    asked = {question.code: question for question in settling.unsettled(table)}
    assert set(asked) == {"department_unknown", "remark_understood"}
    assert len(table.questions) == 3
    settling.settle(asked["department_unknown"].id, {"action": "create"}, by=city.editor)
    settling.confirm_all(table, by=city.editor)
    applying.apply(table, by=city.editor)
    assert power_list.totals["total"] == 6
    revision = publish(city, power_list)
    rows = {each.seq: each for each in snapshot.published_rows(revision)}
    names = {place["code"]: place["name"] for place in revision.content["frame"]["places"]}
    found = {seq: {names[code]: mode for code, mode in each.answers.items()} for seq, each in rows.items()}
    zones = {name for name in names.values() if "开发区" in name}
    assert sum(map(len, found.values())) == 6 * 6
    assert [rows[seq].mode for seq in range(1, 7)] == [
        "direct",
        "direct",
        "entrusted",
        "window",
        "review",
        "collection",
    ]
    assert {name for name, mode in found[2].items() if mode == "undelegated"} == zones
    assert {name for name, mode in found[5].items() if mode == "window"} == zones | {"临清市"}
    assert rows[1].type == "其他行政权力"
    assert rows[3].department == "市住房城乡建设局"
    # The same file once more, in another format: nothing is asked but the remarks, and nothing changes.
    again = receive(city, write(ANNEX, tmp_path, "xlsx")).tables[0]
    applying.aim(again, power_list, by=city.editor)
    settling.confirm_all(again, by=city.editor)
    assert applying.apply(again, by=city.editor).empty


def test_reading_an_upload_a_second_time_changes_nothing(city, tmp_path):
    from portal.powers.lists.intake.reading import read_upload

    upload = receive(city, write(ANNEX, tmp_path, "csv"))
    before = [(table.id, len(table.questions)) for table in upload.tables]
    assert read_upload(upload.run, None) == {"tables": 1}
    assert [(table.id, len(table.questions)) for table in upload.tables] == before


def test_totals_that_do_not_add_up_are_asked_about(city, tmp_path):
    short = Annex(title="清单（7项）", header=HEADER, rows=ANNEX.rows)
    (table,) = receive(city, write(short, tmp_path, "csv")).tables
    assert "totals_differ" in {question.code for question in settling.unsettled(table)}


@pytest.mark.parametrize(
    ("name", "content"),
    [("联系人.csv", "姓名,电话\n甲,1\n乙,2\n"), ("无.csv", "一,二\n三,四\n"), ("坏.docx", "PK\x03\x04坏")],
)
def test_what_is_no_list_is_refused_in_a_sentence_and_the_run_says_so(city, tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    upload = receive(city, path)
    assert upload.state is UploadState.REFUSED
    assert upload.refusal.endswith("。")
    assert (upload.run.state, upload.run.message) == (RunState.FAILED, upload.refusal)
    assert upload.tables == []


def test_an_empty_or_huge_file_is_not_taken(city, app):
    for content in (b"", b"x" * (app.config["REMIT"].upload_limit + 1)):
        with pytest.raises(Refused):
            service.receive(content, name="附件.csv", place=city.place, policy=None, by=city.editor)
    db.session.rollback()
    assert db.session.scalars(select(Upload)).all() == []


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COUNTY_OFFICER, Role.ADMINISTRATOR])
def test_only_an_editor_hands_in(city, role):
    with pytest.raises(Forbidden):
        service.receive(b"x", name="a.csv", place=city.place, policy=None, by=account(role, city.place))


def test_uploads_are_found_newest_first_and_unknown_ones_not(city, tmp_path):
    first, second = (receive(city, write(ANNEX, tmp_path, kind)) for kind in ("csv", "txt"))
    assert list(imports.newest()) == [second, first]
    assert imports.upload(first.id) is first
    assert imports.table(first.tables[0].id).upload is first
    for look in (imports.upload, imports.table):
        with pytest.raises(Refused):
            look(0)


def test_two_who_take_a_table_over_at_once_do_it_once(live):
    city = make_city()
    power_list = make_list(city)
    table = hand_in(city, [row(n, f"第{n}项") for n in range(1, 4)])
    other = hand_in(city, [row(n, f"第{n}项") for n in range(1, 6)])
    for each in (table, other):
        applying.aim(each, power_list, by=city.editor)
    keys, editor_id = (table.id, table.id, other.id), city.editor.id
    db.session.commit()
    found, barrier = [], Barrier(len(keys))

    def take(key):
        with live.app_context():
            barrier.wait()
            try:
                editor = db.session.get(type(city.editor), editor_id)
                applying.apply(db.session.get(ImportedTable, key), by=editor)
                db.session.commit()
                found.append("done")
            except Conflict as conflict:
                db.session.rollback()
                found.append(conflict.code)
            finally:
                db.session.remove()

    threads = [Thread(target=take, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["applied", "done", "done"], (
        "the same table twice is told; the other waits its turn"
    )
    assert len(db.session.scalars(select(Delegation)).all()) in {3, 5}
