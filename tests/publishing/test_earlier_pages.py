"""How an older state of a list is entered at the staff door: founded, filled, put forward and approved by pages."""

import re

import pytest

from jobs.runs import work_off
from portal.db import db
from portal.foundation.publishing.models import Proposal
from portal.foundation.rights.rules import Role
from portal.powers.lists import earlier
from portal.powers.lists import service as lists
from tests.admin.conftest import enter, fresh_limits, person
from tests.lists.making import PROFILE, make_list, publish, row, take_over

__all__ = ["fresh_limits"]


@pytest.fixture
def public(city):
    made = make_list(city)
    take_over(city, made, [row(1, "甲"), row(2, "乙")])
    publish(city, made)
    return made


def signed_in(app, role, city):
    entry = person(role, login=f"of-{role.value}", place=city.place)
    db.session.commit()
    visitor = app.test_client()
    assert enter(visitor, entry.login) == 302
    return visitor


def test_from_the_list_to_the_older_revision(app, city, public):
    editor, approver = (signed_in(app, role, city) for role in (Role.EDITOR, Role.APPROVER))
    assert f"/staff/earlier/{public.id}/" in editor.get(f"/staff/lists/{public.id}/").text
    page = editor.get(f"/staff/earlier/{public.id}/?lang=en").text
    assert "Enter an older state" in page
    said = {"title": "旧清单", "policy": city.policy.number, "scope": public.scope.id, "annex": "附件2"}
    refused = editor.post(f"/staff/earlier/{public.id}/", data=said | {"title": ""})
    assert refused.status_code == 422
    said |= _chosen(page)
    answer = editor.post(f"/staff/earlier/{public.id}/", data=said)
    assert answer.status_code == 302, answer.text
    made = earlier.of(public)[0]
    assert made.slug != public.slug
    lists.load_profile(made, PROFILE, by=city.editor)
    take_over(city, made, [row(1, "甲")])
    db.session.commit()
    page = editor.get(f"/staff/lists/{made.id}/").text
    assert f"这是《{public.title}》以前的版本" in page
    assert "这次是勘误" not in page
    assert "旧清单" in editor.get("/staff/lists/").text
    answer = editor.post(f"/staff/lists/{made.id}/propose", data={"effective_on": "2020-06-01"})
    assert answer.status_code == 302, answer.text
    proposal = db.session.query(Proposal).filter_by(subject_id=made.id).one()
    assert "补录" in approver.get(f"/staff/proposals/{proposal.id}/").text
    approver.post(f"/staff/proposals/{proposal.id}/approve", data={"note": ""})
    work_off()
    assert earlier.entered(made).number == 2
    assert "已经补录为第 2 版" in editor.get(f"/staff/lists/{made.id}/").text
    assert "补录" in editor.get(f"/staff/lists/{public.id}/").text


def _chosen(page):
    """What the form already says."""
    names = ("policy", "scope")
    found = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) for name in names}
    return {name: match[1] for name, match in found.items() if match and match[1]}


def test_another_citys_list_is_not_there_and_a_reader_founds_none(app, city, public):
    auditor = signed_in(app, Role.AUDITOR, city)
    assert auditor.get(f"/staff/earlier/{public.id}/").status_code == 200
    assert "建立工作稿" not in auditor.get(f"/staff/earlier/{public.id}/").text
    assert auditor.post(f"/staff/earlier/{public.id}/", data={"title": "旧"}).status_code in (403, 404)
    assert earlier.of(public) == []
