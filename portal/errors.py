"""What can go wrong in the business, as sentences a person can act on.

Services raise these; the edge turns them into a page with the right status. `sentence` is Chinese (the
msgid) with named values; the edge translates it before filling them in.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


class Refused(Exception):  # noqa: N818  it is an answer, not a fault
    """The request cannot be carried out as it stands; says why and what to do."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, sentence: str, /, code: str = "", **values: Any) -> None:
        self.sentence = sentence
        self.code = code
        self.values = values
        super().__init__(sentence % values if values else sentence)


class Forbidden(Refused):
    """The account may not do this."""

    status = HTTPStatus.FORBIDDEN


class Conflict(Refused):
    """Somebody else was faster, or the record is no longer in the state the request supposes."""

    status = HTTPStatus.CONFLICT


class NotFound(Refused):
    """There is no such record, or none that the asking account may know of."""

    status = HTTPStatus.NOT_FOUND
