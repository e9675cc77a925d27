"""Finding everything: by name, code, pinyin and initials, and only what one may read."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from admin.finding.matching import Query
from portal.db import db
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Role
from tests.fixtures.doors import Visitor


def found(visitor: Visitor, query: str, **more: str) -> dict[str, str]:
    """What stands under each heading, without markup."""
    page = visitor.get("/staff/find/", query_string={"q": query, **more}).text
    groups = re.findall(r'<section class="panel found".*?<h2[^>]*>(.*?)</h2>(.*?)</section>', page, re.DOTALL)
    return {title: " ".join(re.sub(r"<[^>]+>", " ", body).split()) for title, body in groups}


@pytest.mark.parametrize("typed", ["船舶", "bm-here-7", "mimichuanbo", "cbba", " 船舶  备案 "])
def test_a_matter_is_found_by_name_code_pinyin_and_initials(office, typed):
    assert "秘密船舶备案" in found(office.visitors[Role.EDITOR], typed)["事项（工作稿）"]


@pytest.mark.parametrize("role", Role)
def test_drafts_are_found_in_one_s_own_city_alone_but_by_who_reads_all(office, role):
    visitor, reads_all = office.visitors[role], role is Role.AUDITOR
    own = role in (Role.EDITOR, Role.APPROVER, Role.AUDITOR)
    for typed in ("船舶", "cbba"):
        text = " ".join(found(visitor, typed).values())
        assert ("秘密船舶备案" in text) == own
        assert ("机密船舶备案" in text) == reads_all
    said = found(visitor, "清单")
    assert ("清单 draft-here" in said.get("清单", "")) == own
    assert ("清单 draft-there" in said.get("清单", "")) == reads_all
    assert ("送审" in said) == own
    assert ("there" in said.get("送审", "")) == reads_all


@pytest.mark.parametrize("role", [Role.EDITOR, Role.COUNTY_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_people_are_found_by_whoever_sees_accounts(office, role):
    said = found(office.visitors[role], "as-editor")
    assert ("人员" in said) == (role in (Role.ADMINISTRATOR, Role.AUDITOR))


def test_bodies_places_documents_and_tasks_are_found(office):
    county = office.visitors[Role.COUNTY_OFFICER]
    assert "市公安局 聊城市" in found(county, "公安处")["机构"]
    assert "市公安局" in found(county, "gac")["机构"]
    assert "371522" in found(county, "shenxian")["地方"]
    assert "聊政字〔2020〕8号" in found(county, "聊政字")["政策文件"]
    officer = found(office.visitors[Role.DEPARTMENT_OFFICER], "任务")["改革任务"]
    assert "聊政字〔2020〕8号 市商务局" in officer
    assert "市公安局" not in officer
    assert "泰政字" not in officer


def test_what_is_published_is_found_by_everybody_and_leads_to_the_public_page(office):
    visitor = office.visitors[Role.REGULATOR]
    assert "清单 here" in found(visitor, "甲")["事项（已公布）"]
    page = visitor.get("/staff/find/?q=甲").text
    assert re.search(r'href="/lists/here/matters/\d+"', page)


@pytest.mark.parametrize("typed", ["   ", "%", "\\", "a" * 300, "💧"])
def test_whatever_is_typed_is_answered(office, typed):
    assert found(office.visitors[Role.COUNTY_OFFICER], typed) == {}


def test_a_kind_shows_ten_and_where_all_of_them_are(office):
    page = office.visitors[Role.EDITOR].get("/staff/find/?q=局&lang=en")
    assert page.status_code == 200
    said = found(office.visitors[Role.EDITOR], "局")["机构"]
    assert said.startswith(f"{said.split()[0]} 条")
    bodies = db.session.scalar(select(func.count(Organisation.id)).where(Organisation.name.like("%局")))
    assert said.split()[0] == str(bodies)


def test_every_hit_leads_to_a_page_that_opens(office):
    for role, typed in (
        (Role.EDITOR, "聊"),
        (Role.APPROVER, "cbba"),
        (Role.AUDITOR, "as-"),
        (Role.COUNTY_OFFICER, "县"),
    ):
        page = office.visitors[role].get("/staff/find/", query_string={"q": typed}).text
        addresses = re.findall(r'<li><div class="items__main"><a href="([^"]+)"', page)
        assert addresses
        for address in addresses[:6]:
            assert office.visitors[role].get(address.replace("&amp;", "&")).status_code == 200, (
                role,
                address,
            )


def test_a_query_is_read_in_words():
    assert Query.of("  船舶   登记 船舶 ").words == ("船舶", "登记")
    assert Query.of(" \t ").words == ()
    assert Query.of("船舶dj").in_letters
    assert not Query.of("船舶 123").in_letters
