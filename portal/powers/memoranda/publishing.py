"""How a memorandum is published: the same proposal, second person and revision as for lists (P-1 to P-3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.registry import Difference, Owed, Told
from portal.foundation.rights.rules import Right
from portal.foundation.runs.work import Work
from portal.i18n import mark
from portal.powers.memoranda import queries, snapshot, telling
from portal.powers.memoranda.models import Memorandum
from portal.powers.memoranda.rules import Lack, Party, lacks

LACKING: Mapping[Lack, str] = {
    Lack.BOUNDARY: mark("还没有写职责边界：谁审批，谁监管。"),
    Lack.PUSHES_TO_DEPARTMENT: mark("还没有写审批局向部门推送什么、几天之内。"),
    Lack.PUSHES_TO_BUREAU: mark("还没有写部门向审批局反馈什么、几天之内。"),
    Lack.SUPPORTS: mark("现场勘验、技术审查、检验检测、听证论证，每一项都要写明由谁做；没有的写“不涉及”。"),
    Lack.MATTERS: mark("还没有选涉及哪些事项。"),
    Lack.OVER: mark("有效期在生效那天以前就过了。"),
}


class MemorandumPublishing:
    """What an approval bureau and a department make public of who does what."""

    def title(self, subject_id: int) -> str:
        """The two bodies' names."""
        return _memorandum(subject_id).title

    def require(self, by: Account, subject_id: int) -> None:
        """Whoever may change the records of the bureau's place."""
        require(by, Right.EDIT_PLACE, _memorandum(subject_id).place.id)

    def owes(self, subject_id: int) -> Owed:
        """The bureau, from the day on which it is put forward."""
        memorandum = _memorandum(subject_id)
        return Owed(memorandum.place, memorandum.bureau)

    def becomes(self, subject_id: int) -> None:
        """Always a memorandum's own: older ones are entered by none."""

    def places(self, subject_ids: Collection[int]) -> dict[int, Place]:
        """The places of the bureaus."""
        wanted = (
            select(Memorandum.id, Place)
            .join(Memorandum.bureau)
            .join(Organisation.place)
            .where(Memorandum.id.in_(subject_ids))
        )
        return {row.id: row.Place for row in db.session.execute(wanted)}

    def blockers(self, subject_id: int, day: date | None = None) -> list[str]:
        """What S2.4 wants said and is not; a body that has not agreed to this very wording; a term over by `day`."""
        memorandum = _memorandum(subject_id)
        if memorandum.ended_on is not None:
            return [_("这份备忘录已经终止。")]
        wording = queries.wording_of(memorandum)
        missing = lacks(wording, len(memorandum.chosen), max(filter(None, (day, clock.today()))))
        said = queries.answers(memorandum)
        bodies = {Party.BUREAU: memorandum.bureau, Party.DEPARTMENT: memorandum.department}
        silent = [
            _("%(body)s还没有同意现在的文字。", body=body.name)
            for party, body in bodies.items()
            if party not in said or not said[party].agrees
        ]
        agreed = [said[party].by_id for party in bodies if party in said and said[party].agrees]
        alone = (
            [] if len(agreed) == len(set(agreed)) else [_("双方的同意是同一个人点的，要由两个人分别表态。")]
        )
        return [_(LACKING[each]) for each in missing] + silent + alone

    def document(self, subject_id: int) -> Iterator[bytes]:
        """The working copy as a document."""
        yield snapshot.render(snapshot.statement(_memorandum(subject_id)))

    def difference(self, subject_id: int, base: Revision | None) -> Difference:
        """One entry of the frame for each part of the document that is other than before (snapshot.statement)."""
        said = snapshot.statement(_memorandum(subject_id))
        before: Mapping[str, Any] = base.content if base else {}
        frame = [
            {"what": f"memorandum.{part}", "was": before.get(part), "is": said[part]}
            for part in said
            if before.get(part) != said[part] and (base or said[part])
        ]
        return Difference(added=0 if base else 1, changed=len(frame) if base else 0, frame=frame)

    def only_words(self, difference: Difference) -> bool:  # noqa: ARG002  both bodies agreed on every word
        """A memorandum has no errata: both bodies agree on every word."""
        return False

    def prepare(self, revision: Revision, work: Work) -> None:
        """It is small enough to be the revision's content."""
        revision.content = snapshot.statement(_memorandum(revision.subject_id))
        work.step(1, 1)

    def published_document(self, revision: Revision) -> Iterator[bytes]:
        """The same from the revision."""
        yield snapshot.render(revision.content)

    def forget(self, revision: Revision) -> None:
        """There are no rows beside the revision."""

    def told(self, revision: Revision) -> Iterable[Told]:
        """Both bodies."""
        return telling.published(_memorandum(revision.subject_id), revision)

    def after(self, revision: Revision) -> None:
        """What its bodies owe for its term follows with the closing as well (renewing)."""


def _memorandum(memorandum_id: int) -> Memorandum:
    return db.session.get_one(Memorandum, memorandum_id)
