from datetime import timedelta
from email.header import decode_header
from email.utils import parsedate_to_datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from jobs.notifications import deliver
from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound
from portal.foundation.notifications import queries, sending, service
from portal.foundation.notifications.channels.contract import Sent
from portal.foundation.notifications.channels.email import KEY_HEADER
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.rules import ATTEMPTS, LEASE, DeliveryState, pause_after
from portal.foundation.notifications.undelivered import service as undelivered
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from tests.fixtures.people import somebody
from tests.fixtures.settings import with_settings

KEY = "publishing:1:微山县"
TITLE = "《济宁市市级行政权力事项清单》第 2 版已公布"
BODY = "您单位承接的 3 个事项有变化：\n\n企业投资项目备案、……"


def organisation(name="微山县行政审批服务局", email="wsx@example.cn"):
    place = db.session.scalars(select(Place).where(Place.code == "370826")).first()
    place = place or Place(code="370826", name="微山县", kind=PlaceKind.COUNTY)
    made = Organisation(name=name, place=place, email=email)
    db.session.add(made)
    db.session.flush()
    return made


def account(role, body=None):
    made = somebody(role, login=f"{role}{body.id if body else ''}", organisation=body)
    db.session.add(made)
    db.session.flush()
    return made


@pytest.fixture
def mailing(app, smtp):
    with with_settings(app, smtp, public_url="https://zz.example.cn"):
        yield smtp


def tell(body, key=KEY, **more):
    return service.notify(body, key=key, title=TITLE, body=BODY, address="/lists/jining/2", **more)


def test_a_notice_is_in_the_inbox_once_however_often_it_is_asked_for(session):
    body = organisation()
    first = tell(body)
    assert tell(body) is first
    officer = account(Role.COUNTY_OFFICER, body)
    stranger = account(Role.EDITOR, organisation("微山县教育局"))
    assert list(queries.inbox(officer)) == [first]
    assert (queries.unread(officer), queries.inbox_size(officer)) == (1, 1)
    assert list(queries.inbox(stranger)) == []
    assert list(queries.inbox(account(Role.ADMINISTRATOR))) == []


def test_without_a_mail_server_or_an_address_it_stays_in_the_inbox(session, app, smtp):
    tell(organisation())
    with with_settings(app, smtp):
        tell(organisation("微山县文化局", email=""), key="other")
    assert session.scalars(select(Delivery)).all() == []


def test_reading_is_for_each_account_by_itself_and_stays(session, frozen):
    body = organisation()
    notice = tell(body)
    reader = account(Role.COUNTY_OFFICER, body)
    colleague = account(Role.APPROVER, body)
    for other in (account(Role.EDITOR, organisation("微山县教育局")), account(Role.ADMINISTRATOR)):
        with pytest.raises(NotFound):
            service.mark_read(notice.id, by=other)
    service.mark_read(notice.id, by=reader)
    read_at = notice.read_at
    frozen.shift(60)
    assert service.mark_read(notice.id, by=reader).read_at == read_at
    assert (queries.unread(reader), queries.unread(colleague)) == (0, 1)
    service.mark_read(notice.id, by=colleague)
    assert [(each.account_id, each.read_at) for each in notice.receipts] == [
        (reader.id, read_at),
        (colleague.id, clock.now()),
    ]
    assert notice.read_at == read_at
    with pytest.raises(NotFound):
        service.mark_read(notice.id + 1, by=reader)


def test_everything_is_read_at_once(session):
    body = organisation()
    reader = account(Role.COUNTY_OFFICER, body)
    notices = [tell(body, key=f"k{number}") for number in range(3)]
    service.mark_read(notices[1].id, by=reader)
    assert [each.id for each in queries.inbox(reader, unread=True)] == [notices[2].id, notices[0].id]
    assert service.mark_all_read(by=reader) == 2
    assert service.mark_all_read(by=reader) == 0
    assert (queries.unread(reader), queries.inbox_size(reader, unread=True)) == (0, 0)
    assert queries.read_by(reader, notices) == {each.id for each in notices}


def test_a_notice_to_one_person_is_seen_by_that_person_alone(session, mailing):
    body = organisation()
    named, other = account(Role.COUNTY_OFFICER, body), account(Role.APPROVER, body)
    named.email = "named@example.cn"
    notice = tell(body, account=named)
    assert tell(body, account=named) is notice
    assert tell(body, account=other) is not notice
    assert [list(queries.inbox(each)) for each in (named, other)] == [[notice], [tell(body, account=other)]]
    with pytest.raises(NotFound):
        service.mark_read(notice.id, by=other)
    assert deliver() == 2
    assert sorted(mailing.recipients) == [["named@example.cn"], ["wsx@example.cn"]]


def test_the_same_occasion_is_told_to_every_recipient(session, mailing):
    first, second = organisation(), organisation("微山县教育局", email="jyj@example.cn")
    assert tell(first) is not tell(second)
    assert deliver() == 2
    assert len({message[KEY_HEADER] for message in mailing.messages}) == 2


