"""What roles carry, without a database."""

from __future__ import annotations

from portal.foundation.rights.rules import Right, Role, may


def test_the_administrator_has_no_say_in_the_business():
    business = {Right.EDIT_LISTS, Right.APPROVE, Right.EDIT_PLACE, Right.EDIT_DUTIES}
    assert not any(may(Role.ADMINISTRATOR, right) for right in business)


def test_nobody_both_edits_and_approves():
    assert not any(may(role, Right.EDIT_LISTS) and may(role, Right.APPROVE) for role in Role)
