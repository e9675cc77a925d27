"""How a list is published: what blocks it, its frozen rows, and who is told (P-1 to P-4, Y-5, D-7)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select

from portal import clock
from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.queries import of_place
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.registry import Difference, Owed, Told
from portal.foundation.rights.rules import Right
from portal.foundation.runs.rules import RunKind
from portal.foundation.runs.service import start
from portal.foundation.runs.work import Work
from portal.foundation.search import service as search
from portal.powers.lists import difference, earlier, indexing, queries, snapshot
from portal.powers.lists.adjusting import queries as adjusting
from portal.powers.lists.adjusting.models import ChangeNote, Succession
from portal.powers.lists.adjusting.rules import FRAME_WORDS, WORDS, kinds, unexplained
from portal.powers.lists.cube import service as cube
from portal.powers.lists.models import Answer, Delegation, PowerList, PublishedMatter, ScopeException
from portal.powers.lists.profiles.rules import Field, against_law, build_profile
from portal.powers.lists.rules import ENTRUSTED_AGAIN, ENTRUSTER_ANSWERS, Mode
from portal.powers.lists.scopes import resolving
from portal.powers.lists.telling import told_of
from portal.powers.lists.totals import Mismatch, figures
from portal.powers.lists.transfers import service as transfers
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterType, fold_name, read_type

LAW = re.compile(r"《[^》]+(?:法|条例|规定|办法)》")
SETTLED_MODES = frozenset({Mode.UNDELEGATED, Mode.UNDETERMINED})
"""States of D-2: nothing is handed over, so no profile is asked for."""


Objection = Callable[[PowerList], Iterable[str]]

_objections: list[Objection] = []


def register_objection(objection: Objection) -> None:
    """Let a slice say what forbids to publish a list's working copy; once, when the application starts."""
    if objection not in _objections:
        _objections.append(objection)


