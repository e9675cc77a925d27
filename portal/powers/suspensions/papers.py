"""Papers of a list repeat what is stopped in it; when that changes, they are made anew."""

from __future__ import annotations

from portal import clock
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.handouts import making as handouts
from portal.powers.lists.exports import making as exports


def anew(list_id: int) -> None:
    """Nobody shall take along or post up a paper that does not say it, or says it longer than it holds."""
    in_force = publishing.current(Subject.LIST, list_id, clock.today())
    for each in publishing.revisions(Subject.LIST, list_id):
        if each.state is RevisionState.PUBLISHED and in_force and each.order >= in_force.order:
            exports.made_anew(each)
            handouts.made_anew(each)
