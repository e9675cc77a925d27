"""From a situation of the pages to an answer for programs: the same facts by the same ways."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from portal.address import absolute
from portal.api import lists, matters, replies
from portal.api.schemas.answers import Answer, AnsweredMatter, Part, ReceivingBody, Steps
from portal.api.schemas.base import ClauseRef, PlaceRef, TypeRef
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.profiles.rules import Actor, Field
from portal.powers.lists.profiles.rules import Step as Stage
from portal.powers.lists.rules import Mode
from portal.site import steps, wording
from portal.site.clauses import Citer
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local
from portal.site.situations import Situation, Standing
from portal.site.steps import Clause


class Answerer:
    """Answers out of one edition; the clauses of its document are read once.

    `local` is what places published, None for a revision that is not in force: then only the document speaks.
    """

    def __init__(self, edition: Edition, local: Local | None) -> None:
        self.edition = edition
        self.local = local
        self.cite = cache(Citer(edition.policy))
        self._handled: dict[tuple[object, ...], dict[str, Any]] = {}

    def answer(self, row: PublishedMatter, place: PlaceName, mode: Mode) -> Answer:
        """The answer for a row at a place under the mode that holds there."""
        at, edition = self._situation(row, place, mode), self.edition
        here = self.local.answering(edition, row, place) if self.local else place
        own = {} if self.local else {"revision": edition.number}
        return Answer(
            id=f"{edition.slug}/{row.matter_id}/{place.code}",
            list=lists.list_reference(edition),
            revision=lists.reference(edition),
            matter=self._matter(row),
            place=PlaceRef(code=place.code, name=place.name),
            answered_by=PlaceRef(code=here.code, name=here.name),
            mode=mode.value,
            label=at.label,
            in_force=self.local is not None,
            **{**self._handling(at), **self._stopped(row)},
            remark=row.remark,
            address=replies.address(
                "api.answer", slug=edition.slug, matter=row.matter_id, code=place.code, **own
            ),
            page=self._page(row, place),
        )

    def _stopped(self, row: PublishedMatter) -> dict[str, Any]:
        """That it is stopped: then the sentence and the places to hand in send nobody anywhere (P-3)."""
        stop = self.local.stopped(self.edition, row.matter_id) if self.local else None
        said = {"suspended": matters.suspended(stop)}
        if stop is None:
            return said
        return {**said, "sentence": wording.stopped_sentence(stop.since), "apply_at": ()}

    def _handling(self, at: Situation) -> dict[str, Any]:
        """What follows from the situation: the same for many matters of a list, so it is put together once."""
        key = (at.mode, at.place, at.department, at.receiver, at.from_on, at.chooser, bool(at.remark))
        if key not in self._handled:
            today = self.local is not None
            self._handled[key] = {
                "mode_today": at.mode_today.value if today else None,
                "standing": at.standing.value if today else None,
                "sentence": wording.sentence(at) if today else None,
                "receiver": _receiver(at),
                "apply_at": _apply_at(at, today=today),
                "steps": self._steps(at),
                "seal": None if at.handled_by_issuer or at.seal is None else at.seal.value,
                "complaints": self._liable(at, Field.COMPLAINTS),
                "respondent": self._liable(at, Field.RESPONDENT),
                "cross_border": _clauses([self.cite(at.cross_border)] if _crosses(at) else []),
            }
        return self._handled[key]

    def _situation(self, row: PublishedMatter, place: PlaceName, mode: Mode) -> Situation:
        if self.local is not None:
            return self.local.situation(self.edition, row, place, mode, remark=row.remark)
        return Situation(
            mode=mode,
            label=self.edition.labels[mode],
            profile=self.edition.profiles.get(mode),
            place=place.name,
            issuer=self.edition.issuer,
            department=row.department,
            remark=row.remark,
            cross_border=self.edition.cross_border,
            receiver=self.edition.taker(mode),
            bureau=self.edition.bureau,
        )

    def _matter(self, row: PublishedMatter) -> AnsweredMatter:
        return AnsweredMatter(
            id=row.matter_id,
            seq=row.seq,
            name=row.name,
            code=row.code,
            type=TypeRef(code=row.type.value, label=row.type.label),
            department=row.department,
            parts=tuple(row.sub_items),
            status=matters.status(row),
            address=replies.address("api.matter", slug=self.edition.slug, matter=row.matter_id),
        )

    def _page(self, row: PublishedMatter, place: PlaceName) -> str:
        slug = self.edition.slug
        if self.local is None:
            number = self.edition.number
            return replies.address("site.revision", slug=slug, number=number, at=place.code)
        return replies.address("site.matter", slug=slug, matter_id=row.matter_id, at=place.code)

    def _steps(self, at: Situation) -> Steps:
        done = {step.stage: step for step in steps.handlings(at)}
        said = {
            stage: self._part(at, step.actor, step.fields if step.actor else ())
            for stage, step in done.items()
        }
        # Taking in and accepting by one body are one step, told under accepting.
        return Steps(**{stage.value: said.get(stage) or said[Stage.ACCEPT] for stage in Stage})

    def _liable(self, at: Situation, field: Field) -> Part:
        actor = steps.liable(at, field)
        return self._part(at, actor, (field,) if actor else ())

    def _part(self, at: Situation, actor: Actor | None, fields: tuple[Field, ...]) -> Part:
        body = None
        if actor is Actor.PLACE:
            body = at.receiver_name if at.receiver else None
        elif actor is not None:
            body = at.department_name
        cited = steps.clauses(at, fields, self.cite) if actor else ()
        return Part(actor=actor.value if actor else None, body=body, clauses=_clauses(cited))


def _clauses(cited: Iterable[Clause]) -> tuple[ClauseRef, ...]:
    return tuple(
        ClauseRef(label=each.label, page=absolute(each.href) if each.href else None) for each in cited
    )


def _crosses(at: Situation) -> bool:
    return bool(at.cross_border) and at.standing is not Standing.KEPT


def _receiver(at: Situation) -> ReceivingBody | None:
    if not at.receiver:
        return None
    return ReceivingBody(
        name=at.receiver, full_name=at.receiver_name, from_on=at.from_on, taken_over=at.taken_over
    )


def _apply_at(at: Situation, *, today: bool) -> tuple[str, ...]:
    """Where people may hand in, today at the issuing side while it goes on or nobody at the place is named (D-11)."""
    if at.standing is Standing.UNDECIDED:
        return ()
    if at.handled_by_issuer or (today and at.standing is Standing.UNNAMED):
        return (Actor.ISSUER.value,)
    return tuple(actor.value for actor in at.profile.apply_at) if at.profile else ()
