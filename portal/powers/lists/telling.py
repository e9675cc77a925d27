"""What bodies are told of a list's new revision."""

from __future__ import annotations

from datetime import date

from portal.foundation.notifications import texts
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.texts import Text
from portal.foundation.organisations.models import Organisation
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.registry import Told
from portal.i18n import mark
from portal.powers.lists.models import PowerList

PUBLISHED = Text(
    NoticeKind.PUBLICATION,
    mark("《%(list)s》第%(number)s版已公布"),
    mark(
        "%(policy)s%(annex)s《%(list)s》第%(number)s版已经公布，自%(day)s起执行，其中涉及贵单位的事项有%(count)s项。"
        "请核对事项、放权方式和适用范围；有误请告诉清单的编辑人员。"
    ),
    {
        "list": "济宁市市级行政权力事项清单",
        "policy": "济政字〔2021〕30号",
        "annex": "附件1",
        "number": 2,
        "day": date(2021, 6, 15),
        "count": 3,
    },
)
texts.register(PUBLISHED)


def told_of(power_list: PowerList, revision: Revision, body: Organisation, count: int) -> Told:
    """What one body is told of a revision; `count` is how many of its own matters the revision touches."""
    return Told(
        body,
        PUBLISHED.title,
        PUBLISHED.body,
        address=revision_address(power_list, revision),
        values={
            "list": power_list.title,
            "policy": power_list.policy.number,
            "annex": power_list.annex,
            "number": revision.number,
            "day": revision.effective_on,
            "count": count,
        },
    )


def revision_address(power_list: PowerList, revision: Revision) -> str:
    """The path of the revision's public page."""
    return f"/lists/{power_list.slug}/revisions/{revision.number}"
