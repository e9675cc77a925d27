"""The three shipped lists by the whole path, on both databases: what the documents say is what is answered."""

import csv
import hashlib
import io
import json
from collections import Counter

import pytest
import python_calamine
from sqlalchemy import func, select

from portal import clock
from portal.db import Base, db
from portal.foundation.accounts.models import Account
from portal.foundation.files.service import path_of
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.duties.models import DutyRole
from portal.powers.lists import queries
from portal.powers.lists.exports import listing
from portal.powers.lists.exports.making import exported
from portal.powers.lists.rules import Mode
from portal.powers.uptakes import queries as uptakes
from portal.sheets.writing import unguarded

pytestmark = pytest.mark.slow

A1, A2, TOWNS = "jining-2021-annex-1", "jining-2021-annex-2", "shanting-2021"
SLUGS = (A1, A2, TOWNS)
COUNTIES = [
    "任城区",
    "兖州区",
    "曲阜市",
    "邹城市",
    "微山县",
    "鱼台县",
    "金乡县",
    "嘉祥县",
    "汶上县",
    "泗水县",
    "梁山县",
]  # G-2: eleven
ZONES = ["济宁高新区", "太白湖新区", "济宁经济技术开发区"]
PLACES = COUNTIES + ZONES


@pytest.fixture
def inside(app, loaded):
    with app.app_context():
        yield
        db.session.remove()


def answers(loaded, slug):
    done = loaded.invoke(args=["lists", "answers", slug])
    assert done.exit_code == 0, done.output
    found = list(csv.reader(io.StringIO(done.stdout)))
    assert found[0] == ["seq", "name", "place", "mode"]
    return [(int(seq), name, place, mode) for seq, name, place, mode in found[1:]]


def by_place(loaded, slug, seq):
    return {place: mode for number, _name, place, mode in answers(loaded, slug) if number == seq}


def published(slug):
    return queries.published_list(slug, clock.today())


@pytest.mark.parametrize(("slug", "count", "matters"), [(A1, 854, 61), (A2, 210, 15), (TOWNS, 117, 13)])
def test_every_matter_has_one_answer_at_every_place(loaded, slug, count, matters):
    found = answers(loaded, slug)
    assert len(found) == count
    assert len({(seq, place) for seq, _name, place, _mode in found}) == count
    assert {seq for seq, *_ in found} == set(range(1, matters + 1))


def test_jinings_first_annex_reaches_the_fourteen_places(loaded):
    assert [place for _seq, _name, place, _mode in answers(loaded, A1)[:14]] == PLACES


@pytest.mark.parametrize(("seq", "usual"), [(19, "direct"), (53, "review"), (59, "review"), (60, "review")])
def test_matters_that_the_zones_take_by_collection(loaded, seq, usual):
    found = by_place(loaded, A1, seq)
    assert {found[place] for place in ZONES} == {"collection"}
    assert {found[place] for place in COUNTIES} == {usual}


@pytest.mark.parametrize("seq", [20, 21, 22, 23])
def test_a_window_for_one_district_and_the_zones_review_for_the_rest(loaded, seq):
    found = by_place(loaded, A1, seq)
    assert {place for place, mode in found.items() if mode == "window"} == {"任城区", *ZONES}
    assert {mode for place, mode in found.items() if place not in {"任城区", *ZONES}} == {"review"}


@pytest.mark.parametrize("seq", [31, 32])
def test_matters_that_the_zones_do_not_get(loaded, seq):
    found = by_place(loaded, A1, seq)
    assert {found[place] for place in ZONES} == {"undelegated"}
    assert "undelegated" not in {found[place] for place in COUNTIES}
    assert len({found[place] for place in COUNTIES}) == 1


def test_where_no_remark_says_otherwise_all_places_have_one_mode(loaded):
    special = {19, 20, 21, 22, 23, 31, 32, 53, 59, 60}
    found = {}
    for seq, _name, _place, mode in answers(loaded, A1):
        found.setdefault(seq, set()).add(mode)
    assert {seq for seq, modes in found.items() if len(modes) > 1} == special


def test_the_usual_modes_add_up_to_what_the_notice_says(loaded, inside):
    revision = published(A1).revision
    usual = Counter(row[5] for row in listing.records(revision))
    assert usual == {"直接下放": 19, "窗口前移": 11, "下放实质性审核权": 30, "委托收件": 1}
    counted = Counter(row[5] for row in listing.records(published(TOWNS).revision))
    assert sorted(counted.values()) == [3, 5, 5]


def test_three_level_matters_wait_for_the_places_choice(loaded):
    assert {mode for *_, mode in answers(loaded, A2)} == {"undetermined"}


