"""From a publication's difference to entries for programs, narrowed to a place, a department or a matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from portal.api import replies
from portal.api.publications import Publications
from portal.api.schemas.base import PlaceRef
from portal.api.schemas.changes import AnswerChange, Change, ChangedMatter, WasIs
from portal.db import db
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.site.editions import Edition

PLACELESS = frozenset({"mode", "mode_label", "seq"})
"""Fields that say nothing of a place whose own answer is as before."""

KEYS = frozenset({"organisation_id", "list_id", "matter_id", "matter"})
"""Keys of this database, and what stands in the entry's own field."""

NAMING = frozenset({"role", "organisation", "name", "list", "town", "town_code"})
"""What tells which item of a statement it is; said even where it did not change."""

FEW = 1000
"""So many rows are looked up by their keys; of more the whole revision is read."""


@dataclass(frozen=True)
class Rows:
    """The rows of one revision that its difference speaks of, by matter: row id, department, usual mode."""

    known: Mapping[int, tuple[int, str, Mode]]

    @classmethod
    def read(cls, revision_id: int | None, matters: Sequence[int]) -> Rows:
        """As many rows as are needed, in one question."""
        if revision_id is None or not matters:
            return cls({})
        wanted = select(
            PublishedMatter.matter_id, PublishedMatter.id, PublishedMatter.department, PublishedMatter.mode
        ).where(PublishedMatter.revision_id == revision_id)
        if len(matters) <= FEW:
            wanted = wanted.where(PublishedMatter.matter_id.in_(matters))
        return cls({each[0]: (each[1], each[2], each[3]) for each in db.session.execute(wanted)})

    def answer(self, matter: int, place_id: int) -> Mode | None:
        """The mode of a matter at a place."""
        row = self.known.get(matter)
        return db.session.scalar(
            select(Answer.mode).where(
                Answer.published_matter_id == (row[0] if row else 0), Answer.place_id == place_id
            )
        )


class ListDifference:
    """What one revision of a list changed."""

    def __init__(self, published: Publications, revision: Revision) -> None:
        self.published = published
        self.revision = revision
        self.edition = Edition(published.lists[revision.subject_id].slug, revision)
        self.departments = frozenset(published.asked.many("department"))
        self.matter: int | None = published.asked.one("matter")
        code = published.asked.one("place")
        self.here = self.edition.place(code) if code else None
        self.concerned = code is None or self.here is not None

    def changes(self) -> Iterator[Change]:
        """The entries, the list's own first."""
        if not self.concerned:
            return
        if self.revision.state is RevisionState.CLOSED:
            yield self._change("closed")
        elif self.revision.first:
            if count := self._size():
                yield self._change("published", count=count)
        else:
            if not self.departments and self.matter is None:
                yield from self._frame()
            yield from (found for entry in self._entries if (found := self._entry(entry)))

    @cached_property
    def _entries(self) -> Sequence[Mapping[str, Any]]:
        said: Sequence[Mapping[str, Any]] = self.revision.difference.get("entries", ())
        return [entry for entry in said if self.matter in (None, entry["matter_id"])]

    @cached_property
    def _now(self) -> Rows:
        return Rows.read(self.revision.id, [each["matter_id"] for each in self._entries])

    @cached_property
    def _before(self) -> Rows:
        """The rows of the revision that this one was compared with."""
        gone = [each["matter_id"] for each in self._entries if each["change"] == "withdrawn"]
        base = select(Revision.id).where(
            Revision.subject == Subject.LIST,
            Revision.subject_id == self.revision.subject_id,
            Revision.number == self.revision.compared_with,
        )
        return Rows.read(db.session.scalar(base) if gone else None, gone)

    def _frame(self) -> Iterator[Change]:
        for each in self.revision.difference.get("frame", ()):
            yield self._change(
                "frame", part=each["what"], fields={each["what"]: _was_is(each["was"], each["is"])}
            )

    def _size(self) -> int:
        wanted = select(func.count()).where(PublishedMatter.revision_id == self.revision.id)
        if self.departments:
            wanted = wanted.where(PublishedMatter.department.in_(self.departments))
        if self.matter is not None:
            wanted = wanted.where(PublishedMatter.matter_id == self.matter)
        return db.session.scalar(wanted) or 0

    def _entry(self, entry: Mapping[str, Any]) -> Change | None:
        matter, change = entry["matter_id"], entry["change"]
        row = (self._before if change == "withdrawn" else self._now).known.get(matter)
        department = row[1] if row else None
        fields = {name: _was_is(*values) for name, values in entry.get("fields", {}).items()}
        bodies = {department, fields["department"].was if "department" in fields else department}
        if self.departments and not self.departments & bodies:
            return None
        if row and change != "changed":
            fields["mode"] = (
                _was_is(row[2].value, None) if change == "withdrawn" else _was_is(None, row[2].value)
            )
        answers = self._answers(entry)
        if self.here and change == "changed" and not answers and not set(fields) - PLACELESS:
            return None
        return self._change(
            change,
            matter=ChangedMatter(id=matter, seq=entry["seq"], name=entry["name"], department=department),
            fields=fields,
            answers=answers,
        )

    def _answers(self, entry: Mapping[str, Any]) -> tuple[AnswerChange, ...]:
        names = {place.code: place.name for place in self.edition.places}
        given: Mapping[str, Sequence[str | None]] = entry.get("answers", {})
        if self.here is None:
            return tuple(_answer(code, names.get(code, code), *modes) for code, modes in given.items())
        reached = self.here.reached
        modes: Sequence[str | None]
        match entry["change"]:
            case "added":
                modes = [None, self._now.answer(entry["matter_id"], reached.id)]
            case "withdrawn":
                modes = [self._before.answer(entry["matter_id"], reached.id), None]
            case _:
                modes = given.get(reached.code, ())
        return (_answer(reached.code, reached.name, *modes),) if any(modes) else ()

    def _change(self, change: str, **said: Any) -> Change:
        return Change(
            **{"count": None, "matter": None, "part": None, "fields": {}, "answers": (), **said},
            **when(self.revision),
            subject="list",
            key=self.edition.slug,
            title=self.edition.title,
            change=change,
            page=replies.address("site.revision", slug=self.edition.slug, number=self.revision.number),
        )


