"""An older state of a list that is public is entered with its own day, before the first or in between (P-5)."""

from datetime import date, timedelta

import pytest

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.deadlines.models import LIVE, Deadline
from portal.foundation.notifications.models import Notice
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import placing, queries
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.opinions import queries as opinions
from portal.foundation.publishing.opinions import service as asking
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Nature, ProposalState, Subject
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.filings.models import Filing
from portal.powers.lists import earlier, naming
from portal.powers.lists import service as lists
from portal.powers.lists.adjusting import service as adjusting
from portal.powers.lists.models import ListKind, PublishedMatter, RevisionFile
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterStatus
from portal.powers.matters.service import set_everyday_names
from tests.lists.making import PROFILE, explain, make_list, publish, row, take_over

NOW = date(2023, 3, 1)
FIRST, SECOND = date(2020, 5, 1), date(2021, 7, 1)


@pytest.fixture
def public(city):
    """A list whose revision 1 holds since 2023, and whose revision 2 holds since today."""
    organisations.add(city.place, "市政府办公室", OrganisationKind.GOVERNMENT_OFFICE, by=None)
    made = make_list(city)
    take_over(city, made, [row(1, "甲"), row(2, "乙")])
    publish(city, made, day=NOW)
    take_over(city, made, [row(1, "甲"), row(2, "乙"), row(3, "丙")])
    publish(city, made)
    return made


def older(city, public, rows, title="旧清单"):
    """The working copy of an older state, filled."""
    made = earlier.found(public, title, policy=city.policy, scope=public.scope, by=city.editor)
    lists.load_profile(made, PROFILE, by=city.editor)
    take_over(city, made, rows)
    return made


def enter(city, made, day):
    """Put an older state forward, approve it and have it published; gives the revision."""
    proposal = publishing.propose(Subject.LIST, made.id, by=city.editor, effective_on=day)
    db.session.commit()
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    found = earlier.entered(made)
    assert found is not None, proposal.decision_note
    return found


def holds(public, day):
    found = queries.current(Subject.LIST, public.id, day)
    return found.number if found else None


def names(revision, change):
    return [each["name"] for each in revision.difference["entries"] if each["change"] == change]


def test_one_before_the_first_answers_for_its_days_alone(city, public, client):
    newest = client.get(f"/lists/{public.slug}").text
    found = enter(city, older(city, public, [row(1, "甲"), row(2, "丁")]), FIRST)
    assert (found.number, found.rank, found.subject_id, found.effective_on) == (3, 0, public.id, FIRST)
    assert [holds(public, each) for each in (FIRST - timedelta(days=1), FIRST, NOW - timedelta(days=1))] == [
        None,
        3,
        3,
    ]
    assert [holds(public, each) for each in (NOW, clock.today())] == [1, 2]
    assert [each.number for each in queries.revisions(Subject.LIST, public.id)] == [2, 1, 3]
    assert queries.newest(Subject.LIST, public.id).number == 2
    assert queries.oldest(Subject.LIST, public.id) == 3
    assert client.get(f"/lists/{public.slug}").text.count("甲") == newest.count("甲")


def test_the_next_one_is_told_against_it_and_what_was_approved_stays(city, public, client):
    first = queries.revision(Subject.LIST, public.id, 1)
    was = first.hash, first.content, first.number
    found = enter(city, older(city, public, [row(1, "甲"), row(2, "丁")]), FIRST)
    db.session.refresh(first)
    assert (first.hash, first.content, first.number) == was
    assert first.compared_with == found.number
    assert (names(first, "added"), names(first, "withdrawn")) == (["乙"], ["丁"])
    assert first.proposal.difference["entries"] == []
    assert found.first
    assert found.difference["added"] == 2
    page = client.get(f"/lists/{public.slug}/compare?to=1").text
    assert "第3版到第1版" in page
    assert "丁" in page
    made = db.session.query(RevisionFile).filter_by(revision_id=first.id, format="changes.csv").one()
    assert made.file is not None


