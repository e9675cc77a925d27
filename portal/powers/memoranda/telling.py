"""What the two bodies are told of a memorandum on its way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from portal.foundation.notifications import texts
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.notifications.texts import Text
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.registry import Told
from portal.i18n import mark
from portal.powers.memoranda.models import Memorandum, MemorandumAnswer
from portal.powers.memoranda.rules import Party

_EXAMPLE = {"title": "微山县行政审批服务局与县商务局审管衔接备忘录", "body": "微山县行政审批服务局"}

ASKED = Text(
    NoticeKind.REGULATION,
    mark("请对备忘录表态：%(title)s"),
    mark("%(body)s已经同意《%(title)s》现在的文字。请看过后同意，或者写明要改什么退回。"),
    _EXAMPLE,
)
AGREED = Text(
    NoticeKind.REGULATION,
    mark("双方都同意了：%(title)s"),
    mark("%(body)s也同意了《%(title)s》现在的文字，可以送审公布。"),
    _EXAMPLE,
)
RETURNED = Text(
    NoticeKind.REGULATION,
    mark("备忘录被退回：%(title)s"),
    mark("%(body)s退回了《%(title)s》：%(note)s"),
    _EXAMPLE | {"note": "推送的时限请写五个工作日"},
)
PUBLISHED = Text(
    NoticeKind.PUBLICATION,
    mark("备忘录已公布：%(title)s"),
    mark("《%(title)s》第%(number)s版已经公布，%(day)s起执行。请按其中写明的分工和时限办理。"),
    {"title": _EXAMPLE["title"], "number": 1, "day": date(2026, 3, 2)},
)
texts.register(ASKED, AGREED, RETURNED, PUBLISHED)


def answered(answer: MemorandumAnswer, *, settled: bool) -> None:
    """Tell the other body what was said; `settled` where it had agreed itself already."""
    memorandum = answer.memorandum
    bodies = {Party.BUREAU: memorandum.bureau, Party.DEPARTMENT: memorandum.department}
    text = RETURNED if not answer.agrees else AGREED if settled else ASKED
    notify(
        bodies[answer.party.other],
        key=f"memorandum-answer:{answer.id}",
        title=text.title,
        body=text.body,
        address=f"/staff/memoranda/{memorandum.id}/",
        values={"title": memorandum.title, "body": bodies[answer.party].name, "note": answer.note},
        kind=text.kind,
    )


def published(memorandum: Memorandum, revision: Revision) -> Iterator[Told]:
    """Both bodies, once it is public."""
    for body in (memorandum.bureau, memorandum.department):
        yield Told(
            body,
            PUBLISHED.title,
            PUBLISHED.body,
            address=f"/memoranda/{memorandum.id}",
            values={"title": memorandum.title, "number": revision.number, "day": revision.effective_on},
        )