def statement_changes(published: Publications, revision: Revision) -> Iterator[Change]:
    """What one statement of a place changed; nothing when a department is asked for, which makes none."""
    place = published.speakers[revision.subject_id]
    own = {
        **when(revision),
        "subject": "place",
        "key": place.code,
        "title": place.name,
        "page": replies.address("site.place", code=place.code),
        "count": None,
        "answers": (),
    }
    if revision.state is RevisionState.CLOSED:
        yield Change(**own, change="closed", matter=None, part=None, fields={})
        return
    for entry in revision.difference.get("entries", ()):
        was, now = entry.get("was") or {}, entry.get("is") or {}
        item = now or was
        if published.asked.one("matter") not in (None, item.get("matter_id")):
            continue
        matter = None
        if "matter_id" in item:
            matter = ChangedMatter(id=item["matter_id"], seq=None, name=item["matter"], department=None)
        fields = {
            name: _was_is(was.get(name), now.get(name))
            for name in {**was, **now}
            if name not in KEYS and (was.get(name) != now.get(name) or name in NAMING)
        }
        yield Change(**own, change=entry["change"], matter=matter, part=entry["part"], fields=fields)


def memorandum_changes(revision: Revision) -> Iterator[Change]:
    """What one wording of a memorandum changed, part by part."""
    number = revision.number
    own: dict[str, Any] = {
        **when(revision),
        "subject": "memorandum",
        "key": str(revision.subject_id),
        "title": revision.title,
        "page": replies.address("site.memorandum_revision", memorandum_id=revision.subject_id, number=number),
        "count": None,
        "matter": None,
        "answers": (),
    }
    if revision.state is RevisionState.CLOSED:
        yield Change(**own, change="closed", part=None, fields={})
    elif revision.first:
        yield Change(**{**own, "count": 1}, change="published", part=None, fields={})
    else:
        for each in revision.difference.get("frame", ()):
            part = each["what"].removeprefix("memorandum.")
            told = {part: _was_is(_public(each["was"]), _public(each["is"]))}
            yield Change(**own, change="frame", part=part, fields=told)


def _public(said: Any) -> Any:
    """A part of a memorandum without keys of this database."""
    if isinstance(said, dict):
        return {name: value for name, value in said.items() if name != "id"}
    return said


def when(revision: Revision) -> dict[str, Any]:
    """Which publication an entry belongs to."""
    return {
        "revision": revision.number,
        "effective_on": revision.effective_on,
        "published_at": revision.published_at,
    }


def _was_is(was: Any, now: Any) -> WasIs:
    return WasIs(was=was, now=now)


def _answer(code: str, name: str, was: str | None, now: str | None) -> AnswerChange:
    return AnswerChange(place=PlaceRef(code=code, name=name), was=was, now=now)
