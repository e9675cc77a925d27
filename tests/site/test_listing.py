"""What the cube says of a list is what its rows say: counts, choices, orders and pages, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import date
from types import SimpleNamespace

import hypothesis
import pytest
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from portal.db import db
from portal.powers.lists.cube import service as cube
from portal.powers.lists.cube.rules import Facet, Order
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterStatus, MatterType
from portal.powers.uptakes.queries import Statement
from portal.site.editions import Edition
from portal.site.finding.asked import GROUPS, Asked
from portal.site.finding.cursors import Cursor
from portal.site.finding.listing import Question, page
from portal.site.finding.lots import lots
from portal.site.local import Local
from tests.lists.making import make_list, publish, row, take_over

MOST = 12
NAMES = ("公司登记", "船舶登记", "备案", "企业投资项目备案", "A类许可", "“双公示”核查")
DEPARTMENTS = ("市商务局", "市公安局", "")
TYPES = (MatterType.LICENCE, MatterType.OTHER, MatterType.SERVICE)
UNMEASURED = [hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow]
HANDED = [mode for mode in Mode if mode not in (Mode.UNDELEGATED, Mode.UNDETERMINED)]


@pytest.fixture
def shell(session, city):
    """A published list whose rows a test replaces, and matters enough for them."""
    made = make_list(city)
    take_over(city, made, [row(1, "企业投资项目备案")])
    revision = publish(city, made, date(2021, 6, 15))
    matters = [
        Matter(identity=str(key), name=f"事项{key}", type=MatterType.OTHER, place=city.place)
        for key in range(MOST)
    ]
    session.add_all(matters)
    session.flush()
    return Edition(made.slug, revision), [each.id for each in matters]


@st.composite
def rows(draw, places=6):
    """Rows as (name, code, department, type, status, usual mode, answers by the place's number)."""
    one = st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(("", "3700", "3701")),
        st.sampled_from(DEPARTMENTS),
        st.sampled_from(TYPES),
        st.sampled_from(MatterStatus),
        st.sampled_from(Mode),
        st.one_of(st.none(), st.lists(st.sampled_from(Mode), min_size=places, max_size=places)),
    )
    return draw(st.lists(one, min_size=1, max_size=MOST))


WISHES = st.fixed_dictionaries(
    {},
    optional={
        Facet.MODE: st.frozensets(st.sampled_from([*Mode, "nonsense"]), min_size=1, max_size=3),
        Facet.TYPE: st.frozensets(st.sampled_from(TYPES), min_size=1, max_size=2),
        Facet.DEPARTMENT: st.frozensets(st.sampled_from(DEPARTMENTS), min_size=1, max_size=2),
        Facet.STATUS: st.frozensets(st.sampled_from(MatterStatus), min_size=1, max_size=2),
    },
)
CHOICES = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, MOST - 1)), st.sampled_from(HANDED), max_size=10
)


def write(edition, matters, said):
    """The revision's rows are these."""
    revision = edition.revision
    cube.forget(revision)
    mine = db.session.query(PublishedMatter.id).filter_by(revision_id=revision.id)
    db.session.execute(delete(Answer).where(Answer.published_matter_id.in_(mine)))
    db.session.execute(delete(PublishedMatter).where(PublishedMatter.revision_id == revision.id))
    for at, (name, code, department, kind, status, mode, _answers) in enumerate(said):
        about = {"name": name, "code": code, "department": department, "type": kind, "mode": mode}
        db.session.add(
            PublishedMatter(
                revision_id=revision.id,
                matter_id=matters[at],
                position=at + 1,
                seq=at + 1,
                mode_label="",
                remark="",
                status={"state": status.value},
                **about,
            )
        )
    db.session.flush()
    keys = {
        each.position - 1: each.id for each in db.session.query(PublishedMatter).filter_by(revision=revision)
    }
    db.session.execute(
        insert(Answer),
        [
            {"published_matter_id": keys[at], "place_id": place.id, "mode": answer(said[at], number)}
            for at in range(len(said))
            for number, place in enumerate(edition.places)
        ],
    )
    cube.make(revision)


def answer(one, number):
    return one[6][number] if one[6] else one[5]


def local_of(edition, matters, choices):
    """Statements with these choices by the place's and the matter's number."""
    local = Local(date(2026, 1, 1))
    said = {
        place.id: Statement(
            SimpleNamespace(
                content={
                    "duties": [],
                    "points": [],
                    "choices": [
                        {
                            "list_id": edition.list_id,
                            "matter_id": matters[at],
                            "mode": mode.value,
                            "basis": "",
                        }
                        for (where, at), mode in choices.items()
                        if where == number
                    ],
                }
            )
        )
        for number, place in enumerate(edition.places)
    }
    local._read = dict(said)
    local.__dict__["_everywhere"] = said
    return local


