"""What was published lately, in words: for the home page, the pages of revisions and the feed (P-7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy import select

from portal.db import db
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.i18n import day as day_in_words
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.powers.lists.adjusting.rules import ChangeKind, grouped, only_number
from portal.powers.lists.models import PowerList
from portal.powers.lists.rules import Mode
from portal.powers.memoranda.models import Memorandum
from portal.site.adjusting import sentences
from portal.site.memoranda import words as agreed

SHOWN = 200
"""So many changes of a revision are listed; its files hold them all."""
NAMED = 6
"""So many places are named one by one; more are counted."""


@dataclass(frozen=True)
class Change:
    """One publication: when it holds from, what it is called, where it is read, what it changed.

    `place` is the place that published it, empty for a list; `links` names several places with their pages.
    """

    date: date
    published_at: datetime | None
    text: str
    note: str
    href: str
    place: str = ""
    links: tuple[tuple[str, str], ...] = ()


def summary(revision: Revision) -> str:
    """The counts of a revision's difference, e.g. 加入 1 项，调整 2 项，退出 1 项; an older state is told as such."""
    if revision.state is RevisionState.CLOSED:
        return _("已经关闭")
    if revision.entered:
        return _(
            "补录，%(day)s起执行：%(what)s", day=day_in_words(revision.effective_on), what=_counted(revision)
        )
    return _counted(revision)


def _counted(revision: Revision) -> str:
    said = revision.difference
    if revision.told_as_erratum:
        return _("勘误：只改写错的文字，事项、办法和适用范围都没有变")
    if revision.entered and revision.first:
        return ngettext("%(num)s 项", "%(num)s 项", said.get("added", 0))
    if revision.first:
        return ngettext("第一次公布，%(num)s 项", "第一次公布，%(num)s 项", said.get("added", 0))
    numbers = sum(only_number(each) for each in said.get("entries", ()))
    parts = [
        ngettext("加入 %(num)s 项", "加入 %(num)s 项", said.get("added", 0)),
        ngettext("调整 %(num)s 项", "调整 %(num)s 项", said.get("changed", 0) - numbers),
        ngettext("退出 %(num)s 项", "退出 %(num)s 项", said.get("withdrawn", 0)),
        ngettext("只改序号 %(num)s 项", "只改序号 %(num)s 项", numbers),
    ]
    counts = (said.get("added"), said.get("changed", 0) - numbers, said.get("withdrawn"), numbers)
    told = [part for part, count in zip(parts, counts, strict=True) if count]
    if framed := len(said.get("frame", ())):
        told.append(ngettext("清单的说明改 %(num)s 处", "清单的说明改 %(num)s 处", framed))
    return _("，").join(told) or _("内容没有变")


def described(revisions: Sequence[Revision]) -> list[Change]:
    """Publications of lists, of places and of memoranda, in the order given."""
    lists = _by_id(PowerList, revisions, Subject.LIST)
    places = _by_id(Place, revisions, Subject.UPTAKE)
    memoranda = _by_id(Memorandum, revisions, Subject.MEMORANDUM)
    found = []
    for each in revisions:
        if each.subject is Subject.LIST and (power_list := lists.get(each.subject_id)):
            text = _("《%(title)s》第%(number)s版", title=power_list.title, number=each.number)
            href = url_for("site.revision", slug=power_list.slug, number=each.number)
            found.append(Change(each.effective_on, each.published_at, text, summary(each), href))
        elif each.subject is Subject.UPTAKE and (place := places.get(each.subject_id)):
            text = _("%(place)s公布承接单位和办事地点", place=_(place.name))
            href = url_for("site.place", code=place.code)
            found.append(Change(each.effective_on, each.published_at, text, "", href, _(place.name)))
        elif each.subject is Subject.MEMORANDUM and each.subject_id in memoranda:
            text = _("《%(title)s》第%(number)s版", title=each.title, number=each.number)
            href = url_for("site.memorandum", memorandum_id=each.subject_id)
            found.append(Change(each.effective_on, each.published_at, text, agreed.summary(each), href))
    return found


