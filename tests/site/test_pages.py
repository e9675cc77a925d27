from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

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
from tests.lists.making import publish, row, take_over

pytestmark = pytest.mark.usefixtures("sheets")

LIST = "/lists/liaocheng-2020"


def get(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.get_data(as_text=True)


def words(page):
    """The text of a page as people read it."""
    return (
        re.sub(r"\s+", " ", re.sub(r"<(?!/?mark)[^>]+>", " ", page))
        .replace("<mark>", "")
        .replace("</mark>", "")
    )


@pytest.fixture
def code(city):
    """A place's code by its name."""
    return lambda name: city.county(name).code


def test_every_page_says_what_it_should(client, power_list, matter):
    addresses = ["/", "/search?q=备案", "/lists", LIST, f"{LIST}/matters/{matter(1).matter_id}", "/revisions"]
    addresses += [f"{LIST}/revisions/1", "/places/371502", "/departments", "/departments/371500/市商务局"]
    addresses += ["/modes", "/data", "/about", "/accessibility"]
    for address in addresses:
        joint = "&" if "?" in address else "?"
        chinese, english = get(client, address), get(client, f"{address}{joint}lang=en")
        assert '<html lang="zh-CN"' in chinese
        assert '<html lang="en"' in english
        assert chinese.count("<h1") == english.count("<h1") == 1


def test_pages_have_nothing_inline_and_set_no_cookie(client, power_list, matter):
    for address in ("/", LIST, f"{LIST}/matters/{matter(2).matter_id}?at=371502", "/nowhere"):
        answer = client.get(address)
        page = answer.get_data(as_text=True)
        assert not re.search(r"<script(?![^>]*(?:src|ld\+json))|<style|\sstyle=|\son[a-z]+=", page)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
        assert "Set-Cookie" not in answer.headers


class Ids(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids = []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]


def test_ids_are_unique(client, power_list, matter):
    for address in ("/", LIST, f"{LIST}/matters/{matter(2).matter_id}?at=371502", "/modes"):
        parser = Ids()
        parser.feed(get(client, address))
        assert len(parser.ids) == len(set(parser.ids)), address


def links_of(page):
    """The links of a page to other pages, and those to files and to the API, which are the same whoever reads."""
    shown = page[page.index("<body") :]  # what stands in the head is for programs
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)', shown)]
    plain = [link for link in links if re.match(r"/api/|[^?]*\.[^?/]*(\?|$)", link)]
    return [link for link in links if link not in plain], plain


def in_one_order(link):
    path, _, query = link.partition("?")
    return f"{path}?{'&'.join(sorted(query.split('&')))}"


