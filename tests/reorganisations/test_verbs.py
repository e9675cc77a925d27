from datetime import date, timedelta

import pytest
from sqlalchemy import update

from portal import clock
from portal.config import ROOT
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.registry import DeadlineKind, register_kind
from portal.foundation.deadlines.rules import State, Terms
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.texts import said
from portal.foundation.organisations import queries as bodies
from portal.foundation.organisations import service as organisations
from portal.foundation.places import queries as places
from portal.foundation.places import service as tree
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.reorganisations import hanging, queries, service
from portal.foundation.reorganisations.rules import Change, FormerName, called_after, name_on
from portal.foundation.reorganisations.service import Share
from portal.foundation.rights.rules import Role
from portal.powers.duties.models import Duty
from portal.powers.lists.models import ScopeException
from tests.lists.making import account, exception, make_list, publish, row, take_over

DATA = ROOT / "portal" / "data"
KIND = register_kind(DeadlineKind("trial", "试"))


def owed(world, body, number=1, place=None):
    return deadlines.open(
        KIND,
        subject=("trial", number),
        owed_by=body,
        owed_to=None,
        place=place,
        title="要办的事",
        begin=world.today,
        terms=Terms.calendar(30),
        by=None,
    )


def test_the_name_of_a_day():
    former = [FormerName("乙", date(2024, 1, 1)), FormerName("甲", date(2020, 1, 1))]
    assert name_on("丙", former, date(2019, 12, 31)) == "甲"
    assert name_on("丙", former, date(2020, 1, 1)) == "乙"
    assert name_on("丙", former, date(2024, 1, 1)) == "丙"
    assert name_on("丙", [], date(2000, 1, 1)) == "丙"


def test_a_renamed_place_keeps_its_former_name_with_its_day(world):
    made = service.rename(world.xin, "莘城区", world.decided(on=date(2026, 1, 1)), by=world.editor)
    assert (made.change, made.former_name, world.xin.name) == (Change.RENAMED, "莘县", "莘城区")
    assert queries.former_names(world.xin, world.today) == [FormerName("莘县", date(2026, 1, 1))]
    assert queries.former_names(world.xin, date(2025, 12, 31)) == []
    assert queries.former_names_of_places([world.xin.id], world.today) == {world.xin.id: ["莘县"]}


def test_a_renamed_body_answers_to_both_names_and_is_told(world, session):
    service.rename(world.police, "莘城公安分局", world.decided(), by=world.editor)
    assert bodies.named(world.xin, "莘县公安局") is world.police
    assert bodies.named(world.xin, "莘城公安分局") is world.police
    (told,) = session.query(Notice).filter_by(organisation_id=world.police.id)
    assert said(told, "zh_CN")[0] == "改名：莘县公安局改为莘城公安分局"


@pytest.mark.parametrize(
    ("body", "former", "name", "called"),
    [
        ("莘县公安局", "莘县", "莘城区", "莘城区公安局"),
        ("行政审批服务局", "莘县", "莘城区", "行政审批服务局"),
        ("朝城镇人民政府", "朝城镇", "朝城街道", "朝城街道办事处"),
        ("夏镇街道办事处", "夏镇街道", "夏镇", "夏镇人民政府"),
        ("朝城镇卫生院", "朝城镇", "朝城街道", "朝城街道卫生院"),
    ],
)
def test_what_a_body_is_called_after_its_place(body, former, name, called):
    assert called_after(body, former, name) == called


def test_bodies_are_renamed_with_their_place_and_keep_the_former_name(world):
    service.rename(world.xin, "莘城区", world.decided(), [(world.police, "莘城区公安局")], by=world.editor)
    assert bodies.named(world.xin, "莘县公安局") is world.police
    assert queries.former_names(world.police, world.today) == [FormerName("莘县公安局", world.today)]
    assert queries.former_names(world.bureau, world.today) == []
    with pytest.raises(Refused, match="不是这里的机构"):
        service.rename(world.lin, "临城市", world.decided(), [(world.police, "甲")], by=world.editor)
    with pytest.raises(Refused, match="太长"):
        service.rename(world.bureau, "长" * 129, world.decided(), by=world.editor)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"reason": " "}, "reason"),
        ({"basis": ""}, "basis"),
        ({"basis": "长" * 256}, "basis"),
        ({"on": date(2999, 1, 1)}, "day"),
    ],
)
def test_without_reason_basis_or_a_possible_day_nothing_is_done(world, wrong, code):
    decision = world.decided(**wrong)
    for verb in (
        lambda: service.rename(world.xin, "莘城区", decision, by=world.editor),
        lambda: service.end(world.xin, [world.guan], decision, by=world.editor),
    ):
        with pytest.raises(Refused) as refusal:
            verb()
        assert refusal.value.code == code
    assert (world.xin.name, world.xin.ended_on) == ("莘县", None)


