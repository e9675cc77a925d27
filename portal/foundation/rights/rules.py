"""Roles, what each may do and with whose records: the one written matrix (DOMAIN sections 0 and R-3). Pure.

The lowest slice, so that every verb can ask, those on places and bodies too: whoever acts, their posts and the
place or body that is acted on are known here by their shape only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar


class Role(StrEnum):
    """What somebody is at the staff door in one post (DOMAIN section 0)."""

    EDITOR = "editor"
    APPROVER = "approver"
    DEPARTMENT_OFFICER = "department_officer"
    COUNTY_OFFICER = "county_officer"
    REGULATOR = "regulator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What a role may do; services ask for rights, never for roles."""

    EDIT_LISTS = "edit_lists"
    APPROVE = "approve"
    EDIT_PLACE = "edit_place"
    EDIT_DUTIES = "edit_duties"
    EDIT_CALENDAR = "edit_calendar"
    MANAGE_DEADLINES = "manage_deadlines"
    REVIEW_PLANS = "review_plans"
    MANAGE_REVIEWS = "manage_reviews"
    FILE_REVIEWS = "file_reviews"
    MANAGE_TASKS = "manage_tasks"
    REPORT_TASKS = "report_tasks"
    GIVE_OPINIONS = "give_opinions"
    KEEP_UNIT = "keep_unit"
    READ_DRAFTS = "read_drafts"
    READ_ALL = "read_all"
    HAND_ON = "hand_on"
    READ_RECORD = "read_record"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_ORGANISATIONS = "manage_organisations"
    SEE_RUNS = "see_runs"


class Reach(StrEnum):
    """With whose records a right may be used."""

    NONE = "none"
    ORGANISATION = "organisation"
    """The post's own organisation's, at that organisation's place and below."""
    PLACE = "place"
    """Those of the post's own place and of the places below it."""
    CITY = "city"
    """The same for an office that issues lists. A post carried over from before offices named their city has
    no place and reaches every city, until the administrator gives it one."""
    ALL = "all"


_NONE, _OWN, _PLACE, _CITY, _ALL = Reach.NONE, Reach.ORGANISATION, Reach.PLACE, Reach.CITY, Reach.ALL

COLUMNS = (
    Role.EDITOR,
    Role.APPROVER,
    Role.DEPARTMENT_OFFICER,
    Role.COUNTY_OFFICER,
    Role.REGULATOR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)

# The administrator has no say in the business, auditors change nothing (DOMAIN section 0); nobody both edits lists
# and approves them (P-2). The working calendar is one for everybody, so whoever may edit it edits it whole.
_TABLE: Mapping[Right, tuple[Reach, ...]] = {
    #                           editor  approver  department  county  regulator  auditor  administrator
    Right.EDIT_LISTS:           (_CITY, _NONE,    _NONE,      _NONE,  _NONE,     _NONE,   _NONE),
    Right.APPROVE:              (_NONE, _CITY,    _NONE,      _NONE,  _NONE,     _NONE,   _NONE),
    Right.EDIT_PLACE:           (_CITY, _NONE,    _NONE,      _PLACE, _NONE,     _NONE,   _NONE),
    Right.EDIT_DUTIES:          (_CITY, _NONE,    _OWN,       _PLACE, _NONE,     _NONE,   _NONE),
    Right.EDIT_CALENDAR:        (_ALL,  _ALL,     _NONE,      _NONE,  _NONE,     _NONE,   _NONE),
    Right.MANAGE_DEADLINES:     (_CITY, _CITY,    _NONE,      _NONE,  _NONE,     _NONE,   _NONE),
    Right.REVIEW_PLANS:         (_CITY, _CITY,    _NONE,      _NONE,  _NONE,     _NONE,   _NONE),
    Right.MANAGE_REVIEWS:       (_CITY, _CITY,    _NONE,      _NONE,  _NONE,     _NONE,   _NONE),
    Right.FILE_REVIEWS:         (_CITY, _CITY,    _OWN,       _OWN,   _NONE,     _NONE,   _NONE),
    Right.MANAGE_TASKS:         (_CITY, _CITY,    _NONE,      _NONE,  _NONE,     _NONE,   _NONE),
    Right.REPORT_TASKS:         (_CITY, _CITY,    _OWN,       _OWN,   _NONE,     _NONE,   _NONE),
    Right.GIVE_OPINIONS:        (_OWN,  _OWN,     _OWN,       _PLACE, _NONE,     _NONE,   _NONE),
    Right.KEEP_UNIT:            (_OWN,  _OWN,     _OWN,       _OWN,   _OWN,      _NONE,   _ALL),
    Right.READ_DRAFTS:          (_CITY, _CITY,    _OWN,       _PLACE, _OWN,      _ALL,    _NONE),
    Right.READ_ALL:             (_NONE, _NONE,    _NONE,      _NONE,  _NONE,     _ALL,    _NONE),
    Right.HAND_ON:              (_CITY, _NONE,    _NONE,      _NONE,  _NONE,     _NONE,   _ALL),
    Right.READ_RECORD:          (_NONE, _NONE,    _NONE,      _NONE,  _NONE,     _ALL,    _ALL),
    Right.MANAGE_ACCOUNTS:      (_NONE, _NONE,    _NONE,      _NONE,  _NONE,     _NONE,   _ALL),
    Right.MANAGE_ORGANISATIONS: (_CITY, _NONE,    _NONE,      _NONE,  _NONE,     _NONE,   _ALL),
    Right.SEE_RUNS:             (_NONE, _NONE,    _NONE,      _NONE,  _NONE,     _NONE,   _ALL),
}  # fmt: skip

