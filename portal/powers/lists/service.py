"""Verbs on lists: founding one, its profile, single changes to its working copy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from portal.db import db
from portal.errors import Conflict, NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.places.models import Place, PlaceGroup
from portal.foundation.policies.models import Policy
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound
from portal.foundation.rights.rules import Right
from portal.powers.lists import queries
from portal.powers.lists.models import Delegation, PowerList, ProfileField, SubItem
from portal.powers.lists.profiles.rules import Field, ProfileError, check_value
from portal.powers.lists.rules import Mode
from portal.powers.lists.scopes import Resolver

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 64


def found(
    slug: str,
    title: str,
    *,
    policy: Policy,
    place: Place,
    scope: PlaceGroup,
    by: Account,
    annex: str = "",
    cross_border: str = "",
) -> PowerList:
    """A new, empty list. `slug` is its word in addresses (small letters, digits, hyphens) and never changes.

    `cross_border` is the clause by which matters that cross borders stay with the issuing place (D-5).
    A list of a policy that already has one starts from that one's mode profile (D-3).
    """
    require(by, Right.EDIT_LISTS, place.id)
    _check_slug(slug)
    if not title.strip():
        raise Refused("请填写清单名称。", code="title")
    if scope.parent_id != place.id:
        raise Refused("适用范围要从%(place)s的分组里选。", code="scope", place=place.name)
    power_list = PowerList(
        slug=slug,
        title=title.strip(),
        annex=annex.strip(),
        cross_border=cross_border.strip(),
        policy=policy,
        place=place,
        scope=scope,
        position=len(queries.every()) + 1,
    )
    power_list.profile = _inherited_profile(policy)
    db.session.add(power_list)
    db.session.flush()
    return power_list


def _check_slug(slug: str) -> None:
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Refused("网址名只能用小写字母、数字和连字符，例如 jining-2021-annex-1。", code="slug")
    if queries.by_slug(slug):
        raise Conflict("网址名“%(slug)s”已经用过了。", code="slug", slug=slug)


def _inherited_profile(policy: Policy) -> list[ProfileField]:
    """What another list of the same document says of the modes; empty for its first list."""
    sibling = next((each for each in queries.every() if each.policy_id == policy.id), None)
    return [
        ProfileField(mode=each.mode, field=each.field, value=each.value, source=each.source)
        for each in (sibling.profile if sibling else ())
    ]


def set_profile(
    power_list: PowerList, mode: Mode, field: str, value: str, source: str, *, by: Account
) -> ProfileField | None:
    """Say one thing about a mode in this list, with its source; an empty value takes it back.

    Refused for a field or value that no profile can have, and for a value without a source (D-3).
    """
    require(by, Right.EDIT_LISTS, power_list.place_id)
    bound(Subject.LIST, power_list.id)
    entry = next((each for each in power_list.profile if each.mode is mode and each.field == field), None)
    if not value.strip():
        if entry is not None:
            power_list.profile.remove(entry)
            db.session.flush()
        return None
    try:
        kind, canonical = check_value(field, value)
    except ProfileError:
        raise Refused("“%(value)s”不能填在这一栏。", code="value", value=value) from None
    if not source.strip():
        raise Refused("请写明依据：文件的第几条，或者哪部法律的哪一条。", code="source")
    if entry is None:
        entry = ProfileField(mode=mode, field=kind.value)
        power_list.profile.append(entry)
    entry.value, entry.source = canonical, source.strip()
    db.session.flush()
    return entry


def load_profile(
    power_list: PowerList, profile: Mapping[str, Mapping[str, Sequence[str]]], *, by: Account
) -> None:
    """Set a whole profile from shipped data: {mode: {field: [value, source]}}."""
    for mode, fields in profile.items():
        for field, (value, source) in fields.items():
            set_profile(power_list, Mode(mode), Field(field), value, source, by=by)


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
    """Change how one matter is handed down: its usual mode, exceptions ({"places", "groups", "mode"}), parts."""
    require(by, Right.EDIT_LISTS, delegation.power_list.place_id)
    power_list = delegation.power_list
    bound(Subject.LIST, power_list.id)
    resolved = Resolver(power_list.place, power_list.scope.members).resolve(exceptions)
    delegation.mode, delegation.mode_label, delegation.remark = mode, mode_label.strip(), remark.strip()
    delegation.exceptions.clear()
    delegation.sub_items.clear()
    db.session.flush()
    delegation.exceptions = [rule.record() for rule in resolved]
    parts = dict.fromkeys(part.strip() for part in sub_items if part.strip())
    delegation.sub_items = [SubItem(name=name, position=position) for position, name in enumerate(parts, 1)]
    db.session.flush()
    return delegation


def remove_delegation(delegation: Delegation, *, by: Account) -> None:
    """Take a matter out of the working copy; published revisions keep it."""
    require(by, Right.EDIT_LISTS, delegation.power_list.place_id)
    bound(Subject.LIST, delegation.list_id)
    db.session.delete(delegation)
    db.session.flush()


def waive_totals(power_list: PowerList, reason: str, *, by: Account) -> None:
    """Accept, with a reason, that the document's totals differ from the list (P-4); empty takes it back."""
    require(by, Right.EDIT_LISTS, power_list.place_id)
    bound(Subject.LIST, power_list.id)
    power_list.totals_waiver = reason.strip()
    db.session.flush()


def get(list_id: int) -> PowerList:
    """The list with this id; NotFound otherwise."""
    power_list = db.session.get(PowerList, list_id)
    if power_list is None:
        raise NotFound("没有这份清单。")
    return power_list
