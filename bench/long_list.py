"""A published list of as many answers as wanted, made from real names, written straight into a database.

The rows are what publishing would have frozen: matters of 34 departments in turn, every tenth with an exception for
the zones, in the places of 济宁市. Used by the measurements; not run by itself.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from long_index import Numbered
from sqlalchemy import insert

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account, Post
from portal.foundation.places import queries as places_read
from portal.foundation.places import service as places
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.policies.models import Policy
from portal.foundation.publishing.models import Head, Proposal, Revision
from portal.foundation.publishing.rules import ProposalState, RevisionState, Subject
from portal.foundation.rights.rules import Role
from portal.foundation.search.service import Entry
from portal.powers.lists import indexing, snapshot
from portal.powers.lists import service as lists
from portal.powers.lists.cube import service as cube
from portal.powers.lists.models import Answer, PowerList, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterStatus, MatterType, read_type

ROOT = Path(__file__).resolve().parent.parent
NAMES = ROOT / "tests" / "files" / "guangan-matters.csv"
SLUG = "long"
BEGINS = date(2026, 1, 1)
HASH = "0" * 64
BATCH = 5000
MODES = (Mode.DIRECT, Mode.DIRECT, Mode.REVIEW, Mode.REVIEW, Mode.WINDOW, Mode.COLLECTION)
ZONES_OTHERWISE = 10
"""Every so many-th matter is kept from the zones."""


@dataclass(frozen=True)
class Sample:
    """One made-up matter: a real name with a number behind it once the names are used up."""

    key: int
    department: str
    code: str
    name: str
    type: MatterType
    mode: Mode

    def answer(self, *, zone: bool) -> Mode:
        """The mode at a place."""
        return Mode.UNDELEGATED if zone and self.key % ZONES_OTHERWISE == 0 else self.mode


def samples(count: int, names: Mapping[int, str] = MappingProxyType({})) -> Iterator[Sample]:
    """So many matters, the real names over and over, no two alike; `names` has others for some, by number."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for key in range(1, count + 1):
        turn, at = divmod(key - 1, len(rows))
        row = rows[at]
        yield Sample(
            key=key,
            department=row["department"],
            code=f"{row['code']}-{turn}" if turn else row["code"],
            name=names.get(key) or (f"{row['name']}（{turn}类）" if turn else row["name"]),
            type=read_type(row["type"]) or MatterType.OTHER,
            mode=MODES[(key * 7) % len(MODES)],
        )


def load(
    answers: int,
    *,
    reach: int | None = None,
    names: Mapping[int, str] = MappingProxyType({}),
    counted: bool = True,
) -> int:
    """Publish a list of about so many answers; gives how many matters it has. Needs an empty, migrated database.

    `reach` is how many places it reaches, if not all; without `counted` it has no cube, which search never asks for.
    """
    places.load(ROOT / "portal" / "data")
    jining = places_read.by_code("370800")
    group = places_read.group(jining, "all") if jining else None
    if jining is None or group is None:
        raise SystemExit("the shipped places lack 济宁市 or its groups")
    members = list(group.members)[:reach]
    revision = _revision(jining, members, group.id)
    matters = max(1, round(answers / len(members)))
    batch: list[Sample] = []
    writing = Numbered(indexing.KIND, revision.id)
    for sample in samples(matters, names):
        batch.append(sample)
        if len(batch) == BATCH or sample.key == matters:
            _write(revision, batch, members, jining)
            writing.add(Entry(each.key, each.name, (each.code, each.department)) for each in batch)
            batch = []
    writing.finish()
    if counted:
        cube.make(revision)
    db.session.commit()
    return matters


def _revision(city: Place, members: list[Place], scope_id: int) -> Revision:
    """A first revision with the frame of a shipped list, whose rows are still to come."""
    editor, approver = (
        Account(login=role.value, name="甲", posts=[Post(role=role)]) for role in (Role.EDITOR, Role.APPROVER)
    )
    policy = Policy(number="济政字〔2026〕1号", title="通知", issuer="济宁市人民政府", place=city)
    made = PowerList(
        slug=SLUG, title="很长的清单", annex="附件1", place=city, policy=policy, scope_id=scope_id
    )
    db.session.add_all([editor, approver, policy, made])
    db.session.flush()
    with (ROOT / "portal" / "data" / "lists" / "jining-2021-annex-1.toml").open("rb") as file:
        lists.load_profile(made, tomllib.load(file)["profile"], by=editor)
    frame, reached = snapshot.frame(made), {place.code for place in members}
    about = {"subject": Subject.LIST, "subject_id": made.id, "title": made.title, "effective_on": BEGINS}
    proposal = Proposal(
        **about,
        state=ProposalState.PUBLISHED,
        base_number=0,
        content_hash=HASH,
        proposed_by_id=editor.id,
        decided_by_id=approver.id,
    )
    revision = Revision(
        **about,
        number=1,
        state=RevisionState.PUBLISHED,
        proposal=proposal,
        published_at=clock.now(),
        hash=HASH,
        content={
            "frame": {**frame, "places": [each for each in frame["places"] if each["code"] in reached]},
            "place_ids": [{"id": place.id, "code": place.code} for place in members],
        },
    )
    db.session.add_all([proposal, revision, Head(subject=Subject.LIST, subject_id=made.id, number=1)])
    db.session.flush()
    return revision


def _write(revision: Revision, batch: list[Sample], members: list[Place], city: Place) -> None:
    """Matters, published rows and answers of a batch; their keys are the samples' own."""
    common = {"place_id": city.id}
    # Tables instead of records: a million of them would be made one by one.
    connection = db.session.connection()
    connection.execute(
        insert(Matter.__table__),
        [
            {"id": each.key, "identity": str(each.key), "name": each.name, "type": each.type, **common}
            for each in batch
        ],
    )
    connection.execute(insert(PublishedMatter.__table__), [_published(revision, each) for each in batch])
    zones = [(place.id, place.kind is PlaceKind.ZONE) for place in members]
    connection.execute(
        insert(Answer.__table__),
        [
            {"published_matter_id": each.key, "place_id": key, "mode": each.answer(zone=zone)}
            for each in batch
            for key, zone in zones
        ],
    )


def _published(revision: Revision, sample: Sample) -> dict[str, Any]:
    return {
        "id": sample.key,
        "revision_id": revision.id,
        "matter_id": sample.key,
        "position": sample.key,
        "seq": sample.key,
        "name": sample.name,
        "code": sample.code,
        "type": sample.type,
        "department": sample.department,
        "mode": sample.mode,
        "mode_label": sample.mode.label,
        "remark": "",
        "status": {"state": MatterStatus.UNVERIFIED.value},
    }
