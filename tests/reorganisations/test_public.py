"""What the public reads of a place that was renamed or ended: the past stays readable (G-1)."""

import pytest

from portal.foundation.publishing import queries
from portal.foundation.publishing.rules import Subject
from portal.foundation.reorganisations import service
from tests.lists.making import make_list, publish, row, take_over


@pytest.fixture
def older(world):
    """A list that was published while the county had its old name."""
    made = make_list(world.city, slug="before")
    take_over(world.city, made, [row(1, "甲"), row(2, "乙")])
    publish(world.city, made)
    return made


def test_a_renamed_place_goes_by_its_new_name_and_old_revisions_by_the_old(world, older, client):
    service.rename(world.xin, "莘城区", world.decided(), by=world.editor)
    page = client.get(f"/places/{world.xin.code}").text
    assert "在莘城区怎么办" in page
    assert "原名：莘县" in page
    found = client.get("/where?q=莘县").text
    assert "莘城区" in found
    frozen = queries.newest(Subject.LIST, older.id).content["frame"]["places"]
    assert "莘县" in {each["name"] for each in frozen}


def test_an_ended_place_says_since_when_and_where_to_go(world, older, client):
    service.end(world.xin, [world.guan], world.decided(), by=world.editor)
    page = client.get(f"/places/{world.xin.code}").text
    assert "莘县已于" in page
    assert f"/places/{world.guan.code}" in page
    matter_id = older.delegations[0].matter_id
    answer = client.get(f"/lists/{older.slug}/matters/{matter_id}?at={world.xin.code}").text
    assert "现在请看：" in answer
    assert "现在请看：" not in client.get(f"/lists/{older.slug}/matters/{matter_id}").text
    heir = client.get(f"/places/{world.guan.code}").text
    assert "并入的地方：" in heir
    assert "莘县" in heir
