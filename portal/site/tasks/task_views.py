"""The public ledger of tasks, and published circulars with their files."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, request

from portal import clock
from portal.address import knows
from portal.downloads import disposition, download
from portal.foundation.files.service import path_of
from portal.foundation.policies.models import Policy
from portal.i18n import gettext as _
from portal.oversight.circulars import papers, rules
from portal.oversight.circulars import queries as circulars
from portal.oversight.circulars.models import Circular
from portal.oversight.tasks import queries
from portal.site.blueprint import page, site
from portal.site.tasks.gantt import picture
from portal.site.tasks.ledger import counted, lines
from portal.site.tasks.sheet import as_csv

CIRCULAR = "/tasks/circulars/<int(max=2147483647):circular_id>"


@site.get("/tasks")
@knows("policy")
def tasks() -> str:
    """The tasks of one document: by when, who leads, how far; the newest document unless another is asked for."""
    policies = queries.policies(public=True)
    policy, today = _chosen(policies), clock.today()
    found = lines(queries.ledger(policy.id, today, public=True)) if policy else []
    return page(
        "site/tasks.html",
        policies=policies,
        policy=policy,
        lines=found,
        counts=counted(found),
        picture=picture(found, today, _("图：各项任务的期限和进度")),
        circulars=circulars.published(policy.id) if policy else [],
    )


@site.get("/tasks.csv")
@knows("policy")
def tasks_file() -> Response:
    """The same as CSV, for machines."""
    policy = _chosen(queries.policies(public=True)) or abort(404)
    answer = Response(
        as_csv(queries.ledger(policy.id, clock.today(), public=True)), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = disposition(f"{policy.number} 改革任务.csv")
    return answer


@site.get(CIRCULAR)
def circular(circular_id: int) -> str:
    """A published circular, as it was made."""
    found = _published(circular_id)
    return page(
        "site/circular.html",
        circular=found,
        heading=papers.title(found),
        period=papers.period(found),
        chapters=papers.sections(found),
        lines=rules.lines_of(found.content),
        stands=papers.stands,
    )


@site.get(f"{CIRCULAR}.<any(pdf,docx):kind>")
def circular_file(circular_id: int, kind: str) -> Response:
    """A published circular as PDF or Word."""
    file = circulars.file(_published(circular_id), kind) or abort(404)
    return download(path_of(file), name=file.name, media_type=file.media_type, sha256=file.sha256)


def _chosen(policies: Sequence[Policy]) -> Policy | None:
    """The document that the address asks for, else the newest; 404 for one without public tasks."""
    wanted = request.args.get("policy", "")
    if not wanted:
        return next(iter(policies), None)
    return next((each for each in policies if str(each.id) == wanted), None) or abort(404)


def _published(circular_id: int) -> Circular:
    found = circulars.get(circular_id)
    if found is None or found.published_at is None:
        abort(404)
    return found
