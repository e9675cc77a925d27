import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from admin.foundation.notifications import onward
from portal import clock
from portal.config import Mail
from portal.db import db
from portal.foundation.audit.models import Entry
from portal.foundation.audit.rules import Act
from portal.foundation.notifications import service, texts
from portal.foundation.notifications.models import Delivery
from portal.foundation.notifications.rules import Channel, DeliveryState, NoticeKind, Timing
from portal.foundation.notifications.ways.queries import choice
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from portal.foundation.signins.sessions.models import SignIn
from portal.powers.lists.telling import PUBLISHED
from tests.admin.conftest import enter, person
from tests.notifications.beds import settings


@pytest.fixture
def unit(app, session, weishan):
    """A unit of the county whose officer `weishan` is signed in as."""
    with settings(app, mail=Mail(host="mail.example.cn"), demo=True):
        body = Organisation(name="微山县行政审批服务局", place=weishan, email="wsx@example.cn")
        session.add(body)
        session.flush()
        yield body


@pytest.fixture
def officer(app, client, unit, weishan):
    account = person(Role.COUNTY_OFFICER, place=weishan)
    account.posts[0].organisation = unit
    visitor = app.test_client()
    assert enter(visitor, account.login) == 302
    return visitor


@pytest.fixture
def administrator(app, client, unit):
    visitor = app.test_client()
    assert enter(visitor, person(Role.ADMINISTRATOR).login) == 302
    return visitor


def tell(unit, key="k", **more):
    made = service.notify(
        unit,
        key=key,
        kind=NoticeKind.PUBLICATION,
        title=PUBLISHED.title,
        body=PUBLISHED.body,
        values=PUBLISHED.example,
        address="/lists/1",
        **more,
    )
    db.session.flush()
    return made


def test_the_inbox_is_read_in_the_readers_language(officer, unit):
    tell(unit)
    assert "《济宁市市级行政权力事项清单》第2版已公布" in officer.get("/staff/inbox/").text
    english = officer.get("/staff/inbox/?lang=en").text
    assert "Revision 2 of “济宁市市级行政权力事项清单” is published" in english
    assert "15 June 2021" in english
    assert 'href="/lists/1?lang=en"' in english


def test_a_link_keeps_its_place_and_leads_nowhere_else(app):
    with app.test_request_context("/?lang=en"):
        assert onward("/staff/x/?a=1#b") == "/staff/x/?a=1&lang=en#b"
        assert onward("//evil.cn/") == onward("https://evil.cn/") == onward("") == ""
    with app.test_request_context("/"):
        assert onward("/staff/x/?a=1#b") == "/staff/x/?a=1#b"


def test_a_notice_of_an_older_version_is_shown_as_it_was_kept(officer, unit):
    service.notify(unit, key="old", title="100% 已公布 %(x)s", body="旧的")
    service.notify(unit, key="bad", title="%(lost)s 没有值", body="坏的", values={"x": 1})
    page = officer.get("/staff/inbox/").text
    assert "100% 已公布 %(x)s" in page
    assert "%(lost)s 没有值" in page


def test_reading_one_and_all(officer, unit):
    notices = [tell(unit, key=f"k{number}") for number in range(3)]
    assert officer.post(f"/staff/inbox/{notices[0].id}/read?unread=1").location.endswith("unread=1")
    assert officer.get("/staff/inbox/?unread=1").text.count("标为已读</button>") == 2 + 1
    officer.post("/staff/inbox/read")
    assert "没有通知。" in officer.get("/staff/inbox/?unread=1").text
    assert officer.post("/staff/inbox/999999/read").status_code == 404


def test_those_who_caused_a_notice_see_who_has_read_it(officer, unit, app):
    notice = tell(unit)
    officer.post(f"/staff/inbox/{notice.id}/read")
    editor = app.test_client()
    enter(editor, person(Role.EDITOR).login)
    page = editor.get("/staff/receipts/").text
    assert "读过：某county_officer（" in page
    assert "电子邮件 等待发送" in page
    assert "没有找到。" in editor.get("/staff/receipts/?kind=task").text
    assert notice.organisation.name in editor.get("/staff/receipts/?unit=微山县行政审批服务局").text
    assert "没有找到。" in editor.get("/staff/receipts/?unit=无名局").text
    assert officer.get("/staff/receipts/").status_code == 403