def held(said, choices, number, at):
    """The mode of a row at a place, as the rows and the choices say it."""
    printed = answer(said[at], number)
    return choices.get((number, at), printed) if printed is Mode.UNDETERMINED else printed


def values(said, choices, number, at):
    """What a row is narrowed by, by group."""
    one = said[at]
    mode = one[5] if number is None else held(said, choices, number, at)
    return {Facet.MODE: mode, Facet.TYPE: one[3], Facet.DEPARTMENT: one[2], Facet.STATUS: one[4]}


def meets(known, chosen, leaving=None):
    return all(known[group] in wanted for group, wanted in chosen.items() if group is not leaving)


@pytest.mark.slow
@hypothesis.settings(
    max_examples=25,
    suppress_health_check=UNMEASURED,
)
@hypothesis.given(
    said=rows(),
    choices=CHOICES,
    chosen=WISHES,
    number=st.one_of(st.none(), st.integers(0, 5)),
    order=st.sampled_from([None, *Order]),
)
def test_counts_pages_and_places_agree_with_the_rows(shell, said, choices, chosen, number, order):
    edition, matters = shell
    write(edition, matters, said)
    place = None if number is None else edition.places[number]
    local = local_of(edition, matters, choices)
    question = Question(edition, place, local, Asked(chosen=chosen, order=order))
    known = [values(said, choices, number, at) for at in range(len(said))]
    kept = [at for at, each in enumerate(known) if meets(each, chosen)]

    seen = list(paged(question))
    assert sorted(seen) == kept
    assert seen == in_order(said, kept, order)
    found = page(question)
    assert found.total == len(kept)
    for group in GROUPS:
        wanted = Counter(each[group] for each in known if meets(each, chosen, leaving=group))
        assert {value: count for value, count in found.counts[group].items() if count} == wanted, group
    for where, each in enumerate(edition.places):
        there = [
            held(said, choices, where, at) for at in range(len(said)) if meets(known[at], chosen, Facet.MODE)
        ]
        wanted = sum(mode in HANDED and mode in chosen.get(Facet.MODE, HANDED) for mode in there)
        assert found.handled[each.id] == wanted, each.name


def paged(question):
    """All rows, two a page, by way of cursors; from the last page the way back leads to the first."""
    cursor, starts = None, []
    while True:
        found = page(question, cursor, size=2)
        starts.append(found)
        yield from found.rows
        if found.stop >= found.total:
            break
        cursor = Cursor(question.edition.number, found.rows[-1] + 1)
        question = Question(question.edition, question.place, question.local, after(question.asked))
    for now, before in zip(reversed(starts[1:]), reversed(starts[:-1]), strict=True):
        back = Question(question.edition, question.place, question.local, before_(question.asked))
        again = page(back, Cursor(question.edition.number, now.rows[0] + 1), size=2)
        assert list(again.rows) == list(before.rows)


def after(asked):
    return Asked(chosen=asked.chosen, order=asked.order, after="x")


def before_(asked):
    return Asked(chosen=asked.chosen, order=asked.order, before="x")


def in_order(said, kept, order):
    """The rows as they should come; names in pinyin, what has no department or code at the end."""
    keys = {
        Order.NAME: lambda at: (cube.spelled(said[at][0]), said[at][0]),
        Order.DEPARTMENT: lambda at: (not said[at][2], cube.spelled(said[at][2])),
        Order.TYPE: lambda at: said[at][3].value,
        Order.CODE: lambda at: (not said[at][1], said[at][1]),
    }
    return sorted(kept, key=keys[order]) if order in keys else kept


@pytest.mark.slow
@hypothesis.settings(
    max_examples=15,
    suppress_health_check=UNMEASURED,
)
@hypothesis.given(said=rows(), choices=CHOICES, number=st.integers(0, 5))
def test_every_row_of_a_place_is_in_one_lot(shell, said, choices, number):
    edition, matters = shell
    write(edition, matters, said)
    found = lots(edition, edition.places[number], local_of(edition, matters, choices))
    modes = {at: lot.mode for lot in found for at in range(len(said)) if lot.rows >> at & 1}
    assert modes == {at: held(said, choices, number, at) for at in range(len(said))}
    assert sum(lot.total for lot in found) == len(said)