def test_between_two_and_before_an_entered_one(city, public):
    between = enter(city, older(city, public, [row(1, "甲"), row(2, "乙"), row(3, "戊")], "中间"), SECOND)
    before = enter(city, older(city, public, [row(1, "甲")], "更早"), FIRST)
    assert (between.rank, before.rank) == (0, 0)
    assert [holds(public, each) for each in (FIRST, SECOND, NOW, clock.today())] == [4, 3, 1, 2]
    db.session.refresh(between)
    assert between.compared_with == before.number
    assert names(between, "added") == ["乙", "戊"]
    late = enter(city, older(city, public, [row(1, "甲"), row(2, "己")], "后来"), NOW + timedelta(days=90))
    assert late.rank == 1
    assert holds(public, NOW + timedelta(days=89)) == 1
    assert holds(public, NOW + timedelta(days=90)) == holds(public, clock.today() - timedelta(days=1)) == 5
    newest = queries.newest(Subject.LIST, public.id)
    assert (newest.number, newest.compared_with) == (2, 5)
    assert set(names(newest, "added")) == {"乙", "丙"}


def test_its_pages_say_what_it_is(city, public, client):
    enter(city, older(city, public, [row(1, "甲"), row(2, "丁")]), FIRST)
    page = client.get(f"/lists/{public.slug}/revisions/3").text
    assert "补录" in page
    assert "2020年5月1日" in page
    assert "补录，2020年5月1日起执行" in client.get("/changes").text
    said = client.get(f"/api/v1/lists/{public.slug}/revisions/3").json
    assert (said["backfilled"], said["compared_with"], said["in_force"]) == (True, None, False)
    following = client.get(f"/api/v1/lists/{public.slug}/revisions/1").json
    assert (following["backfilled"], following["compared_with"]) == (True, 3)
    assert client.get(f"/lists/{public.slug}-earlier-1").status_code == 404
    matters = {each.name: each.id for each in db.session.query(Matter)}
    assert "第3版" in client.get(f"/lists/{public.slug}/matters/{matters['甲']}").text
    assert client.get(f"/lists/{public.slug}/matters/{matters['丁']}").status_code == 200


def test_nothing_is_owed_and_nobody_told(city, public):
    told, filed = db.session.query(Notice).count(), db.session.query(Filing).count()
    enter(city, older(city, public, [row(1, "甲")]), FIRST)
    assert (db.session.query(Notice).count(), db.session.query(Filing).count()) == (told, filed)
    assert db.session.query(Deadline).filter(LIVE, Deadline.list_id == public.id).count() == 0


def test_the_matters_of_today_stay_what_they_are(city, public):
    made = older(city, public, [row(1, "甲", type="行政确认"), row(2, "乙", code="1", department="市公安局")])
    matter = db.session.query(Matter).filter_by(name="甲").one()
    assert matter.type.label == "行政许可"
    found = enter(city, made, FIRST)
    first = queries.revision(Subject.LIST, public.id, 1)
    entry = next(each for each in first.difference["entries"] if each["name"] == "甲")
    assert entry["fields"]["type"] == ["行政确认", "行政许可"]
    assert found.content["frame"]["slug"] == public.slug


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (None, "从哪一天起"),
        (NOW, "已经有一版"),
        (clock.today(), "以前的一天"),
        (clock.today() + timedelta(days=1), "以前的一天"),
    ],
)
def test_days_that_cannot_be(city, public, day, why):
    made = older(city, public, [row(1, "甲")])
    with pytest.raises(Refused, match=why):
        publishing.propose(Subject.LIST, made.id, by=city.editor, effective_on=day)


def test_one_that_would_change_what_holds_now_is_no_history(city):
    alone = make_list(city)
    take_over(city, alone, [row(1, "甲")])
    with pytest.raises(Refused, match="直接公布"):
        earlier.found(alone, "旧", policy=city.policy, scope=alone.scope, by=city.editor)
    publish(city, alone, day=NOW)
    made = older(city, alone, [row(1, "甲"), row(2, "乙")])
    with pytest.raises(Refused, match="接替"):
        publishing.propose(Subject.LIST, made.id, by=city.editor, effective_on=NOW + timedelta(days=1))