def test_a_unit_sets_up_a_webhook_tries_it_and_changes_its_secret(officer, unit):
    base = f"/staff/ways/{unit.id}"
    assert officer.get("/staff/ways/").location.endswith(f"{base}/")
    page = officer.post(f"{base}/webhook/", data={"address": "ftp://x", "active": "y"})
    assert page.status_code == 422
    assert "网址要以" in page.text
    assert (
        officer.post(
            f"{base}/webhook/", data={"address": "https://10.0.0.1/in?k=KEY", "active": "y"}
        ).status_code
        == 302
    )
    page = officer.get(f"{base}/").text
    # The list of ways does not show what the address holds beyond its host.
    assert "10.0.0.1" in page
    assert "KEY" not in page
    first = re.search(r"whsec_[\w+/=]+", officer.post(f"{base}/webhook/reveal").text)[0]
    officer.post(f"{base}/secret")
    way = choice(unit.id).ways[Channel.WEBHOOK]
    assert (way.former_secret, way.secret != first) == (first, True)
    officer.post(f"{base}/webhook/try")
    assert "试发：" in officer.get(f"{base}/").text
    assert db.session.scalars(select(Delivery.channel)).all() == [Channel.WEBHOOK]
    raw = db.session.connection().exec_driver_sql("SELECT address, secret FROM notice_ways").one()
    assert not any("10.0.0.1" in each or "whsec" in each for each in raw)


def test_showing_where_a_way_leads_is_an_act_of_its_own(officer, unit):
    base = f"/staff/ways/{unit.id}/webhook/"
    assert officer.post(f"{base}reveal").status_code == 404
    officer.post(base, data={"address": "https://10.0.0.1/in?k=KEY", "active": "y"})
    page = officer.get(base).text
    assert "10.0.0.1" in page
    assert not re.search("KEY|whsec_", page)
    # What is left empty stays as it was.
    assert officer.post(base, data={"address": "", "active": "y"}).status_code == 302
    shown = officer.post(f"{base}reveal")
    assert "https://10.0.0.1/in?k=KEY" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    query = select(Entry).where(Entry.act == Act.REVEAL)
    entry = db.session.scalars(query).one()
    assert (entry.kind, entry.record_name) == ("notice_ways", unit.name)
    assert not re.search("KEY|whsec_", entry.note + entry.changes)
    db.session.execute(update(SignIn).values(proved_at=clock.now() - timedelta(hours=1)))
    asked = officer.post(f"{base}reveal").text
    assert "您的密码" in asked
    assert "KEY" not in asked
    assert len(db.session.scalars(query).all()) == 1


def test_what_goes_how_and_when(officer, unit):
    base = f"/staff/ways/{unit.id}"
    officer.post(
        f"{base}/wishes", data={"task-email": "daily", "deadline-email": "never", "task-x": "daily", "a": "b"}
    )
    officer.post(f"{base}/wishes", data={"task-email": "at_once"})
    chosen = choice(unit.id)
    assert chosen.timing(NoticeKind.TASK, Channel.EMAIL) is Timing.AT_ONCE
    assert chosen.timing(NoticeKind.DEADLINE, Channel.EMAIL) is Timing.NEVER
    answer = officer.post(
        f"{base}/habit", data={"quiet_from": "22:00", "digest_at": "08:30", "language": "zh_CN"}
    )
    assert answer.status_code == 422
    assert "免打扰时段要写明开始和结束" in answer.text
    officer.post(
        f"{base}/habit",
        data={"quiet_from": "22:00", "quiet_until": "07:00", "digest_at": "17:00", "language": "en"},
    )
    chosen = choice(unit.id)
    assert (str(chosen.quiet_from), str(chosen.digest_at), chosen.language) == ("22:00:00", "17:00:00", "en")


def test_robots_hide_their_secret_and_keep_it_when_the_field_is_left_empty(officer, unit):
    base = f"/staff/ways/{unit.id}/dingtalk/"
    data = {"address": "https://oapi.dingtalk.com/robot/send?access_token=T", "active": "y"}
    officer.post(base, data={**data, "secret": "SEC1"})
    officer.post(base, data=data)
    assert choice(unit.id).ways[Channel.DINGTALK].secret == "SEC1"
    assert "SEC1" not in officer.get(base).text


def test_what_is_wrong_with_an_address_is_said_at_its_field(officer, unit):
    refused = officer.post(f"/staff/ways/{unit.id}/wecom/", data={"address": "http://x.cn/", "active": "y"})
    assert refused.status_code == 422
    assert '<a href="#address">送到哪里：机器人的网址要以 https://' in refused.text
    assert 'id="address-fault"' in refused.text
    assert 'aria-invalid="true"' in refused.text


