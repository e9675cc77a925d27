"""A list of 6,000 matters and a place that has published as much: pages ask a bounded number of questions."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, insert, text

from jobs.runs import work_off
from portal.db import db
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.powers.lists.cube import service as cube
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterType
from portal.powers.points import service as points
from portal.powers.points.models import PointKind
from tests.lists.making import make_list, publish, row, take_over

MANY = 6_000
QUERIES = 40
LIST = "/lists/liaocheng-2020"


@pytest.fixture
def long_list(session, city):
    """A list published small, its revision's rows then multiplied; 茌平区 has named a receiver for each."""
    made = make_list(city)
    take_over(city, made, [row(1, "企业投资项目备案")])
    revision = publish(city, made, date(2021, 6, 15))
    first = session.query(Matter).one().id
    copies = range(first + 1, first + MANY)
    common = {"place_id": city.place.id, "type": MatterType.LICENCE, "code": ""}
    session.execute(
        insert(Matter),
        [{**common, "id": key, "identity": str(key), "name": f"第{key}号备案"} for key in copies],
    )
    session.execute(insert(PublishedMatter), [published(revision, key, key - first) for key in copies])
    if db.engine.dialect.name == "postgresql":
        # Foreign keys of the answers are checked by plans made when the tables were nearly empty.
        session.execute(text("ANALYZE matters, published_matters"))
    rows = session.query(PublishedMatter.id).filter(PublishedMatter.matter_id > first)
    places = [place["id"] for place in revision.content["place_ids"]]
    session.execute(
        insert(Answer),
        [
            {
                "published_matter_id": key,
                "place_id": place,
                "mode": Mode.UNDETERMINED if not key % 50 else Mode.DIRECT,
            }
            for (key,) in rows
            for place in places
        ],
    )
    cube.forget(revision)
    cube.make(revision)
    say(city)
    said = session.query(Revision).filter_by(subject=Subject.UPTAKE).one()
    said.content = {**said.content, "duties": [duty(key) for key in copies]}
    session.commit()
    session.expunge_all()
    return first


def say(city):
    """茌平区 publishes where to go."""
    place = city.county("茌平区")
    points.save(
        None,
        place=place,
        kind=PointKind.CENTRE,
        name="茌平区为民服务中心",
        address="",
        hours="",
        phone="",
        organisation=None,
        by=city.editor,
    )
    proposal = publishing.propose(Subject.UPTAKE, place.id, by=city.editor, reason="公布")
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()


def published(revision, key, position):
    """A row of the revision."""
    name = f"第{key}号很长很长的行政权力事项名称备案"
    return {
        "revision_id": revision.id,
        "matter_id": key,
        "position": position + 1,
        "seq": position + 1,
        "name": name,
        "code": "",
        "type": MatterType.LICENCE,
        "department": f"市第{position % 30}局",
        "mode": Mode.DIRECT,
        "mode_label": "直接下放",
        "remark": "",
    }


def duty(key):
    """A receiver in a place's statement."""
    return {
        "matter_id": key,
        "matter": "事项",
        "role": "receiver",
        "organisation_id": 1,
        "organisation": "茌平区行政审批服务局",
        "from": None,
        "basis": "",
    }


def test_pages_of_a_long_list_ask_a_bounded_number_of_questions(app, client, session, city, long_list):
    """Paging, filters, search, a matter, a place; how long they take is for bench/, not for a test."""
    place = city.county("茌平区").code
    addresses = [
        "/",
        LIST,
        f"{LIST}?at={place}&page=45",
        f"{LIST}?at={place}&department=市第3局&mode=direct",
        f"{LIST}?at={place}&type=01&sort=name",
        f"{LIST}?at={place}&view=table",
        f"{LIST}?q=1234",
        f"/search?q=备案&at={place}",
        f"{LIST}/matters/{long_list + 77}?at={place}",
        f"/departments/371500/市第3局?at={place}",
        f"/places/{place}",
        f"{LIST}/revisions/1?page=60",
        f"{LIST}/matrix?at={place}&page=20",
        f"{LIST}/matrix?mode=undetermined&department=市第3局",
        f"{LIST}/figures?at={place}",
        f"{LIST}/compare?from=1&to=1&at={place}",
        f"/changes?place={place}",
        "/places",
    ]
    asked = []

    def count(*said):
        asked.append(said)

    event.listen(db.engine, "before_cursor_execute", count)
    client.get("/modes")
    many = []
    for address in addresses:
        asked.clear()
        assert client.get(address).status_code == 200, address
        if len(asked) > QUERIES:
            many.append((address, len(asked)))
    event.remove(db.engine, "before_cursor_execute", count)
    assert many == []
