"""People who change the calendar."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.foundation.accounts.models import Account
from portal.foundation.rights.rules import Role
from tests.lists.making import account


@pytest.fixture
def editor(session: Session) -> Account:
    return account(Role.EDITOR)
