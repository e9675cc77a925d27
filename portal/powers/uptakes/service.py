"""A place's choice of mode where its list leaves it open, for itself and its towns; entering the towns (D-2, D-10)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.organisations import queries as bodies
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places import service as tree
from portal.foundation.places.models import Place
from portal.foundation.places.queries import by_code
from portal.foundation.places.rules import PlaceKind
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound
from portal.foundation.reorganisations import service as reorganisations
from portal.foundation.reorganisations.service import Decision
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.powers.lists.models import Delegation, PowerList
from portal.powers.lists.profiles.rules import Field, build_profile
from portal.powers.lists.publishing import LAW
from portal.powers.lists.queries import held_names
from portal.powers.lists.rules import ENTRUSTED_AGAIN, Mode
from portal.powers.lists.scopes import mode_at
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import fold_name
from portal.powers.uptakes import queries
from portal.powers.uptakes.models import Choice
from portal.powers.uptakes.rules import TownLine, town_body

SETTLED = mark("这个事项的方式由清单规定，不由各地选择。")
CHOOSABLE = (Mode.DIRECT, Mode.ENTRUSTED, Mode.WINDOW, Mode.REVIEW, Mode.COLLECTION)


def choose(
    place: Place, power_list: PowerList, matter: Matter, mode: Mode | None, *, by: Account, basis: str = ""
) -> Choice | None:
    """Say which mode was chosen for a matter at a place; None takes the choice back.

    The place is one that the list reaches, and the choice then holds for all its towns, or one of its towns: the
    county chooses for it (D-10), so the right for the county is asked for. Refused where the list itself settles
    the mode, for a mode that the list does not explain (Y-5), for entrusting what the choosing place itself holds by
    entrustment (D-8), and for places that it does not reach.
    """
    above = _may_choose(power_list, place, by)
    if mode is None:
        _take_back(_present(power_list, [place]).get((place.id, matter.id)))
        return None
    _choosable(power_list, mode)
    _not_entrusted_again(above, [matter], mode)
    if answer_of(place, power_list, matter) is not Mode.UNDETERMINED:
        raise Conflict(SETTLED)
    present = _present(power_list, [place]).get((place.id, matter.id))
    choice = _choice(present, place, power_list, matter, mode, basis)
    db.session.flush()
    return choice


def choose_many(
    power_list: PowerList,
    places: Iterable[Place],
    matters: Iterable[Matter],
    mode: Mode,
    *,
    by: Account,
    basis: str = "",
    only_missing: bool = True,
) -> int:
    """One mode for many: every one of the matters at every one of the places; gives how many choices changed.

    With `only_missing` what was already chosen for a place stays. The same refusals as `choose`; one stops all.
    """
    _choosable(power_list, mode)
    where, what = list(places), list(matters)
    present = _present(power_list, where)
    count = 0
    for place in where:
        above = _may_choose(power_list, place, by)
        left_open = {matter.id for matter in queries.left_open(power_list, above)}
        _not_entrusted_again(above, what, mode)
        for matter in what:
            if matter.id not in left_open:
                raise Conflict(SETTLED)
            before = present.get((place.id, matter.id))
            if before is None or not only_missing:
                _choice(before, place, power_list, matter, mode, basis)
                count += 1
    db.session.flush()
    return count


def answer_of(place: Place, power_list: PowerList, matter: Matter) -> Mode:
    """What the list's working copy says for a matter at a place, or at the one above it that it reaches.

    Refused when it reaches neither.
    """
    delegation = db.session.scalar(
        select(Delegation).where(Delegation.list_id == power_list.id, Delegation.matter_id == matter.id)
    )
    mode = mode_at(delegation, queries.chooser(power_list, place)) if delegation else None
    if mode is None:
        raise Refused("这份清单不包括%(place)s的这个事项。", place=place.name)
    return mode


def enter_towns(county: Place, towns: Iterable[TownLine], *, by: Account) -> list[Place]:
    """Enter the towns below a county or zone, each with its own body, so that it can be named as a receiver (D-10).

    Without an official code a town gets one of our own (G-1). Refused for a line that cannot be read, an odd code or
    another county's, a parent of another level, and without any town; Conflict for one that is there already.
    """
    require(by, Right.EDIT_PLACE, county.id)
    if county.kind not in (PlaceKind.COUNTY, PlaceKind.ZONE):
        raise Refused("镇街要登记在县（市、区）或者功能区下面，“%(name)s”不是。", name=county.name)
    entered = [_enter(county, town, by) for town in towns]
    if not entered:
        raise Refused("请至少写一个镇街的名称。")
    return entered


def change_town(town: Place, *, by: Account, name: str, note: str, decision: Decision | None = None) -> Place:
    """Rename a town on a decision or, without one, put its misspelt name right; or note something.

    Its own body takes the name along, and a renamed town keeps its former name with its day, as any place does
    (reorganisations.service.rename). A town that was entered without its body, because the name did not say which it
    has, gets it now. Ending it and taking that back are no corrections: it ends as a reorganisation does.
    """
    name, former = name.strip(), town_body(town.name)
    wanted = town_body(name)
    free = wanted not in ("", former) and bodies.named(town, wanted) is None
    own = bodies.named(town, former) if free and former else None
    if decision is not None and name != town.name:
        reorganisations.rename(town, name, decision, [(own, wanted)] if own else (), by=by)
    tree.change(town, by=by, name=name, note=note, certainty=town.certainty, ended_on=town.ended_on)
    if own is not None:
        organisations.rename(own, wanted, by=None)
    elif free and not bodies.of_place(town, OrganisationKind.GOVERNMENT):
        organisations.add(town, wanted, OrganisationKind.GOVERNMENT, by=None)
    return town


def _enter(county: Place, town: TownLine, by: Account) -> Place:
    _check(county, town)
    place = tree.add(county, town.name, PlaceKind.TOWN, code=town.code, by=by)
    if body := town_body(place.name):
        # Nobody decides on it: every town has its government or office.
        organisations.add(place, body, OrganisationKind.GOVERNMENT, by=None)
    return place


def _check(county: Place, town: TownLine) -> None:
    if not town.name:
        raise Refused(
            "“%(line)s”看不懂：请一行写一个镇街，先写名称，再写九位代码，中间空一格。", line=town.typed
        )
    if town.code_is_odd:
        raise Refused(
            "“%(name)s”的代码 %(number)s 不对：镇街的代码是九位数字，不知道就不填。",
            name=town.name,
            number=town.code,
        )
    # A zone governs towns that bear the codes of the counties around it; a county's own begin with the county's.
    other = by_code(town.code[:6]) if town.code and county.kind is PlaceKind.COUNTY else None
    if other is not None and other is not county:
        raise Refused(
            "“%(name)s”的代码 %(number)s 是%(other)s的，不是%(county)s的，请核对。",
            name=town.name,
            number=town.code,
            other=other.name,
            county=county.name,
        )


def _may_choose(power_list: PowerList, place: Place, by: Account) -> Place:
    """The place that chooses for this one, if the account may act for it and its statement is not put forward."""
    require(by, Right.EDIT_PLACE, place.id)
    above = queries.chooser(power_list, place)
    require(by, Right.EDIT_PLACE, above.id)
    bound(Subject.UPTAKE, above.id)
    return above


def _choosable(power_list: PowerList, mode: Mode) -> None:
    if mode not in CHOOSABLE:
        raise Refused("请从几种放权方式里选一种。")
    if not _explained(power_list, mode):
        # The public could not be told where to go, and nobody would answer for it (Y-5).
        raise Refused(
            "清单还没有写明“%(mode)s”由谁办、谁负责，不能选这种方式。请另选一种，或者请清单的编辑人员先写明。",
            mode=mode.label,
        )


def _not_entrusted_again(above: Place, matters: Iterable[Matter], mode: Mode) -> None:
    held = held_names(above.id, clock.today()) if mode is Mode.ENTRUSTED else frozenset()
    for matter in matters:
        if fold_name(matter.name) in held:
            raise Refused(ENTRUSTED_AGAIN, code="entrusted_again", name=matter.name)


def _explained(power_list: PowerList, mode: Mode) -> bool:
    """Whether the list says who does what under a mode and who answers (Y-5), and for entrusting by which law (D-8)."""
    said = [each for each in power_list.profile if each.mode is mode]
    if build_profile(mode, [(each.field, each.value, each.source) for each in said]).missing:
        return False
    decided = (each for each in said if each.field == Field.DECIDE)
    return mode is not Mode.ENTRUSTED or any(LAW.search(each.source) for each in decided)


def _present(power_list: PowerList, places: Iterable[Place]) -> dict[tuple[int, int], Choice]:
    """What was chosen so far, by ids of place and matter."""
    wanted = select(Choice).where(
        Choice.list_id == power_list.id, Choice.place_id.in_([place.id for place in places])
    )
    return {(each.place_id, each.matter_id): each for each in db.session.scalars(wanted)}


def _take_back(choice: Choice | None) -> None:
    if choice is not None:
        db.session.delete(choice)
        db.session.flush()


def _choice(
    present: Choice | None, place: Place, power_list: PowerList, matter: Matter, mode: Mode, basis: str
) -> Choice:
    if present is None:
        present = Choice(place=place, power_list=power_list, matter=matter)
        db.session.add(present)
    present.mode, present.basis = mode, basis.strip()
    return present