class ListPublishing:
    """Power lists as something that is published."""

    def title(self, subject_id: int) -> str:
        """The list's title with its annex."""
        return _list(subject_id).title

    def require(self, by: Account, subject_id: int) -> None:
        """Lists are put forward by whoever edits them."""
        require(by, Right.EDIT_LISTS, _list(subject_id).place_id)

    def owes(self, subject_id: int) -> Owed:
        """The office of the government that issued the list, from the day of its document."""
        power_list = _list(subject_id)
        office = next(iter(of_place(power_list.place, OrganisationKind.GOVERNMENT_OFFICE)), None)
        return Owed(
            power_list.place, office, power_list.policy.issued_on, power_list.earlier_of_id or power_list.id
        )

    def becomes(self, subject_id: int) -> int | None:
        """The list of which it holds an older state (earlier)."""
        return _list(subject_id).earlier_of_id

    def places(self, subject_ids: Collection[int]) -> dict[int, Place]:
        """The places of the governments that issued the lists."""
        wanted = select(PowerList.id, Place).join(PowerList.place).where(PowerList.id.in_(subject_ids))
        return {row.id: row.Place for row in db.session.execute(wanted)}

    def blockers(self, subject_id: int, day: date | None = None) -> list[str]:  # noqa: ARG002  the same on every day
        """Totals that differ without a reason, unfilled profiles, scopes that contradict, an empty list.

        What is transferred, entrusted and received today holds back no older state: it says what was.
        """
        power_list = _list(subject_id)
        if entered := earlier.entered(power_list):
            return [_("已经补录为第 %(number)s 版。", number=entered.number)]
        if not power_list.scope.members:
            return [_("适用范围里还没有地方。")]
        if not queries.size(power_list.id):
            return [_("清单里还没有事项。")]
        own = [
            *total_blockers(power_list),
            *_profile_blockers(power_list),
            *_scope_blockers(power_list),
        ]
        if power_list.earlier_of_id is not None:
            return own
        return [
            *own,
            *_entrusting_blockers(power_list),
            *transfers.blockers(power_list),
            *(said for object_to in _objections for said in object_to(power_list)),
        ]

    def document(self, subject_id: int) -> Iterator[bytes]:
        """The working copy as a document (snapshot.render)."""
        power_list = _list(subject_id)
        return snapshot.render(snapshot.frame(power_list), snapshot.working_rows(power_list))

    def difference(self, subject_id: int, base: Revision | None) -> Difference:
        """The working copy against a revision (difference.compare), with why and from what (adjusting.explained)."""
        power_list = _list(subject_id)
        before = snapshot.published_rows(base) if base else None
        with resolving():
            rows = difference.compare(
                before, snapshot.working_rows(power_list), register=power_list.earlier_of_id is None
            )
        framed = base.content["frame"] if base else None
        entries = adjusting.explained(power_list.id, rows.entries)
        return dataclasses.replace(
            rows,
            entries=entries,
            unexplained=sum(map(unexplained, entries)) if base else 0,
            frame=difference.compare_frames(framed, snapshot.frame(power_list)),
        )

    def only_words(self, difference: Difference) -> bool:
        """Words of matters and of the list's own title, annex and notes; everything else is somebody's power."""
        told = {kind for entry in difference.entries for kind in kinds(entry)}
        return told <= WORDS and {each["what"] for each in difference.frame} <= FRAME_WORDS

    def prepare(self, revision: Revision, work: Work) -> None:
        """Freeze the rows and answers in batches of snapshot.BATCH, index them, then count them into the cube."""
        power_list = _source(revision)
        self.forget(revision)
        ids = {place.code: place.id for place in power_list.scope.members}
        revision.content = {
            "frame": snapshot.frame(power_list),
            "place_ids": [{"id": place_id, "code": code} for code, place_id in ids.items()],
        }
        rows = list(snapshot.working_rows(power_list))
        index = search.Writing(indexing.KIND, revision.id)
        work.step(0, len(rows))
        for begin in range(0, len(rows), snapshot.BATCH):
            batch = rows[begin : begin + snapshot.BATCH]
            keys = _freeze(revision, batch, begin, ids)
            index.add(map(indexing.entry, keys, batch))
            work.step(begin + len(batch), len(rows))
        index.finish()
        cube.make(revision)

    def published_document(self, revision: Revision) -> Iterator[bytes]:
        """The revision's own rows as a document."""
        return snapshot.render(revision.content["frame"], snapshot.published_rows(revision))

    def forget(self, revision: Revision) -> None:
        """Delete the rows of a revision nobody saw."""
        cube.forget(revision)
        search.forget(indexing.KIND, revision.id)
        mine = select(PublishedMatter.id).where(PublishedMatter.revision_id == revision.id)
        db.session.execute(delete(Answer).where(Answer.published_matter_id.in_(mine)))
        db.session.execute(delete(PublishedMatter).where(PublishedMatter.revision_id == revision.id))

    def told(self, revision: Revision) -> Iterable[Told]:
        """The departments whose matters changed; all of them for a first revision."""
        power_list = _list(revision.subject_id)
        wanted = (
            select(Organisation, func.count())
            .join(Matter, Matter.organisation_id == Organisation.id)
            .where(Matter.id.in_(queries.touched_matters(revision)))
            .group_by(Organisation.id)
            .order_by(Organisation.id)
        )
        for body, count in db.session.execute(wanted):
            yield told_of(power_list, revision, body, count)

    def after(self, revision: Revision) -> None:
        """Ask for the files to download, made once per revision; what was said of its changes is public with them."""
        start(RunKind.EXPORT, revision.id, by=None)
        for said in (ChangeNote, Succession):
            db.session.execute(delete(said).where(said.list_id == _source(revision).id))


def _source(revision: Revision) -> PowerList:
    """The working copy that a revision is made of: its own list's, or an older state's."""
    return _list(revision.proposal.subject_id)


def _list(list_id: int) -> PowerList:
    return db.session.get_one(PowerList, list_id)


def total_blockers(power_list: PowerList) -> list[str]:
    """P-4: totals that differ, unless a person has accepted just these figures with a reason."""
    mismatches = queries.mismatches(power_list)
    reason, accepted = power_list.totals_waiver, power_list.totals_waived
    if not mismatches or (reason and accepted in (None, figures(mismatches))):
        return []
    again = [_("总数不符的理由是按原来的数写的，现在的数变了，请再看一次")] if reason else []
    return [*(total_in_words(each) for each in mismatches), *again]


