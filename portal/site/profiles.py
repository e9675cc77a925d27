"""A list's mode profile in words: each field with its clause (D-3)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.i18n import gettext as _
from portal.powers.lists.profiles.rules import Actor, Field, Seal, Sourced
from portal.powers.lists.rules import Mode
from portal.site.clauses import Citer
from portal.site.editions import Edition
from portal.site.steps import Clause
from portal.site.wording import rank


@dataclass(frozen=True)
class ProfileLine:
    """One field: what it is, what holds, which clause says so."""

    label: str
    text: str
    clauses: tuple[Clause, ...]


def lines(edition: Edition, mode: Mode) -> list[ProfileLine]:
    """What a mode means in a list, in the order of the fields; fields that are not filled are left out."""
    cite = Citer(edition.policy)
    fields = edition.profiles[mode].fields
    return [
        ProfileLine(
            label(name), value(name, fields[name], edition.issuer), tuple(map(cite, fields[name].sources))
        )
        for name in Field
        if name in fields
    ]


def label(name: Field) -> str:
    """What a field is about, in words."""
    return {
        Field.RECEIVE: _("收件"),
        Field.ACCEPT: _("受理"),
        Field.REVIEW: _("审核"),
        Field.DECIDE: _("决定"),
        Field.STAMP: _("盖章"),
        Field.SEAL: _("盖哪个章"),
        Field.APPLY_AT: _("可以到哪里申请"),
        Field.SUPERVISE: _("谁监督"),
        Field.COMPLAINTS: _("出了问题谁处理"),
        Field.RESPONDENT: _("不服决定告谁"),
    }[name]


def value(name: Field, entry: Sourced, issuer: str) -> str:
    """What holds under a field, in words; `issuer` is the place whose powers the list hands on."""
    level = rank(issuer)
    if name is Field.SEAL:
        seals = {
            Seal.OWN: _("当地自己的章"),
            Seal.NO2: _("%(rank)s“2号章”", rank=level),
            Seal.ISSUER: _("%(rank)s的章", rank=level),
        }
        return seals[Seal(entry.value)]
    actors = {
        Actor.PLACE: _("当地"),
        Actor.POSTED: _("%(rank)s派驻当地的人员", rank=level),
        Actor.ISSUER: _("%(rank)s部门", rank=level),
    }
    return _("或者").join(actors[Actor(value)] for value in entry.value.split(","))
