"""Verbs on lists: founding one, its profile, single changes to its working copy."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from portal import clock
from portal.db import db
from portal.errors import Conflict, NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.places.models import Place, PlaceGroup
from portal.foundation.places.service import OWN, own_group
from portal.foundation.policies.models import Policy
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound
from portal.foundation.rights.rules import Right
from portal.powers.lists import queries
from portal.powers.lists.adjusting.gaps import close_gap
from portal.powers.lists.models import Delegation, ListKind, PowerList, ProfileField, SubItem
from portal.powers.lists.profiles.rules import Field, ProfileError, against_law, check_value
from portal.powers.lists.rules import ENTRUSTED_AGAIN, ENTRUSTER_ANSWERS, Mode
from portal.powers.lists.scopes import Resolver
from portal.powers.lists.totals import figures
from portal.powers.lists.transfers import service as transfers
from portal.powers.lists.transfers.queries import bureau_of
from portal.powers.matters.rules import fold_name

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 64
OWN_LEVEL = "本级"
"""What the place of a transfer list is called as a group: it stays at its own level."""


def found(
    slug: str,
    title: str,
    *,
    policy: Policy,
    place: Place,
    scope: PlaceGroup | None,
    by: Account,
    annex: str = "",
    cross_border: str = "",
    kind: ListKind = ListKind.DELEGATION,
) -> PowerList:
    """A new, empty list. `slug` is its word in addresses (small letters, digits, hyphens) and never changes.

    `cross_border` is the clause by which matters that cross borders stay with the issuing place (D-5).
    A list of a policy that already has one starts from that one's mode profile (D-3). A transfer list reaches the
    place itself, so its `scope` is not asked for, and starts from what transferring means in law (Y-1); Refused for
    a place that has no approval bureau.
    """
    require(by, Right.EDIT_LISTS, place.id)
    _check_slug(slug)
    if not title.strip():
        raise Refused("请填写清单名称。", code="title")
    power_list = PowerList(
        slug=slug,
        title=title.strip(),
        kind=kind,
        annex=annex.strip(),
        cross_border=cross_border.strip(),
        policy=policy,
        place=place,
        scope=_scope_of(place, kind, scope, by),
        position=len(queries.every()) + 1,
    )
    power_list.profile = _inherited_profile(policy, kind)
    if kind is ListKind.TRANSFER and not power_list.profile:
        power_list.profile = transfers.usual_profile()
    db.session.add(power_list)
    db.session.flush()
    return power_list


def _check_slug(slug: str) -> None:
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Refused("网址名只能用小写字母、数字和连字符，例如 jining-2021-annex-1。", code="slug")
    if queries.by_slug(slug):
        raise Conflict("网址名“%(slug)s”已经用过了。", code="slug", slug=slug)


def _scope_of(place: Place, kind: ListKind, scope: PlaceGroup | None, by: Account) -> PlaceGroup:
    if kind is ListKind.TRANSFER:
        if bureau_of(place) is None:
            raise Refused(transfers.NO_BUREAU, code="bureau", place=place.name)
        return own_group(place, OWN_LEVEL, by=by)
    if scope is None or scope.key == OWN or scope.parent_id != place.id:
        raise Refused("适用范围要从%(place)s的分组里选。", code="scope", place=place.name)
    return scope


def _inherited_profile(policy: Policy, kind: ListKind) -> list[ProfileField]:
    """What another list of the same kind and document says of the modes; empty for its first list."""
    siblings = (each for each in queries.every() if each.policy_id == policy.id and each.kind is kind)
    sibling = next(siblings, None)
    return [
        ProfileField(mode=each.mode, field=each.field, value=each.value, source=each.source)
        for each in (sibling.profile if sibling else ())
    ]


def set_profile(
    power_list: PowerList, mode: Mode, field: str, value: str, source: str, *, by: Account
) -> ProfileField | None:
    """Say one thing about a mode in this list, with its source; an empty value takes it back.

    Refused for a field or value that no profile can have, for a value without a source and for another respondent of
    an entrusted act than who entrusts (D-3), and for the former department's stamp on a transferred matter (Y-4).
    """
    require(by, Right.EDIT_LISTS, power_list.place_id)
    bound(Subject.LIST, power_list.id)
    entry = _say(power_list, mode, field, value, source)
    db.session.flush()
    return entry


def load_profile(
    power_list: PowerList, profile: Mapping[str, Mapping[str, Sequence[str]]], *, by: Account
) -> None:
    """Set a whole profile from shipped data: {mode: {field: [value, source]}}. Refused as `set_profile` is."""
    require(by, Right.EDIT_LISTS, power_list.place_id)
    bound(Subject.LIST, power_list.id)
    for mode, fields in profile.items():
        for field, (value, source) in fields.items():
            _say(power_list, Mode(mode), Field(field), value, source)
    db.session.flush()


def _say(power_list: PowerList, mode: Mode, field: str, value: str, source: str) -> ProfileField | None:
    entry = next((each for each in power_list.profile if each.mode is mode and each.field == field), None)
    if not value.strip():
        if entry is not None:
            power_list.profile.remove(entry)
        return None
    try:
        kind, canonical = check_value(field, value)
    except ProfileError:
        raise Refused("“%(value)s”不能填在这一栏。", code="value", value=value) from None
    if not source.strip():
        raise Refused("请写明依据：文件的第几条，或者哪部法律的哪一条。", code="source")
    if against_law(mode, kind, canonical):
        raise Refused(ENTRUSTER_ANSWERS, code="respondent")
    transfers.check_profile(power_list, mode, kind, canonical)
    if entry is None:
        entry = ProfileField(mode=mode, field=kind.value)
        power_list.profile.append(entry)
    entry.value, entry.source = canonical, source.strip()
    return entry


def change_delegation(
    delegation: Delegation,
    *,
    mode: Mode,
    mode_label: str,
    remark: str,
    exceptions: Sequence[Mapping[str, Any]],
    sub_items: Sequence[str],
    by: Account,
) -> Delegation:
    """Change how one matter is handed down: its usual mode, exceptions ({"places", "groups", "mode"}), parts.

    Refused for the former department's stamp on a transferred matter (Y-4), and for entrusting what the issuing place
    itself holds by entrustment only (D-8). Where the mode changes, what was printed for the former one is not kept.
    """
    require(by, Right.EDIT_LISTS, delegation.power_list.place_id)
    power_list = delegation.power_list
    bound(Subject.LIST, power_list.id)
    resolved = Resolver(power_list.place, power_list.scope.members).resolve(exceptions)
    modes = {mode, *(rule.mode for rule in resolved)}
    transfers.check_modes(delegation, modes)
    _check_entrusting(delegation, modes)
    delegation.mode_label = _printed(delegation, mode, mode_label.strip())
    delegation.mode, delegation.remark = mode, remark.strip()
    delegation.exceptions.clear()
    delegation.sub_items.clear()
    db.session.flush()
    delegation.exceptions = [rule.record() for rule in resolved]
    parts = dict.fromkeys(part.strip() for part in sub_items if part.strip())
    delegation.sub_items = [SubItem(name=name, position=position) for position, name in enumerate(parts, 1)]
    db.session.flush()
    return delegation


def word_for(power_list: PowerList, mode: Mode) -> str:
    """What a list's papers print for a mode: what most of its rows print; nothing where its document prints none."""
    usual = transfers.usual_label(power_list, mode) or queries.printed_label(power_list.id, mode)
    return usual or (mode.label if queries.prints_modes(power_list.id) else "")


