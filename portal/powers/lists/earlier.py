"""Older states of a list that is public already, found in an archive and entered with their own day (补录; P-5).

Such a state has a document, places, notes and profile of its own, and it is imported like a list; so it is kept as one,
with `earlier_of`, and becomes a revision of that list when it is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from sqlalchemy import delete, select

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.places.models import PlaceGroup
from portal.foundation.policies.models import Policy
from portal.foundation.publishing import placing
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.foundation.runs.rules import RunKind
from portal.foundation.runs.service import start
from portal.powers.lists import difference, service, snapshot
from portal.powers.lists.exports.formats import SHEETS, Part, key
from portal.powers.lists.models import PowerList, RevisionFile

KEPT = ("reason", "basis", "succession")
"""What an editor said of a change; it stays when the change is counted anew."""


def entered(power_list: PowerList) -> Revision | None:
    """The revision that an older state has become; None before, and once that one was closed."""
    if power_list.earlier_of_id is None:
        return None
    return db.session.scalar(
        select(Revision)
        .join(Revision.proposal)
        .where(
            Revision.subject == Subject.LIST,
            Revision.subject_id == power_list.earlier_of_id,
            Revision.state == RevisionState.PUBLISHED,
            Proposal.subject_id == power_list.id,
        )
    )


def found(
    power_list: PowerList,
    title: str,
    *,
    policy: Policy,
    scope: PlaceGroup | None,
    by: Account,
    annex: str = "",
) -> PowerList:
    """A working copy, still empty, for an older state of a list as its own document printed it.

    Places and modes may have been others: `scope` is the group that it reached then, and what modes meant is written
    with the clauses of that document. Refused for a list that is not public, and as `service.found` does.
    """
    if power_list.earlier_of_id is not None or publishing.newest(Subject.LIST, power_list.id) is None:
        raise Refused("还没有公布过的清单，不用补录以前的版本：直接公布，写明生效日期。", code="first")
    made = service.found(
        free_slug(power_list.slug),
        title,
        policy=policy,
        place=power_list.place,
        scope=scope,
        by=by,
        annex=annex,
        cross_border=power_list.cross_border,
        kind=power_list.kind,
    )
    made.earlier_of = power_list
    db.session.flush()
    return made


def of(power_list: PowerList) -> Sequence[PowerList]:
    """The working copies of its older states, in the order of their founding."""
    wanted = select(PowerList).where(PowerList.earlier_of_id == power_list.id)
    return db.session.scalars(wanted.order_by(PowerList.id)).all()


def free_slug(slug: str) -> str:
    """A word that no list has; nobody reads it in an address, since what comes of it is the other list's revision."""
    head = f"{slug[: service.LONGEST_SLUG - 16].rstrip('-')}-earlier"
    known = set(db.session.scalars(select(PowerList.slug).where(PowerList.slug.startswith(head))))
    return next(word for word in map(f"{head}-{{}}".format, count(1)) if word not in known)


def recount(revision: Revision) -> None:
    """After an older state was made public or closed: what the next one in time changed is told against the right one.

    Its files of changes are made anew. What was approved stays with its proposal.
    """
    was, after = placing.neighbours(revision)
    base = revision if revision.state is RevisionState.PUBLISHED else was
    if revision.subject is not Subject.LIST or after is None:
        return
    after.compared_with = base.number if base else 0
    after.difference = _between(base, after)
    told = [key(Part.CHANGES, ending) for ending in SHEETS]
    mine = (RevisionFile.revision_id == after.id, RevisionFile.format.in_(told))
    db.session.execute(delete(RevisionFile).where(*mine))
    db.session.flush()
    start(RunKind.EXPORT, after.id, by=None)


def _between(base: Revision | None, after: Revision) -> dict[str, Any]:
    """The difference of two revisions as it is stored, with what was said of single changes when it was approved."""
    approved = after.proposal.difference
    if (base.number if base else 0) == after.proposal.compared_with:
        return approved
    rows = snapshot.published_rows(base) if base else None
    register = base is None or difference.frozen_in_time(base, after)
    found = difference.compare(rows, snapshot.published_rows(after), register=register).stored()
    said = {each["matter_id"]: each for each in approved.get("entries", ())}
    for each in found["entries"]:
        told = said.get(each["matter_id"], {})
        each.update({key: told[key] for key in KEPT if key in told})
    framed = base.content["frame"] if base else None
    return {**found, "frame": difference.compare_frames(framed, after.content["frame"])}
