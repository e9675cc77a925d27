"""A matter that is stopped says so wherever it is found, and on every paper; nobody is sent anywhere (P-3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.runs import work_off
from portal import auth, clock
from portal.db import db
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunKind
from portal.powers.handouts import papers
from portal.powers.handouts.models import Handout
from portal.powers.lists.exports import annex, listing
from portal.powers.lists.models import RevisionFile
from portal.powers.suspensions import service
from tests.fixtures import worlds
from tests.lists.making import change, make_city, make_list, publish, row, take_over

NAME = "企业投资项目备案"


@pytest.fixture
@worlds.kept
def city(session):
    return make_city()


@pytest.fixture
@worlds.kept
def published(city):
    made = make_list(city)
    take_over(city, made, [row(1, NAME), row(2, "典当业许可")])
    publish(city, made)
    return made


@pytest.fixture
def stopped(city, published):
    until = clock.today() + timedelta(days=20)
    return service.suspend(published, 1, "法律依据已经废止", until, by=city.approver)


def marks(client, address):
    """How often a page says that something is stopped."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.text.count("紧急停办")


def test_it_is_marked_wherever_it_is_found(client, city, published, stopped):
    slug, county = published.slug, city.county("临清市").code
    for address in (
        f"/lists/{slug}",
        f"/lists/{slug}?at={county}",
        f"/search?q={NAME}",
        f"/lists/{slug}/matrix",
        f"/lists/{slug}?view=table",
        f"/places/{county}",
    ):
        assert marks(client, address) >= 1, address
    typed = client.get(f"/search/suggestions?q={NAME}", headers={"HX-Request": "true"}).text
    assert "紧急停办" in typed
    # The revision is what was published: a stop is no part of it.
    assert marks(client, f"/lists/{slug}/revisions/1") == 0
    service.lift(stopped, "查明了", by=city.approver)
    assert marks(client, f"/lists/{slug}?at={county}") == 0


def test_programs_are_told_and_sent_nowhere(client, city, published, stopped):
    auth.limiter.reset()
    at = f"{published.slug}/{stopped.matter_id}"
    told = {"since": clock.today().isoformat(), "reason": "法律依据已经废止"}
    found = client.get(f"/api/v1/matters?list={published.slug}").json["items"]
    assert [each["suspended"] for each in found] == [told, None]
    answer = client.get(f"/api/v1/answers/{at}/{city.county('临清市').code}").json
    assert (answer["suspended"], answer["apply_at"]) == (told, [])
    assert "暂时哪里都不办" in answer["sentence"]
    linked = client.get(f"/api/v1/matters/{at}.jsonld?place={city.county('临清市').code}").get_json(
        force=True
    )
    assert linked["@graph"][0]["adms:status"]["@id"].endswith("#status-suspended")
    earlier = client.get(f"/api/v1/matters/{at}?revision=1").json
    change(city, published, "另行通知")
    publish(city, published)
    assert earlier["suspended"] == told
    assert client.get(f"/api/v1/matters/{at}?revision=1").json["suspended"] is None


def test_papers_and_tables_say_it_as_long_as_it_holds(city, published, stopped):
    revision = publishing.newest(Subject.LIST, published.id)
    sheet = papers.Sheet(revision, city.county("临清市"), None)
    heading = [column.name for column in papers.paper(sheet).columns]
    cells = dict(zip(heading, papers.paper(sheet).rows[0], strict=True))
    assert cells["办理方式"] == "紧急停办"
    assert "起停止办理，到另行公布为止" in cells["备注"]
    assert "停止办理" in annex.paper(revision).rows[0][-1]
    rows = list(listing.records(revision))
    assert (listing.header(revision)[-1], rows[0][-1], rows[1][-1]) == (
        "紧急停办",
        f"{clock.today()}起",
        "",
    )
    service.lift(stopped, "查明了", by=city.approver)
    assert "紧急停办" not in listing.header(revision)
    assert "停止办理" not in annex.paper(revision).rows[0][-1]


def test_files_that_do_not_say_it_are_taken_away_and_made_again(city, published):
    revision = publishing.newest(Subject.LIST, published.id)
    place = city.county("临清市")
    db.session.add(Handout(revision_id=revision.id, place_id=place.id, statement=0, format="pdf"))
    db.session.flush()
    before = {each.format: each.file_id for each in _files(revision)}
    until = clock.today() + timedelta(days=20)
    service.suspend(published, 1, "法律依据已经废止", until, by=city.approver)
    assert db.session.scalars(select(Handout)).all() == []
    assert "csv" not in {each.format for each in _files(revision)}
    assert (
        db.session.scalars(select(Run.subject_id).where(Run.kind == RunKind.EXPORT)).all()[-1] == revision.id
    )
    db.session.commit()
    work_off()
    after = {each.format: each.file_id for each in _files(revision)}
    assert after.keys() == before.keys()
    assert {key for key in after if after[key] != before[key]} == {"csv"}


def _files(revision):
    return db.session.scalars(select(RevisionFile).where(RevisionFile.revision_id == revision.id)).all()
