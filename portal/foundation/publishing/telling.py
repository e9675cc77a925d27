"""Telling organisations that something was made public."""

from __future__ import annotations

from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.registry import Told, also_told, publishable


def tell(revision: Revision) -> None:
    """A notice to each body that the publication's own slice or an upper one names."""
    for told in (*publishable(revision.subject).told(revision), *also_told(revision)):
        notify(
            told.organisation,
            key=_occasion(revision, told),
            title=told.title,
            body=told.body,
            address=told.address,
            values=told.values,
            kind=NoticeKind.PUBLICATION,
        )


def _occasion(revision: Revision, told: Told) -> str:
    """The key of what a body is told: one for each topic of a publication."""
    key = f"{revision.subject}-{revision.subject_id}-{revision.number}-{told.organisation.id}"
    return f"{key}-{told.topic}" if told.topic else key
