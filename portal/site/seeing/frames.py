"""What changed of a list itself, in words: its name, its places, its totals, what a mode means in it (P-1, D-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.i18n import gettext as _
from portal.powers.lists.models import ListKind
from portal.powers.lists.profiles.rules import Field, Sourced
from portal.powers.lists.rules import Mode
from portal.site import profiles
from portal.site.seeing.comparing import Comparison


@dataclass(frozen=True)
class Turn:
    """One thing that says something else now; an empty side said nothing."""

    label: str
    was: str
    now: str


def turns(found: Comparison) -> list[Turn]:
    """Everything of the list itself that differs, in the order of its facts."""
    return [
        Turn(_label(each["what"]), *_sides(found, each["what"], each["was"], each["is"]))
        for each in found.frame
    ]


def _label(what: str) -> str:
    if what.startswith("profile."):
        _profile, mode, name = what.split(".")
        return _("%(mode)s：%(field)s", mode=_(Mode(mode).label), field=profiles.label(Field(name)))
    labels = {
        "title": _("清单名称"),
        "kind": _("清单种类"),
        "annex": _("附件"),
        "issuer": _("放权的地方"),
        "bureau": _("接手的行政审批服务局"),
        "policy": _("政策文件"),
        "places": _("适用范围"),
        "cross_border": _("跨地方事务的依据"),
        "notes": _("注"),
        "totals": _("文件写的总数"),
        "totals_waiver": _("总数不符的理由"),
    }
    return labels.get(what, what)


def _sides(found: Comparison, what: str, was: Any, now: Any) -> tuple[str, str]:
    if what == "places":
        return _only(was, now), _only(now, was)
    return _said(what, was, found.was.issuer), _said(what, now, found.now.issuer)


def _only(these: Any, those: Any) -> str:
    """The places that are in one scope only; all of them where the two differ in something else."""
    names = [place["name"] for place in these or ()]
    others = {place["name"] for place in those or ()}
    if others == set(names):
        return _("、").join(map(_, names))
    return _("、").join(_(name) for name in names if name not in others)


def _said(what: str, value: Any, issuer: str) -> str:
    if not value:
        return ""
    if what.startswith("profile."):
        entry = Sourced(value["value"], value["source"])
        said = profiles.value(Field(what.rsplit(".", 1)[1]), entry, issuer)
        return _("%(value)s（依据：%(source)s）", value=said, source=value["source"])
    if what == "totals":
        return _totals(value)
    if what == "kind":
        return {ListKind.DELEGATION: _("放权清单"), ListKind.TRANSFER: _("划转清单")}[ListKind(value)]
    if what in ("issuer", "bureau"):
        name = str(value["name"])
        return _(name)
    return _("；").join(map(str, value)) if isinstance(value, list) else str(value)


def _totals(totals: Mapping[str, Any]) -> str:
    counts = [(_("合计"), totals["total"])] if "total" in totals else []
    counts += [(_(Mode(mode).label), count) for mode, count in totals.get("by_mode", {}).items()]
    counts += [(_(name), count) for name, count in totals.get("by_type", {}).items()]
    return _("、").join(_("%(what)s %(count)s 项", what=what, count=count) for what, count in counts)
