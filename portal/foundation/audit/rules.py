"""What an entry of the record holds, how captures of one record become one, how entries are chained. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, StrEnum
from hashlib import sha256
from typing import Any

KEPT = timedelta(days=184)
"""Six months at the least (R-2): no six months have more days."""

MANY = 200
"""So many records of one table in one transaction are told one by one; of more, their number and digest."""

LONGEST = 2000
"""Characters of a value that are kept whole; of a longer one the beginning, its length and digest."""

BEGINNING = 300

MASK = "***"

GENESIS = "0" * 64
"""What stands for the hash before the first entry."""

SENSITIVE = ("password", "secret", "token", "email", "phone", "mobile", "recovery", "totp")
"""Columns whose name contains one of these are masked unless their declaration says they hold nothing personal."""


class Act(StrEnum):
    """What was done."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    STEP_UP = "step_up"
    REFUSAL = "refusal"
    REVEAL = "reveal"
    EXPORT = "export"
    JOB = "job"
    PRUNE = "prune"


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Door(StrEnum):
    """By which door whoever acted came in."""

    STAFF = "staff"
    PUBLIC = "public"
    JOB = "job"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody as the record names them: the account's key, its name and what it acted as, all as they are now."""

    id: int | None = None
    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who acts, by which door and route (address, job or command), from which address."""

    door: Door
    route: str = ""
    origin: str = ""
    who: Who = Who()


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head of the chain as it was kept somewhere: the number of the entry that was the newest, and its hash."""

    number: int
    hash: str


Changes = dict[str, tuple[Any, Any]]
"""By field: what stood before, what stands after; None where there was nothing."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One thing to be told: an act upon a record. `kind` is a table's name, `note` what else there is to say."""

    act: Act
    kind: str = ""
    record_id: str = ""
    name: str = ""
    changes: Changes = field(default_factory=dict)
    note: dict[str, Any] = field(default_factory=dict)
    outcome: Outcome = Outcome.DONE
    who: Who | None = None


def plain(value: Any) -> Any:
    """The value as JSON holds it, the same on every database; long ones are cut."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(microsecond=0)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return f"[{len(bytes(value))} · sha256:{sha256(bytes(value)).hexdigest()[:16]}]"
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        text = canonical(value)
        return json.loads(text) if len(text) <= LONGEST else cut(text)
    return cut(str(value))


def cut(text: str) -> str:
    """A text without what a database or a line of JSON cannot hold; of a long one the beginning with its digest."""
    text = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if len(text) <= LONGEST:
        return text
    return f"{text[:BEGINNING]}… [{len(text)} · sha256:{sha256(text.encode()).hexdigest()[:16]}]"


def canonical(value: Any) -> str:
    """The one way to write a value as JSON: sorted keys, no spaces, characters as they are."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_unknown)
    return text.encode("utf-8", "replace").decode("utf-8")


def _unknown(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(str(each) for each in value)
    return plain(value)


def digest(rows: Iterable[Any]) -> str:
    """A digest over many rows, in their order."""
    found = sha256()
    for row in rows:
        found.update(canonical(row).encode())
        found.update(b"\n")
    return found.hexdigest()


def chained(previous: str, content: Mapping[str, Any]) -> str:
    """The hash of an entry: over the hash of the one before and the entry's whole content."""
    return sha256(f"{previous}\n{canonical(content)}".encode()).hexdigest()


def is_sensitive(column: str) -> bool:
    """Whether a column's name alone says that its values are not to be shown."""
    return any(word in column for word in SENSITIVE)


def hidden(value: Any) -> Any:
    """What is shown of a personal or secret value: whether there was one."""
    return None if value in (None, "") else MASK


def merged(captures: Sequence[Capture]) -> list[Capture]:
    """Of several captures of the same record in one transaction, one; of more than MANY alike, a summary."""
    whole: dict[tuple[str, str] | int, Capture] = {}
    for number, each in enumerate(captures):
        known = bool(each.record_id) and each.act in (Act.CREATE, Act.CHANGE, Act.DELETE)
        key: tuple[str, str] | int = (each.kind, each.record_id) if known else number
        before = whole.get(key)
        after = each if before is None else _joined(before, each)
        if after is None:
            del whole[key]
        else:
            whole[key] = after
    return _summed(
        [each for each in whole.values() if each.act is not Act.CHANGE or each.changes or each.note]
    )


def _joined(first: Capture, then: Capture) -> Capture | None:
    """Both as one; None when nothing is left of the first."""
    if first.act is Act.CREATE and then.act is Act.DELETE:
        return None
    changes = dict(first.changes)
    for name, (before, after) in then.changes.items():
        changes[name] = (changes[name][0] if name in changes else before, after)
    if then.act is Act.DELETE:
        changes = {name: (before, None) for name, (before, _after) in changes.items()}
    act = then.act
    if first.act is Act.CREATE:
        act = Act.CREATE
    elif first.act is Act.DELETE:
        act = Act.CHANGE
    if act is Act.CHANGE:
        # A masked value looks the same before and after; that it was changed is what counts.
        changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1] or pair[0] == MASK}
    return replace(
        then, act=act, changes=changes, name=then.name or first.name, note={**first.note, **then.note}
    )


def _summed(captures: list[Capture]) -> list[Capture]:
    alike: dict[tuple[Act, str], list[Capture]] = {}
    for each in captures:
        if each.record_id:
            alike.setdefault((each.act, each.kind), []).append(each)
    many = {key: group for key, group in alike.items() if len(group) > MANY}
    if not many:
        return captures
    left = [each for each in captures if not each.record_id or (each.act, each.kind) not in many]
    return [*left, *(summary(act, kind, group) for (act, kind), group in many.items())]


def summary(act: Act, kind: str, group: Sequence[Capture]) -> Capture:
    """One capture for many of the same table: how many, and a digest over what each would have said."""
    rows = ([each.record_id, each.changes] for each in group)
    return Capture(act, kind, note={"count": len(group), "digest": digest(rows)})