MATRIX: Mapping[Role, Mapping[Right, Reach]] = {
    role: {right: reaches[number] for right, reaches in _TABLE.items()} for number, role in enumerate(COLUMNS)
}


class Needs(StrEnum):
    """What a post of a role must name."""

    PLACE = "place"
    ORGANISATION = "organisation"


NEEDED: Mapping[Role, Needs] = {
    Role.EDITOR: Needs.PLACE,
    Role.APPROVER: Needs.PLACE,
    Role.COUNTY_OFFICER: Needs.PLACE,
    Role.DEPARTMENT_OFFICER: Needs.ORGANISATION,
    Role.REGULATOR: Needs.ORGANISATION,
}
"""Without it the role would reach nothing, or, for an office, more than its city."""


class Held(Protocol):
    """A post: a role, for an organisation or a place, from a day to a day."""

    @property
    def role(self) -> Role:
        """What its holder is in it."""

    @property
    def organisation_id(self) -> int | None:
        """The organisation that it belongs to, if any."""

    @property
    def place_id(self) -> int | None:
        """The place that it is bound to, if any."""

    @property
    def since(self) -> date:
        """Its first day."""

    @property
    def until(self) -> date | None:
        """Its last day; None while no end is known."""


AnyHeld = TypeVar("AnyHeld", bound=Held)


class Actor(Protocol):
    """Whoever a verb acts for: an account."""

    @property
    def active(self) -> bool:
        """Whether the account is open."""

    @property
    def posts(self) -> Sequence[Held]:
        """Every post that it holds or held."""


class Operator(Actor, Protocol):
    """The same where what was done is written down with who did it."""

    @property
    def id(self) -> int:
        """Its key."""


class Territory(Protocol):
    """A place in its tree."""

    @property
    def id(self) -> int:
        """Its key."""

    @property
    def parent(self) -> Territory | None:
        """The place above it."""


class Body(Protocol):
    """An organisation at its place."""

    @property
    def id(self) -> int:
        """Its key."""

    @property
    def place(self) -> Territory:
        """Where it stands."""


def living(posts: Iterable[AnyHeld], day: date) -> list[AnyHeld]:
    """Those of the posts that are held on this day, first and last day included."""
    return [each for each in posts if each.since <= day and (each.until is None or day <= each.until)]


def reach_of(role: Role, right: Right) -> Reach:
    """With whose records the role may use the right."""
    return MATRIX[role][right]


def within(place: Territory | None, own_id: int | None) -> bool:
    """Whether a place is the one of this key or lies below it."""
    while place is not None:
        if place.id == own_id:
            return True
        place = place.parent
    return False


def carries(post: Held, right: Right, place: Territory | None, organisation: Body | None) -> bool:
    """Whether a post carries the right for a record of this place or body; with neither, for any record at all.

    A body's record lies at the body's place unless another place is named.
    """
    reach = reach_of(post.role, right)
    if reach is Reach.NONE:
        return False
    if reach is Reach.ALL or (place is None and organisation is None):
        return True
    if reach is Reach.ORGANISATION:
        return _own(post, place, organisation)
    if reach is Reach.CITY and post.place_id is None:
        return True
    where = place if place is not None or organisation is None else organisation.place
    return within(where, post.place_id)


def _own(post: Held, place: Territory | None, organisation: Body | None) -> bool:
    if organisation is None or organisation.id != post.organisation_id:
        return False
    return place is None or within(place, organisation.place.id)