def test_the_mail_says_it_in_chinese_and_carries_the_key(session, mailing):
    tell(organisation())
    assert deliver() == 1
    (message,) = mailing.messages
    assert mailing.recipients == [["wsx@example.cn"]]
    assert message["Subject"] == f"【职掌】{TITLE}"
    assert BODY in message.get_content()
    assert "https://zz.example.cn/lists/jining/2" in message.get_content()
    assert message["From"].addresses[0].display_name == "职掌"
    delivery = session.scalars(select(Delivery)).one()
    raw_key = "".join(
        part.decode(charset or "ascii") if isinstance(part, bytes) else part
        for part, charset in decode_header(message[KEY_HEADER])
    )
    assert raw_key == delivery.key == f"{KEY}:o{delivery.organisation_id}:email"
    assert message["Message-ID"].endswith("@localhost>")
    assert parsedate_to_datetime(message["Date"]).tzinfo is not None
    assert (delivery.state, delivery.attempts, delivery.error) == (DeliveryState.SENT, 1, "")
    assert delivery.sent_at is not None
    assert deliver() == 0


def test_a_title_cannot_add_headers(session, mailing):
    service.notify(organisation(), key="k", title="甲\r\nBcc: x@example.cn", body="乙")
    deliver()
    (message,) = mailing.messages
    assert message["Bcc"] is None
    assert message["Subject"] == "【职掌】甲 Bcc: x@example.cn"


def test_a_refused_mail_is_tried_again_with_the_same_key_after_longer_and_longer_pauses(
    session, mailing, frozen
):
    tell(organisation())
    mailing.refusing = "451 later"
    assert deliver() == 1
    delivery = session.scalars(select(Delivery)).one()
    assert delivery.state is DeliveryState.QUEUED
    assert "451" in delivery.error
    assert delivery.next_at == clock.now() + pause_after(1, delivery.key)
    assert deliver() == 0
    mailing.refusing = None
    frozen.shift(pause_after(1, delivery.key))
    assert deliver() == 1
    assert mailing.messages[0][KEY_HEADER]
    assert (delivery.state, delivery.attempts, delivery.error) == (DeliveryState.SENT, 2, "")


def test_what_cannot_be_delivered_is_visible_and_can_be_sent_again(session, mailing, frozen):
    body = organisation()
    tell(body)
    mailing.refusing = "550 no such user"
    for _ in range(ATTEMPTS):
        assert deliver() == 1
        frozen.shift(timedelta(hours=1))
    assert deliver() == 0
    (delivery,) = queries.deliveries(DeliveryState.FAILED)
    assert "550" in delivery.error
    assert "wsx@example.cn" not in delivery.error
    mailing.refusing = None
    body.email = "new@example.cn"
    with pytest.raises(Forbidden):
        undelivered.send_again(delivery.id, by=account(Role.EDITOR))
    administrator = account(Role.ADMINISTRATOR)
    undelivered.send_again(delivery.id, by=administrator)
    assert deliver() == 1
    assert mailing.recipients == [["new@example.cn"]]
    with pytest.raises(Conflict):
        undelivered.send_again(delivery.id, by=administrator)
    with pytest.raises(NotFound):
        undelivered.send_again(delivery.id + 1, by=administrator)


def test_an_unreachable_mail_server_is_tried_again_later(session, app, smtp):
    with with_settings(app, smtp, mail_port=1):
        tell(organisation())
        assert deliver() == 1
    delivery = session.scalars(select(Delivery)).one()
    assert delivery.state is DeliveryState.QUEUED
    assert "连不上对方" in delivery.error


def claimed():
    _count, parcels = sending.claim()
    db.session.expire_all()
    return parcels


def test_a_delivery_cut_off_is_repeated_and_its_first_sender_has_no_say_any_more(session, mailing, frozen):
    tell(organisation())
    (first,) = claimed()
    assert claimed() == []
    frozen.shift(LEASE - timedelta(seconds=1))
    assert queries.due(clock.now()) == []
    sending.keep([first])
    frozen.shift(LEASE - timedelta(seconds=1))
    assert queries.due(clock.now()) == []
    frozen.shift(1)
    (second,) = claimed()
    assert (second.message, second.attempts) == (first.message, 2)
    sending.settle(first, Sent())
    sending.keep([first])
    assert session.scalars(select(Delivery)).one().state is DeliveryState.SENDING
    sending.settle(second, Sent())
    db.session.expire_all()
    assert session.scalars(select(Delivery)).one().state is DeliveryState.SENT


def test_a_delivery_that_kills_its_workers_fails_visibly(session, mailing, frozen):
    tell(organisation())
    for _ in range(ATTEMPTS):
        assert len(claimed()) == 1
        frozen.shift(LEASE)
    assert sending.claim() == (1, [])
    db.session.expire_all()
    (failed,) = queries.deliveries(DeliveryState.FAILED)
    assert failed.error == sending.CUT_OFF


def at_once(app, count, action):
    """The outcomes of an action done by so many threads at the same moment, each with its own session."""
    gate, outcomes = Barrier(count), []

    def act():
        with app.app_context():
            gate.wait(10)
            try:
                outcomes.append(action())
            finally:
                db.session.remove()

    threads = [Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == count
    return outcomes


def test_concurrent_transactions_write_one_notice(live):
    body_id = organisation().id
    db.session.commit()

    def act():
        notice_id = tell(db.session.get(Organisation, body_id)).id
        db.session.commit()
        return notice_id

    assert len(set(at_once(live, 4, act))) == 1
    assert len(db.session.scalars(select(Notice)).all()) == 1


def test_two_workers_do_not_both_deliver(live, smtp):
    with with_settings(live, smtp):
        body = organisation()
        for number in range(10):
            tell(body, key=f"k{number}")
        db.session.commit()
        counts = at_once(live, 3, deliver)
    assert sum(counts) == 10
    keys = sorted(message[KEY_HEADER] for message in smtp.messages)
    assert keys == sorted(f"k{number}:o{body.id}:email" for number in range(10))