def test_names_of_today_are_given_to_todays_matters_alone(city, public):
    made = older(city, public, [row(1, "甲"), row(2, "丁")])
    with pytest.raises(Refused, match="当时的文件"):
        adjusting.rename(made.delegations[0], "新甲", None, by=city.editor)
    with pytest.raises(Refused, match="当时的文件"):
        adjusting.split(made.delegations[0], ["一", "二"], by=city.editor)
    with pytest.raises(Refused, match="当时的文件"):
        adjusting.merge(made.delegations, "新", by=city.editor)
    proposal = publishing.propose(Subject.LIST, made.id, by=city.editor, effective_on=FIRST)
    matter = public.delegations[0].matter
    adjusting.rename(public.delegations[0], "新甲", matter.organisation, by=city.editor)
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    found = earlier.entered(made)
    rows = db.session.query(PublishedMatter).filter_by(revision_id=found.id).order_by(PublishedMatter.seq)
    assert [each.name for each in rows] == ["甲", "丁"]


def test_one_whose_neighbours_were_closed_meanwhile_goes_back(city, public):
    proposal = publishing.propose(
        Subject.LIST,
        older(city, public, [row(1, "甲")]).id,
        by=city.editor,
        effective_on=NOW + timedelta(days=9),
    )
    publishing.approve(proposal.id, by=city.approver)
    newest = queries.newest(Subject.LIST, public.id)
    publishing.ask_closing(newest.id, by=city.editor, reason="错了")
    publishing.close(newest.id, by=city.approver)
    db.session.commit()
    work_off()
    db.session.refresh(proposal)
    assert proposal.state is ProposalState.RETURNED
    assert holds(public, clock.today()) == 1


def test_staff_and_public_find_what_holds_today(city, public, client):
    enter(city, older(city, public, [row(1, "甲"), row(2, "丁")]), FIRST)
    holding = queries.holding_ids(Subject.LIST, clock.today())
    assert [db.session.get(Revision, key).number for key in db.session.scalars(holding)] == [2]
    assert "丁" not in client.get(f"/lists/{public.slug}").text


def test_one_at_a_time_by_two_people_once(city, public):
    made = older(city, public, [row(1, "甲")])
    proposal = publishing.propose(Subject.LIST, made.id, by=city.editor, effective_on=FIRST)
    with pytest.raises(Forbidden):
        publishing.approve(proposal.id, by=city.editor)
    take_over(city, public, [row(1, "甲")])
    with pytest.raises(Conflict, match="正在送审"):
        publishing.propose(Subject.LIST, public.id, by=city.editor)
    publishing.withdraw(proposal.id, by=city.editor)
    enter(city, made, FIRST)
    with pytest.raises(Refused, match="已经补录"):
        publishing.propose(Subject.LIST, made.id, by=city.editor, effective_on=SECOND)
    again = older(city, public, [row(1, "甲"), row(2, "丁")])
    with pytest.raises(Refused, match="勘误"):
        publishing.propose(Subject.LIST, again.id, by=city.editor, effective_on=SECOND, nature=Nature.ERRATUM)


def test_a_closed_one_is_passed_over_and_may_be_entered_again(city, public):
    found = enter(city, older(city, public, [row(1, "甲"), row(2, "丁")]), FIRST)
    publishing.ask_closing(found.id, by=city.editor, reason="错了")
    publishing.close(found.id, by=city.approver)
    first = queries.revision(Subject.LIST, public.id, 1)
    assert first.first
    assert first.difference == first.proposal.difference
    assert holds(public, FIRST) is None
    again = enter(city, older(city, public, [row(1, "甲")], "改正"), FIRST)
    assert holds(public, FIRST) == again.number == 4


def test_the_next_adjustment_follows_the_newest_and_keeps_its_opinions(city, public):
    take_over(city, public, [row(1, "甲")])
    asking.ask(
        Subject.LIST,
        public.id,
        [city.departments["市商务局"]],
        clock.today() + timedelta(days=9),
        by=city.editor,
    )
    enter(city, older(city, public, [row(1, "甲"), row(2, "丁")]), FIRST)
    assert len(opinions.rounds(Subject.LIST, public.id, 3)) == 1
    explain(city, public)
    proposal = publishing.propose(Subject.LIST, public.id, by=city.editor, hurry="急")
    assert (proposal.base_number, proposal.compared_with) == (3, 2)
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    newest = queries.newest(Subject.LIST, public.id)
    assert (newest.number, newest.compared_with, newest.entered) == (4, 2, False)
    assert set(names(newest, "withdrawn")) == {"乙", "丙"}


