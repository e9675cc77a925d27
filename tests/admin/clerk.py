"""What a clerk does at the staff door, for tests of what comes after."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import select

from jobs import runs as running
from portal.db import db
from portal.foundation.imports.models import ImportedTable, Question, Upload
from portal.foundation.places import queries as places
from portal.powers.lists import queries as lists
from portal.powers.lists.models import PowerList, ProfileField
from tests.fixtures.doors import Visitor

ANNEX = (
    "序号,部门,事项名称,事项类型,放权方式,备注\n"
    "1,市商务局,甲事项备案,其他行政权力,直接下放,\n"
    "2,市商务局,乙事项许可,行政许可,窗口前移,暂不向各功能区下放\n"
    "3,市火星局,丙事项许可,行政许可,直接下放,\n"
)


def hand_in(editor: Visitor, text: str = ANNEX, name: str = "附件1.csv") -> Upload:
    form = {"file": (BytesIO(text.encode()), name), "place": "济宁市", "policy": "济政字〔2021〕30号"}
    answer = editor.post("/staff/imports/new", data=form, content_type="multipart/form-data")
    assert answer.status_code == 302
    running.work_off()
    return db.session.scalars(select(Upload).order_by(Upload.id.desc())).first()


def found_list(editor: Visitor, slug: str = "jining-2021-x", kind: str = "delegation") -> PowerList:
    city = places.by_code("370800")
    scope = next(group for group in places.groups(city) if group.key != "zones")
    form = {
        "kind": kind,
        "title": "某清单",
        "annex": "附件1",
        "policy": "济政字〔2021〕30号",
        "place": "济宁市（370800）",
        "scope": f"{scope.name}（济宁市）",
        "slug": slug,
    }
    assert editor.post("/staff/lists/new", data=form).status_code == 302
    return lists.by_slug(slug)


def settle(editor: Visitor, question: Question, **answer: str) -> int:
    return editor.post(f"/staff/tables/questions/{question.id}", data=answer).status_code


def take_over(editor: Visitor) -> tuple[ImportedTable, PowerList]:
    """The annex read, settled and taken over into a new list."""
    upload = hand_in(editor)
    power_list = found_list(editor)
    table = upload.tables[0]
    editor.post(f"/staff/tables/{table.id}/aim", data={"list": power_list.slug})
    for question in table.questions:
        action = {"department_unknown": "create", "remark_understood": "confirm"}[question.code]
        assert settle(editor, question, action=action) == 302
    assert editor.post(f"/staff/tables/{table.id}/apply").status_code == 302
    return table, power_list


def fill_profile(power_list: PowerList) -> None:
    """As a list of the same policy would have handed it on."""
    values = {"seal": "own"}
    fields = (
        "receive",
        "accept",
        "review",
        "decide",
        "stamp",
        "seal",
        "apply_at",
        "complaints",
        "respondent",
    )
    for mode in ("direct", "window"):
        for field in fields:
            entry = ProfileField(mode=mode, field=field, value=values.get(field, "place"), source="1")
            power_list.profile.append(entry)
    db.session.flush()
