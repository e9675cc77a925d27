from contextlib import nullcontext
from datetime import date, time, timedelta

import pytest

from jobs import notifications as job
from jobs.notifications import deliver
from portal import clock
from portal.config import Mail
from portal.db import db
from portal.errors import Conflict, Forbidden
from portal.foundation.notifications import queries, sending
from portal.foundation.notifications.channels.contract import Refused, Retry, Sent
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.rules import (
    ATTEMPTS,
    BATCH,
    FIRST_PAUSE,
    LEASE,
    Channel,
    DeliveryState,
    NoticeKind,
    Timing,
    pause_after,
)
from portal.foundation.notifications.undelivered import service as undelivered
from portal.foundation.notifications.ways import service as ways
from portal.foundation.notifications.ways.queries import choice
from portal.foundation.rights.rules import Role
from tests.notifications.beds import account, deliveries, organisation, settings, tell


@pytest.fixture
def sent(monkeypatch):
    """What channels are given: (channel, key, title); `answer` may be changed."""

    class Sink(list):
        answer = Sent()

    sink = Sink()

    def take(channel):
        def send(message, destination, _settings):
            sink.append((channel.value, message.key, message.title, destination.address))
            return sink.answer(message, destination) if callable(sink.answer) else sink.answer

        return send

    monkeypatch.setattr(job, "opened", lambda channel: nullcontext(take(channel)))
    return sink


@pytest.fixture
def unit(app, session, sent):
    """A unit with e-mail and a webhook."""
    with settings(app, mail=Mail(host="mail.example.cn")):
        body = organisation()
        ways.set_way(
            body, Channel.WEBHOOK, by=account(Role.APPROVER, body), address="https://x.cn/a", active=True
        )
        yield body


def person(unit):
    return account(Role.COUNTY_OFFICER, unit)


def state_of(channel):
    return next(each for each in deliveries() if each.channel is channel)


def test_a_notice_goes_out_by_every_channel_of_the_unit(unit, sent):
    notice = tell(unit)
    assert [each.lane for each in deliveries()] == ["email", f"webhook:{unit.id}:x.cn"]
    assert deliver() == 2
    assert sorted(sent) == [
        ("email", f"{notice.key}:email", "清单已公布", "wsx@example.cn"),
        ("webhook", f"{notice.key}:webhook", "清单已公布", "https://x.cn/a"),
    ]
    assert {each.state for each in deliveries()} == {DeliveryState.SENT}
    # Addresses can hold keys: what is kept of them is for recognising only.
    assert [each.recipient for each in deliveries()] == ["w…x@example.cn", "x.cn"]


def test_a_batch_is_a_batch(unit, sent):
    for number in range(BATCH + 5):
        tell(unit, key=f"k{number}")
    count, parcels = sending.claim(without={"email"})
    assert (count, len(parcels)) == (BATCH, BATCH)
    assert len({each.claim for each in parcels}) == 1
    assert sending.claim(without={"email"})[0] == 5
    assert sending.claim(without={"email"}) == (0, [])


def test_each_unit_has_its_turn(unit, sent):
    other = organisation("微山县教育局", email="jyj@example.cn")
    for number in range(3 * BATCH):
        tell(unit, key=f"k{number}")
    tell(other, key="late")
    due = queries.due(clock.now())
    mine = {each.id for each in deliveries() if each.organisation_id == other.id}
    assert mine & set(due[:3])


def switched_off(unit):
    ways.set_way(unit, Channel.WEBHOOK, by=person(unit), address="https://x.cn/a", active=False)


def unwanted(unit):
    ways.set_wishes(unit, {(NoticeKind.PUBLICATION, Channel.WEBHOOK): Timing.NEVER}, by=person(unit))


def gone(unit):
    db.session.delete(choice(unit.id).ways[Channel.WEBHOOK])


def ended(unit):
    unit.place.ended_on = date(2020, 1, 1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (switched_off, sending.SWITCHED_OFF),
        (unwanted, sending.SWITCHED_OFF),
        (gone, sending.NOWHERE),
        (ended, sending.ENDED),
    ],
)
def test_who_may_have_it_is_judged_when_sending(unit, sent, change, reason):
    tell(unit)
    change(unit)
    deliver()
    webhook = state_of(Channel.WEBHOOK)
    assert (webhook.state, webhook.error) == (DeliveryState.VOID, reason)
    assert "webhook" not in [channel for channel, *_ in sent]


