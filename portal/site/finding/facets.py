"""The groups of choices of a list as the page shows them, each choice with its count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.i18n import gettext as _
from portal.i18n import mark
from portal.powers.lists.cube.rules import Facet
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterStatus, MatterType
from portal.site import wording
from portal.site.finding.asked import GROUPS, address
from portal.site.finding.listing import Page, Question

FEW = 12
"""So many choices of a group are shown at once; the rest is folded."""
STATUSES = {
    MatterStatus.IN_FORCE: mark("有效"),
    MatterStatus.UNVERIFIED: mark("尚未核对"),
    MatterStatus.ABOLISHED: mark("已取消"),
}


@dataclass(frozen=True)
class Option:
    """One choice: its value in the address, its words, how many rows it would show. `mode` is for the tile."""

    key: str
    value: str
    label: str
    count: int
    chosen: bool
    mode: str = ""


@dataclass(frozen=True)
class Group:
    """One group of choices; those after the first few are folded."""

    name: str
    legend: str
    options: Sequence[Option]

    @property
    def first(self) -> Sequence[Option]:
        """The choices that are always seen: the first few, and whatever was chosen."""
        return [each for at, each in enumerate(self.options) if at < FEW or each.chosen]

    @property
    def rest(self) -> Sequence[Option]:
        """The others."""
        return [each for at, each in enumerate(self.options) if at >= FEW and not each.chosen]


def groups(question: Question, page: Page) -> list[Group]:
    """Every group that has something to choose, in order: modes as they come in the law, others by number."""
    return [group for facet in GROUPS if (group := _group(question, page, facet)).options]


def chosen(shown: Sequence[Group]) -> list[dict[str, str]]:
    """What was chosen, each with the address without it."""
    return [
        {"label": option.label, "href": _without(group, option)}
        for group in shown
        for option in group.options
        if option.chosen
    ]


def _without(group: Group, option: Option) -> str:
    kept = [each.value for each in group.options if each.chosen and each is not option]
    return address(**{group.name: kept or None})


def _group(question: Question, page: Page, facet: Facet) -> Group:
    counts = page.counts[facet]
    picked = question.asked.chosen.get(facet, frozenset())
    # The key stays with the value whatever is chosen, so that the focus can stay on it too.
    keys = {value: f"{facet.value}-{number}" for number, value in enumerate(sorted(counts), 1)}
    wanted = [value for value, count in counts.items() if value and (count or value in picked)]
    label, order = _WORDS[facet](question), _ORDERS[facet](counts)
    return Group(
        facet.value,
        _legend(question, facet),
        [
            Option(
                keys[value],
                value,
                label(value),
                counts[value],
                value in picked,
                value if facet is Facet.MODE else "",
            )
            for value in sorted(wanted, key=order)
        ],
    )


def _legend(question: Question, facet: Facet) -> str:
    if facet is Facet.MODE and question.place:
        return _("在%(place)s怎么办", place=_(question.place.name))
    return {
        Facet.MODE: _("通常办法"),
        Facet.TYPE: _("事项类型"),
        Facet.DEPARTMENT: _("部门"),
        Facet.STATUS: _("今天是否有效"),
    }[facet]


def _mode_words(question: Question) -> Callable[[str], str]:
    labels = question.edition.labels
    return lambda value: wording.named(labels[Mode(value)], Mode(value))


_WORDS: Mapping[Facet, Callable[[Question], Callable[[str], str]]] = {
    Facet.MODE: _mode_words,
    Facet.TYPE: lambda _question: lambda value: _(MatterType(value).label),
    Facet.DEPARTMENT: lambda _question: lambda value: value,
    Facet.STATUS: lambda _question: lambda value: _(STATUSES[MatterStatus(value)]),
}


def _in_order_of(known: Sequence[str]) -> Callable[[Mapping[str, int]], Callable[[str], tuple[int, str]]]:
    return lambda _counts: lambda value: (known.index(value), value)


def _by_number(counts: Mapping[str, int]) -> Callable[[str], tuple[int, str]]:
    return lambda value: (-counts[value], value)


_ORDERS: Mapping[Facet, Callable[[Mapping[str, int]], Callable[[str], tuple[int, str]]]] = {
    Facet.MODE: _in_order_of([mode.value for mode in Mode]),
    Facet.TYPE: _by_number,
    Facet.DEPARTMENT: _by_number,
    Facet.STATUS: _in_order_of([status.value for status in STATUSES]),
}
