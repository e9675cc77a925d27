"""What a memorandum says, in the reader's language: for its page, its files and the staff door."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState
from portal.i18n import day, mark, ngettext
from portal.i18n import gettext as _
from portal.powers.memoranda.rules import Doer, Party, Push, Share, Support, Unit

SUPPORTS: Mapping[Support, str] = {
    Support.SITE_VISIT: mark("现场勘验"),
    Support.TECHNICAL_REVIEW: mark("技术审查"),
    Support.TESTING: mark("检验检测"),
    Support.HEARING: mark("听证论证"),
}
DOERS: Mapping[Doer, str] = {
    Doer.BUREAU: mark("行政审批服务局"),
    Doer.DEPARTMENT: mark("主管部门"),
    Doer.BOTH: mark("双方共同"),
    Doer.NOBODY: mark("不涉及"),
}
UNITS: Mapping[Unit, str] = {Unit.WORKING_DAYS: mark("工作日"), Unit.CALENDAR_DAYS: mark("自然日")}
PARTS: Mapping[str, str] = {
    "bureau": mark("审批局"),
    "department": mark("主管部门"),
    "place": mark("地方"),
    "boundary": mark("职责边界"),
    "pushes": mark("推送和反馈"),
    "supports": mark("技术支撑"),
    "every_matter": mark("涉及的事项"),
    "matters": mark("选定的事项"),
    "valid_from": mark("有效期从"),
    "valid_until": mark("有效期到"),
    "bureau_contact": mark("审批局联系方式"),
    "department_contact": mark("部门联系方式"),
    "paper": mark("签字盖章的文本"),
}
"""The parts of the published document (memoranda.snapshot), by their keys."""


@dataclass(frozen=True)
class Done:
    """One kind of support as a line: what, by whom, how; `names` says that bodies are named, whose names stay."""

    what: str
    who: str
    how: str
    names: bool


def support(kind: Support, share: Share, bureau: str, department: str) -> Done:
    """Who does one kind of support, by the bodies' names."""
    bodies = {
        Doer.BUREAU: bureau,
        Doer.DEPARTMENT: department,
        Doer.BOTH: f"{bureau}、{department}",
    }
    named = bodies.get(share.doer)
    return Done(_(SUPPORTS[kind]), named or _(DOERS[share.doer]), share.sentence, named is not None)


def term(push: Push) -> str:
    """Within how many days it is pushed."""
    if push.days == 0:
        return _("当天")
    if push.unit is Unit.WORKING_DAYS:
        return ngettext("%(num)s 个工作日内", "%(num)s 个工作日内", push.days)
    return ngettext("%(num)s 日内", "%(num)s 日内", push.days)


def validity(begins: date | None, ends: date | None) -> str:
    """From when till when it holds, in words."""
    if begins and ends:
        return _("%(begins)s到%(ends)s", begins=day(begins), ends=day(ends))
    if begins:
        return _("%(day)s起，没有写到哪天为止", day=day(begins))
    if ends:
        return _("到%(day)s为止", day=day(ends))
    return _("没有写期限")


def value(part: str, said: Any) -> str:
    """What a part of the published document says, as one line."""
    if said in (None, "", [], {}):
        return ""
    readers: Mapping[str, Callable[[Any], str]] = {
        "bureau": _named,
        "department": _named,
        "place": _named,
        "every_matter": _covered,
        "matters": _matters,
        "pushes": _pushes,
        "supports": _supported,
        "paper": _paper,
    }
    return readers.get(part, str)(said)


def _named(said: Mapping[str, Any]) -> str:
    return str(said["name"])


def _covered(every_matter: bool) -> str:
    return _("双方之间的全部事项") if every_matter else _("选定的事项")


def _matters(said: Sequence[Mapping[str, Any]]) -> str:
    return _("、").join(each["name"] for each in said)


def _paper(said: Mapping[str, str]) -> str:
    return said.get("name", said["sha256"])


def _pushes(said: Sequence[Mapping[str, Any]]) -> str:
    return _("；").join(_pushed(Push.read(each)) for each in said)


def _pushed(push: Push) -> str:
    sender = _(DOERS[Doer(push.sender.value)])
    said = _("%(sender)s推送：%(what)s，%(term)s", sender=sender, what=push.what, term=term(push))
    return _("%(said)s（%(clause)s）", said=said, clause=push.clause) if push.clause else said


def _supported(said: Mapping[str, Mapping[str, str]]) -> str:
    lines = [
        _("%(what)s：%(who)s", what=_(SUPPORTS[kind]), who=_(DOERS[Doer(said[kind]["doer"])]))
        + (_("，") + said[kind]["sentence"] if said[kind]["sentence"] else "")
        for kind in Support
        if kind in said
    ]
    return _("；").join(lines)


def sender_of(push: Push, bureau: str, department: str) -> tuple[str, str]:
    """Who pushes and who receives, by the bodies' names."""
    return (bureau, department) if push.sender is Party.BUREAU else (department, bureau)


def summary(revision: Revision) -> str:
    """What a publication did, in a line."""
    if revision.state is RevisionState.CLOSED:
        return _("已经关闭")
    if revision.number == 1:
        return _("第一次公布")
    parts = [each["what"].partition(".")[2] for each in revision.difference.get("frame", ())]
    return _("改了：%(parts)s", parts=_("、").join(_(PARTS[each]) for each in parts))
