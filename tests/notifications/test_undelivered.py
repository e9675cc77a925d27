"""What could not be delivered is sent again or given up by hand, and who did so is written down."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound
from portal.foundation.notifications.models import Delivery, DeliveryRecord
from portal.foundation.notifications.rules import Channel, DeliveryAct, DeliveryState
from portal.foundation.notifications.undelivered import queries, service
from portal.foundation.rights.rules import Role
from tests.notifications.beds import account, deliveries, organisation, tell
from tests.notifications.test_sending import sent, unit

__all__ = ["sent", "unit"]


@pytest.fixture
def failed(unit):
    """Two notices, by e-mail and webhook, of which nothing arrived."""
    for key in ("a", "b"):
        tell(unit, key=key)
    for each in deliveries():
        each.state, each.attempts = DeliveryState.FAILED, 8
    return deliveries()


@pytest.fixture
def administrator(failed):
    return account(Role.ADMINISTRATOR)


def records():
    rows = db.session.scalars(select(DeliveryRecord).order_by(DeliveryRecord.id))
    return [(each.delivery_id, each.act, each.by_id) for each in rows]


def test_each_act_is_written_down_with_who_did_it(failed, administrator):
    first, *rest = failed
    service.give_up(first.id, by=administrator)
    assert (first.state, first.error) == (DeliveryState.VOID, service.GIVEN_UP)
    assert queries.by_channel() == {Channel.WEBHOOK: 2, Channel.EMAIL: 1}
    assert service.send_all_again(by=administrator) == 3
    assert service.send_again(first.id, by=administrator).state is DeliveryState.QUEUED
    assert {each.attempts for each in deliveries()} == {0}
    by = administrator.id
    assert records()[0] == (first.id, DeliveryAct.GIVE_UP, by)
    assert sorted(records()[1:]) == sorted((each.id, DeliveryAct.RESEND, by) for each in (*rest, first))
    assert queries.newest_records([first.id])[first.id].act is DeliveryAct.RESEND
    assert queries.by_channel() == {}


def test_what_is_given_up_in_bulk_is_what_was_meant(failed, administrator):
    other = organisation("微山县教育局", "jyj@example.cn")
    tell(other)
    deliveries()[-1].state = DeliveryState.FAILED
    assert service.give_all_up(by=administrator, channel=Channel.SMS) == 0
    assert service.give_all_up(by=administrator, organisation_id=other.id) == 1
    assert service.give_all_up(by=administrator, channel=Channel.EMAIL) == 2
    assert queries.by_channel() == {Channel.WEBHOOK: 2}
    assert len(records()) == 3


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER, Role.COUNTY_OFFICER])
def test_it_is_the_administrators_business(failed, unit, role):
    by = account(role, unit, "somebody")
    for act in (
        lambda: service.give_up(failed[0].id, by=by),
        lambda: service.give_all_up(by=by),
        lambda: service.send_again(failed[0].id, by=by),
    ):
        with pytest.raises(Forbidden):
            act()
    assert records() == []


def test_a_closed_account_does_nothing_more(failed, administrator):
    administrator.active = False
    with pytest.raises(Forbidden):
        service.send_all_again(by=administrator)


def test_what_has_not_failed_is_not_given_up(failed, administrator):
    failed[0].state = DeliveryState.SENT
    with pytest.raises(Conflict):
        service.give_up(failed[0].id, by=administrator)
    with pytest.raises(NotFound):
        service.give_up(max(each.id for each in db.session.scalars(select(Delivery))) + 1, by=administrator)
    assert records() == []
