"""One list at one place as a paper: every matter with the mode that holds there and the body that takes it over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import Row, and_, select

from portal.db import db
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Revision
from portal.powers.handouts.rules import UNCHOSEN, holding, meaning
from portal.powers.lists.exports import annex
from portal.powers.lists.exports.form import Column, Paper
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.lists.profiles.rules import Profile, build_profile
from portal.powers.lists.queries import published_size
from portal.powers.lists.rules import Mode
from portal.powers.lists.stopped import WORD, stopped
from portal.powers.lists.transfers.rules import usual_labels
from portal.powers.uptakes.queries import Statement

RECEIVER = Column("承接单位", 20)
MODE = Column("办理方式", 14, middle=True)
COLUMNS = (annex.SEQ, annex.DEPARTMENT, annex.CODE, annex.NAME, annex.TYPE, MODE, RECEIVER, annex.REMARK)
MOST_POINTS = 12
"""So many service points are printed; a place with more is looked up."""


@dataclass(frozen=True)
class Sheet:
    """What a handout is about: a list's revision, a place of it, and the place's statement, if any."""

    revision: Revision
    place: Place
    statement: Statement | None

    @property
    def frame(self) -> Mapping[str, Any]:
        """The list's own facts as published."""
        framed: Mapping[str, Any] = self.revision.content["frame"]
        return framed

    @property
    def name(self) -> str:
        """The place's name as the list's revision froze it."""
        code = self.place.code
        return next(
            (str(each["name"]) for each in self.frame["places"] if each["code"] == code), self.place.name
        )

    @property
    def issuer(self) -> str:
        """The place whose powers the list hands on."""
        return str(self.frame["issuer"]["name"])

    def profile(self, mode: Mode) -> Profile:
        """What a mode means in this list (D-3)."""
        said = self.frame["profile"].get(mode.value, {})
        return build_profile(mode, [(name, each["value"], each["source"]) for name, each in said.items()])


@dataclass(frozen=True)
class Line:
    """One matter at the place."""

    row: Row[Any]
    mode: Mode
    receiver: str
    stopped: date | None = None


def lines(sheet: Sheet) -> list[Line]:
    """The list's matters in its order, with what holds at the place."""
    stops = stopped(sheet.revision)
    return [
        Line(row, _mode(sheet, row), _receiver(sheet, row.matter_id), stops.get(row.matter_id))
        for row in _rows(sheet)
    ]


def paper(sheet: Sheet) -> Paper:
    """The handout; raises RowsDiffer and TooLong as Paper.checked does."""
    found = lines(sheet)
    labels = usual_labels(transfer="bureau" in sheet.frame)
    labels |= _printed_labels(found)
    columns, cells = annex.filled(
        COLUMNS,
        _cells(found, labels, transfer="bureau" in sheet.frame),
        always=(annex.SEQ, annex.NAME, annex.TYPE, MODE),
    )
    framed, size = sheet.frame, published_size(sheet.revision)
    moments = [annex.published_at(each) for each in _rests_on(sheet)]
    return Paper(
        annex=f"{framed['policy']}{framed['annex']}",
        title=framed["title"],
        subtitle=f"在{sheet.name}的办理方式（{size}项）",
        author=sheet.issuer,
        columns=columns,
        rows=cells,
        notes=[*framed["notes"], *_notes(sheet, found, labels), *annex.unchecked(framed["policy"])],
        facts=_facts(sheet),
        moment=max(moments),
    ).checked(size)


def _printed_labels(found: Sequence[Line]) -> dict[Mode, str]:
    """What the list mostly prints for each mode."""
    counted = Counter((each.row.mode, each.row.mode_label) for each in found if each.row.mode_label)
    return {mode: label for (mode, label), _count in reversed(counted.most_common())}


def _cells(found: Sequence[Line], labels: Mapping[Mode, str], *, transfer: bool) -> Iterator[tuple[str, ...]]:
    named = any(line.receiver for line in found)
    for line in found:
        row = line.row
        handed = line.mode not in (Mode.UNDELEGATED, Mode.UNDETERMINED)
        receiver = line.receiver or ("待公布" if named and handed else "")
        yield (
            str(row.seq),
            row.department,
            row.code,
            row.name,
            row.type.label,
            _mode_words(line, labels),
            "" if line.stopped else receiver,
            annex.remark(row.remark, row.sub_items, line.stopped, transfer=transfer),
        )


def _mode_words(line: Line, labels: Mapping[Mode, str]) -> str:
    if line.stopped:
        return WORD
    if line.mode is Mode.UNDETERMINED:
        return UNCHOSEN
    own = line.row.mode_label if line.mode is line.row.mode else ""
    return own or labels[line.mode]


