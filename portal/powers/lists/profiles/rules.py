"""What a mode means in one list: who does each step, where to apply, who answers for it (D-3, D-4, Y-5). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.powers.lists.rules import FULL_MODES, Mode


class Actor(StrEnum):
    """Who does a step, seen from a list: the receiving place or the side that hands the power down."""

    PLACE = "place"
    POSTED = "posted"
    """Staff of the issuing side who sit at a counter in the place."""
    ISSUER = "issuer"

    @property
    def at_place(self) -> bool:
        """Whether people need not leave their place for it."""
        return self is not Actor.ISSUER


class Step(StrEnum):
    """The steps of handling, in order; taking papers in is not yet acceptance (收件 / 受理)."""

    RECEIVE = "receive"
    ACCEPT = "accept"
    REVIEW = "review"
    DECIDE = "decide"
    STAMP = "stamp"


class Seal(StrEnum):
    """Which seal is on the decision."""

    OWN = "own"
    NO2 = "no2"
    ISSUER = "issuer"


class Field(StrEnum):
    """Every field of a profile; the first five are the steps."""

    RECEIVE = "receive"
    ACCEPT = "accept"
    REVIEW = "review"
    DECIDE = "decide"
    STAMP = "stamp"
    SEAL = "seal"
    APPLY_AT = "apply_at"
    SUPERVISE = "supervise"
    COMPLAINTS = "complaints"
    """By policy: who handles complaints and pays."""
    RESPONDENT = "respondent"
    """By law: the body whose name is on the decision, the entruster for entrusted acts (AL 24)."""


LIABILITY = (Field.COMPLAINTS, Field.RESPONDENT)

_VALUES: Mapping[Field, frozenset[str]] = {
    **{Field(step.value): frozenset(Actor) for step in Step},
    Field.SEAL: frozenset(Seal),
    Field.APPLY_AT: frozenset({Actor.PLACE, Actor.ISSUER}),
    Field.SUPERVISE: frozenset({Actor.PLACE, Actor.ISSUER}),
    Field.COMPLAINTS: frozenset({Actor.PLACE, Actor.ISSUER}),
    Field.RESPONDENT: frozenset({Actor.PLACE, Actor.ISSUER}),
}


class ProfileError(ValueError):
    """A field or a value that no profile can have; `field` and `value` say which."""

    def __init__(self, field: str, value: str) -> None:
        self.field = field
        self.value = value
        super().__init__(f"{field}: {value}")


@dataclass(frozen=True)
class Sourced:
    """A value and where it is written: clause references of the list's policy, or a law's name, by commas."""

    value: str
    source: str

    @property
    def sources(self) -> tuple[str, ...]:
        """The single references."""
        return tuple(part.strip() for part in self.source.replace("，", ",").split(",") if part.strip())


@dataclass(frozen=True)
class Profile:
    """One mode's profile in one list."""

    mode: Mode
    fields: Mapping[Field, Sourced]

    def actor(self, step: Step) -> Actor | None:
        """Who does the step; None while it is not said."""
        entry = self.fields.get(Field(step.value))
        return Actor(entry.value) if entry else None

    @property
    def seal(self) -> Seal | None:
        """The seal on the decision; None while it is not said."""
        entry = self.fields.get(Field.SEAL)
        return Seal(entry.value) if entry else None

    @property
    def apply_at(self) -> tuple[Actor, ...]:
        """Where the public may apply, nearest first (D-4)."""
        entry = self.fields.get(Field.APPLY_AT)
        chosen = set(entry.value.split(",")) if entry else set()
        return tuple(actor for actor in (Actor.PLACE, Actor.ISSUER) if actor.value in chosen)

    def who(self, field: Field) -> Actor | None:
        """Who supervises, handles complaints or is the respondent; None while it is not said."""
        entry = self.fields.get(field)
        return Actor(entry.value) if entry else None

    @property
    def finished_at_place(self) -> bool:
        """Whether everything up to the decision happens in the place, by its own people."""
        return all(self.actor(step) is Actor.PLACE for step in (Step.ACCEPT, Step.REVIEW, Step.DECIDE))

    @property
    def missing(self) -> tuple[Field, ...]:
        """The fields that must be filled before a list with this mode is published (Y-5)."""
        needed = [Field(step.value) for step in Step] + [Field.SEAL, Field.APPLY_AT]
        if self.mode not in FULL_MODES:
            needed += LIABILITY
        return tuple(field for field in needed if field not in self.fields)


def check_value(field: str, value: str) -> tuple[Field, str]:
    """The field and its value in canonical form; raises ProfileError for what no profile can have.

    `apply_at` may name both sides, separated by a comma.
    """
    try:
        kind = Field(field)
    except ValueError:
        raise ProfileError(field, value) from None
    parts = [part.strip() for part in value.replace("，", ",").split(",") if part.strip()]
    single = kind is not Field.APPLY_AT
    if not parts or (single and len(parts) > 1) or any(part not in _VALUES[kind] for part in parts):
        raise ProfileError(field, value)
    order = {Actor.PLACE: 0, Actor.ISSUER: 1}
    return kind, ",".join(parts if single else sorted(set(parts), key=lambda part: order[Actor(part)]))


def wants_former_stamp(field: str, value: str) -> bool:
    """Whether a field puts the stamp or the seal of the side that gave the matter away on the decision (Y-4: S3.2)."""
    if field == Field.STAMP:
        return value != Actor.PLACE
    return field == Field.SEAL and value != Seal.OWN


def against_law(mode: Mode, field: str, value: str) -> bool:
    """Whether a field makes another answer in review and suit for an entrusted act than who entrusts (D-3, AL 24)."""
    return mode is Mode.ENTRUSTED and field == Field.RESPONDENT and value != Actor.ISSUER


def allowed_values(field: Field) -> tuple[str, ...]:
    """What the field can say, for a form's choices."""
    return tuple(sorted(_VALUES[field]))


def build_profile(mode: Mode, entries: Iterable[tuple[str, str, str]]) -> Profile:
    """A profile from (field, value, source) as stored; raises ProfileError for an impossible one."""
    fields: dict[Field, Sourced] = {}
    for name, value, source in entries:
        field, canonical = check_value(name, value)
        fields[field] = Sourced(canonical, source)
    return Profile(mode, fields)
