"""Which files of a revision there are, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from portal.foundation.publishing.models import Revision

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
SHEETS = ("csv", "xlsx", "json")
PAPERS = ("pdf", "docx")
LONGEST = 255
"""Characters of a file's name; longer titles of annexes are cut before the number of the revision."""


class Part(StrEnum):
    """What of a revision a file holds."""

    LIST = "list"
    ANSWERS = "answers"
    CHANGES = "changes"


def key(part: Part, ending: str) -> str:
    """How a file is known in the table and in addresses: the list is `csv`, its answers are `answers.csv`."""
    return ending if part is Part.LIST else f"{part.value}.{ending}"


def keys(revision: Revision) -> tuple[str, ...]:
    """Every file of a revision, sheets before papers; a first revision has nothing that it changed."""
    parts = [part for part in Part if part is not Part.CHANGES or not revision.first]
    sheets = [key(part, ending) for part in parts for ending in SHEETS]
    return (*sheets, *PAPERS)


def saying_stops() -> tuple[str, ...]:
    """The files that say which matters are stopped: the list for people. The others hold the revision and no more."""
    return tuple(key(Part.LIST, ending) for ending in (*SHEETS, *PAPERS) if ending != "json")


def part_of(name: str) -> Part:
    """The part that a key names."""
    part, dot, _ending = name.rpartition(".")
    return Part(part) if dot else Part.LIST


def ending_of(name: str) -> str:
    """The format that a key names: csv of answers.csv."""
    return name.rpartition(".")[2]


def retried(reason: str) -> bool:
    """Whether a file that could not be made may be made later: somebody can bring a font, nobody a shorter list."""
    return reason.startswith("signs")


WORDS = {Part.LIST: "", Part.ANSWERS: "各地办理方式", Part.CHANGES: "与上一版的差别"}


def file_name(revision: Revision, name: str) -> str:
    """A name that says what and when, e.g. 济政字〔2021〕30号 附件1 第1版 2021-06-15.csv."""
    return named(revision, (WORDS[part_of(name)],), ending_of(name))


def named(revision: Revision, about: Iterable[str], ending: str) -> str:
    """The same for a file about something of the list, e.g. one place: 济政字〔2021〕30号 附件1 微山县 第1版 ….pdf."""
    framed = revision.content["frame"]
    head = " ".join(filter(None, (framed["policy"], framed["annex"], *about)))
    tail = f" 第{revision.number}版 {revision.effective_on.isoformat()}.{ending}"
    return head[: LONGEST - len(tail)] + tail