def total_in_words(mismatch: Mismatch) -> str:
    """What the document says and what the list holds, for people."""
    return str(
        _(
            "%(what)s应有 %(declared)s 项，清单里是 %(counted)s 项",
            what=_what(mismatch.kind, mismatch.name),
            declared=mismatch.declared,
            counted=mismatch.counted,
        )
    )


def _what(kind: str, name: str) -> str:
    if kind == "total":
        return str(_("总数"))
    return Mode(name).label if kind == "mode" else name


def _profile_blockers(power_list: PowerList) -> list[str]:
    """Y-5: a mode in use is not published while its profile says nothing of who does what and who is liable."""
    missing = []
    for mode in sorted(_modes_in_use(power_list) - SETTLED_MODES):
        entries = [(each.field, each.value, each.source) for each in power_list.profile if each.mode is mode]
        if build_profile(mode, entries).missing:
            missing.append(_("“%(mode)s”的办理和责任说明还没有填完", mode=mode.label))
    return missing


def _entrusting_blockers(power_list: PowerList) -> list[str]:
    """D-8 (AL 24): entrusting names its law, and what is itself held by entrustment is not entrusted again."""
    if Mode.ENTRUSTED not in _modes_in_use(power_list):
        return []
    decided = [
        each for each in power_list.profile if each.mode is Mode.ENTRUSTED and each.field == Field.DECIDE
    ]
    found = []
    if not any(LAW.search(each.source) for each in decided):
        found.append(_("“委托下放”的“谁来决定”要写明法律依据，例如《行政许可法》第二十四条"))
    if any(against_law(each.mode, each.field, each.value) for each in power_list.profile):
        found.append(_(ENTRUSTER_ANSWERS))
    held = queries.held_names(power_list.place_id, clock.today())
    entrusted = db.session.scalars(queries.entrusted_names(power_list.id))
    found.extend(_(ENTRUSTED_AGAIN, name=name) for name in entrusted if fold_name(name) in held)
    return found


def _modes_in_use(power_list: PowerList) -> set[Mode]:
    usual = select(Delegation.mode).where(Delegation.list_id == power_list.id)
    other = select(ScopeException.mode).join(Delegation).where(Delegation.list_id == power_list.id)
    return set(db.session.scalars(usual.union(other)))


def _scope_blockers(power_list: PowerList) -> list[str]:
    try:
        with resolving():
            for _row in snapshot.working_rows(power_list):
                pass
    except Refused as refusal:
        return [_(refusal.sentence, **refusal.values)]
    except KeyError as error:
        return [_("例外里的“%(group)s”还没有说明包括哪些地方", group=error.args[0])]
    return []


def _freeze(
    revision: Revision, batch: list[snapshot.Row], begin: int, place_ids: dict[str, int]
) -> Sequence[int]:
    frozen = [_frozen(revision, row, begin + offset) for offset, row in enumerate(batch, 1)]
    keys = db.session.scalars(
        insert(PublishedMatter).returning(PublishedMatter.id, sort_by_parameter_order=True), frozen
    ).all()
    answers = [
        {"published_matter_id": key, "place_id": place_ids[code], "mode": Mode(mode)}
        for key, row in zip(keys, batch, strict=True)
        for code, mode in row.answers.items()
    ]
    db.session.execute(insert(Answer), answers)
    return keys


def _frozen(revision: Revision, row: snapshot.Row, position: int) -> dict[str, Any]:
    return {
        "revision_id": revision.id,
        "matter_id": row.matter_id,
        "position": position,
        "seq": row.seq,
        "name": row.name,
        "code": row.code,
        "type": read_type(row.type) or MatterType.OTHER,
        "organisation_id": row.organisation_id,
        "department": row.department,
        "mode": Mode(row.mode),
        "mode_label": row.mode_label,
        "remark": row.remark,
        "sub_items": list(row.sub_items),
        "status": dict(row.status),
        "everyday_names": list(row.everyday_names),
    }
