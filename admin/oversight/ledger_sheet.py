"""The ledger to take along: a row for each date, and one for each task without any; as CSV or XLSX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from flask import Response

from admin import taking
from admin.labels import label
from portal.foundation.organisations.models import Organisation
from portal.foundation.policies.models import Policy
from portal.i18n import gettext as _
from portal.oversight.tasks.queries import Entry, Step
from portal.sheets.writing import Row

WIDTHS = (8, 36, 10, 28, 28, 36, 18, 40, 14, 12, 12, 14, 10, 12, 12, 12, 8)


def as_file(entries: Sequence[Entry], policy: Policy, ending: str, today: date) -> Response:
    """These lines of the ledger, in the language of the request; an error when a row is lost on the way."""
    header = (
        *(
            _("编号"),
            _("任务"),
            _("条款"),
            _("牵头单位"),
            _("配合单位"),
            _("责任单位（原文）"),
            _("调度单位"),
        ),
        *(_("节点"), _("原文的期限"), _("到期日"), _("办结日"), _("节点状态"), _("逾期工作日")),
        *(_("任务状态"), _("进度（%）"), _("进展截至"), _("公开")),
    )
    size = sum(max(1, len(each.steps)) for each in entries)
    return taking.as_file(
        header,
        _rows(entries),
        size=size,
        name=f"{policy.number} {_('改革任务台账')} {today.isoformat()}.{ending}",
        sheet=_("改革任务台账"),
        about="tasks",
        widths=WIDTHS,
    )


def _rows(entries: Sequence[Entry]) -> Iterator[Row]:
    for entry in entries:
        task, report = entry.task, entry.report
        first = (
            task.code,
            task.title,
            task.clause.label if task.clause else "",
            _names(task.leads),
            _names(task.partners),
            task.responsible,
            task.office.name,
        )
        last = (
            str(label(entry.state)),
            "" if entry.percent is None else entry.percent,
            report.reported_on.isoformat() if report else "",
            _("是") if task.published else _("否"),
        )
        if not entry.steps:
            yield (*first, "", str(label(task.dating)), "", "", "", "", *last)
        for step in entry.steps:
            yield (*first, *_part(step), *last)


def _part(step: Step) -> Row:
    done_on = step.span.done_on
    return (
        step.milestone.text,
        step.milestone.printed,
        step.span.due_on.isoformat(),
        done_on.isoformat() if done_on else "",
        str(label(step.standing)),
        step.late or "",
    )


def _names(bodies: Sequence[Organisation]) -> str:
    return "、".join(body.name for body in bodies)
