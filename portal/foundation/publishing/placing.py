"""Where in time a state that is put forward will stand: after the newest, or between older ones (补录; P-1, P-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal import clock
from portal.errors import Conflict, Refused
from portal.foundation.publishing import queries
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import RevisionState, Subject, Unfit, entered_after
from portal.i18n import day, mark

WHY_UNFIT = {
    Unfit.TAKEN: mark("%(day)s起已经有一版在执行，不能再补录一版。写错的版本要先关闭。"),
    Unfit.TODAY: mark(
        "%(day)s以后还没有别的版本接替，现在执行的会因此改变。要改现在的，请在清单上调整后送审。"
    ),
}


MOVED = mark("送审以后，它前后的版本有变，请重新送审。")


@dataclass(frozen=True)
class Standing:
    """Of which subject it becomes a revision, from which day, in which rank (None after the newest), against which."""

    target_id: int
    day: date
    rank: int | None
    base: Revision | None
    number: int
    """The newest number of the subject, 0 for none."""

    @property
    def facts(self) -> dict[str, Any]:
        """The same as a proposal keeps it."""
        return {
            "target_id": self.target_id,
            "effective_on": self.day,
            "rank": self.rank,
            "base_number": self.number,
            "compared_with": self.compared_with,
        }

    @property
    def corrects(self) -> bool:
        """Whether there is something public behind which it comes, so that it may be an erratum."""
        return self.number > 0 and self.rank is None

    @property
    def compared_with(self) -> int:
        """The number of the revision that it is compared with; of one that was closed since, too."""
        if self.base is not None:
            return self.base.number
        return self.number if self.rank is None else 0


def place(subject: Subject, subject_id: int, wanted: date | None) -> Standing:
    """Where the working copy will stand, if it takes effect on a day (today by default).

    Only a first revision may date back, to its document; an older state must. Refused for days that cannot be; Conflict
    while something else is put forward for the same subject: what it is compared with would change under it.
    """
    target = publishable(subject).becomes(subject_id)
    _alone(subject, target or subject_id)
    number = queries.head_number(subject, target or subject_id)
    formed_on = publishable(subject).owes(subject_id).formed_on
    if target is None:
        begin = _possible_day(wanted, formed_on, past=not number)
        return Standing(subject_id, begin, None, queries.newest(subject, subject_id), number)
    if wanted is None:
        raise Refused("请写明这一版从哪一天起执行。", code="day")
    if wanted >= clock.today():
        raise Refused("补录的版本要从以前的一天起执行。", code="past")
    begin = _possible_day(wanted, formed_on, past=True)
    return Standing(target, begin, _rank(subject, target, begin), before(subject, target, begin), number)


def moved(proposal: Proposal) -> list[str]:
    """Why an older state can no longer stand where it was to: revisions beside it were closed meanwhile; or nothing."""
    if proposal.rank is None:
        return []
    target = proposal.subject, proposal.target_id
    base = before(*target, proposal.effective_on)
    rank = entered_after(queries.issues(*target), proposal.effective_on, clock.today())
    same = (rank, base.number if base else 0) == (proposal.rank, proposal.compared_with)
    return [] if same else [MOVED]


def before(subject: Subject, subject_id: int, begin: date) -> Revision | None:
    """The revision that held on the eve of a day; before the first of all days none did."""
    if begin == date.min:
        return None
    return queries.current(subject, subject_id, begin - timedelta(days=1))


def neighbours(revision: Revision) -> tuple[Revision | None, Revision | None]:
    """The revisions before and after one in time, closed ones passed over."""
    line = [
        each
        for each in queries.revisions(revision.subject, revision.subject_id)
        if each is revision or each.state is RevisionState.PUBLISHED
    ]
    here = line.index(revision)
    return (line[here + 1] if here + 1 < len(line) else None), (line[here - 1] if here else None)


def _alone(subject: Subject, target_id: int) -> None:
    if queries.under_way(subject, target_id) is not None:
        raise Conflict("这份清单有一版正在送审，办完才能再送审另一版。", code="bound")


def _rank(subject: Subject, target_id: int, begin: date) -> int:
    found = entered_after(queries.issues(subject, target_id), begin, clock.today())
    if isinstance(found, Unfit):
        raise Refused(WHY_UNFIT[found], code=found.value, day=day(begin))
    return found


def _possible_day(wanted: date | None, formed_on: date | None, *, past: bool) -> date:
    """Today unless another day is wanted; one may date back where it is told so, and never before its document."""
    begin = wanted or clock.today()
    if not past and begin < clock.today():
        raise Refused("生效日期不能早于今天。", code="past")
    if wanted and formed_on and wanted < formed_on:
        raise Refused("生效日期不能早于文件印发的那天：%(day)s。", code="formed", day=day(formed_on))
    return begin
