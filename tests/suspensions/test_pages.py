"""The staff pages of suspensions (P-3, R-3)."""

from __future__ import annotations

import re
from datetime import timedelta

from portal import clock
from portal.foundation.rights.rules import Role
from portal.powers.suspensions import queries
from tests.admin.conftest import PASSWORD, enter, fresh_limits, person
from tests.fixtures.doors import Visitor
from tests.lists.making import make_city, make_list, publish, row, take_over

__all__ = ["fresh_limits"]


def signed_in(app, role):
    account = person(role, login=f"at-the-door-{role.value}")
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    assert enter(visitor, account.login) == 302
    return visitor


def test_an_approver_stops_a_matter_and_lets_it_go_on(app, client, session, frozen):
    city = make_city()
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "企业投资项目备案")])
    publish(city, power_list)
    editor, approver = signed_in(app, Role.EDITOR), signed_in(app, Role.APPROVER)
    until = (clock.today() + timedelta(days=9)).isoformat()
    said = {"power_list": power_list.slug, "seq": "1", "reason": "废止", "until": until}
    assert editor.post("/staff/suspensions/new", data=said).status_code == 403
    assert approver.post("/staff/suspensions/new", data={**said, "until": ""}).status_code == 422
    frozen.shift(timedelta(minutes=16))
    # What the public sees at once asks anew who it is.
    assert 'name="proof"' in approver.post("/staff/suspensions/new", data=said).text
    assert queries.live(clock.today()) == []
    assert (
        approver.post("/staff/suspensions/new", data={**said, "seq": "7", "proof": PASSWORD}).status_code
        == 422
    )
    # Which matter it is stands there before anything is stopped.
    looked_at = approver.post("/staff/suspensions/new", data=said).text
    assert "要停办的是“企业投资项目备案”" in looked_at
    assert queries.live(clock.today()) == []
    (seen,) = re.findall(r'name="seen"[^>]*value="(\d+)"', looked_at)
    assert approver.post("/staff/suspensions/new", data={**said, "seen": seen}).status_code == 302
    frozen.shift(timedelta(minutes=16))
    (made,) = queries.live(clock.today())
    assert "企业投资项目备案" in editor.get("/staff/suspensions/").text
    lift = f"/staff/suspensions/{made.id}/lift"
    assert editor.post(lift, data={"reason": "查明"}).status_code == 403
    assert approver.post(lift, data={"reason": "查明"}).status_code == 200
    (again,) = queries.live(clock.today())
    assert again.ended_on is None
    assert approver.post(lift, data={"reason": "", "proof": PASSWORD}).status_code == 422
    assert approver.post(lift, data={"reason": "查明"}).status_code == 302
    assert "Ended" in editor.get("/staff/suspensions/?lang=en").text