def digested(changes: Sequence[Change]) -> list[Change]:
    """The same with neighbours that say the same of several places on one day put into one line."""
    found: list[Change] = []
    for (day, kind), run in groupby(changes, key=lambda change: (change.date, change.place and "place")):
        several = list(run)
        if kind and len(several) > 1:
            text = ngettext(
                "%(num)s 个地方公布承接单位和办事地点", "%(num)s 个地方公布承接单位和办事地点", len(several)
            )
            links = tuple((each.place, each.href) for each in several)
            found.append(Change(day, several[0].published_at, text, "", "", kind, links))
        else:
            found.extend(several)
    return found


def _by_id(model: Any, revisions: Sequence[Revision], subject: Subject) -> dict[int, Any]:
    ids = {each.subject_id for each in revisions if each.subject is subject}
    found: Sequence[Any] = db.session.scalars(select(model).where(model.id.in_(ids))).all() if ids else ()
    return {each.id: each for each in found}


def entries(revision: Revision, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The single changes of a revision in words, by kind: {"kind", "count", "items", "folded"} (P-5).

    What only moved up or down the list is folded, so that it does not hide what changed.

    `names` gives the places' names by code. Of a long revision the first are told, as many as SHOWN.
    """
    found, left = [], SHOWN
    for kind, every in grouped(revision.difference.get("entries", ())):
        told = [
            {
                "number": each["seq"],
                "name": each["name"],
                "text": entry(each, names),
                "also": sentences.words(each)[1:],
                "why": sentences.why(each),
            }
            for each in every[:left]
        ]
        left -= len(told)
        folded = kind is ChangeKind.RENUMBERED
        found.append({"kind": _(kind.label), "count": len(every), "items": told, "folded": folded})
    return found


def entry(entry: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """One change of a matter in words, as a revision's difference holds it."""
    kin = sentences.kin(entry)
    if entry["change"] == "added":
        return kin or _("加入清单")
    if entry["change"] == "withdrawn":
        return kin or _("退出清单")
    parts = [_field(name, *values) for name, values in entry.get("fields", {}).items()]
    parts += _answers(entry.get("answers", {}), names)
    return _("；").join(filter(None, (kin, *parts)))


def _answers(answers: Mapping[str, tuple[str | None, str | None]], names: Mapping[str, str]) -> list[str]:
    """Places that went the same way are told together: the few by name, the many by number."""
    ways: dict[tuple[str | None, str | None], list[str]] = {}
    for code, (was, now) in answers.items():
        ways.setdefault((was, now), []).append(_(names.get(code, code)))
    return [
        _answer(
            _("、").join(places)
            if len(places) <= NAMED
            else ngettext("%(num)s 个地方", "%(num)s 个地方", len(places)),
            *way,
        )
        for way, places in ways.items()
    ]


def _field(name: str, was: Any, now: Any) -> str:
    values = {"what": field_label(name), "was": value(name, was), "now": value(name, now)}
    return _("%(what)s：原“%(was)s”，现“%(now)s”", **values)


def field_label(name: str) -> str:
    """What a field of a matter is called."""
    labels = {
        "seq": _("序号"),
        "department": _("部门"),
        "code": _("编码"),
        "name": _("名称"),
        "type": _("类型"),
        "mode": _("通常办法"),
        "mode_label": _("文件中的叫法"),
        "remark": _("备注"),
        "sub_items": _("子项"),
        "everyday_names": _("俗称"),
        "status": _("效力"),
    }
    return labels.get(name, name)


def value(name: str, value: Any) -> str:
    """What a field says, in words; `value` is as a revision's difference holds it."""
    if name == "mode":
        return _(Mode(value).label)
    if name == "type":
        return _(value)
    if value in ("", None, []):
        return _("没有")
    if isinstance(value, list):
        return _("、").join(value)
    if isinstance(value, dict):
        words = {"in_force": _("有效"), "abolished": _("已取消"), "unverified": _("未核对")}
        return words.get(value.get("state", ""), "")
    return str(value)


def _answer(place: str, was: str | None, now: str | None) -> str:
    old, new = (_(Mode(each).label) if each else _("不在范围") for each in (was, now))
    return _("%(place)s：原“%(was)s”，现“%(now)s”", place=place, was=old, now=new)
