"""A published list to look at: three matters in six places, two of them zones."""

from __future__ import annotations

from datetime import date

import pytest

from portal.powers.lists.models import PowerList, PublishedMatter
from tests.fixtures import worlds
from tests.lists.making import City, exception, make_city, make_list, publish, row, take_over

DAY = date(2021, 6, 15)


@pytest.fixture
@worlds.kept
def city(session) -> City:
    return make_city()


@pytest.fixture
@worlds.kept
def power_list(city: City) -> PowerList:
    """企业投资项目备案 handed down in full, a licence taken in by the zones only, one posted counter."""
    made = make_list(city)
    rows = [
        row(1, "企业投资项目备案"),
        row(2, "城市建筑垃圾处置核准", department="市住建局", mode="review", mode_label="下放实质性审核权"),
        row(3, "典当业特种行业许可", department="市公安局", mode="window", mode_label="窗口前移"),
    ]
    rows[1]["exceptions"] = [exception("undelegated", groups=["zones"])]
    rows[1]["remark"] = "暂不向各功能区下放"
    take_over(city, made, rows)
    publish(city, made, DAY)
    return made


@pytest.fixture
def matter(session, power_list: PowerList):
    """The published row of a matter by its number."""

    def by_number(number: int) -> PublishedMatter:
        return session.query(PublishedMatter).filter_by(seq=number).one()

    return by_number
