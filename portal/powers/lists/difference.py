"""What changed between two states of a list, matter by matter and place by place. Pure but for its types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.registry import Difference
from portal.powers.lists.snapshot import Row

COMPARED = ("seq", "department", "code", "name", "type", "mode", "mode_label", "remark")
LISTED = ("sub_items", "everyday_names")
OF_THE_REGISTER = frozenset({"everyday_names", "status"})
"""What a row says of its matter as the register had it when the row was frozen, and no document prints."""


def compare(before: Iterable[Row] | None, after: Iterable[Row], *, register: bool = True) -> Difference:
    """The difference, in the order of the new state, what was withdrawn at the end.

    An entry is {"change": added|changed|withdrawn, "matter_id", "seq", "name", "fields": {field: [was, is]},
    "answers": {place code: [was, is]}}. Against no earlier state everything is new and only counted. `register` as in
    changed_fields.
    """
    if before is None:
        return Difference(added=sum(1 for _ in after))
    old = {row.matter_id: row for row in before}
    added = changed = 0
    entries: list[dict[str, Any]] = []
    for row in after:
        was = old.pop(row.matter_id, None)
        if was is None:
            added += 1
            entries.append(_entry("added", row))
            continue
        fields = changed_fields(was, row, register=register)
        answers = changed_answers(was, row)
        if fields or answers:
            changed += 1
            entries.append({**_entry("changed", row), "fields": fields, "answers": answers})
    entries.extend(_entry("withdrawn", row) for row in old.values())
    return Difference(added=added, changed=changed, withdrawn=len(old), entries=entries)


def compare_frames(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What changed of the list itself: [{"what", "was", "is"}], against no earlier state nothing.

    `what` is a key of the frame, or "profile.<mode>.<field>"; values are as in the frame, None where one is missing.
    """
    if before is None:
        return []
    was, now = _flat(before), _flat(after)
    return [
        {"what": what, "was": was.get(what), "is": now.get(what)}
        for what in dict.fromkeys((*was, *now))
        if was.get(what) != now.get(what)
    ]


def _flat(frame: Mapping[str, Any]) -> dict[str, Any]:
    said = {key: value for key, value in frame.items() if key != "profile"}
    for mode, fields in frame["profile"].items():
        said.update({f"profile.{mode}.{name}": value for name, value in fields.items()})
    return said


def frozen_in_time(one: Revision, other: Revision) -> bool:
    """Whether of two revisions of a list the later one in time was made public later as well.

    An older state that was entered afterwards (补录) has its matters' everyday names and status of the day on which it
    was entered: told against its neighbours they would say the reverse of what happened.
    """
    was, now = sorted((one, other), key=lambda each: each.order)
    return not now.entered and was.number <= now.number


def changed_fields(was: Row, now: Row, *, register: bool = True) -> dict[str, list[Any]]:
    """The fields that differ with both values; lists and the matter's status included.

    Without `register` what the register says of the matter is left out (frozen_in_time).
    """
    found = {
        name: [getattr(was, name), getattr(now, name)]
        for name in COMPARED
        if getattr(was, name) != getattr(now, name)
    }
    for name in LISTED:
        if tuple(getattr(was, name)) != tuple(getattr(now, name)):
            found[name] = [list(getattr(was, name)), list(getattr(now, name))]
    if dict(was.status) != dict(now.status):
        found["status"] = [dict(was.status), dict(now.status)]
    return {name: values for name, values in found.items() if register or name not in OF_THE_REGISTER}


def changed_answers(was: Row, now: Row) -> dict[str, list[str | None]]:
    """The places whose answer differs, with both modes; None where a place is new or gone."""
    codes = {**was.answers, **now.answers}
    return {
        code: [was.answers.get(code), now.answers.get(code)]
        for code in codes
        if was.answers.get(code) != now.answers.get(code)
    }


def _entry(change: str, row: Row) -> dict[str, Any]:
    return {"change": change, "matter_id": row.matter_id, "seq": row.seq, "name": row.name}
