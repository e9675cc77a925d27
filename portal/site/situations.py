"""What holds for one matter at one place, in the terms of the pages: everything that the wording rests on. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.powers.lists.profiles.rules import Actor, Field, Profile, Seal
from portal.powers.lists.profiles.rules import Step as Stage
from portal.powers.lists.rules import Mode

LEVELS = frozenset("省市州盟区县旗镇乡")
"""What the name of a place ends in by its level."""


class Standing(StrEnum):
    """How far the handing over has come at the place."""

    OPEN = "open"
    """The place handles it as the mode says."""
    UNNAMED = "unnamed"
    """Handed down by the list, but the place has not made public which body takes it (D-11)."""
    PENDING = "pending"
    """The receiver is named and has not taken over yet: the issuing side goes on (D-9)."""
    KEPT = "kept"
    """Not handed down to this place (D-2)."""
    UNDECIDED = "undecided"
    """The place chooses the mode itself and has not made its choice public (D-2, D-10)."""


class Way(StrEnum):
    """What a person does, by the document: where a matter of a place begins and ends."""

    FINISH = "finish"
    """Everything up to the decision happens at the place."""
    HAND_IN = "hand-in"
    """The papers are handed in at the place, the issuing side decides."""
    ABOVE = "above"
    """The papers go to the issuing side."""
    UNKNOWN = "unknown"
    """Nobody has said yet."""


def full_name(place: str, body: str) -> str:
    """A body's name with its place's before it, said once: 济宁市 and 市公安局 are 济宁市公安局."""
    bare = body.removeprefix(place)
    # Only the word of a level is said twice: 雁塔街道 and 道路运输所 have nothing in common.
    if bare == body and place[-1:] in LEVELS and body[:1] == place[-1]:
        bare = body[1:]
    return place + bare


@dataclass(frozen=True)
class Situation:
    """One matter at one place on one day.

    `place` and `issuer` are names of places, `department` the issuing side's body, `receiver` the body that
    takes the matter over at the place ("" while it is not named), `from_on` the day from which it does
    (None when that is not known), `taken_over` whether it has, `label` the mode as the list prints it,
    `cross_border` the clause by which what crosses borders stays with the issuing side (D-5), `chooser` the place
    above a town that chooses the town's mode, "" where the place answers for itself (D-10), `bureau` the approval
    bureau to which a transfer list moves matters of its own place, "" for every other list (Y-1).
    """

    mode: Mode
    label: str
    profile: Profile | None
    place: str
    issuer: str
    department: str
    receiver: str = ""
    from_on: date | None = None
    taken_over: bool = True
    remark: str = ""
    cross_border: str = ""
    chooser: str = ""
    bureau: str = ""

    @property
    def standing(self) -> Standing:
        """How far it has come."""
        if self.mode is Mode.UNDELEGATED:
            return Standing.KEPT
        if self.mode is Mode.UNDETERMINED or self.profile is None:
            return Standing.UNDECIDED
        if not self.receiver:
            return Standing.UNNAMED
        if not self.taken_over:
            return Standing.PENDING
        return Standing.OPEN

    @property
    def decided(self) -> bool:
        """Whether somebody has said how it is handled there."""
        return self.standing is not Standing.UNDECIDED

    @property
    def handled_by_issuer(self) -> bool:
        """Whether, today, everything happens on the issuing side."""
        return self.standing in (Standing.KEPT, Standing.PENDING)

    @property
    def mode_today(self) -> Mode:
        """The state that holds today: before a receiver has taken over it is as if nothing were handed down."""
        return Mode.UNDELEGATED if self.standing is Standing.PENDING else self.mode

    @property
    def receiver_name(self) -> str:
        """The receiver with its place, e.g. 微山县行政审批服务局; the place alone while nobody is named."""
        return full_name(self.place, self.receiver)

    @property
    def bureau_name(self) -> str:
        """The approval bureau of a transfer list with its place."""
        return full_name(self.place, self.bureau)

    @property
    def department_name(self) -> str:
        """The issuing side's body with its place, e.g. 济宁市公安局; the place alone where the list names none."""
        return full_name(self.issuer, self.department)

    def actor(self, stage: Stage) -> Actor | None:
        """Who does a step under the mode; None while the profile does not say."""
        return self.profile.actor(stage) if self.profile else None

    @property
    def seal(self) -> Seal | None:
        """The seal on the decision under the mode."""
        return self.profile.seal if self.profile else None

    def sources(self, field: Field) -> tuple[str, ...]:
        """The references of a profile's field: clauses of the policy or laws."""
        entry = self.profile.fields.get(field) if self.profile else None
        return entry.sources if entry else ()

    @property
    def also_at_issuer(self) -> bool:
        """Whether people may choose to go to the issuing side as well (D-4)."""
        return bool(self.profile and Actor.ISSUER in self.profile.apply_at)

    @property
    def way(self) -> Way:
        """What a person does; where only the receiver's name is missing, what the document foresees."""
        if self.standing is Standing.UNDECIDED:
            return Way.UNKNOWN
        if not self.near:
            return Way.ABOVE
        return Way.FINISH if self.profile and self.profile.finished_at_place else Way.HAND_IN

    @property
    def near(self) -> bool:
        """Whether people can hand in without leaving the place, today; what is transferred never leaves it."""
        if self.bureau:
            return True
        first = self.actor(Stage.RECEIVE) or self.actor(Stage.ACCEPT)
        return not self.handled_by_issuer and first is not None and first.at_place
