"""A list of nine matters in six places that is published three times; the second time much changes."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.runs import work_off
from portal.db import db
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.lists.models import PowerList
from portal.powers.matters.models import Matter
from portal.powers.uptakes.models import Choice
from tests.fixtures import worlds
from tests.lists.making import City, exception, make_city, make_list, publish, row, take_over

DAY = date(2021, 6, 15)
NAMES = (
    "企业投资项目备案",
    "城市建筑垃圾处置核准",
    "典当业特种行业许可",
    "公司登记",
    "船舶登记",
    "户外广告设置许可",
    "食品经营许可",
    "占用城市绿地审批",
    "旅馆业特种行业许可",
)


@pytest.fixture
@worlds.kept
def city(session) -> City:
    return make_city()


def first_rows():
    """Five ways, two matters with exceptions, one left open."""
    modes = (
        "direct",
        "review",
        "window",
        "undetermined",
        "direct",
        "collection",
        "entrusted",
        "review",
        "direct",
    )
    labels = {
        "review": "下放实质性审核权",
        "window": "窗口前移",
        "collection": "委托收件",
        "entrusted": "委托下放",
    }
    bodies = ("市商务局", "市住建局", "市公安局")
    rows = [
        row(
            at,
            name,
            mode=mode,
            mode_label=labels.get(mode, "直接下放" if mode == "direct" else ""),
            department=bodies[at % 3],
            type="行政许可" if at % 4 else "其他行政权力",
        )
        for at, (name, mode) in enumerate(zip(NAMES, modes, strict=True), 1)
    ]
    rows[1]["exceptions"] = [exception("undelegated", groups=["zones"])]
    rows[5]["exceptions"] = [
        exception("direct", places=["茌平区"]),
        exception("undelegated", groups=["zones"]),
    ]
    return rows


def second_rows():
    """One added, one withdrawn (so numbers move up), one in another way, one other in two places, one renamed part."""
    rows = [each for each in first_rows() if each["name"] != "典当业特种行业许可"]
    for number, each in enumerate(rows, 1):
        each["line"] = each["seq"] = number
    by_name = {each["name"]: each for each in rows}
    by_name["企业投资项目备案"].update(mode="window", mode_label="窗口前移")
    by_name["城市建筑垃圾处置核准"].update(
        exceptions=[exception("collection", groups=["zones"])], remark="各开发区委托收件"
    )
    by_name["食品经营许可"]["sub_items"] = ["小餐饮"]
    rows.append(row(len(rows) + 1, "不动产登记", mode="review", mode_label="下放实质性审核权"))
    return rows


@pytest.fixture
@worlds.kept
def power_list(city: City) -> PowerList:
    made = make_list(city)
    take_over(city, made, first_rows())
    publish(city, made, DAY)
    return made


@pytest.fixture
@worlds.kept
def changed(city: City, power_list: PowerList) -> PowerList:
    """The list with its second revision, and a third one that says what the first did."""
    for rows in (second_rows(), first_rows()):
        take_over(city, power_list, rows)
        publish(city, power_list)
    return power_list


@pytest.fixture
def choose(city: City, power_list: PowerList):
    """`choose("莘县", "公司登记", mode)`: the place publishes its choice."""

    def publish_choice(place_name, matter, mode):
        place = city.county(place_name)
        subject = db.session.query(Matter).filter_by(name=matter).one()
        db.session.add(Choice(place_id=place.id, list_id=power_list.id, matter_id=subject.id, mode=mode))
        proposal = publishing.propose(Subject.UPTAKE, place.id, by=city.editor, reason="定了办法")
        publishing.approve(proposal.id, by=city.approver)
        db.session.commit()
        work_off()

    return publish_choice
