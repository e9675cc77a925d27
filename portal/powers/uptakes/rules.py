"""Towns as a county enters them (D-10), and what differs between two statements. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_BETWEEN = " \t\u3000,，、：:;；()（）"
_LINE = re.compile(r"(?P<before>[0-9]*)(?P<name>[^0-9]+)(?P<after>[0-9]*)")
_CODE = re.compile(r"[0-9]{9}")
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_BODIES = (("街道", "办事处"), ("镇", "人民政府"), ("乡", "人民政府"), ("苏木", "人民政府"))
"""What a town's own body is called, by how the town's name ends."""


@dataclass(frozen=True)
class TownLine:
    """A town as it was typed: its name and, where given, its code; no name where the line cannot be read."""

    typed: str
    name: str = ""
    code: str = ""

    @property
    def code_is_odd(self) -> bool:
        """Whether a code was given that is not of nine digits (G-1)."""
        return bool(self.code) and not _CODE.fullmatch(self.code)


def read_towns(lines: Iterable[str]) -> list[TownLine]:
    """Towns from lines like “夏镇街道 370826001”, “370826001 夏镇街道” or “夏镇街道”, as tables and people write them.

    A blank line is none, a repeated town counts once, also where only one of its lines gives the code.
    """
    found = dict.fromkeys(_read(line) for line in lines if line.strip())
    coded = {town.name for town in found if town.code}
    return [town for town in found if town.code or not town.name or town.name not in coded]


def _read(line: str) -> TownLine:
    typed = line.strip()
    read = _LINE.fullmatch(typed.translate(_DIGITS).strip(_BETWEEN))
    name = read["name"].strip(_BETWEEN) if read else ""
    if read is None or not name or (read["before"] and read["after"]):
        return TownLine(typed)
    return TownLine(name, name, read["before"] or read["after"])


def town_body(name: str) -> str:
    """The body that such a town has, e.g. 韩庄镇人民政府, 夏镇街道办事处; empty where its name does not say."""
    return next((name + body for ending, body in _BODIES if name.endswith(ending)), "")


Item = dict[str, Any]


def compare_items(
    before: Sequence[Item], after: Sequence[Item], key: Callable[[Item], Hashable]
) -> Iterator[tuple[str, dict[str, Item]]]:
    """What changed between two lists of items, as (added, changed or withdrawn, {"was", "is"} with what there is).

    Items of one key are one item that changed. Where several share a key, like service points of one name, those
    that stayed as they were are no change, and the others are paired in their order.
    """
    left: dict[Hashable, list[Item]] = {}
    for item in before:
        left.setdefault(key(item), []).append(item)
    new = [item for item in after if not _stayed(left.get(key(item), []), item)]
    for item in new:
        same = left.get(key(item))
        if same:
            yield "changed", {"was": same.pop(0), "is": item}
        else:
            yield "added", {"is": item}
    for items in left.values():
        yield from (("withdrawn", {"was": item}) for item in items)


def _stayed(old: list[Item], item: Item) -> bool:
    if item in old:
        old.remove(item)
        return True
    return False