def _printed(delegation: Delegation, mode: Mode, said: str) -> str:
    """What is printed for a row's mode; where that has just changed, not what was printed for the former one."""
    stale = mode is not delegation.mode and bool(delegation.mode_label)
    if said and not (stale and said == delegation.mode_label):
        return said
    power_list = delegation.power_list
    return word_for(power_list, mode) if stale else transfers.usual_label(power_list, mode)


def _check_entrusting(delegation: Delegation, modes: Collection[Mode]) -> None:
    if Mode.ENTRUSTED not in modes or delegation.power_list.earlier_of_id is not None:
        return
    held = queries.held_names(delegation.power_list.place_id, clock.today())
    if fold_name(delegation.matter.name) in held:
        raise Refused(ENTRUSTED_AGAIN, code="entrusted_again", name=delegation.matter.name)


def remove_delegation(delegation: Delegation, *, by: Account) -> None:
    """Take a matter out of the working copy; published revisions keep it. What it had pushed down comes up again."""
    require(by, Right.EDIT_LISTS, delegation.power_list.place_id)
    bound(Subject.LIST, delegation.list_id)
    close_gap(delegation.power_list, delegation)
    db.session.delete(delegation)
    db.session.flush()


def waive_totals(power_list: PowerList, reason: str, *, by: Account) -> None:
    """Accept, with a reason, that the document's totals differ from the list (P-4); empty takes it back.

    It holds for the figures of this moment: when others differ, it is asked for again.
    """
    require(by, Right.EDIT_LISTS, power_list.place_id)
    bound(Subject.LIST, power_list.id)
    power_list.totals_waiver = reason.strip()
    power_list.totals_waived = figures(queries.mismatches(power_list))
    db.session.flush()


def get(list_id: int) -> PowerList:
    """The list with this id; NotFound otherwise."""
    power_list = db.session.get(PowerList, list_id)
    if power_list is None:
        raise NotFound("没有这份清单。")
    return power_list
