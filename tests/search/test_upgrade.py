"""What was published before there was an index is found as soon as the database is upgraded."""

from __future__ import annotations

from datetime import date

import flask_migrate
import pytest
import sqlalchemy as sa

from portal.app import create_app
from portal.config import Settings
from portal.db import db
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.rules import ProposalState, RevisionState, Subject
from portal.foundation.rights.rules import Role
from portal.foundation.search.models import SearchRow
from portal.foundation.search.queries import find
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterType
from tests.fixtures.databases import KINDS, new_postgres_database
from tests.fixtures.people import somebody

BEFORE = "0003"
ABOUT = {"subject": Subject.LIST, "subject_id": 1, "title": "清单", "effective_on": date(2021, 6, 15)}


@pytest.fixture(params=KINDS)
def upgraded(request, tmp_path):
    """A database of its own at the newest step, with one published matter; the application's context is open."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'upgraded.db'}"
    else:
        address = new_postgres_database(request.getfixturevalue("postgres"), "upgraded")
    settings = Settings(environment="test", testing=True, database_url=address, data_dir=tmp_path)
    with create_app(settings).app_context():
        flask_migrate.upgrade()
        yield publish()
        db.session.remove()
        db.engine.dispose()


def publish():
    """One row of a revision, written past publishing; gives both."""
    editor = somebody(Role.EDITOR, login="editor")
    city = Place(code="371500", name="聊城市", kind=PlaceKind.CITY)
    db.session.add_all([editor, city])
    db.session.flush()
    proposal = Proposal(
        **ABOUT,
        state=ProposalState.PUBLISHED,
        base_number=0,
        content_hash="0" * 64,
        proposed_by_id=editor.id,
    )
    revision = Revision(
        **ABOUT, number=1, state=RevisionState.PUBLISHED, proposal=proposal, hash="0" * 64, content={}
    )
    matter = Matter(identity="1", place_id=city.id, name="企业投资项目备案", type=MatterType.OTHER)
    db.session.add_all([proposal, revision, matter])
    db.session.flush()
    row = PublishedMatter(
        revision_id=revision.id,
        matter_id=matter.id,
        position=1,
        seq=1,
        name="企业投资项目备案",
        code="3700000117086",
        type=MatterType.OTHER,
        department="市发展改革委",
        mode=Mode.DIRECT,
        mode_label="",
        remark="",
        everyday_names=["项目立项"],
    )
    db.session.add(row)
    db.session.commit()
    return revision.id, row.id


def test_what_was_published_before_is_found(upgraded):
    revision, row = upgraded
    flask_migrate.downgrade(revision=BEFORE)
    flask_migrate.upgrade()
    for query in ("备案", "qytz", "touxi", "发展改革", "17086", "项目立项"):
        hits = find("matter", [revision], query, limit=5).hits
        assert [(hit.record_id, hit.position) for hit in hits] == [(row, 0)], query
    db.session.query(SearchRow).delete()
    db.session.flush()
    assert find("matter", [revision], "备案", limit=5).hits == []


def test_what_the_older_version_searched_is_there_again_on_the_way_back(upgraded):
    """The column goes and comes while answers refer to its rows."""
    _revision, row = upgraded
    place = db.session.query(Place).one()
    db.session.add(Answer(published_matter_id=row, place_id=place.id, mode=Mode.DIRECT))
    db.session.commit()
    flask_migrate.downgrade(revision="0004")
    text = db.session.execute(sa.text("SELECT search_text FROM published_matters")).scalar_one()
    for held in (
        "企业投资项目备案",
        "项目立项",
        "3700000117086",
        "市发展改革委",
        "qytzxmba",
        "xiangmulixiang",
    ):
        assert held in text.split("\n")
    db.session.commit()
    flask_migrate.upgrade()
    columns = {each["name"] for each in sa.inspect(db.engine).get_columns("published_matters")}
    assert "search_text" not in columns
    assert db.session.query(Answer.published_matter_id).all() == [(row,)]
