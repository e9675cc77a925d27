"""What can be published says here how: lower floors know publishable things by name only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from portal.foundation.accounts.models import Account
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.foundation.runs.work import Work


@dataclass(frozen=True)
class Told:
    """What one organisation is told of a publication: marked texts with their values, address a path of this site.

    Of one `topic` a body is told once, whoever names it; a second topic is a second notice.
    """

    organisation: Organisation
    title: str
    body: str
    address: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    topic: str = ""


@dataclass(frozen=True)
class Difference:
    """What changed against the revision before: counts, and entries in the form the slice documents."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    entries: list[dict[str, Any]] = field(default_factory=list)
    frame: list[dict[str, Any]] = field(default_factory=list)
    """What changed of the subject itself, not of single items: [{"what", "was", "is"}, …]."""
    unexplained: int = 0
    """How many of the entries must say why and on what basis (P-5), and do not yet; not kept."""

    def stored(self) -> dict[str, Any]:
        """The form kept with proposal and revision."""
        return {
            "added": self.added,
            "changed": self.changed,
            "withdrawn": self.withdrawn,
            "entries": self.entries,
            "frame": self.frame,
        }


@dataclass(frozen=True)
class Owed:
    """Who must make a thing public, and from which day a first revision counts (P-6).

    `formed_on` is the day of the document that it rests on; `list_id` the power list, where it is one.
    """

    place: Place
    owed_by: Organisation | None
    formed_on: date | None = None
    list_id: int | None = None


class Publishable(Protocol):
    """One kind of thing that is published. All reading is of the working copy unless it says otherwise."""

    def title(self, subject_id: int) -> str:
        """What people call it."""

    def require(self, by: Account, subject_id: int) -> None:
        """Raise Forbidden when the account may not put it forward."""

    def owes(self, subject_id: int) -> Owed:
        """Whose duty it is to make it public in time."""

    def becomes(self, subject_id: int) -> int | None:
        """The subject whose older state it is, entered afterwards (补录); None for what is published as itself."""

    def places(self, subject_ids: Collection[int]) -> dict[int, Place]:
        """The place that `owes` names, of many by one query; what is not there any more is left out."""

    def blockers(self, subject_id: int, day: date | None = None) -> list[str]:
        """Sentences that say what must be settled before it may take effect on a day (today); empty when it may."""

    def document(self, subject_id: int) -> Iterator[bytes]:
        """The working copy as the JSON document that a revision's hash is over."""

    def difference(self, subject_id: int, base: Revision | None) -> Difference:
        """The working copy against the newest revision."""

    def only_words(self, difference: Difference) -> bool:
        """Whether a difference changes words alone, so that it may be published as an erratum."""

    def prepare(self, revision: Revision, work: Work) -> None:
        """Write the revision's rows in batches, committing by `work.step`; nobody sees them yet.

        Called again after a crash: what an earlier attempt left is replaced. Sets `revision.content`.
        """

    def published_document(self, revision: Revision) -> Iterator[bytes]:
        """The same document, made from the revision's own rows: it must hash to the same."""

    def forget(self, revision: Revision) -> None:
        """Take away the rows of a revision that is given up before anybody saw it."""

    def told(self, revision: Revision) -> Iterable[Told]:
        """Who must know of it."""

    def after(self, revision: Revision) -> None:
        """What follows in the same transaction, e.g. asking for the exports."""


_kinds: dict[Subject, Publishable] = {}
_tellers: list[Callable[[Revision], Iterable[Told]]] = []
_followers: list[Callable[[Revision], None]] = []
_rewriters: list[Callable[[Revision], None]] = []


def register(subject: Subject, kind: Publishable) -> None:
    """Say how a kind of thing is published; once, when the application starts."""
    _kinds[subject] = kind


def publishable(subject: Subject) -> Publishable:
    """How this kind is published."""
    return _kinds[subject]


def register_teller(teller: Callable[[Revision], Iterable[Told]]) -> None:
    """Let an upper slice name organisations that must know as well (regulators, receivers)."""
    if teller not in _tellers:
        _tellers.append(teller)


def also_told(revision: Revision) -> Iterator[Told]:
    """Whom the upper slices name; one who is named twice is told once, by the notice's key."""
    for teller in _tellers:
        yield from teller(revision)


def register_follower(follower: Callable[[Revision], None]) -> None:
    """Let an upper slice ask for what follows when a revision is made public or closed, in the same transaction."""
    if follower not in _followers:
        _followers.append(follower)


def register_rewriter(rewriter: Callable[[Revision], None]) -> None:
    """The same for an older state that is entered afterwards (补录): what is told of the past is put right."""
    if rewriter not in _rewriters:
        _rewriters.append(rewriter)


def followed(revision: Revision) -> None:
    """Let the upper slices ask for what follows; from an older state nothing is owed any more (T-7)."""
    for follower in _rewriters if revision.entered else _followers:
        follower(revision)