def test_all_links_of_the_site_lead_somewhere_and_carry_the_choice(client, power_list):
    seen, waiting = set(), ["/?at=371502&lang=en&text=large"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, address
        if answer.mimetype != "text/html":
            continue
        links, plain = links_of(answer.get_data(as_text=True))
        # The staff door knows neither places nor larger letters.
        assert [link for link in links if link.startswith("/staff")] == ["/staff/?lang=en"]
        links = [link for link in links if not link.startswith("/staff")]
        carrying = [link for link in links if "text=large" in link and "lang=en" in link]
        assert len(links) - len(carrying) <= 2, address  # the two switches themselves
        # At other places, in strong contrast and on the way to another place it would be the same again.
        waiting += [link for link in plain if link.startswith("/lists/")]
        waiting += [
            in_one_order(link)
            for link in carrying
            if "at=371502" in link and "contrast" not in link and not link.startswith("/where")
        ]
    assert len(seen) > 40


def test_the_matter_page_answers_for_the_place(client, power_list, matter, code):
    address = f"{LIST}/matters/{matter(2).matter_id}"
    page = words(get(client, f"{address}?at={code('茌平区')}"))
    assert "按文件，在茌平区就能办完。" in page
    assert "承接单位待公布" in page
    assert "聊城市住房城乡建设局" in page
    kept = words(get(client, f"{address}?at={code('聊城经济技术开发区')}"))
    assert "聊城经济技术开发区现在还不能办，请到市里办。" in kept
    assert "文件写明：暂不向各功能区下放。" in kept
    assert "2 个功能区是“暂不下放”；其他 4 个地方是“下放实质性审核权”。" in kept
    assert "先选您在哪里" in words(get(client, address))


def test_a_list_is_searched_and_narrowed(client, power_list):
    assert "企业投资项目备案" in words(get(client, f"{LIST}?q=备案"))
    assert "企业投资项目备案" in words(get(client, f"{LIST}?q=qytz"))
    assert "企业投资项目备案" not in get(client, f"{LIST}?mode=window")
    assert "典当业特种行业许可" in get(client, f"{LIST}?mode=window&department=市公安局")
    assert "没有找到“%_%”" in words(get(client, f"{LIST}?q=%25_%25"))
    assert "没有符合这些条件的事项" in words(get(client, f"{LIST}?mode=nonsense"))


def test_search_runs_over_all_lists_and_puts_names_first(client, power_list):
    page = get(client, "/search?q=许可")
    assert "典当业特种行业<mark>许可</mark>" in page
    assert "没有找到“飞船”" in words(get(client, "/search?q=飞船"))


def test_an_answer_follows_what_the_place_publishes(client, session, city, power_list, matter):
    """A receiver with a day to come: until then the city's counter (D-9), from then on the place's own."""
    place, row_ = city.county("茌平区"), matter(1)
    body = organisations.add(place, "茌平区行政审批服务局", by=None)
    address = f"{LIST}/matters/{row_.matter_id}?at={place.code}"
    subject = session.get(Matter, row_.matter_id)
    duty = duties.set_duty(place, subject, DutyRole.RECEIVER, body, by=city.editor, from_on=date(2999, 1, 1))
    say(city, place)
    page = words(get(client, address))
    assert "茌平区还没有接手，现在请到市里办。" in page
    assert "从2999年1月1日起到茌平区办" in page
    duty.from_on = date(2020, 1, 1)
    session.flush()
    say(city, place)
    page = words(get(client, address))
    assert "在茌平区就能办完。" in page
    assert "承接单位待公布" not in page


def say(city, place):
    """What the place says of itself is published."""
    proposal = publishing.propose(Subject.UPTAKE, place.id, by=city.editor, reason="公布")
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()


def test_a_choice_takes_the_place_of_an_open_mode(client, session, city, power_list, matter):
    take_over(city, power_list, [row(1, "公司登记", mode="undetermined", mode_label="")])
    publish(city, power_list)
    chosen = session.query(type(matter(2))).filter_by(name="公司登记").one()
    address = f"{LIST}/matters/{chosen.matter_id}?at={city.county('莘县').code}"
    assert "莘县还没有公布怎么办。" in words(get(client, address))
    place = city.county("莘县")
    session.add(
        Choice(place_id=place.id, list_id=power_list.id, matter_id=chosen.matter_id, mode=Mode.WINDOW)
    )
    say(city, place)
    page = words(get(client, address))
    assert "按文件，在莘县就能办完。" in page
    assert "还没有公布怎么办" not in page


def test_a_closed_revision_keeps_number_and_hash_only(client, session, city, power_list):
    second = publish_again(city, power_list)
    publishing.ask_closing(second.id, by=city.editor, reason="含有个人信息")
    publishing.close(second.id, by=city.approver)
    session.commit()
    page = words(get(client, f"{LIST}/revisions/2"))
    assert "含有个人信息" in page
    assert second.hash in page
    assert "典当业特种行业许可" not in page
    get(client, f"{LIST}/revisions/2.csv", 410)
    assert "企业投资项目备案" in get(client, f"{LIST}/revisions/1")


def publish_again(city, power_list):
    take_over(
        city, power_list, [row(1, "企业投资项目备案"), row(2, "典当业特种行业许可", department="市公安局")]
    )
    return publish(city, power_list)


def test_a_revision_says_what_it_changed(client, city, power_list):
    publish_again(city, power_list)
    page = words(get(client, f"{LIST}/revisions/2"))
    assert "调整 1 项，退出 1 项" in page
    assert "原“窗口前移”，现“直接下放”" in page
    assert "这不是现在执行的一版。" in words(get(client, f"{LIST}/revisions/1"))


def test_a_revision_is_offered_as_files(client, power_list):
    page = get(client, LIST)
    for kind in ("csv", "xlsx", "json"):
        answer = client.get(f"{LIST}/revisions/1.{kind}")
        assert answer.status_code == 200
        assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
        assert f"{LIST}/revisions/1.{kind}" in page


def test_the_feed_is_well_formed(client, power_list):
    tree = ET.fromstring(get(client, "/changes.atom"))
    atom = "{http://www.w3.org/2005/Atom}"
    assert [entry.find(f"{atom}title").text for entry in tree.iter(f"{atom}entry")] == [
        "《清单 liaocheng-2020》第1版"
    ]


BAD = [
    ("/?at=nope", 404),
    ("/?at=%00", 400),
    ("/search?q=%01", 400),
    ("/?q=%01", 200),  # the page does not know the parameter, so it does not see it
    ("/search?q=%ff%fe", 200),
    ("/lists/nothing", 404),
    ("/lists/%00", 400),
    (f"{LIST}?page=9999999999999999999999", 404),
    (f"{LIST}?page=0", 404),
    (f"{LIST}?page=二", 404),
    (f"{LIST}?page=2", 404),
    (f"{LIST}/matters/99999999999999999999", 404),
    (f"{LIST}/matters/2147483647", 404),
    (f"{LIST}/revisions/2", 404),
    (f"{LIST}/revisions/1.exe", 404),
    ("/places/nope", 404),
    ("/departments/371500/没有的局", 404),
    ("/departments/371502/市商务局", 404),
    ("/policies/2147483648", 404),
    ("/?lang=fr", 200),
    (f"/search?q={'长' * 3000}", 200),
]


def test_bad_addresses_get_clear_pages(client, power_list):
    wrong = []
    for address, status in BAD:
        answer = client.get(address)
        page = answer.get_data(as_text=True)
        if answer.status_code != status or "<h1" not in page or "Traceback" in page:
            wrong.append((address, answer.status_code))
    assert wrong == []


def test_reading_is_all_that_public_pages_do(client, power_list):
    assert client.post("/").status_code == 405


def test_a_copy_is_validated_and_falls_with_the_next_publication(client, city, power_list):
    first = client.get(LIST)
    tag = first.headers["ETag"]
    assert "public" in first.headers["Cache-Control"]
    assert "HX-Request" in first.headers["Vary"]
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(f"{LIST}?lang=en", headers={"If-None-Match": tag}).status_code == 200
    publish_again(city, power_list)
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 200


def test_nothing_published_is_said(client, session):
    assert "还没有公布清单。" in words(get(client, "/"))
    for address in ("/lists", "/search", "/revisions", "/departments", "/data", "/modes"):
        get(client, address)
    ET.fromstring(get(client, "/changes.atom"))