def test_a_day_before_the_last_renaming_is_refused(world):
    service.rename(world.xin, "莘城区", world.decided(), by=world.editor)
    with pytest.raises(Refused):
        service.end(
            world.xin, [world.guan], world.decided(on=world.today - timedelta(days=1)), by=world.editor
        )


def test_into_itself_into_an_ended_one_below_itself_or_in_a_circle_it_cannot_go(world):
    def refused(subject, *successors):
        with pytest.raises(Refused) as refusal:
            service.end(subject, successors, world.decided(), by=world.editor)
        return refusal.value.code

    assert refused(world.xin, world.xin) == "itself"
    assert refused(world.xin, world.town) == "below"
    assert refused(world.xin, world.guan, world.guan) == "twice"
    assert refused(world.xin, world.namesake) == "twice"
    service.end(world.lin, [world.guan], world.decided(), by=world.editor)
    assert refused(world.guan, world.lin) == "ended"
    assert refused(world.lin, world.guan) == "ended"


def test_two_that_go_into_each_other_at_one_moment_make_no_circle(world, session):
    """What the session holds of the other is old: somebody has just ended it."""
    assert world.guan.ended_on is None
    elsewhere = update(Place).where(Place.id == world.guan.id).values(ended_on=world.today)
    session.execute(elsewhere.execution_options(synchronize_session=False))
    with pytest.raises(Refused) as refusal:
        service.end(world.xin, [world.guan], world.decided(), by=world.editor)
    assert refusal.value.code == "ended"
    assert world.xin.ended_on is None


def test_successors_of_one_name_get_each_its_own(world, session):
    other = organisations.add(world.lin, world.namesake.name, by=None)
    owed(world, world.police, 1)
    owed(world, world.police, 2)
    kinds = {each.kind.key: other.id for each in hanging.found(world.police)}
    share = Share(kinds | {"service_points.organisation_id": world.namesake.id})
    made = service.end(world.police, [world.namesake, other], world.decided(), share, by=world.editor)
    counts = {each["to_id"]: each["count"] for each in made.moved}
    assert counts == {world.namesake.id: 1, other.id: 2}
    for body, count in ((world.namesake, 1), (other, 2)):
        (told,) = session.query(Notice).filter_by(organisation_id=body.id)
        assert f"一共转来{count}件" in said(told, "zh_CN")[1]


def test_whoever_has_no_right_here_or_at_the_successor_is_refused(world):
    with pytest.raises(Forbidden):
        service.end(world.xin, [world.guan], world.decided(), by=world.officer)
    elsewhere = tree.add(None, "别的市", PlaceKind.CITY, code="371600", by=None)
    county = tree.add(elsewhere, "别的县", PlaceKind.COUNTY, by=None)
    own = account(Role.EDITOR, world.city.place, login="own-city")
    with pytest.raises(Forbidden):
        service.end(world.xin, [county], world.decided(), by=own)
    administrator = account(Role.ADMINISTRATOR)
    assert service.end(world.xin, [county], world.decided(), by=administrator).change is Change.MERGED


def test_a_county_officer_merges_towns_of_its_own_county_alone(world):
    other = tree.add(world.xin, "观城镇", PlaceKind.TOWN, by=None)
    service.end(world.town, [other], world.decided(), by=world.officer)
    assert world.town.ended_on == world.today
    away = tree.add(world.guan, "乐平铺镇", PlaceKind.TOWN, by=None)
    with pytest.raises(Forbidden):
        service.end(other, [away], world.decided(), by=world.officer)


