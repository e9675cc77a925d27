"""A working copy in the form of an edition, so that the public pages show it as they show what is published.

Nothing of it is stored: the revision and its rows are made for one answer and never join the session.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.errors import Conflict
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.powers.lists import snapshot
from portal.powers.lists.models import PowerList, PublishedMatter
from portal.powers.lists.previews import queries
from portal.powers.lists.rules import Mode, ScopeError
from portal.powers.lists.snapshot import Row as WorkingRow
from portal.powers.lists.transfers.rules import usual_labels
from portal.powers.matters.rules import MatterType, read_type
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local, Row

KEY = 0
"""Stands for the revision's key; no row has it."""


@dataclass(frozen=True)
class WorkingEdition(Edition):
    """The revision that publishing the working copy today would make."""

    @cached_property
    def labels(self) -> Mapping[Mode, str]:
        """Each mode as the working copy prints it."""
        printed = {Mode(mode): label for mode, label in queries.labels(self.list_id).items()}
        return usual_labels(transfer=bool(self.bureau)) | printed


class WorkingLocal(Local):
    """What places made public, laid over answers that stand in no table."""

    printed: Mapping[int, Mapping[int, Mode]]
    """The working copy's own answers by matter and place, of the matters that are shown."""

    def left_open(self, edition: Edition, row: Row, place: PlaceName) -> bool:
        """Whether the working copy leaves the mode of a row open at the place."""
        del edition
        return self.printed[row.matter_id][place.reached.id] is Mode.UNDETERMINED


def edition_of(power_list: PowerList) -> WorkingEdition:
    """The working copy as an edition: the list's facts with the number and the day that it would have."""
    base = publishing.head_number(Subject.LIST, power_list.id)
    proposal = publishing.open_proposal(Subject.LIST, power_list.id)
    places = power_list.scope.members
    revision = Revision(
        id=KEY,
        subject=Subject.LIST,
        subject_id=power_list.id,
        number=base + 1,
        rank=base + 1,
        compared_with=base,
        title=power_list.title,
        hash="",
        content={
            "frame": snapshot.frame(power_list),
            "place_ids": [{"id": place.id, "code": place.code} for place in places],
        },
        difference={},
    )
    if proposal is not None:
        revision.reason, revision.effective_on = proposal.reason, proposal.effective_on
    return WorkingEdition(power_list.slug, revision)


def rows_of(power_list: PowerList, matters: Sequence[int]) -> list[WorkingRow]:
    """Rows of the working copy; Conflict where its exceptions contradict each other, so that there is no answer."""
    try:
        return list(snapshot.working_rows(power_list, matters))
    except (ScopeError, KeyError):
        raise Conflict("这份清单里的例外还有矛盾，改好以后才能预览。", code="scope") from None


def frozen(rows: Sequence[WorkingRow]) -> list[PublishedMatter]:
    """The rows as they would be published; each has its matter's key for its own."""
    return [_frozen(row) for row in rows]


def answers(edition: Edition, rows: Sequence[WorkingRow]) -> dict[int, dict[int, Mode]]:
    """Every answer of the rows, by matter and place id."""
    return {
        row.matter_id: {place.id: Mode(row.answers[place.code]) for place in edition.places} for row in rows
    }


def _frozen(row: WorkingRow) -> PublishedMatter:
    said: dict[str, Any] = row.printed()
    del said["answers"]
    return PublishedMatter(
        **{
            **said,
            "id": row.matter_id,
            "matter_id": row.matter_id,
            "organisation_id": row.organisation_id,
            "type": read_type(row.type) or MatterType.OTHER,
            "mode": Mode(row.mode),
            "sub_items": list(row.sub_items),
            "everyday_names": list(row.everyday_names),
            "status": dict(row.status),
        }
    )
