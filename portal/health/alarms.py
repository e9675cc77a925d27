"""What a person must do, in sentences: made of the figures, most urgent first.

Where a process is missing, that is said, and not everything that is late because of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from portal.foundation.schedule.rules import RING_AGAIN
from portal.health.figures import Figures, Line
from portal.i18n import gettext, mark, ngettext

QUIET = 6 * RING_AGAIN
"""A scheduler that lives would have rung within RING_AGAIN for what is due; several times that is silence."""

WAITED, WAITED_FOR_NOBODY = timedelta(minutes=5), timedelta(hours=2)
"""A run that a person started and nobody has taken up for so long: no worker, or all are busy. Files made in advance
come in hundreds at a time and may take longer."""

UNSENT = timedelta(minutes=15)
"""A notice that is due for so long and has not been tried."""

NEVER = mark("定时进程还没有启动过，到点该做的事都没有人做。请启动它：flask jobs schedule。")
SILENT = mark("定时进程没有动静，到点该做的事都没有人做。请看它是否在运行：flask jobs schedule。")
NO_QUEUE = mark("连不上队列服务。大家可以照常填报，内容都在数据库里；后台的事要等它恢复才接着做。")
NO_WORKER = mark("没有一个工作进程在运行，后台的事没有人做。请启动：flask jobs worker。")
LATE = mark("“%(label)s”该做没做，已经晚了%(time)s。工作进程可能都在忙，或者停了。")
BROKE = mark(
    "“%(label)s”没有做成（%(error)s），已经连续 %(count)s 次。会自动再试；如果一直不行，请看工作进程的日志。"
)
CUT_OFF = mark("“%(label)s”做到一半就断了，连续几次都没有做完，等下一次再做。请看工作进程的日志。")
WAITING = mark("有人启动的作业排队%(time)s还没有做。请看工作进程是否够用。")
PILED = mark("预先要做的下载文件排队%(time)s还没有做完。请看工作进程是否够用。")
LATE_NOTICES = mark("有 %(count)s 条通知到了该发的时候还没有发，最早的已经等了%(time)s。")
LOST_NOTICES = mark("有 %(count)s 条通知试过几次都没有送达，请在“通知发送”里看原因，再发一次。")


@dataclass(frozen=True)
class Alarm:
    """A sentence for the administrator (a Chinese msgid) with its values; `label` is itself a msgid."""

    sentence: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in the reader's language."""
        said = {
            name: gettext(value) if isinstance(value, str) else spell(value) if name == "time" else value
            for name, value in self.values.items()
        }
        return gettext(self.sentence, **said)


def alarms(figures: Figures) -> list[Alarm]:
    """What needs a person now; an empty list means that all is well."""
    missing = list(_processes(figures))
    late = [] if missing else [*_late(figures), *_waiting(figures)]
    return [*missing, *late, *_broken(figures), *_notices(figures)]


def spell(time: timedelta) -> str:
    """A length of time as people say it, to one unit, rounded down: 45 秒, 12 分钟, 3 小时, 2 天."""
    seconds = int(time.total_seconds())
    if seconds >= 2 * 86400:
        return ngettext("%(num)s 天", "%(num)s 天", seconds // 86400)
    if seconds >= 2 * 3600:
        return ngettext("%(num)s 小时", "%(num)s 小时", seconds // 3600)
    if seconds >= 2 * 60:
        return ngettext("%(num)s 分钟", "%(num)s 分钟", seconds // 60)
    return ngettext("%(num)s 秒", "%(num)s 秒", seconds)


def _processes(figures: Figures) -> Iterator[Alarm]:
    if not figures.schedule:
        yield Alarm(NEVER)
    elif any(line.alarming and _unheard(line, figures) for line in figures.schedule):
        yield Alarm(SILENT)
    if figures.queue is None:
        yield Alarm(NO_QUEUE)
    elif not figures.queue.workers:
        yield Alarm(NO_WORKER)


def _unheard(line: Line, figures: Figures) -> bool:
    return line.rung_at is None or figures.now - line.rung_at > QUIET


def _late(figures: Figures) -> Iterator[Alarm]:
    for line in figures.schedule:
        if line.alarming:
            yield Alarm(LATE, {"label": line.label, "time": line.late})


def _waiting(figures: Figures) -> Iterator[Alarm]:
    if figures.people_waiting > WAITED:
        yield Alarm(WAITING, {"time": figures.people_waiting})
    elif figures.runs_waiting > WAITED_FOR_NOBODY:
        yield Alarm(PILED, {"time": figures.runs_waiting})


def _broken(figures: Figures) -> Iterator[Alarm]:
    for line in figures.schedule:
        if line.failures and line.error:
            yield Alarm(BROKE, {"label": line.label, "error": line.error, "count": line.failures})
        elif line.failures:
            yield Alarm(CUT_OFF, {"label": line.label})


def _notices(figures: Figures) -> Iterator[Alarm]:
    if figures.unsent_for > UNSENT:
        yield Alarm(LATE_NOTICES, {"count": figures.unsent, "time": figures.unsent_for})
    if figures.unsendable:
        yield Alarm(LOST_NOTICES, {"count": figures.unsendable})
