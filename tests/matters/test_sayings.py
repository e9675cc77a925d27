"""What people call a matter: the shipped file is sound, and a matter takes its sayings when it first comes in."""

from __future__ import annotations

import tomllib

import pytest

from portal.powers.matters.models import Matter
from portal.powers.matters.rules import fold_name, sayings_of
from portal.powers.matters.service import LONGEST_NAME, SAYINGS, set_everyday_names
from tests.lists.making import make_city, make_list, row, take_over

ENTRIES = tomllib.loads(SAYINGS.read_text("utf-8"))["matters"]


def test_the_shipped_file_is_sound():
    names = [fold_name(name) for entry in ENTRIES for name in entry["names"]]
    assert len(names) == len(set(names))
    for entry in ENTRIES:
        folded = [fold_name(saying) for saying in entry["sayings"]]
        assert folded
        assert len(folded) == len(set(folded)), entry
        assert not set(folded) & {fold_name(name) for name in entry["names"]}, entry
        assert max(map(len, folded)) <= LONGEST_NAME


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("公司登记", ("办执照",)),
        ("公司\n登记", ("办执照",)),
        ("公司登记（设立）", ("办执照",)),
        ("企业服务——公司登记", ("办执照",)),
        ("企业服务——公司登记（设立）", ("办执照",)),
        ("公司登记档案", ()),
        ("", ()),
    ],
)
def test_a_matter_is_known_however_it_is_printed(printed, said):
    assert sayings_of(printed, {"公司登记": ("办执照",)}) == said


@pytest.fixture
def city(session):
    return make_city()


@pytest.fixture
def registered(session, city):
    """A list's one matter, just brought in."""
    made = make_list(city)
    take_over(city, made, [row(1, "公司（企业）登记")])
    return made


def test_a_new_matter_takes_its_sayings_and_keeps_what_staff_make_of_them(session, city, registered):
    matter = session.query(Matter).one()
    assert "办营业执照" in {each.name for each in matter.everyday_names}
    set_everyday_names(matter, ["开店"], by=city.editor)
    take_over(city, registered, [row(1, "公司（企业）登记"), row(2, "测绘成果审核")])
    names = {each.name: [said.name for said in each.everyday_names] for each in session.query(Matter)}
    assert names == {"公司（企业）登记": ["开店"], "测绘成果审核": []}