def test_somebody_who_left_or_whose_account_is_closed_gets_nothing(unit, sent):
    closed, moved = person(unit), account(Role.APPROVER, unit, "moved")
    for each in (closed, moved):
        each.email = f"{each.login}@example.cn"
        tell(unit, account=each)
    closed.active = False
    moved.posts[0].organisation = organisation("微山县教育局", email="")
    db.session.flush()
    deliver()
    assert sent == []
    assert {each.error for each in deliveries()} == {sending.CLOSED, sending.MOVED}


def test_an_address_that_is_not_allowed_any_more_ends_as_not_to_be_sent(unit, sent):
    sent.answer = Refused("没有允许", allowed=False)
    tell(unit)
    deliver()
    assert state_of(Channel.WEBHOOK).state is DeliveryState.VOID
    administrator = account(Role.ADMINISTRATOR)
    sent.answer = Sent()
    undelivered.send_again(state_of(Channel.WEBHOOK).id, by=administrator)
    deliver()
    assert state_of(Channel.WEBHOOK).state is DeliveryState.SENT


def test_what_will_never_be_taken_fails_at_once(unit, sent):
    sent.answer = Refused("410")
    tell(unit)
    deliver()
    assert [(each.state, each.attempts) for each in deliveries()] == [(DeliveryState.FAILED, 1)] * 2


def test_a_channel_that_breaks_is_tried_again(unit, sent):
    def broken(*_):
        raise RuntimeError

    sent.answer = broken
    tell(unit)
    deliver()
    assert {(each.state, each.error) for each in deliveries()} == {(DeliveryState.QUEUED, job.BROKEN)}


def test_everything_that_failed_is_sent_again(unit, sent):
    other = organisation("微山县教育局", email="jyj@example.cn")
    sent.answer = Refused("410")
    tell(unit)
    tell(other)
    deliver()
    before = {each.key for each in deliveries()}
    sent.answer = Sent()
    administrator = account(Role.ADMINISTRATOR)
    with pytest.raises(Forbidden):
        undelivered.send_all_again(by=person(unit))
    assert undelivered.send_all_again(by=administrator, channel=Channel.WEBHOOK) == 1
    assert undelivered.send_all_again(by=administrator, organisation_id=other.id) == 1
    assert undelivered.send_all_again(by=administrator) == 1
    sent.clear()
    deliver()
    assert {key for _channel, key, *_ in sent} == before
    assert undelivered.send_all_again(by=administrator) == 0


def test_a_pause_that_was_asked_for_is_kept(unit, sent, frozen):
    sent.answer = Retry("429", after=timedelta(minutes=10), busy=True)
    tell(unit)
    deliver()
    assert {each.next_at - clock.now() for each in deliveries()} == {timedelta(minutes=10)}


def test_one_that_is_busy_is_left_alone_and_what_was_not_tried_counts_as_not_tried(unit, sent, frozen):
    sent.answer = lambda *_: Retry("429", busy=True)
    for number in range(BATCH * 2):
        tell(unit, key=f"k{number}")
    deliver()
    # One of each lane has found out; nobody else asked.
    assert len(sent) == 2
    attempts = sorted(each.attempts for each in deliveries())
    assert attempts == [0] * (BATCH * 4 - 2) + [1, 1]
    assert min(each.next_at for each in deliveries()) >= clock.now() + FIRST_PAUSE


def test_one_that_hangs_is_asked_once_and_the_others_are_not_kept_waiting(unit, sent, frozen):
    sent.answer = lambda _message, where: (
        Retry("", unreachable=True) if where.address.startswith("https") else Sent()
    )
    for number in range(BATCH):
        tell(unit, key=f"k{number}")
    deliver()
    assert len([each for each in sent if each[0] == "webhook"]) == 1
    assert len([each for each in sent if each[0] == "email"]) == BATCH
    waiting = [each for each in deliveries() if each.channel is Channel.WEBHOOK]
    # Each counts it as an attempt, so that a machine that never comes back ends visibly; they come back apart.
    assert {each.attempts for each in waiting} <= {0, 1}
    assert len({each.next_at for each in waiting}) > BATCH / 4
    for _ in range(ATTEMPTS * 3):
        frozen.shift(timedelta(hours=2))
        deliver()
    assert {each.state for each in deliveries() if each.channel is Channel.WEBHOOK} == {DeliveryState.FAILED}


