"""What a revision changes of the list itself is told as well (P-1, P-7)."""

from sqlalchemy import select

from admin.differences import in_words
from portal.db import db
from portal.foundation.notifications.models import Notice
from portal.powers.lists import service as lists
from portal.powers.lists.difference import compare_frames
from portal.powers.lists.rules import Mode
from tests.lists.making import publish, row, take_over

FRAME = {"title": "清单", "places": [{"code": "1", "name": "莘县", "kind": "county"}], "profile": {}}


def test_a_frame_does_not_differ_from_itself_and_a_first_one_from_nothing():
    assert compare_frames(FRAME, FRAME) == []
    assert compare_frames(None, FRAME) == []


def test_a_profile_that_changes_is_in_the_difference_and_everybody_concerned_is_told(city, power_list, app):
    take_over(city, power_list, [row(1, "甲事项备案"), row(2, "乙事项备案")])
    publish(city, power_list)
    lists.set_profile(power_list, Mode.DIRECT, "supervise", "issuer", "二（三）", by=city.editor)
    revision = publish(city, power_list)
    was = revision.difference["frame"][0]["was"]
    assert revision.difference["entries"] == []
    assert revision.difference["frame"] == [
        {"what": "profile.direct.supervise", "was": was, "is": {"value": "issuer", "source": "二（三）"}}
    ]
    with app.test_request_context():
        (told,) = in_words(revision.difference)
    assert told["title"] == "直接下放：谁监督"
    assert told["lines"][0]["now"] == "放权的一方（依据：二（三））"
    numbers = db.session.scalars(select(Notice.key)).all()
    assert any(f"-{revision.number}-" in key for key in numbers)