def test_a_merged_place_takes_everything_along(world, held):
    running, done = owed(world, world.bureau, 1, world.xin), owed(world, world.police, 2, world.xin)
    deadlines.fulfil(done, on=world.today, by=None)
    found = {each.kind.key: each.count for each in hanging.found(world.xin)}
    assert found["organisations.place_id"] == 2
    assert found["duties.place_id"] == found["service_points.place_id"] == found["places.parent_id"] == 1

    made = service.end(world.xin, [world.guan], world.decided(), by=world.editor)

    assert (world.xin.ended_on, made.change) == (world.today, Change.MERGED)
    assert world.town.parent is world.guan
    # The bureau goes into its namesake, the police goes over as it is.
    assert (world.bureau.ended_on, world.police.place) == (world.today, world.guan)
    assert (world.duty.place, world.duty.organisation) == (world.guan, world.namesake)
    assert (world.point.place, world.point.organisation) == (world.guan, world.police)
    assert (running.owed_by, running.place, running.state) == (world.namesake, world.guan, State.OPEN)
    # What was done stays where it was done.
    assert (done.owed_by, done.place) == (world.police, world.xin)
    assert held(world.officer) == [(world.namesake.id, world.guan.id)]
    assert queries.ending(world.xin) is made
    assert [each.place for each in made.successors] == [world.guan]
    assert {entry["label"] for entry in made.moved} >= {"机构", "下级地方", "办事点"}
    assert hanging.found(world.xin) == []


def test_groups_take_the_successor_in_and_scopes_too(world):
    before = places.members(world.city.place)
    service.end(world.xin, [world.lin], world.decided(), by=world.editor)
    after = places.members(world.city.place)
    assert world.xin.code in before["all"]
    assert after["all"] == before["all"] - {world.xin.code}


def test_what_the_successor_has_already_it_has_once(world, session):
    twin = Duty(
        place_id=world.guan.id,
        matter_id=world.duty.matter_id,
        role=world.duty.role,
        organisation_id=world.namesake.id,
    )
    session.add(twin)
    session.flush()
    service.end(world.xin, [world.guan], world.decided(), by=world.editor)
    assert session.query(Duty).filter_by(matter_id=twin.matter_id).all() == [twin]


def test_those_who_go_on_are_told_how_much_came_over(world, session):
    service.end(world.bureau, [world.police], world.decided(), by=world.editor)
    (told,) = session.query(Notice).filter_by(organisation_id=world.police.id)
    title, body = said(told, "zh_CN")
    assert title == "请接手：行政审批服务局由莘县公安局接手"
    assert "一共转来2件" in body
    assert bodies.named(world.xin, "行政审批服务局") is world.police


def test_a_split_asks_for_every_kind_and_gives_records_singly(world, held):
    both = [world.guan, world.lin]
    with pytest.raises(Refused) as refusal:
        service.end(world.xin, both, world.decided(), by=world.editor)
    assert refusal.value.code == "share"


def test_each_record_of_a_split_goes_where_it_was_sent(world, held):
    to_guan = {each.kind.key: world.guan.id for each in hanging.found(world.xin)}
    records = {
        ("places.parent_id", str(world.town.id)): world.lin.id,
        ("organisations.place_id", str(world.police.id)): world.lin.id,
    }
    share = Share(to_guan, records)
    made = service.end(world.xin, [world.guan, world.lin], world.decided(), share, by=world.editor)
    assert made.change is Change.SPLIT
    assert (world.town.parent, world.police.place) == (world.lin, world.lin)
    assert world.duty.place is world.guan


def test_what_belongs_to_a_body_goes_where_the_body_goes(world, held):
    """Duties, points, posts and dates are a body's own: a place's work is not done by another place's bodies."""
    sent = {each.kind.key: world.lin.id for each in hanging.found(world.xin)}
    running = owed(world, world.bureau, 1, world.xin)
    share = Share(
        {**sent, "organisations.place_id": world.guan.id, "deadlines.place_id": world.lin.id},
        {("organisations.place_id", str(world.police.id)): world.lin.id},
    )
    parted = Share(share.kinds, {("service_points.place_id", str(world.point.id)): world.lin.id})
    with pytest.raises(Refused, match="要一起转去") as refusal, db.session.begin_nested():
        service.end(world.xin, [world.guan, world.lin], world.decided(), parted, by=world.editor)
    assert refusal.value.code == "parted"
    made = service.end(world.xin, [world.guan, world.lin], world.decided(), share, by=world.editor)
    assert (world.duty.place, world.point.place, running.place) == (world.guan, world.lin, world.guan)
    assert held(world.officer) == [(world.namesake.id, world.guan.id)]
    told = {(each["label"], each["to"]) for each in made.moved}
    assert {("本地的承接和监管职责", "茌平区"), ("办事点", "临清市")} <= told