@pytest.mark.parametrize(("slug", "number", "size"), [(A1, 1, 61), (A2, 1, 15), (TOWNS, 1, 13)])
def test_the_lists_are_listed(loaded, slug, number, size):
    lines = [line.split("\t") for line in loaded.invoke(args=["lists", "list"]).stdout.splitlines()]
    found = {line[0]: line for line in lines}
    assert found[slug][1] == str(number)
    assert found[slug][3] == str(size)


def test_an_unknown_list_is_one_line_and_a_failure(loaded):
    done = loaded.invoke(args=["lists", "answers", "no-such-list"])
    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("slug", SLUGS)
def test_two_people_published_every_list(loaded, inside, slug):
    proposal = published(slug).revision.proposal
    assert proposal.proposed_by_id != proposal.decided_by_id


@pytest.mark.parametrize("slug", SLUGS)
def test_the_json_is_the_document_that_the_hash_is_over(loaded, inside, slug):
    found = published(slug)
    content = path_of(exported(found.revision, "json")).read_bytes()
    assert hashlib.sha256(content).hexdigest() == found.revision.hash
    data = json.loads(content)
    assert data["list"]["slug"] == slug
    answered = [(row["seq"], code, mode) for row in data["rows"] for code, mode in row["answers"].items()]
    names = {place["code"]: place["name"] for place in data["list"]["places"]}
    assert sorted((seq, names[code], mode) for seq, code, mode in answered) == sorted(
        (seq, place, mode) for seq, _name, place, mode in answers(loaded, slug)
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_csv_and_workbook_are_the_revision_row_for_row(loaded, inside, slug):
    revision = published(slug).revision
    expected = [listing.header(revision), *listing.records(revision)]
    book = python_calamine.CalamineWorkbook.from_path(path_of(exported(revision, "xlsx")))
    sheet = book.get_sheet_by_index(0).to_python()
    assert [(tidy(row[0]), *row[1:]) for row in sheet] == expected
    with path_of(exported(revision, "csv")).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert [tuple(map(unguarded, line)) for line in lines] == [tuple(map(str, row)) for row in expected]


def tidy(number):
    return int(number) if isinstance(number, float) else number


def test_the_workbook_answers_as_the_command_does(loaded, inside):
    revision = published(A1).revision
    file = exported(revision, "xlsx")
    head, *rows = python_calamine.CalamineWorkbook.from_path(path_of(file)).get_sheet_by_index(0).to_python()
    found = [
        (int(row[0]), row[3], place, row[at])
        for row in rows
        for at, place in enumerate(head)
        if place in PLACES
    ]
    expected = [(seq, name, place, Mode(mode).label) for seq, name, place, mode in answers(loaded, A1)]
    assert found == expected


def test_the_towns_publish_themselves_as_receivers_of_the_note(loaded, inside):
    found = published(TOWNS)
    places = found.power_list.scope.members
    assert len(places) == 9
    statements = uptakes.statements(clock.today())
    for place in places:
        for matter in found.power_list.delegations:
            receiver = statements[place.id].receiver(matter.matter_id)
            assert receiver.name == f"{place.name}人民政府"
            assert statements[place.id].holders(matter.matter_id, DutyRole.REGULATOR_PLACE) == ()


@pytest.mark.parametrize("slug", SLUGS)
def test_today_validity_is_marked_as_unchecked(loaded, inside, slug):
    for delegation in published(slug).power_list.delegations:
        assert delegation.matter.status == "unverified"


def test_loading_again_changes_no_table(loaded, inside):
    before = contents()
    db.session.remove()
    again = loaded.invoke(args=["demo", "load"])
    assert again.exit_code == 0, again.output
    assert "已公布" not in again.output
    assert contents() == before
    assert before["answers"] == 854 + 210 + 117


def contents():
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def test_the_demo_accounts_get_new_passwords_each_time(loaded, inside):
    first, second = (loaded.invoke(args=["demo", "accounts"]).stdout for _ in range(2))
    passwords = [dict(line.split("\t")[:2] for line in said.splitlines()) for said in (first, second)]
    people = {"editor", "approver", "weishan", "admin", "auditor", "commerce", "regulator"}
    assert set(passwords[0]) == set(passwords[1]) == people
    assert not set(passwords[0].values()) & set(passwords[1].values())
    hashes = db.session.scalars(select(Account.password_hash)).all()
    assert not any(password in stored for password in passwords[1].values() for stored in hashes)


def test_only_a_demo_takes_demo_data(app, loaded):
    from dataclasses import replace

    before = app.config["REMIT"]
    app.config["REMIT"] = replace(before, demo=False)
    try:
        for words in (["demo", "load"], ["demo", "accounts"]):
            done = loaded.invoke(args=words)
            assert done.exit_code == 1
            assert "REMIT_DEMO" in done.output
    finally:
        app.config["REMIT"] = before


def test_what_was_published_first_is_compared_with_nothing(loaded, inside):
    revision = published(A1).revision
    assert revision.difference["added"] == 61
    assert publishing.head_number(Subject.LIST, published(A1).power_list.id) == 1
