"""The API says of a matter at a place what the pages say; of an earlier revision what that revision said."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.runs import work_off
from portal.db import db
from portal.foundation.organisations import service as organisations
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.uptakes.models import Choice
from tests.lists.making import exception, make_list, publish, row, take_over

SLUG = "liaocheng-2020"


def say(city, place):
    proposal = publishing.propose(Subject.UPTAKE, place.id, by=city.editor, reason="公布")
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()


@pytest.fixture
def receive(session, city, matter):
    """`receive(place, number, from_on)`: the place publishes its receiver of a matter."""

    def publish_receiver(place, number, from_on=None):
        body = organisations.add(place, f"{place.name}行政审批服务局", by=city.editor)
        subject = session.get(Matter, matter(number).matter_id)
        duties.set_duty(place, subject, DutyRole.RECEIVER, body, by=city.editor, from_on=from_on)
        say(city, place)

    return publish_receiver


def test_one_answer_for_every_matter_and_place(read, power_list):
    items = read("/answers?limit=200&fields=id,matter,place,mode")["items"]
    assert len({each["id"] for each in items}) == 18
    modes = {(each["matter"]["seq"], each["place"]["name"]): each["mode"] for each in items}
    assert modes[1, "莘县"] == "direct"
    assert modes[2, "莘县"] == "review"
    assert modes[2, "聊城经济技术开发区"] == "undelegated"


def test_who_does_what_with_its_clause(read, city, power_list, matter, receive):
    place = city.county("茌平区")
    address = f"/answers/{SLUG}/{matter(1).matter_id}/{place.code}"
    before = read(address)
    assert (before["standing"], before["receiver"], before["apply_at"]) == ("unnamed", None, ["issuer"])
    assert before["steps"]["decide"] == {
        "actor": "place",
        "body": None,
        "clauses": [{"label": "《行政许可法》第二十四条", "page": None}],
    }
    receive(place, 1)
    after = read(address)
    assert after["standing"] == "open"
    assert after["sentence"] == "在茌平区就能办完。"
    assert after["receiver"]["full_name"] == "茌平区行政审批服务局"
    assert after["steps"]["accept"]["body"] == "茌平区行政审批服务局"
    assert after["apply_at"] == ["place", "issuer"]
    assert after["respondent"]["body"] == "聊城市商务局"
    assert after["page"].endswith(f"/lists/{SLUG}/matters/{matter(1).matter_id}?at={place.code}")
    assert read(f"{address}?lang=en&fields=sentence") == {"sentence": "You can finish this in Chiping."}


def test_before_the_day_the_issuing_side_goes_on(read, city, power_list, matter, receive):
    place = city.county("茌平区")
    receive(place, 1, date(2999, 1, 1))
    said = read(f"/answers/{SLUG}/{matter(1).matter_id}/{place.code}")
    assert (said["mode"], said["mode_today"], said["standing"]) == ("direct", "undelegated", "pending")
    assert said["receiver"]["from_on"] == "2999-01-01"
    assert said["steps"]["decide"]["actor"] == "issuer"
    assert said["steps"]["decide"]["body"] == "聊城市商务局"


def test_what_is_kept_above_says_so(read, city, power_list, matter):
    place = city.county("聊城经济技术开发区")
    said = read(f"/answers/{SLUG}/{matter(2).matter_id}/{place.code}")
    assert (said["standing"], said["apply_at"], said["seal"]) == ("kept", ["issuer"], None)
    assert said["remark"] == "暂不向各功能区下放"
    assert said["steps"]["review"]["clauses"] == [{"label": "清单备注", "page": None}]


def test_a_place_s_own_choice_is_its_answer(read, session, city, power_list, republish):
    take_over(city, power_list, [row(1, "公司登记", mode="undetermined", mode_label="")])
    republish()
    place = city.county("莘县")
    subject = session.query(Matter).filter_by(name="公司登记").one()
    open_answer = read(f"/answers/{SLUG}/{subject.id}/{place.code}")
    assert (open_answer["standing"], open_answer["steps"]["decide"]["actor"]) == ("undecided", None)
    assert open_answer["respondent"] == {"actor": None, "body": None, "clauses": []}
    session.add(Choice(place_id=place.id, list_id=power_list.id, matter_id=subject.id, mode=Mode.WINDOW))
    say(city, place)
    assert read(f"/answers/{SLUG}/{subject.id}/{place.code}?fields=mode")["mode"] == "window"
    assert [each["place"]["name"] for each in read("/answers?mode=window&fields=place")["items"]] == ["莘县"]
    assert read(f"/matters?place={place.code}&mode=window&fields=name")["items"] == [{"name": "公司登记"}]
    assert read("/matters?mode=window")["items"] == []
    assert read("/matters?fields=answers")["items"][0]["answers"][place.code] == "window"


def test_a_town_is_answered_by_the_place_above(read, city, power_list, matter):
    from portal.foundation.places import service as places
    from portal.foundation.places.rules import PlaceKind

    county = city.county("莘县")
    town = places.add(county, "张鲁镇", PlaceKind.TOWN, code="371522101", by=city.editor)
    said = read(f"/answers/{SLUG}/{matter(1).matter_id}/{town.code}")
    assert said["place"]["name"] == "张鲁镇"
    assert said["answered_by"]["name"] == "莘县"
    assert read(f"/places/{town.code}?fields=lists,parent") == {
        "parent": {"code": county.code, "name": "莘县"},
        "lists": [SLUG],
    }


def test_an_earlier_revision_says_what_it_said(read, city, power_list, matter, receive, republish):
    place = city.county("茌平区")
    key = matter(1).matter_id
    receive(place, 1)
    take_over(
        city,
        power_list,
        [row(1, "企业投资项目备案", mode="collection", mode_label="委托收件"), row(2, "公司登记")],
    )
    republish()
    old = read(f"/answers/{SLUG}/{key}/{place.code}?revision=1")
    assert (old["mode"], old["in_force"], old["revision"]["number"]) == ("direct", False, 1)
    assert (old["standing"], old["sentence"], old["receiver"], old["mode_today"]) == (None, None, None, None)
    assert old["steps"]["decide"]["actor"] == "place"
    now = read(f"/answers/{SLUG}/{key}/{place.code}")
    assert (now["mode"], now["revision"]["number"]) == ("collection", 2)
    assert read(f"/matters?list={SLUG}&revision=1&fields=seq")["items"] == [
        {"seq": 1},
        {"seq": 2},
        {"seq": 3},
    ]
    assert read(f"/lists/{SLUG}?revision=1&fields=size,in_force") == {"in_force": False, "size": 3}
    assert read(f"/answers?list={SLUG}&revision=1&mode=undelegated&fields=mode")["items"] == [
        {"mode": "undelegated"},
        {"mode": "undelegated"},
    ]


def test_what_is_a_working_copy_is_not_told(read, client, session, city, power_list):
    take_over(city, power_list, [row(1, "只在工作稿里的事项")])
    made = make_list(city, "not-published")
    take_over(city, made, [row(1, "没有公布的清单的事项")])
    county = city.county("莘县")
    body = organisations.add(county, "没有公布的单位", by=city.editor)
    subject = session.query(Matter).filter_by(name="企业投资项目备案").one()
    duties.set_duty(county, subject, DutyRole.RECEIVER, body, by=city.editor)
    for address in ("/matters", "/answers", "/lists", "/organisations", "/changes", "/revisions", "/places"):
        said = client.get(f"/api/v1{address}?limit=200").get_data(as_text=True)
        for secret in ("只在工作稿里的事项", "没有公布的", "not-published"):
            assert secret not in said, address
    read("/lists/not-published", 404)
    read("/organisations/371522/没有公布的单位", 404)
    read("/revisions?list=not-published", 404)


def test_a_closed_revision_is_gone_but_for_its_number_and_hash(read, city, power_list, republish):
    take_over(city, power_list, [row(1, "公司登记")])
    second = republish()
    publishing.ask_closing(second.id, by=city.editor, reason="误写了个人信息")
    publishing.close(second.id, by=city.approver)
    assert read(f"/lists/{SLUG}?revision=2", 410)["code"] == "closed"
    read(f"/matters?list={SLUG}&revision=2", 410)
    kept = read(f"/lists/{SLUG}/revisions/2?fields=state,hash,closed_reason,files")
    assert kept == {"state": "closed", "hash": second.hash, "closed_reason": "误写了个人信息", "files": []}
    newest = read(f"/changes?list={SLUG}")["items"][0]
    assert (newest["revision"], newest["change"], newest["fields"]) == (2, "closed", {})
    assert read(f"/lists/{SLUG}?fields=revision")["revision"]["number"] == 1


def test_organisations_are_those_that_something_in_force_names(read, city, power_list, receive):
    receive(city.county("茌平区"), 1)
    found = {each["name"]: each["roles"] for each in read("/organisations")["items"]}
    assert found == {
        "市商务局": {"department": 1},
        "市住房城乡建设局": {"department": 1},
        "市公安局": {"department": 1},
        "茌平区行政审批服务局": {"receiver": 1},
    }
    assert [each["name"] for each in read("/organisations?role=receiver")["items"]] == [
        "茌平区行政审批服务局"
    ]
    assert read("/organisations/371500/市公安局?fields=place")["place"]["name"] == "聊城市"


def test_other_lists_and_filters(read, city, power_list):
    other = make_list(city, "zones-only", scope="zones")
    take_over(
        city,
        other,
        [row(1, "民办学校审批", type="行政确认", exceptions=[exception("window", groups=["zones"])])],
    )
    publish(city, other)
    county, zone = city.county("莘县"), city.county("聊城经济技术开发区")
    assert [each["slug"] for each in read(f"/lists?place={county.code}")["items"]] == [SLUG]
    assert len(read(f"/lists?place={zone.code}")["items"]) == 2
    assert [each["name"] for each in read("/matters?type=07&fields=name")["items"]] == ["民办学校审批"]
    assert [each["seq"] for each in read("/matters?department=市公安局&fields=seq")["items"]] == [3]
    assert len(read("/matters?status=unverified&list=zones-only")["items"]) == 1
    assert read("/matters?status=abolished")["items"] == []
    assert [each["name"] for each in read("/matters?q=minbanxuexiao&fields=name")["items"]] == [
        "民办学校审批"
    ]
    assert {each["name"] for each in read("/places?within=371500&kind=zone")["items"]} == {
        "聊城经济技术开发区",
        "聊城高新技术产业开发区",
    }
    assert len(read("/places?list=zones-only")["items"]) == 2
