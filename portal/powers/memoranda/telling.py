"""What the two bodies are told of a memorandum on its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from portal.foundation.accounts.models import Account
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
ATTACHED = Text(
    NoticeKind.REGULATION,
    mark("备忘录附上了签字文本：%(title)s"),
    mark("%(name)s给《%(title)s》附上了签字盖章的文本“%(file)s”。请核对；不对的，请附上正确的文本。"),
    {"title": _EXAMPLE["title"], "name": "李娜", "file": "备忘录.pdf"},
)
ENDED = Text(
    NoticeKind.REGULATION,
    mark("备忘录已终止：%(title)s"),
    mark("《%(title)s》%(day)s起终止：%(reason)s。需要的，请再建一份新的。"),
    {"title": _EXAMPLE["title"], "day": date(2026, 3, 2), "reason": "事项已经划回部门"},
)
texts.register(ASKED, AGREED, RETURNED, PUBLISHED, ATTACHED, ENDED)


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


def attached(memorandum: Memorandum, by: Account) -> None:
    """Tell both bodies of the signed paper, which stands for them both."""
    assert memorandum.paper is not None  # noqa: S101  it was just attached
    _both(memorandum, ATTACHED, memorandum.paper.id, {"name": by.name, "file": memorandum.paper.name})


def ended(memorandum: Memorandum) -> None:
    """Tell both bodies that it holds no longer, and why."""
    _both(memorandum, ENDED, "ended", {"day": memorandum.ended_on, "reason": memorandum.ended_reason})


def _both(memorandum: Memorandum, text: Text, key: str, values: Mapping[str, Any]) -> None:
    for body in (memorandum.bureau, memorandum.department):
        notify(
            body,
            key=f"memorandum:{memorandum.id}:{key}:{body.id}",
            title=text.title,
            body=text.body,
            address=f"/staff/memoranda/{memorandum.id}/",
            values={"title": memorandum.title, **values},
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
