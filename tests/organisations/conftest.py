"""A city."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.lists.making import City, make_city


@pytest.fixture
def city(session: Session) -> City:
    return make_city()
