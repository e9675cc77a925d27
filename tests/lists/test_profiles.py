import pytest

from portal.powers.lists.profiles.rules import (
    LIABILITY,
    Actor,
    Field,
    ProfileError,
    Seal,
    Step,
    allowed_values,
    build_profile,
    check_value,
)
from portal.powers.lists.rules import Mode

STEPS = [(step.value, "place", "1") for step in Step]
WHOLE = [*STEPS, ("seal", "own", "1"), ("apply_at", "place", "1")]
LIABLE = [("complaints", "place", "11"), ("respondent", "issuer", "《行政许可法》第二十四条")]


@pytest.mark.parametrize(
    ("field", "value", "canonical"),
    [
        ("receive", "place", "place"),
        ("decide", " issuer ", "issuer"),
        ("accept", "posted", "posted"),
        ("seal", "no2", "no2"),
        ("apply_at", "issuer,place", "place,issuer"),
        ("apply_at", "issuer，place", "place,issuer"),
        ("apply_at", "place, place", "place"),
        ("respondent", "issuer", "issuer"),
    ],
)
def test_a_value_takes_its_canonical_form(field, value, canonical):
    assert check_value(field, value) == (Field(field), canonical)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("decide", "no2"),
        ("decide", "place,issuer"),
        ("decide", ""),
        ("decide", " , "),
        ("seal", "place"),
        ("apply_at", "posted"),
        ("apply_at", "place,moon"),
        ("respondent", "posted"),
        ("no_such_field", "place"),
    ],
)
def test_what_no_profile_can_have_is_refused(field, value):
    with pytest.raises(ProfileError) as caught:
        check_value(field, value)
    assert (caught.value.field, caught.value.value) == (field, value)


@pytest.mark.parametrize("field", Field)
def test_what_a_form_offers_is_taken(field):
    assert all(check_value(field, value) == (field, value) for value in allowed_values(field))


@pytest.mark.parametrize("mode", [Mode.ENTRUSTED, Mode.WINDOW, Mode.REVIEW, Mode.COLLECTION])
def test_less_than_full_delegation_needs_its_liability_fields(mode):
    assert build_profile(mode, WHOLE).missing == LIABILITY
    assert build_profile(mode, WHOLE + LIABLE).missing == ()
    assert build_profile(mode, WHOLE + LIABLE[:1]).missing == (Field.RESPONDENT,)


def test_full_delegation_needs_the_steps_alone():
    assert build_profile(Mode.DIRECT, WHOLE).missing == ()
    assert build_profile(Mode.DIRECT, WHOLE[1:]).missing == (Field.RECEIVE,)
    assert len(build_profile(Mode.DIRECT, []).missing) == len(Step) + 2


@pytest.mark.parametrize(
    ("accept", "review", "decide", "finished"),
    [
        ("place", "place", "place", True),
        ("posted", "place", "place", False),
        ("place", "place", "issuer", False),
        ("place", "issuer", "issuer", False),
    ],
)
def test_finished_at_the_place_means_its_own_people_up_to_the_decision(accept, review, decide, finished):
    entries = [("accept", accept, "1"), ("review", review, "1"), ("decide", decide, "1")]
    assert build_profile(Mode.REVIEW, entries).finished_at_place is finished


def test_a_profile_says_nothing_of_what_it_was_not_told():
    empty = build_profile(Mode.REVIEW, [])
    assert not empty.finished_at_place
    assert empty.seal is None
    assert empty.apply_at == ()
    assert empty.actor(Step.DECIDE) is None
    assert empty.who(Field.RESPONDENT) is None


def test_a_profile_gives_back_what_it_was_told_with_its_sources():
    entries = [
        ("apply_at", "issuer,place", "1,2"),
        ("seal", "no2", "6，《行政诉讼法》第二十六条"),
        ("respondent", "issuer", "24"),
    ]
    profile = build_profile(Mode.REVIEW, entries)
    assert profile.apply_at == (Actor.PLACE, Actor.ISSUER)
    assert profile.seal is Seal.NO2
    assert profile.who(Field.RESPONDENT) is Actor.ISSUER
    assert profile.fields[Field.SEAL].sources == ("6", "《行政诉讼法》第二十六条")
