"""What a review asks for becomes an adjustment: with its reason and basis, in one click, and linked for good (P-9)."""

import pytest

from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing import service as verbs
from portal.foundation.publishing.rules import Subject
from portal.powers.lists import service as lists
from portal.powers.lists.adjusting import queries as notes
from portal.powers.lists.adjusting import service as changes
from portal.powers.lists.rules import Mode
from portal.powers.reviews import adjusting
from portal.powers.reviews.rules import Outcome, Said, reason_of
from tests.lists.making import put_forward


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said(), ""),
        (Said(Outcome.KEEP, 3, "慢"), ""),
        (Said(Outcome.CHANGE, None, "缺专家", "请改窗口前移"), "评估建议调整：缺专家；请改窗口前移。"),
        (Said(Outcome.TAKE_BACK, 0, "", "没有人办"), "评估建议收回：没有人办；办件0件。"),
        (Said(Outcome.CHANGE), "评估建议调整"),
    ],
)
def test_the_reason_is_what_the_department_wrote(said, reason):
    assert reason_of(said) == reason


@pytest.fixture
def line(owing):
    third = owing.matter("丙")
    review = owing.file(said={third: Said(Outcome.CHANGE, 7, "缺专家")})
    return next(each for each in review.lines if each.matter_id == third)


def change(row, by):
    lists.change_delegation(
        row, mode=Mode.WINDOW, mode_label="", remark="", exceptions=[], sub_items=[], by=by
    )


def test_it_opens_with_reason_and_basis_and_ends_with_the_revision_that_does_it(owing, line):
    row = adjusting.open_adjustment(line, by=owing.editor)
    note = notes.notes(owing.power_list.id)[line.matter_id]
    assert note.reason == "评估建议调整：缺专家；办件7件。"
    assert note.basis == "市商务局第1次定期评估（2026-03-02报送）"
    owing.power_list.delegations[0].remark = "别的改动"
    owing.power_list.delegations[2].seq = 9
    owing.publish()
    assert line.adjustment.revision_id is None, "another matter was changed, this one only renumbered"
    change(row, owing.editor)
    owing.publish()
    revision = publishing.newest(Subject.LIST, owing.power_list.id)
    assert line.adjustment.revision is revision
    with pytest.raises(Refused, match="已经按评估调整"):
        adjusting.open_adjustment(line, by=owing.editor)


def test_closing_the_revision_that_did_it_opens_it_again(owing, line):
    row = adjusting.open_adjustment(line, by=owing.editor)
    change(row, owing.editor)
    owing.publish()
    first = publishing.newest(Subject.LIST, owing.power_list.id)
    owing.power_list.delegations[0].remark = "别的改动"
    owing.publish()
    second = publishing.newest(Subject.LIST, owing.power_list.id)
    for closed, does in ((first, second), (second, None)):
        verbs.ask_closing(closed.id, by=owing.editor, reason="误发")
        verbs.close(closed.id, by=owing.city.approver)
        assert line.adjustment.revision_id == (does and does.id)
    assert adjusting.open_adjustment(line, by=owing.editor) is row


def test_what_somebody_wrote_stays_and_opening_again_changes_nothing(owing, line):
    changes.explain(owing.power_list, [line.matter_id], reason="法律改了", basis="", by=owing.editor)
    first = adjusting.open_adjustment(line, by=owing.editor)
    assert adjusting.open_adjustment(line, by=owing.editor) is first
    assert notes.notes(owing.power_list.id)[line.matter_id].reason == "法律改了"


def test_it_is_refused_to_departments_to_kept_matters_and_to_a_bound_list(owing, line):
    review = line.adjustment or adjusting.queries.of_line(line)
    kept = next(each for each in review.lines if each.outcome is Outcome.KEEP)
    with pytest.raises(Forbidden):
        adjusting.open_adjustment(line, by=owing.officer)
    with pytest.raises(Refused, match="保留"):
        adjusting.open_adjustment(kept, by=owing.editor)
    change(owing.power_list.delegations[0], owing.editor)
    put_forward(owing.city, owing.power_list)
    with pytest.raises(Conflict):
        adjusting.open_adjustment(line, by=owing.editor)
