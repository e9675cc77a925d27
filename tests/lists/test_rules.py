import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.powers.lists.rules import MODE_LABELS, Mode, ScopeError, ScopeRule, read_mode, resolve

PLACES = ("任城区", "兖州区", "微山县", "高新区")
GROUPS = ("zones", "counties", "all")

modes = st.sampled_from(Mode)
members = st.fixed_dictionaries({key: st.frozensets(st.sampled_from(PLACES)) for key in GROUPS})
rules = st.builds(
    ScopeRule,
    mode=modes,
    places=st.frozensets(st.sampled_from(PLACES), max_size=2),
    groups=st.frozensets(st.sampled_from(GROUPS), max_size=2),
)


@pytest.mark.parametrize(
    ("printed", "mode"),
    [
        ("直接下放", Mode.DIRECT),
        ("直接\n下放", Mode.DIRECT),
        ("直接下放事项", Mode.DIRECT),
        ("委托下放", Mode.ENTRUSTED),
        ("服务窗口前移", Mode.WINDOW),
        ("窗口前移", Mode.WINDOW),
        ("“窗口前移”", Mode.WINDOW),
        ("服务窗口前移方式", Mode.WINDOW),
        ("下放实质性审核权", Mode.REVIEW),
        ("实质性审核权下放", Mode.REVIEW),
        ("委托收件（试行）", Mode.COLLECTION),
        ("委托收件(试行)", Mode.COLLECTION),
        ("委托收件、受审分离", Mode.COLLECTION),
        ("委托收件，受审分离", Mode.COLLECTION),
        ("“委托收件、受审分离”", Mode.COLLECTION),
        ("暂不下放", Mode.UNDELEGATED),
        ("自行确定", Mode.UNDETERMINED),
        ("", None),
        ("方式", None),
        ("“”", None),
        ("直接下放或委托下放", None),
        ("direct", None),
        ("部分下放", None),
    ],
)
def test_a_printed_label_is_one_mode_or_none(printed, mode):
    assert read_mode(printed) is mode


@pytest.mark.parametrize("mode", Mode)
def test_every_spelling_is_read_as_its_mode_and_no_other(mode):
    assert {read_mode(label) for label in MODE_LABELS[mode]} == {mode}
    assert read_mode(mode.label) is mode


RANKS = [
    # exceptions, answer for 任城区 (a county that is in `counties` and `all`)
    ([], Mode.REVIEW),
    ([ScopeRule(Mode.WINDOW, places=frozenset({"任城区"}))], Mode.WINDOW),
    ([ScopeRule(Mode.WINDOW, groups=frozenset({"counties"}))], Mode.WINDOW),
    ([ScopeRule(Mode.WINDOW, groups=frozenset({"zones"}))], Mode.REVIEW),
    ([ScopeRule(Mode.WINDOW, places=frozenset({"微山县"}))], Mode.REVIEW),
    (
        [
            ScopeRule(Mode.WINDOW, groups=frozenset({"counties"})),
            ScopeRule(Mode.DIRECT, places=frozenset({"任城区"})),
        ],
        Mode.DIRECT,
    ),
    # a place's own rule ends the question, however much its groups disagree
    (
        [
            ScopeRule(Mode.WINDOW, groups=frozenset({"counties"})),
            ScopeRule(Mode.COLLECTION, groups=frozenset({"all"})),
            ScopeRule(Mode.DIRECT, places=frozenset({"任城区"})),
        ],
        Mode.DIRECT,
    ),
    # the same twice is no contradiction
    (
        [
            ScopeRule(Mode.WINDOW, groups=frozenset({"counties"})),
            ScopeRule(Mode.WINDOW, groups=frozenset({"all"})),
        ],
        Mode.WINDOW,
    ),
]
TREE = {"counties": frozenset({"任城区", "微山县"}), "zones": frozenset({"高新区"}), "all": frozenset(PLACES)}


@pytest.mark.parametrize(("exceptions", "answer"), RANKS)
def test_place_beats_group_beats_default(exceptions, answer):
    assert resolve("任城区", Mode.REVIEW, exceptions, TREE) is answer


@pytest.mark.parametrize(
    "exceptions",
    [
        [
            ScopeRule(Mode.WINDOW, places=frozenset({"任城区"})),
            ScopeRule(Mode.DIRECT, places=frozenset({"任城区"})),
        ],
        [
            ScopeRule(Mode.WINDOW, groups=frozenset({"counties"})),
            ScopeRule(Mode.DIRECT, groups=frozenset({"all"})),
        ],
    ],
)
def test_two_rules_of_one_rank_that_differ_are_an_error_that_names_place_and_modes(exceptions):
    with pytest.raises(ScopeError) as caught:
        resolve("任城区", Mode.REVIEW, exceptions, TREE)
    assert caught.value.place == "任城区"
    assert caught.value.modes == (Mode.DIRECT, Mode.WINDOW)


def test_a_group_that_nobody_resolved_is_an_error_not_a_default():
    with pytest.raises(KeyError):
        resolve("任城区", Mode.REVIEW, [ScopeRule(Mode.WINDOW, groups=frozenset({"towns"}))], TREE)


def answer_or_error(place, default, exceptions, tree):
    try:
        return resolve(place, default, exceptions, tree)
    except ScopeError as error:
        return error.place, error.modes


@given(st.sampled_from(PLACES), modes, st.lists(rules, max_size=5), members, st.randoms())
def test_the_answer_does_not_hang_on_the_order_of_rules(place, default, exceptions, tree, shuffler):
    before = answer_or_error(place, default, exceptions, tree)
    shuffled = list(exceptions)
    shuffler.shuffle(shuffled)
    assert answer_or_error(place, default, shuffled, tree) == before


@given(st.sampled_from(PLACES), modes, st.lists(rules, max_size=5), members)
def test_the_answer_is_what_the_most_specific_rules_say_with_one_voice(place, default, exceptions, tree):
    own = {rule.mode for rule in exceptions if place in rule.places}
    by_group = {rule.mode for rule in exceptions if any(place in tree[key] for key in rule.groups)}
    voices = own or by_group or {default}
    found = answer_or_error(place, default, exceptions, tree)
    assert found == (min(voices) if len(voices) == 1 else (place, tuple(sorted(voices))))


@given(st.sampled_from(PLACES), modes, st.lists(rules, max_size=4), members, modes)
def test_a_rule_for_the_place_itself_always_has_the_last_word(place, default, exceptions, tree, mode):
    others = [ScopeRule(rule.mode, frozenset(), rule.groups) for rule in exceptions]
    mine = ScopeRule(mode, places=frozenset({place}))
    assert resolve(place, default, [*others, mine], tree) is mode