def test_ways_are_no_business_of_other_units(officer, administrator, unit, weishan):
    other = Organisation(name="微山县教育局", place=weishan)
    db.session.add(other)
    db.session.flush()
    for path in ("", "webhook/"):
        assert officer.get(f"/staff/ways/{other.id}/{path}").status_code == 404
    assert officer.post(f"/staff/ways/{other.id}/wishes", data={}).status_code == 404
    assert administrator.get(f"/staff/ways/{other.id}/").status_code == 200
    assert administrator.post("/staff/ways/", data={"organisation": "微山县教育局"}).location.endswith(
        f"/{other.id}/"
    )
    assert officer.get(f"/staff/ways/{unit.id}/pigeon/").status_code == 404


def test_what_the_settings_do_not_open_is_not_offered(app, officer, unit):
    with settings(app, outbound=type(app.config["REMIT"].outbound)(), mail=Mail(), demo=False):
        page = officer.get(f"/staff/ways/{unit.id}/").text
        assert "还没有开通往外发的方式" in page
        assert officer.get(f"/staff/ways/{unit.id}/webhook/").status_code == 404


def test_the_administrator_narrows_the_deliveries_and_sends_what_failed_again(administrator, officer, unit):
    for number in range(3):
        tell(unit, key=f"k{number}")
    for each in db.session.scalars(select(Delivery)):
        each.state, each.error = DeliveryState.FAILED, "对方没有收下（404）"
    db.session.flush()
    page = administrator.get(
        "/staff/deliveries/?state=failed&channel=email&unit=微山县行政审批服务局&lang=en"
    ).text
    assert "The other side did not take it (404)" in page
    assert "没有送达的 3 条" in administrator.get("/staff/deliveries/").text
    assert "没有。" in administrator.get("/staff/deliveries/?channel=sms&state=nonsense").text
    assert officer.post("/staff/deliveries/again").status_code == 403
    administrator.post("/staff/deliveries/again", data={"channel": "sms"})
    assert len(db.session.scalars(select(Delivery).where(Delivery.state == DeliveryState.FAILED)).all()) == 3
    administrator.post("/staff/deliveries/again", data={"channel": "email", "unit": "微山县行政审批服务局"})
    assert {each.state for each in db.session.scalars(select(Delivery))} == {DeliveryState.QUEUED}


def test_who_read_what_in_another_city_is_no_business_of_an_editor(app, session, unit, jining):
    tell(unit)
    elsewhere = Place(code="371500", name="聊城市", kind=PlaceKind.CITY)
    session.add(elsewhere)
    session.flush()
    pages = []
    for place in (jining, elsewhere):
        visitor = app.test_client()
        assert enter(visitor, person(Role.EDITOR, login=f"of-{place.code}", place=place).login) == 302
        pages.append(visitor.get("/staff/receipts/").text)
    assert ["微山县行政审批服务局" in page for page in pages] == [True, False]


def test_what_failed_is_given_up_and_the_page_tells_who_did(administrator, unit):
    for number in range(3):
        tell(unit, key=f"k{number}")
    first, *rest = db.session.scalars(select(Delivery).order_by(Delivery.id)).all()
    for each in (first, *rest):
        each.state, each.error = DeliveryState.FAILED, "对方没有收下（404）"
    db.session.commit()
    jobs = administrator.get("/staff/runs/").text
    assert "没有送达的通知：电子邮件" in jobs
    assert "3 条" in jobs
    done = administrator.post(f"/staff/deliveries/{first.id}/give-up", data={"state": "failed"})
    assert done.location == "/staff/deliveries/?state=failed"
    page = administrator.get("/staff/deliveries/").text
    assert "系统管理员已经放弃" in page
    assert re.search(r"某administrator \S+ ?\S*：放弃", page)
    administrator.post("/staff/deliveries/give-up", data={"channel": "email"})
    assert {each.state for each in db.session.scalars(select(Delivery))} == {DeliveryState.VOID}
    assert "没有送达的通知" not in administrator.get("/staff/runs/").text


def test_giving_up_is_the_administrators_business(officer, unit):
    tell(unit)
    (delivery,) = db.session.scalars(select(Delivery)).all()
    for address in (f"/staff/deliveries/{delivery.id}/give-up", "/staff/deliveries/give-up"):
        assert officer.post(address).status_code == 403


def test_every_text_can_be_seen_beforehand_in_both_languages(administrator):
    page = administrator.get("/staff/notice-texts/").text
    for text in texts.registered():
        for tongue in ("zh_CN", "en"):
            title, body = texts.shown(text, tongue)
            assert "%(" not in title + body
            assert title.replace("“", "").split("《")[0][:8] in page
    assert "Revision 2 of" in page
    assert PUBLISHED in texts.registered()