def test_in_quiet_hours_nothing_leaves_but_a_trial(unit, sent, frozen):
    # It is nine in the morning.
    me = person(unit)
    ways.set_habit(
        unit, by=me, quiet_from=time(8), quiet_until=time(9, 30), digest_at=time(8, 30), language="zh_CN"
    )
    tell(unit)
    deliver()
    assert sent == []
    assert {(each.state, each.attempts) for each in deliveries()} == {(DeliveryState.QUEUED, 0)}
    ways.try_out(unit, Channel.WEBHOOK, by=me)
    deliver()
    assert [(channel, title) for channel, _key, title, _where in sent] == [("webhook", "试发一条通知")]
    frozen.shift(timedelta(minutes=30))
    deliver()
    assert len(sent) == 3


def test_the_days_notices_go_out_together_and_a_repeat_is_the_same_message(unit, sent, frozen):
    me = person(unit)
    ways.set_wishes(unit, {(NoticeKind.PUBLICATION, Channel.WEBHOOK): Timing.DAILY}, by=me)
    for number in range(3):
        tell(unit, key=f"k{number}")
    tell(unit, key="other", kind=NoticeKind.TASK)
    deliver()
    assert len([each for each in sent if each[0] == "webhook"]) == 1
    sent.clear()
    frozen.move_to(clock.now() + timedelta(hours=23, minutes=31))
    _count, first = sending.claim()
    (parcel,) = first
    assert parcel.message.title == "2026年3月3日的通知，共3条"
    assert [each.key for each in parcel.message.items] == [each.key for each in deliveries() if each.digest]
    db.session.expire_all()
    frozen.shift(LEASE)
    deliver()
    assert [key for _channel, key, *_ in sent] == [parcel.message.key]
    assert {each.state for each in deliveries()} == {DeliveryState.SENT}


def test_a_wish_for_a_digest_holds_for_what_is_queued_already(unit, sent, frozen):
    tell(unit)
    ways.set_wishes(unit, {(NoticeKind.PUBLICATION, Channel.WEBHOOK): Timing.DAILY}, by=person(unit))
    deliver()
    assert [channel for channel, *_ in sent] == ["email"]
    assert state_of(Channel.WEBHOOK).digest


def test_a_failed_digest_is_sent_again_whole(unit, sent, frozen):
    ways.set_wishes(unit, {(NoticeKind.PUBLICATION, Channel.WEBHOOK): Timing.DAILY}, by=person(unit))
    for number in range(2):
        tell(unit, key=f"k{number}")
    frozen.shift(timedelta(days=1))
    sent.answer = Refused("410")
    deliver()
    sent.answer = Sent()
    administrator = account(Role.ADMINISTRATOR)
    undelivered.send_again(state_of(Channel.WEBHOOK).id, by=administrator)
    with pytest.raises(Conflict):
        undelivered.send_again(state_of(Channel.WEBHOOK).id, by=administrator)
    deliver()
    assert {each.state for each in deliveries() if each.channel is Channel.WEBHOOK} == {DeliveryState.SENT}


def test_a_trial_is_no_business_of_another_unit(unit, sent):
    stranger = account(Role.EDITOR, organisation("微山县教育局"))
    with pytest.raises(Forbidden):
        ways.try_out(unit, Channel.WEBHOOK, by=stranger)
    assert db.session.query(Notice).count() == 0


def test_pauses_grow_spread_and_end():
    pauses = [pause_after(attempt, "k") for attempt in range(1, ATTEMPTS)]
    assert pauses == sorted(pauses)
    assert pause_after(ATTEMPTS, "k") is None
    assert len({pause_after(3, f"k{number}") for number in range(20)}) > 15
    assert pause_after(3, "k") == pause_after(3, "k")
    assert all(FIRST_PAUSE <= pause_after(1, f"k{number}") <= FIRST_PAUSE * 1.25 for number in range(20))
