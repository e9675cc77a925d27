"""What the staff pages call what happens to background work, and what came of it in plain words."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunAct, RunKind
from portal.foundation.schedule.rules import Every, Outcome, cadence
from portal.health.figures import Figures
from portal.i18n import gettext as translated
from portal.queue import Bell, Job

RUN_WORDS: list[tuple[StrEnum, Any]] = [
    (RunAct.CANCEL, _("取消")),
    (RunAct.RETRY, _("再做一次")),
    (RunAct.DISCARD, _("放弃")),
    (Outcome.DONE, _("做完了")),
    (Outcome.FAILED, _("没有做成")),
    (Outcome.CUT_OFF, _("中途断了")),
]


def _handouts(count: int) -> str:
    if not count:
        return str(gettext("都已经有了，没有要做的"))
    return str(ngettext("做好 %(num)s 个文件", "做好 %(num)s 个文件", count))


COUNTED: tuple[tuple[RunKind, str, Callable[[int], str]], ...] = (
    (
        RunKind.READ_ANNEX,
        "tables",
        lambda count: str(ngettext("读出 %(num)s 份清单", "读出 %(num)s 份清单", count)),
    ),
    (
        RunKind.EXPORT,
        "formats",
        lambda count: str(ngettext("备齐 %(num)s 种下载文件", "备齐 %(num)s 种下载文件", count)),
    ),
    (RunKind.HANDOUT, "handouts", _handouts),
    (RunKind.READ_ROWS, "rows", lambda count: str(ngettext("核对了 %(num)s 行", "核对了 %(num)s 行", count))),
    (
        RunKind.WRITE_ROWS,
        "rows",
        lambda count: str(ngettext("写入了 %(num)s 行", "写入了 %(num)s 行", count)),
    ),
)
"""What a run counts in its result, and the sentence for it."""


def doing(bell: Bell | None, figures: Figures) -> str:
    """What a worker is at, by the bell that it is answering."""
    if bell is None:
        return ""
    address, ids = bell
    if address == Job.TURN:
        # The label is a text of the catalogue.
        return next((translated(line.label) for line in figures.schedule if (line.id,) == ids), "")
    said = {
        Job.DELIVER: gettext("发送通知"),
        Job.CARRY_OUT: gettext("后台作业（%(id)s）", id=ids[0] if ids else ""),
    }
    return str(said.get(Job(address), "") if address in list(Job) else "")


def outcome(run: Run) -> str:
    """What a run that is done has brought; "" where there is nothing to say."""
    result = run.result
    if run.kind is RunKind.PUBLISH and "number" in result:
        return str(gettext("公布了第 %(number)s 版", number=result["number"]))
    for kind, key, words in COUNTED:
        if run.kind is kind and key in result:
            count = result[key] if isinstance(result[key], int) else len(result[key])
            return words(count)
    return ""


def how_often(text: str) -> str:
    """A cadence in words: 每 15 秒, 每 30 分钟, 每天 02:30."""
    planned = cadence(text)
    if not isinstance(planned, Every):
        return str(gettext("每天 %(time)s", time=f"{planned.hour:02}:{planned.minute:02}"))
    if planned.seconds % 3600 == 0:
        return str(ngettext("每 %(num)s 小时", "每 %(num)s 小时", planned.seconds // 3600))
    if planned.seconds % 60 == 0:
        return str(ngettext("每 %(num)s 分钟", "每 %(num)s 分钟", planned.seconds // 60))
    return str(ngettext("每 %(num)s 秒", "每 %(num)s 秒", planned.seconds))