def test_what_the_register_says_today_is_not_told_of_an_older_state(city, public, client):
    matter = db.session.query(Matter).filter_by(name="甲").one()
    made = older(city, public, [row(1, "甲"), row(2, "乙")])
    set_everyday_names(matter, ["甲证"], by=city.editor)
    matter.status = MatterStatus.ABOLISHED
    found = enter(city, made, FIRST)
    first = queries.revision(Subject.LIST, public.id, 1)
    assert first.compared_with == found.number
    assert first.difference["entries"] == []
    page = client.get(f"/lists/{public.slug}/compare?to=1").text
    assert "甲证" not in page
    between = enter(city, older(city, public, [row(1, "甲"), row(2, "乙"), row(3, "戊")], "中间"), SECOND)
    assert [each["name"] for each in between.difference["entries"]] == ["戊"]


def test_a_matter_keeps_the_code_that_the_annex_printed(city, public):
    made = older(city, public, [row(1, "子", code="370800-1")])
    made.delegations[0].matter.code = "370800-2"
    found = enter(city, made, FIRST)
    assert db.session.query(PublishedMatter).filter_by(revision_id=found.id).one().code == "370800-1"


def test_what_is_so_today_holds_no_older_state_back(city, public):
    shen = city.county("莘县")
    centre = organisations.add(shen, "莘县为民服务中心", OrganisationKind.SERVICE_CENTRE, by=None)
    matter = db.session.query(Matter).filter_by(name="甲").one()
    duties.set_duty(shen, matter, DutyRole.RECEIVER, centre, by=city.editor)
    made = older(city, public, [row(1, "甲", mode="entrusted"), row(2, "乙")])
    assert publishable(Subject.LIST).blockers(made.id) == []
    assert duties.set_duty(shen, matter, DutyRole.RECEIVER, centre, by=city.editor)


def test_an_older_state_may_ask_for_the_stamp_of_a_department_that_had_the_matter(city, public):
    organisations.add(city.place, "市行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)
    moving = lists.found(
        "transfer",
        "划转清单",
        policy=city.policy,
        place=city.place,
        scope=None,
        by=city.editor,
        kind=ListKind.TRANSFER,
    )
    take_over(city, moving, [row(1, "甲")])
    publish(city, moving)
    made = older(city, public, [row(1, "甲")])
    assert lists.set_profile(made, Mode.DIRECT, "seal", "no2", "六", by=city.editor)
    assert publishable(Subject.LIST).blockers(made.id) == []


def test_an_erratum_that_is_told_against_an_older_state_says_what_it_corrects(city, client):
    made = make_list(city)
    take_over(city, made, [row(1, "甲"), row(2, "乙")])
    publish(city, made, day=NOW)
    first = made.delegations[0]
    adjusting.rename(first, "甲（改正）", first.matter.organisation, by=city.editor)
    proposal = publishing.propose(Subject.LIST, made.id, by=city.editor, reason="错字", nature=Nature.ERRATUM)
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    page, unchanged = f"/lists/{made.slug}/revisions/2", "事项、办法和适用范围都没有变"
    assert unchanged in client.get(page).text
    enter(city, older(city, made, [row(1, "丁")]), NOW + timedelta(days=90))
    told = client.get(page).text
    assert "对第1版的勘误" in told
    assert unchanged not in told


def test_it_goes_by_its_code_word_and_nobody_is_asked_about_it(city, public):
    made = older(city, public, [row(1, "甲")], title=public.title)
    assert (naming.called(public), naming.called(made)) == (public.title, made.slug)
    assert naming.list_among(public.title, [made, public]) is public
    assert naming.list_among(made.slug, [public, made]) is made
    with pytest.raises(Refused, match="不用征求意见"):
        asking.ask(
            Subject.LIST,
            made.id,
            [city.departments["市商务局"]],
            clock.today() + timedelta(days=9),
            by=city.editor,
        )


def test_the_first_of_all_days_is_a_day(city, public):
    assert placing.before(Subject.LIST, public.id, date.min) is None
