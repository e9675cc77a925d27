"""The whole list in the form of its annex: 序号, 实施部门, 事项编码, 事项名称, 事项类型, 放权方式, 备注."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from flask import current_app

from portal.clock import HOME
from portal.db import db
from portal.foundation.policies.models import Policy
from portal.foundation.publishing.models import Revision
from portal.powers.lists import snapshot
from portal.powers.lists.exports.form import Column, Paper, write_pdf
from portal.powers.lists.exports.word import write_docx
from portal.powers.lists.queries import published_size
from portal.powers.lists.rules import Mode
from portal.powers.lists.stopped import said, stopped
from portal.powers.lists.transfers.rules import LINKED

SEQ, DEPARTMENT, CODE = (
    Column("序号", 7, middle=True),
    Column("实施部门", 15),
    Column("事项编码", 21, middle=True, code=True),
)
NAME, TYPE = Column("事项名称", 32), Column("事项类型", 16, middle=True)
ADDRESS = "网址"
MODE, REMARK = Column("放权方式", 14, middle=True), Column("备注", 22)


def paper(revision: Revision) -> Paper:
    """The paper of a revision; raises RowsDiffer and TooLong as Paper.checked does."""
    framed, size = revision.content["frame"], published_size(revision)
    rows, stops = snapshot.published_rows(revision), stopped(revision)
    places = {each["code"]: each["name"] for each in framed["places"]}
    columns, cells = filled(
        [SEQ, DEPARTMENT, CODE, NAME, TYPE, MODE, REMARK],
        [
            (
                str(row.seq),
                row.department,
                row.code,
                row.name,
                row.type,
                row.mode_label,
                remark(
                    row.remark or elsewhere(row, places),
                    row.sub_items,
                    stops.get(row.matter_id),
                    transfer="bureau" in revision.content["frame"],
                ),
            )
            for row in rows
        ],
        always=(SEQ, NAME, TYPE, REMARK),
    )
    return Paper(
        annex=framed["annex"],
        title=framed["title"],
        subtitle=counted(framed["title"], size),
        author=framed["issuer"]["name"],
        columns=columns,
        rows=cells,
        notes=[*framed["notes"], *unchecked(framed["policy"])],
        facts=facts(revision),
        moment=published_at(revision),
    ).checked(size)


def to_pdf(revision: Revision, path: Path) -> None:
    """The list as PDF."""
    write_pdf(paper(revision), path)


def to_docx(revision: Revision, path: Path) -> None:
    """The list for Word."""
    write_docx(paper(revision), path)


def filled(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], *, always: Sequence[Column]
) -> tuple[list[Column], list[list[str]]]:
    """The columns with their cells, without those that no row fills and that are not wanted always."""
    cells = [list(row) for row in rows]
    kept = [at for at, column in enumerate(columns) if column in always or any(row[at] for row in cells)]
    return [columns[at] for at in kept], [[row[at] for at in kept] for row in cells]


def remark(printed: str, parts: Sequence[str], since: date | None = None, *, transfer: bool = False) -> str:
    """The remark as printed; where it does not itself name the parts that alone are handed down, they follow (M-3).

    In a transfer list they are the matters that go along (Y-1). Of a matter that is stopped since a day this comes
    first.
    """
    unnamed = [part for part in parts if part not in printed]
    word = LINKED if transfer else "只包括"
    only = f"{word}：{'、'.join(unnamed)}" if unnamed else ""
    return "；".join(filter(None, (said(since) if since else "", printed, only)))


def elsewhere(row: snapshot.Row, places: Mapping[str, str]) -> str:
    """Which places (names by code) have another mode, by modes: what no remark says is printed all the same (D-6)."""
    others: dict[str, list[str]] = {}
    for code, mode in row.answers.items():
        if mode != row.mode:
            others.setdefault(mode, []).append(places[code])
    return "；".join(f"{'、'.join(names)}{Mode(mode).label}" for mode, names in others.items())


def counted(title: str, size: int) -> str:
    """（61项）, unless the title says so itself."""
    return "" if f"{size}项" in title else f"（{size}项）"


def facts(revision: Revision) -> list[tuple[str, str]]:
    """Where a paper comes from: document, revision, days, hash and, where the site has an address, the page."""
    framed, base = revision.content["frame"], current_app.config["REMIT"].public_url
    published = published_at(revision).astimezone(HOME).date()
    issue = f"第{revision.number}版，{day(revision.effective_on)}起执行，{day(published)}公布"
    found = [
        ("依据", f"{framed['policy']}{framed['annex']}"),
        ("版本", issue),
        ("内容校验码（SHA-256）", revision.hash),
    ]
    if base:
        found.append((ADDRESS, f"{base}/lists/{framed['slug']}/revisions/{revision.number}"))
    return found


def unchecked(number: str) -> list[str]:
    """M-5: what a paper says while nobody has checked whether its document still holds."""
    policy = db.session.query(Policy).filter_by(number=number).one_or_none()
    if policy is None or policy.issued_on is None or policy.validity != "unverified":
        return []
    return [f"说明：本清单依据{day(policy.issued_on)}公布的文件，事项今天是否仍然有效还没有核对。"]


def day(when: date) -> str:
    """A date as documents write it: 2021年6月15日."""
    return f"{when.year}年{when.month}月{when.day}日"


def published_at(revision: Revision) -> datetime:
    """The moment at which a revision was made public."""
    if revision.published_at is None:
        raise ValueError(f"revision {revision.id} is not public")
    return revision.published_at