def test_a_place_with_living_places_below_does_not_end_without_a_successor(world):
    with pytest.raises(Refused) as refusal:
        service.end(world.xin, [], world.decided(), by=world.editor)
    assert refusal.value.code == "successor"
    assert "朝城镇" in str(refusal.value)


def test_a_place_that_ends_for_good_takes_its_bodies_posts_and_dates_along(world, held):
    running = owed(world, world.bureau, 1, world.xin)
    service.end(world.town, [], world.decided(), by=world.officer)
    made = service.end(world.xin, [], world.decided(), by=world.editor)
    assert made.change is Change.ENDED
    assert {world.bureau.ended_on, world.police.ended_on} == {world.today}
    assert running.state is State.CANCELLED
    assert held(world.officer) == []


def test_places_below_with_a_namesake_at_the_successor_are_settled_first(world):
    tree.add(world.guan, "朝城镇", PlaceKind.TOWN, by=None)
    with pytest.raises(Conflict) as refusal:
        service.end(world.xin, [world.guan], world.decided(), by=world.editor)
    assert "朝城镇" in str(refusal.value)


def test_a_name_that_ended_is_not_given_again_and_not_offered(world):
    service.end(world.police, [], world.decided(), by=world.editor)
    assert bodies.named(world.xin, "莘县公安局") is None
    assert world.police not in bodies.of_place(world.xin)
    with pytest.raises(Conflict):
        organisations.add(world.xin, "莘县公安局", by=None)


def test_through_several_steps_it_is_known_who_stands_for_it(world):
    service.end(world.xin, [world.lin], world.decided(), by=world.editor)
    service.end(world.lin, [world.guan], world.decided(), by=world.editor)
    assert queries.standing_places({world.xin.id, world.guan.id}) == {world.guan.id}
    assert queries.forebears(world.bureau.id) == set()
    assert [each.former_name for each in queries.into(world.guan)] == ["临清市"]


def test_what_is_left_is_counted_with_its_reason(world):
    left = {each.reason: each.count for each in hanging.left(world.city.place)}
    assert left["清单是谁发的，不会变"] == 1
    assert 0 not in left.values()


def test_an_exception_goes_to_a_new_place_and_never_to_one_that_the_list_answers_for(world, session):
    away = [exception("undelegated", places=["莘县", "临清市"])]
    power_list = make_list(world.city, slug="with-exceptions")
    take_over(world.city, power_list, [row(1, "甲", exceptions=away), row(2, "乙")])
    publish(world.city, power_list)

    def excepted():
        rows = session.query(ScopeException).filter(ScopeException.place_id.is_not(None))
        return {each.place.name for each in rows}

    service.end(world.xin, [world.guan], world.decided(), by=world.editor)
    assert excepted() == {"临清市"}
    new = tree.add(world.city.place, "临清新区", PlaceKind.COUNTY, by=None)
    service.end(world.lin, [new], world.decided(), by=world.editor)
    assert excepted() == {"临清新区"}


def test_what_went_is_not_brought_in_again_by_the_next_start(session):
    tree.load(DATA)
    organisations.load(DATA)
    administrator = account(Role.ADMINISTRATOR)
    weishan, rencheng = places.by_code("370826"), places.by_code("370811")
    before = len(bodies.of_place(weishan))
    decision = service.Decision(clock.today(), "区划调整", "国函1号")
    service.end(weishan, [rencheng], decision, by=administrator)
    assert before > 0
    assert (tree.load(DATA), organisations.load(DATA)) == (0, 0)
    assert bodies.of_place(weishan) == []


def test_a_body_splits_without_a_choice_for_names_that_it_has_not(world):
    other = organisations.add(world.xin, "莘县交通局", by=None)
    share = Share({each.kind.key: other.id for each in hanging.found(world.police)})
    made = service.end(world.police, [other, world.bureau], world.decided(), share, by=world.editor)
    assert (made.change, world.point.organisation) == (Change.SPLIT, other)
    assert bodies.named(world.xin, "莘县公安局") is None


def test_the_last_administrator_does_not_go_with_a_body(world, held):
    administrator = account(Role.ADMINISTRATOR)
    administrator.posts[0].organisation = world.police
    with pytest.raises(Refused) as refusal:
        service.end(world.police, [], world.decided(), by=world.editor)
    assert refusal.value.code == "administrator"
