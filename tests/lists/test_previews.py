"""Previews: a private link shows the working copy as the public would see it, to whoever has it, while it lives."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.rights.rules import Role
from portal.powers.lists import service as lists
from portal.powers.lists.models import Delegation, ScopeException
from portal.powers.lists.previews import queries, service
from portal.powers.lists.previews.models import PreviewLink
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from tests.fixtures import worlds
from tests.lists.making import account, exception, make_city, make_list, publish, row, take_over


def delegation(power_list, name) -> Delegation:
    return next(each for each in power_list.delegations if each.matter.name == name)


def change(city, row, mode, exceptions=()):
    lists.change_delegation(
        row, mode=mode, mode_label="", remark="", exceptions=exceptions, sub_items=[], by=city.editor
    )


@pytest.fixture
@worlds.kept
def city(session):
    return make_city()


@pytest.fixture
@worlds.kept
def adjusted(city, frozen, valkey):
    """A published list whose working copy has since changed 甲, taken out 乙 and taken in 丁."""
    power_list = make_list(city)
    rows = [row(1, "甲"), row(2, "乙"), row(3, "丙")]
    take_over(city, power_list, rows)
    publish(city, power_list)
    take_over(city, power_list, [*rows, row(4, "丁")])
    there = [exception(Mode.WINDOW, places=["莘县"])]
    change(city, delegation(power_list, "甲"), Mode.DIRECT, there)
    change(city, delegation(power_list, "丁"), Mode.UNDETERMINED)
    lists.remove_delegation(delegation(power_list, "乙"), by=city.editor)
    return power_list


@pytest.fixture
def opened(adjusted, city):
    """The secret of a link to it."""
    return service.make(adjusted, 7, "市司法局", by=city.editor)


def link() -> PreviewLink:
    return db.session.query(PreviewLink).populate_existing().one()


def test_the_list_shows_what_is_not_published(opened, adjusted, client):
    answer = client.get(f"/previews/{opened}")
    text = answer.text
    assert answer.status_code == 200
    assert "预览，未公布" in text
    assert "丁" in text
    assert "退出清单的事项" in text
    assert "乙" in text.split("退出清单的事项")[1].split("</section>")[0]
    assert f"/lists/{adjusted.slug}/matters/" not in text
    assert "丁" not in client.get(f"/lists/{adjusted.slug}").text


def test_a_matter_is_answered_from_the_working_copy(opened, adjusted, client):
    matter = delegation(adjusted, "甲").matter_id
    there = client.get(f"/previews/{opened}/matters/{matter}?at=371522").text
    assert "预览，未公布" in there
    assert Mode.WINDOW.label in there
    assert f"/lists/{adjusted.slug}/matters/{matter}" not in there
    new = client.get(f"/previews/{opened}/matters/{delegation(adjusted, '丁').matter_id}?at=371522&lang=en")
    assert new.status_code == 200
    assert "Preview, not published" in new.text
    gone = db.session.scalar(db.select(Matter.id).where(Matter.name == "乙"))
    assert client.get(f"/previews/{opened}/matters/{gone}").status_code == 404
    assert client.get(f"/previews/{opened}?page=2").status_code == 404


def test_a_list_that_was_never_published_can_be_looked_at_and_changes_show_at_once(city, client):
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "甲"), row(2, "乙")])
    secret = service.make(power_list, 1, "", by=city.approver)
    matter = delegation(power_list, "甲")
    assert "第1版" in client.get(f"/previews/{secret}?at=371522").text
    change(city, matter, Mode.COLLECTION)
    assert (
        Mode.COLLECTION.label in client.get(f"/previews/{secret}/matters/{matter.matter_id}?at=371522").text
    )


def test_nobody_keeps_finds_or_tells_on_a_preview(opened, client):
    for tail in ("", "/matters/1", "?lang=en"):
        answer = client.get(f"/previews/{opened}{tail}")
        assert "no-store" in answer.headers["Cache-Control"]
        assert "public" not in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]


def test_each_page_that_is_shown_is_counted(opened, client):
    client.get(f"/previews/{opened}")
    client.get(f"/previews/{opened}?lang=en")
    client.get(f"/previews/{opened}?page=9")
    assert (link().opened, link().opened_at) == (2, clock.now())


def test_a_link_ends_with_its_last_day(opened, client, frozen):
    assert link().last_day == clock.today() + timedelta(days=7)
    frozen.shift(timedelta(days=7))
    assert client.get(f"/previews/{opened}").status_code == 200
    frozen.shift(timedelta(days=1))
    over = client.get(f"/previews/{opened}")
    assert over.status_code == 410
    assert "丁" not in over.text
    assert "no-store" in over.headers["Cache-Control"]


def test_a_link_that_was_taken_back_or_whose_maker_left_shows_nothing(opened, adjusted, city, client):
    service.revoke(adjusted, link().id, by=city.approver)
    assert client.get(f"/previews/{opened}").status_code == 410
    with pytest.raises(Conflict):
        service.revoke(adjusted, link().id, by=city.editor)
    opened = service.make(adjusted, 7, "", by=city.editor)
    city.editor.active = False
    db.session.flush()
    assert client.get(f"/previews/{opened}").status_code == 410


def test_a_wrong_secret_is_an_address_of_nothing_and_the_right_one_is_not_kept(opened, client):
    for secret in ("x", "x" * 200, "%E4%B8%AD"):
        assert client.get(f"/previews/{secret}").status_code == 404
    assert opened not in str([str(value) for value in vars(link()).values()])
    assert queries.by_hash(service.secret_hash(opened)) is not None


def test_who_may_make_a_link_and_for_how_long(opened, adjusted, city):
    for days in (0, 31, -1):
        with pytest.raises(Refused):
            service.make(adjusted, days, "", by=city.editor)
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        somebody = account(role)
        with pytest.raises(Forbidden):
            service.make(adjusted, 7, "", by=somebody)
        with pytest.raises(Forbidden):
            service.revoke(adjusted, link().id, by=somebody)
    other = make_list(city, "another")
    with pytest.raises(NotFound):
        service.revoke(other, link().id, by=city.editor)


def test_contradicting_exceptions_are_said(opened, adjusted, city, client):
    matter = delegation(adjusted, "甲")
    matter.exceptions.append(ScopeException(place_id=city.county("莘县").id, mode=Mode.REVIEW))
    db.session.flush()
    answer = client.get(f"/previews/{opened}")
    assert answer.status_code == 409
    assert "矛盾" in answer.text
