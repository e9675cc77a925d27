import pytest
from sqlalchemy.orm import Session

from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.places import queries as places
from portal.foundation.rights.rules import Role
from portal.powers.lists import queries, service
from portal.powers.lists.exports.formats import file_name
from portal.powers.lists.rules import Mode
from tests.lists.making import account, make_city, make_list, publish, row, take_over


@pytest.fixture
def city(session: Session):
    return make_city()


@pytest.fixture
def power_list(city):
    made = make_list(city)
    take_over(city, made, [row(1, "公司登记"), row(2, "企业投资项目备案")])
    return made


def found(city, slug="new", title="清单", scope=None, by=None):
    group = scope or places.group(city.place, "all")
    return service.found(slug, title, policy=city.policy, place=city.place, scope=group, by=by or city.editor)


@pytest.mark.parametrize(
    "slug", ["", "Jining", "济宁", "a--b", "-a", "a-", "a_b", "a/b", "a" * 65, "a b", "a\n"]
)
def test_an_address_word_that_is_none_is_refused(city, slug):
    with pytest.raises(Refused) as caught:
        found(city, slug)
    assert caught.value.code == "slug"


def test_an_address_word_is_given_once_and_a_title_is_needed(city, power_list):
    with pytest.raises(Conflict):
        found(city, power_list.slug)
    with pytest.raises(Refused):
        found(city, title=" ")
    assert queries.by_slug("new") is None


def test_a_list_reaches_places_of_its_own_issuer(city):
    from portal.foundation.places import service as places_service

    elsewhere = places_service.set_group(city.place.parent, "all", "各市", [city.place], by=None)
    with pytest.raises(Refused) as caught:
        found(city, scope=elsewhere)
    assert caught.value.code == "scope"


def test_a_second_list_of_a_policy_starts_from_its_profile(city, power_list):
    second = found(city)

    def said(each):
        return {(entry.mode, entry.field, entry.value, entry.source) for entry in each.profile}

    assert said(second) == said(power_list)
    assert queries.every() == [power_list, second]
    service.set_profile(second, Mode.REVIEW, "seal", "no2", "6", by=city.editor)
    assert said(second) != said(power_list)


def test_a_profile_is_said_with_its_source_and_taken_back(city, power_list):
    for field, value, source in [("seal", "moon", "6"), ("moon", "own", "6"), ("seal", "no2", " ")]:
        with pytest.raises(Refused) as caught:
            service.set_profile(power_list, Mode.REVIEW, field, value, source, by=city.editor)
        assert "%(" not in str(caught.value)
    entry = service.set_profile(power_list, Mode.REVIEW, "seal", "no2", " 6 ", by=city.editor)
    assert (entry.value, entry.source) == ("no2", "6")
    assert service.set_profile(power_list, Mode.REVIEW, "seal", "", "", by=city.editor) is None
    assert service.set_profile(power_list, Mode.REVIEW, "seal", "", "", by=city.editor) is None
    assert not [e for e in power_list.profile if e.mode is Mode.REVIEW and e.field == "seal"]


def change(city, delegation, exceptions, by=None):
    return service.change_delegation(
        delegation,
        mode=Mode.REVIEW,
        mode_label=" 下放实质性审核权 ",
        remark="",
        exceptions=exceptions,
        sub_items=["设立", " 设立 ", "变更", ""],
        by=by or city.editor,
    )


def test_one_delegation_is_changed_whole_or_not_at_all(city, power_list):
    delegation = power_list.delegations[0]
    for unknown in ({"places": ["曲阜市"], "groups": []}, {"places": [], "groups": ["towns"]}):
        with pytest.raises(Refused):
            change(city, delegation, [{**unknown, "mode": "window"}])
    assert (delegation.mode, delegation.exceptions) == (Mode.DIRECT, [])
    change(city, delegation, [{"places": ["莘县"], "groups": ["zones"], "mode": "window"}])
    assert (delegation.mode, delegation.mode_label) == (Mode.REVIEW, "下放实质性审核权")
    assert [part.name for part in delegation.sub_items] == ["设立", "变更"]
    assert len(delegation.exceptions) == 2
    change(city, delegation, [])
    assert delegation.exceptions == []


@pytest.mark.parametrize(
    ("said", "printed"), [("直接下放", "下放审核权"), ("", "下放审核权"), ("同权审核", "同权审核")]
)
def test_another_mode_is_not_printed_as_the_former_one(city, power_list, said, printed):
    first, second = power_list.delegations
    second.mode, second.mode_label = Mode.REVIEW, "下放审核权"
    first.mode_label = "直接下放"
    rest = {"remark": "", "exceptions": [], "sub_items": [], "by": city.editor}
    service.change_delegation(first, mode=Mode.REVIEW, mode_label=said, **rest)
    assert first.mode_label == printed
    service.change_delegation(first, mode=Mode.WINDOW, mode_label=printed, **rest)
    assert first.mode_label == Mode.WINDOW.label
    service.change_delegation(first, mode=Mode.WINDOW, mode_label="", **rest)
    service.change_delegation(first, mode=Mode.REVIEW, mode_label="", **rest)
    assert first.mode_label == ""


@pytest.mark.parametrize("role", [Role.APPROVER, Role.COUNTY_OFFICER, Role.ADMINISTRATOR])
def test_lists_are_edited_by_editors_alone(city, power_list, role):
    other, delegation = account(role, city.place), power_list.delegations[0]
    verbs = [
        lambda: found(city, by=other),
        lambda: service.set_profile(power_list, Mode.REVIEW, "seal", "no2", "6", by=other),
        lambda: service.load_profile(power_list, {"review": {"seal": ("no2", "6")}}, by=other),
        lambda: change(city, delegation, [], by=other),
        lambda: service.remove_delegation(delegation, by=other),
        lambda: service.waive_totals(power_list, "原件如此", by=other),
    ]
    for verb in verbs:
        with pytest.raises(Forbidden):
            verb()


def test_a_list_that_is_not_there(city):
    with pytest.raises(NotFound):
        service.get(0)


def test_whatever_an_annex_is_called_its_files_can_be_made(city, power_list, sheets):
    power_list.annex, power_list.title = "附件[1]:甲/乙*?", "=清单"
    revision = publish(city, power_list)
    from portal.powers.lists.exports.making import exported

    for kind in ("csv", "xlsx", "json"):
        file = exported(revision, kind)
        assert "/" not in file.name
        assert file.name.endswith(kind)
    assert file_name(revision, "csv").startswith("聊政字〔2020〕8号 附件")


def test_for_what_is_entrusted_nobody_else_answers_than_who_entrusts(city, power_list):
    law = "《行政诉讼法》第二十六条"
    for source in ("11", law):
        with pytest.raises(Refused) as refusal:
            service.set_profile(power_list, Mode.ENTRUSTED, "respondent", "place", source, by=city.editor)
        assert refusal.value.code == "respondent"
    assert (
        service.set_profile(power_list, Mode.ENTRUSTED, "respondent", "issuer", law, by=city.editor).value
        == "issuer"
    )
    assert (
        service.set_profile(power_list, Mode.DIRECT, "respondent", "place", law, by=city.editor).value
        == "place"
    )
