"""A city with a list that is ready to be published."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.powers.lists.models import PowerList
from tests.fixtures import worlds
from tests.lists.making import City, exception, make_city, make_list, row, take_over


@pytest.fixture
@worlds.kept
def city(session: Session) -> City:
    return make_city()


@pytest.fixture
@worlds.kept
def power_list(city: City) -> PowerList:
    made = make_list(city)
    fill(city, made)
    return made


def fill(city: City, power_list: PowerList) -> None:
    """Three matters; the second with another mode in the zones."""
    rows = [
        row(1, "企业投资项目备案"),
        row(2, "城市建筑垃圾处置核准", department="市住建局", mode="review", mode_label="下放实质性审核权"),
        row(3, "典当业特种行业许可", department="市公安局", mode="window", mode_label="窗口前移"),
    ]
    rows[1]["exceptions"] = [exception("collection", groups=["zones"])]
    rows[1]["remark"] = "各功能区以“委托收件、受审分离”的方式实现同权"
    take_over(city, power_list, rows)
