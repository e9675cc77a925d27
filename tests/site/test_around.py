"""The site's own map for people and machines, robots, search description, questions, and pages for what went wrong."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from portal.powers.matters.models import Matter
from portal.powers.matters.service import set_everyday_names
from portal.site.around import sitemap
from tests.lists.making import make_list, publish, row, take_over

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def tree(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert "xml" in answer.mimetype
    return ET.fromstring(answer.get_data(as_text=True))


def locations(found):
    return [each.text for each in found.iter(f"{MAP}loc")]


def path(address):
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_the_map_names_every_page_once_in_each_language_and_all_answer(client, power_list, matter):
    found = tree(client, "/sitemap.xml")
    addresses = [path(each) for each in locations(found)]
    assert max(Counter(addresses).values()) == 1
    assert [each for each in addresses if client.get(each).status_code != 200] == []
    list_ = "/lists/liaocheng-2020"
    expected = [f"{list_}/matters/{matter(number).matter_id}" for number in (1, 2, 3)]
    expected += ["/", "/lists", list_, f"{list_}/revisions/1", "/places/371502", "/departments", "/about"]
    expected += [
        "/reading",
        "/entrusted",
        "/sitemap",
        "/departments/371500/%E5%B8%82%E5%95%86%E5%8A%A1%E5%B1%80",
    ]
    for each in expected:
        assert each in addresses
        assert f"{each}?lang=en" in addresses
    assert not [each for each in addresses if each.startswith(("/staff", "/search", "/where"))]


def test_each_entry_names_both_languages_and_its_day(client, power_list, matter):
    address = f"http://localhost/lists/liaocheng-2020/matters/{matter(1).matter_id}"
    entries = {each.find(f"{MAP}loc").text: each for each in tree(client, "/sitemap.xml").iter(f"{MAP}url")}
    for entry in (entries[address], entries[f"{address}?lang=en"]):
        links = {link.get("hreflang"): link.get("href") for link in entry.iter(f"{XHTML}link")}
        assert links == {"zh-CN": address, "en": f"{address}?lang=en", "x-default": address}
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry.find(f"{MAP}lastmod").text)


def test_what_a_reader_carries_is_not_in_the_map(client, power_list):
    plain = client.get("/sitemap.xml").get_data()
    assert client.get("/sitemap.xml?lang=en&at=371502&text=large&contrast=high").get_data() == plain


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_a_long_map_comes_in_parts_that_lose_nothing(client, city, power_list, monkeypatch, size):
    second = make_list(city, "second")
    take_over(city, second, [row(number, f"事项{number}") for number in range(1, 6)])
    publish(city, second)
    whole = locations(tree(client, "/sitemap.xml"))
    monkeypatch.setattr(sitemap, "PART", size)
    top = tree(client, "/sitemap.xml")
    parts = [path(each) for each in locations(top)] if top.tag == f"{MAP}sitemapindex" else ["/sitemap.xml"]
    pieces = [locations(tree(client, each)) for each in parts]
    assert max(map(len, pieces)) <= 2 * size
    assert [each for piece in pieces for each in piece] == whole
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_robots_are_told_what_to_leave_and_where_the_map_is(app, client, power_list, monkeypatch):
    said = client.get("/robots.txt").get_data(as_text=True)
    assert "Disallow: /staff\n" in said
    assert "Disallow: /search\n" in said
    assert "Sitemap: http://localhost/sitemap.xml" in said
    real = dataclasses.replace(app.config["REMIT"], public_url="https://remit.example.gov.cn")
    monkeypatch.setitem(app.config, "REMIT", real)
    assert "Sitemap: https://remit.example.gov.cn/sitemap.xml" in client.get("/robots.txt?x=1").get_data(True)
    monkeypatch.setitem(app.config, "REMIT", dataclasses.replace(real, demo=True))
    assert "Disallow: /\n" in client.get("/robots.txt?x=2").get_data(as_text=True)


def test_a_browser_can_take_the_search_along(client, power_list):
    for more, language in (("", "zh-CN"), ("?lang=en&at=371502&text=large", "en")):
        found = tree(client, f"/opensearch.xml{more}")
        template = found.find(f"{SEARCH}Url").get("template")
        assert "at=" not in template
        assert found.find(f"{SEARCH}Language").text == language
        assert len(found.find(f"{SEARCH}ShortName").text) <= 16
        asked = path(template.replace("{searchTerms}", "%E5%A4%87%E6%A1%88"))
        assert "企业投资项目备案" in re.sub(r"</?mark>", "", client.get(asked).get_data(as_text=True))
    assert 'type="application/opensearchdescription+xml"' in client.get("/").get_data(as_text=True)


def test_a_page_names_its_own_address_and_its_other_language(client, power_list):
    page = client.get("/lists?at=371502&text=large&contrast=high&junk=1").get_data(as_text=True)
    assert '<link rel="canonical" href="/lists?at=371502">' in page
    assert '<link rel="alternate" hreflang="en" href="/lists?at=371502&amp;lang=en">' in page


def test_high_contrast_is_a_class_and_a_switch(client, power_list):
    page = client.get("/lists").get_data(as_text=True)
    assert "is-contrast" not in page
    assert 'href="/lists?contrast=high"' in page
    page = client.get("/lists?contrast=high&text=large").get_data(as_text=True)
    assert 'class="is-large is-contrast"' in page
    assert 'href="/lists?text=large">标准颜色' in page


def asked(client, address="/"):
    page = client.get(address).get_data(as_text=True)
    strip = page.partition("大家常问")[2].partition("</ul>")[0]
    return dict(reversed(each) for each in re.findall(r'href="([^"]*)" lang="zh-CN">([^<]*)', strip))


def test_questions_lead_to_the_matter_of_a_list_in_force(client, session, city, power_list, matter):
    link = f"/lists/liaocheng-2020/matters/{matter(1).matter_id}"
    questions = asked(client)
    assert questions["项目立项备案"] == link
    # Of a matter only what is asked most is shown.
    assert "立项" not in questions
    # What staff remove goes with the next revision, what they add comes.
    subject = session.query(Matter).filter_by(id=matter(1).matter_id).one()
    set_everyday_names(subject, ["批项目"], by=city.editor)
    publish(city, power_list)
    questions = asked(client)
    assert "项目立项备案" not in questions
    assert questions["批项目"] == link


def test_a_question_that_two_matters_answer_leads_to_the_search(client, city, power_list):
    second = make_list(city, "second", scope="zones")
    take_over(city, second, [row(1, "企业投资项目备案", department="市公安局")])
    publish(city, second)
    assert asked(client)["项目立项备案"].startswith("/search?q=")
    # At a place that only one of the lists reaches there is one answer.
    assert asked(client, "/?at=371502")["项目立项备案"].startswith("/lists/liaocheng-2020/matters/")


def test_without_a_question_there_is_no_strip(client, session):
    assert "大家常问" not in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "status", "ways"),
    [
        ("/nowhere", 404, ("/search", "/where", "/sitemap")),
        ("/?at=nope", 404, ("/where",)),
        ("/lists/x%00", 400, ("/search",)),
    ],
)
def test_a_page_that_is_none_says_what_to_do(client, power_list, address, status, ways):
    answer = client.get(address)
    assert answer.status_code == status
    main = answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    assert [way for way in (*ways, "/") if f'href="{way}"' not in main] == []
    english = client.get(f"{address}{'&' if '?' in address else '?'}lang=en")
    assert '<html lang="en"' in english.get_data(as_text=True)


def test_how_to_read_has_an_example(client, power_list, matter):
    page = client.get("/reading").get_data(as_text=True)
    link = re.search(r'可以对着这一页看：<a href="([^"]*)"', page)[1]
    assert client.get(link).status_code == 200
    assert 'aria-labelledby="answer"' in client.get(link).get_data(as_text=True)


def test_the_map_for_people_leads_to_pages(client, power_list):
    page = client.get("/sitemap?lang=en").get_data(as_text=True)
    main = page.partition("<main")[2].partition("</main>")[0]
    links = re.findall(r'href="(/[^"]*)"', main)
    assert len(links) > 20
    assert [each for each in links if client.get(each.replace("&amp;", "&")).status_code != 200] == []


def test_the_map_for_people_names_every_way_to_look(client, city, power_list):
    list_ = "/lists/liaocheng-2020"
    page = client.get("/sitemap").get_data(as_text=True)
    for address in (
        f"{list_}/matrix",
        f"{list_}/figures",
        "/places",
        "/changes",
        f"/changes?list={list_[7:]}",
        "/data/api",
    ):
        assert f'href="{address}"' in page, address
    assert f"{list_}/compare" not in page
    take_over(city, power_list, [row(1, "企业投资项目备案")])
    publish(city, power_list)
    assert f'href="{list_}/compare?from=1&amp;to=2"' in client.get("/sitemap").get_data(as_text=True)