def _rows(sheet: Sheet) -> Sequence[Row[Any]]:
    matter = PublishedMatter
    wanted = (
        select(
            matter.matter_id,
            matter.seq,
            matter.department,
            matter.code,
            matter.name,
            matter.type,
            matter.mode,
            matter.mode_label,
            matter.remark,
            matter.sub_items,
            Answer.mode.label("answer"),
        )
        .join(Answer, and_(Answer.published_matter_id == matter.id, Answer.place_id == sheet.place.id))
        .where(matter.revision_id == sheet.revision.id)
        .order_by(matter.position)
    )
    return db.session.execute(wanted).all()


def _mode(sheet: Sheet, row: Row[Any]) -> Mode:
    said = sheet.statement
    return holding(row.answer, said.choice(sheet.revision.subject_id, row.matter_id) if said else None)


def _receiver(sheet: Sheet, matter_id: int) -> str:
    """The body with the day from which it takes the matter over, where that is said (D-9, D-11)."""
    holder = sheet.statement.receiver(matter_id) if sheet.statement else None
    if holder is None:
        return ""
    return f"{holder.name}（{annex.day(holder.from_on)}起）" if holder.from_on else holder.name


def _notes(sheet: Sheet, found: Sequence[Line], labels: Mapping[Mode, str]) -> list[str]:
    """What the modes on the paper come to, who takes the papers until a receiver is named, where to go."""
    counts = Counter(line.mode for line in found)
    said = [_meaning(sheet, mode, labels, counts[mode]) for mode in Mode if counts[mode]]
    handed = [line for line in found if line.mode not in (Mode.UNDELEGATED, Mode.UNDETERMINED)]
    unnamed = sum(not line.receiver for line in handed)
    if unnamed:
        which = "承接单位" if unnamed == len(handed) else f"其中{unnamed}项的承接单位"
        said.append(f"{which}待{sheet.name}公布，公布以前请到{sheet.issuer}的实施部门办理。")
    if any(line.receiver.endswith("起）") for line in handed):
        said.append(f"承接单位写明起始日期的，在那以前仍由{sheet.issuer}的实施部门办理。")
    if clause := sheet.frame.get("cross_border"):
        said.append(f"跨县（市、区）的事务由{sheet.issuer}办理（{sheet.frame['policy']}第{clause}条）。")
    return [*(f"{number}．{text}" for number, text in enumerate(said, 1)), *_points(sheet)]


def _meaning(sheet: Sheet, mode: Mode, labels: Mapping[Mode, str], count: int) -> str:
    if mode is Mode.UNDETERMINED:
        said = f"{sheet.name}还没有公布怎么办，请先问{sheet.name}或者{sheet.issuer}的政务服务窗口"
        return f"{UNCHOSEN}（{count}项）：{said}。"
    if mode is Mode.UNDELEGATED:
        return f"{labels[mode]}（{count}项）：仍由{sheet.issuer}办理。"
    words = meaning(sheet.profile(mode), sheet.name, sheet.issuer)
    return f"{labels[mode]}（{count}项）：{words}。" if words else f"{labels[mode]}（{count}项）。"


def _points(sheet: Sheet) -> list[str]:
    points = sheet.statement.points if sheet.statement else ()
    if not points or len(points) > MOST_POINTS:
        return []
    return [
        "办事地点：",
        *("，".join(filter(None, (p.name, p.address, p.hours, p.phone))) + "。" for p in points),
    ]


def _rests_on(sheet: Sheet) -> list[Revision]:
    return [sheet.revision, sheet.statement.revision] if sheet.statement else [sheet.revision]


def _facts(sheet: Sheet) -> list[tuple[str, str]]:
    """The list's facts with the place's own page, and what of the place is laid over the list."""
    found = [each for each in annex.facts(sheet.revision) if each[0] != annex.ADDRESS]
    said = sheet.statement.revision if sheet.statement else None
    if said is None:
        found.append((f"{sheet.name}公布", "还没有公布承接单位、办事点和方式选择。"))
    else:
        found.append(
            (f"{sheet.name}公布", f"第{said.number}次，{annex.day(said.effective_on)}起执行，已经计入。")
        )
        found.append(("公布校验码（SHA-256）", said.hash))
    if base := current_app.config["REMIT"].public_url:
        found.append((annex.ADDRESS, f"{base}/lists/{sheet.frame['slug']}?at={sheet.place.code}"))
    return found
