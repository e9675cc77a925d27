"""Clauses as the pages cite and quote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for

from portal.foundation.policies.models import Clause, Policy
from portal.i18n import gettext as _
from portal.powers.lists.rules import MODE_LABELS, Mode
from portal.site.steps import Clause as Cited

SENTENCE = re.compile(r"[^。；]*[。；]?")
MOST = 2
"""So many clauses are quoted beside a matter; the others are one link away."""


@dataclass(frozen=True)
class Part:
    """A piece of quoted text; what the answer rests on is marked."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Quote:
    """A clause in its own words with where it stands."""

    parts: tuple[Part, ...]
    source: str
    href: str


def clause_label(clause: Clause) -> str:
    """How people cite a clause: 第1条 where clauses are numbered through, else its own label."""
    return _("第%(ref)s条", ref=clause.ref) if clause.ref.isdigit() else clause.label


class Citer:
    """Turns the references of one list's profiles into clauses with addresses."""

    def __init__(self, policy: Policy | None) -> None:
        self.policy = policy
        self.clauses = {clause.ref: clause for clause in policy.clauses} if policy else {}

    def __call__(self, source: str) -> Cited:
        """A clause of the policy links to its words; a law's name stands as it is."""
        clause = self.clauses.get(source)
        return Cited(clause_label(clause), self.address(clause)) if clause else Cited(source)

    def address(self, clause: Clause) -> str:
        """Where the clause can be read in full."""
        return url_for("site.policy", policy_id=clause.policy_id, _anchor=f"clause-{clause.ref}")

    def quotes(self, sources: Iterable[str], mode: Mode, label: str) -> list[Quote]:
        """The first of the cited clauses that speak of the mode, cut down to what they say of it."""
        cited = [self.clauses[ref] for ref in dict.fromkeys(sources) if ref in self.clauses]
        words = sorted({label, *MODE_LABELS[mode]} - {""}, key=len, reverse=True)
        others = [word for each in Mode if each is not mode for word in MODE_LABELS[each][:2]]
        telling = [clause for clause in cited if any(word in clause.text for word in words)] or cited[:1]
        return [self._quote(clause, words, others) for clause in telling[:MOST]]

    def _quote(self, clause: Clause, words: Sequence[str], others: Sequence[str]) -> Quote:
        title = f"《{clause.policy.title}》（{clause.policy.number}）{clause.label}"
        return Quote(excerpt(clause.text, words, others), title, self.address(clause))


def excerpt(text: str, words: Sequence[str], others: Sequence[str] = ()) -> tuple[Part, ...]:
    """The sentences that hold one of the words, the words marked, …… for what is left out.

    A sentence that goes on about `others` is left out where another says the same with fewer of them; a clause
    that holds none of the words is given from its beginning.
    """
    sentences = [each for each in SENTENCE.findall(text.strip()) if each]
    hits = [at for at, each in enumerate(sentences) if any(word in each for word in words)]
    beside = {at: sum(other in sentences[at] for other in others) for at in hits}
    kept = [at for at in hits if beside[at] == min(beside.values())] or [0]
    parts: list[Part] = []
    for position, at in enumerate(kept):
        skipped = at > 0 if position == 0 else at > kept[position - 1] + 1
        if skipped:
            parts.append(Part("……"))
        parts.extend(_marked(sentences[at], words))
    if kept[-1] < len(sentences) - 1:
        parts.append(Part("……"))
    return tuple(parts)


def _marked(sentence: str, words: Sequence[str]) -> list[Part]:
    if not words:
        return [Part(sentence)]
    pieces = re.split("(" + "|".join(map(re.escape, words)) + ")", sentence)
    return [Part(piece, marked=piece in words) for piece in pieces if piece]
