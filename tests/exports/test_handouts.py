"""What a place takes along: its own modes and receivers, made again when the list or the place publishes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.exports import prepare
from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunKind, RunState
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.handouts import queries
from portal.powers.handouts.models import Handout
from portal.powers.handouts.papers import lines
from portal.powers.handouts.rules import prepared
from portal.powers.lists.cube.rules import stretch
from portal.powers.lists.rules import Mode
from portal.powers.uptakes import service as uptakes
from portal.site import editions
from portal.site.finding.lines import read
from portal.site.finding.lots import lots
from portal.site.local import Local
from tests.exports.conftest import content, pages, word_rows
from tests.fixtures import worlds
from tests.lists.making import change, publish

ADDRESS = "/lists/liaocheng-2020/revisions/{}/places/{}/{}.pdf"


@pytest.fixture
@worlds.kept
def county(city, power_list, papers):
    publish(city, power_list)
    return city.county("临清市")


def say(city, power_list, place, effective_on=None):
    """The place names a receiver for the first matter, chooses for the third, and publishes both."""
    body = organisations.add(place, f"{place.name}行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)
    matters = [delegation.matter for delegation in power_list.delegations]
    duties.set_duty(place, matters[0], DutyRole.RECEIVER, body, by=city.editor)
    uptakes.choose(place, power_list, matters[2], Mode.COLLECTION, by=city.editor)
    proposal = publishing.propose(Subject.UPTAKE, place.id, by=city.editor, effective_on=effective_on)
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()


def made(place):
    rows = db.session.scalars(select(Handout).where(Handout.place_id == place.id).order_by(Handout.id))
    return [(row.revision.number, row.statement, row.format) for row in rows]


def handout(power_list, place, statement, ending):
    revision = queries.wanted(place, clock.today())[-1].revision
    found = queries.one(revision.id, place.id, statement, ending)
    return content(found.file)


def test_publishing_a_list_makes_the_papers_of_every_place(city, power_list, county):
    for place in power_list.scope.members:
        assert made(place) == [(1, 0, "pdf"), (1, 0, "docx")]


def test_each_matter_is_printed_as_its_list_prints_it(city, power_list, papers):
    first, third = power_list.delegations[0], power_list.delegations[2]
    first.mode = third.mode = Mode.DIRECT
    first.mode_label, third.mode_label = "直接下放", "直接赋权"
    publish(city, power_list)
    _heading, *rows = word_rows(handout(power_list, city.county("临清市"), 0, "docx"))
    assert [next(each for each in rows[at] if each.startswith("直接")) for at in (0, 2)] == [
        "直接下放",
        "直接赋权",
    ]


def test_the_place_is_answered_with_its_exceptions_resolved(city, power_list, county):
    zone = city.county("聊城经济技术开发区")
    heading, *rows = word_rows(handout(power_list, zone, 0, "docx"))
    modes = [row[heading.index("办理方式")] for row in rows]
    assert modes == ["直接下放", "暂不下放", "方式待定", "窗口前移"]
    (page,) = pages(handout(power_list, zone, 0, "pdf"))
    assert "在聊城经济技术开发区的办理方式（4项）" in page
    assert "暂不下放（1项）：仍由聊城市办理" in page
    assert "聊城经济技术开发区还没有公布怎么办" in page
    assert "还没有公布承接单位、办事点和方式选择" in page


def test_what_the_place_publishes_is_laid_over_the_list(city, power_list, county, client):
    say(city, power_list, county)
    assert made(county) == [(1, 0, "pdf"), (1, 0, "docx"), (1, 1, "pdf"), (1, 1, "docx")]
    heading, *rows = word_rows(handout(power_list, county, 1, "docx"))
    assert [row[heading.index("办理方式")] for row in rows][2] == "委托收件"
    assert [row[heading.index("承接单位")] for row in rows] == [
        "临清市行政审批服务局",
        "待公布",
        "待公布",
        "待公布",
    ]
    page = "".join(pages(handout(power_list, county, 1, "pdf")))
    assert "第1次" in page
    assert "已经计入" in page
    shown = client.get(f"/places/{county.code}").get_data(as_text=True)
    assert ADDRESS.format(1, county.code, 1) in shown
    assert ADDRESS.format(1, county.code, 0) not in shown


def test_a_new_revision_of_the_list_makes_them_again(city, power_list, county):
    say(city, power_list, county)
    change(city, power_list, "另行通知")
    publish(city, power_list)
    assert made(county)[-2:] == [(2, 1, "pdf"), (2, 1, "docx")]


def test_what_will_hold_later_is_ready_before_its_day(city, power_list, county):
    say(city, power_list, county, clock.today() + timedelta(days=9))
    assert {(1, 0, "pdf"), (1, 1, "pdf")} <= set(made(county))


def test_a_handout_answers_as_the_pages_do(city, power_list, county):
    say(city, power_list, county)
    (edition,) = editions.current(clock.today())
    for place in edition.places:
        local = Local(clock.today())
        shown = {
            row.matter_id: lot.mode
            for lot in lots(edition, place, local)
            for row in read(edition, stretch(lot.rows, 0, lot.total))
        }
        (sheet,) = queries.wanted(db.session.get_one(type(county), place.id), clock.today())
        assert {line.row.matter_id: line.mode for line in lines(sheet)} == shown


def test_closing_takes_the_papers_away_and_those_of_what_holds_now_are_there(
    city, power_list, county, client
):
    say(city, power_list, county)
    address = ADDRESS.format(1, county.code, 1)
    assert client.get(address).status_code == 200
    (sheet,) = queries.wanted(county, clock.today())
    publishing.ask_closing(sheet.statement.revision.id, by=city.editor, reason="误发")
    publishing.close(sheet.statement.revision.id, by=city.approver)
    db.session.commit()
    work_off()
    assert client.get(address).status_code == 410
    assert client.get(ADDRESS.format(1, county.code, 0)).status_code == 200


def test_what_lacks_is_found_and_nothing_is_asked_for_twice(city, power_list, county):
    row = db.session.scalar(select(Handout).where(Handout.place_id == county.id))
    db.session.delete(row)
    db.session.flush()
    prepare()
    prepare()
    waiting = db.session.scalars(select(Run).where(Run.state == RunState.QUEUED)).all()
    assert [(run.kind, run.subject_id) for run in waiting] == [(RunKind.HANDOUT, county.id)]
    work_off()
    assert len(made(county)) == 2


def test_how_long_a_list_may_be(papers):
    assert prepared(200, 500)
    assert not prepared(200, 20_000)


def test_a_long_list_in_many_places_has_no_papers_of_places(city, power_list, client):
    publish(city, power_list)  # without the fixture `papers` every list counts as too long
    assert db.session.scalar(select(Handout)) is None
    assert "带走一份" not in client.get("/places/371581").get_data(as_text=True)
