"""read_annexes(): from a document to its lists of matters, with everything a person has to settle. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.powers.lists.annexes.headers import Field
from portal.powers.lists.annexes.notes import Notes, read_notes, take_notes
from portal.powers.lists.annexes.printed import tidy
from portal.powers.lists.annexes.problems import Code, Problem
from portal.powers.lists.annexes.rows import BodyReader, Row
from portal.powers.lists.annexes.sections import Section
from portal.powers.lists.annexes.sequences import double_problems, gap_problems
from portal.powers.lists.annexes.tables import Found, Skipped, find_tables
from portal.powers.lists.annexes.totals import (
    Counted,
    Kind,
    Stated,
    count,
    find_modes,
    from_notice,
    from_title,
)
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterType
from portal.sheets.grids import Document


@dataclass(slots=True)
class Table:
    """One list of matters. `totals` are what the document states of it; `columns` the headings not made use of."""

    number: int
    title: str
    annex: int | None
    notes: list[str]
    receivers: list[str]
    totals: list[Stated]
    sections: list[Section]
    rows: list[Row]
    columns: list[str]


@dataclass(slots=True)
class Reading:
    """All that was read of a document: its lists, the tables that are none, and the problems."""

    tables: list[Table] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_annexes(document: Document) -> Reading:
    """The lists of matters in a document.

    Nothing is guessed: what is missing stays None or "" and has a Problem. Proposals (exceptions and
    sub-items read from remarks) are no problems; they are confirmed elsewhere.
    """
    found = find_tables(document)
    reading = Reading(skipped=found.skipped)
    for number, each in enumerate(found.lists, start=1):
        reading.tables.append(_read_table(number, each, reading.problems))
    _apply_notice(reading, from_notice(found.notice))
    if not reading.tables:
        reading.problems.append(Problem(None, None, "", Code.NO_LIST))
    for skipped in found.skipped:
        if skipped.continues:
            reading.problems.append(Problem(None, None, "", Code.HEADER_MISSING))
    for table in reading.tables:
        _check_totals(table, reading.problems)
    reading.problems.sort(key=lambda problem: (problem.table or 0, problem.line or 0))
    return reading


def _read_table(number: int, found: Found, problems: list[Problem]) -> Table:
    modes = find_modes(found.title) or find_modes(found.sheet)
    title_mode: tuple[Mode | None, str] = modes[0] if len(modes) == 1 else (None, "")
    types = [kind for kind in MatterType if kind.label in found.title]
    body = BodyReader(
        number, found, title_mode, types[0] if len(types) == 1 and "关联" not in found.title else None
    )
    body.read()
    notes = read_notes([*body.notes, *take_notes(found.after)])
    problems += body.problems
    _missing_modes(number, body, notes, problems)
    _missing_types(number, body, problems)
    seq = found.columns.index(Field.SEQ) if Field.SEQ in found.columns else -1
    inside = {line for line, column in found.inside if column == seq}
    problems += double_problems(number, body.rows, [section.line for section in body.outline.seen], inside)
    problems += [
        Problem(number, None, "notes", Code.NOTE_NOT_UNDERSTOOD, {"value": note}) for note in notes.unclear
    ]
    stated = from_title(found.title)
    stated += body.totals
    for line, subtotals, counted in body.subtotals:
        differing = [(each, count(each, [counted])) for each in subtotals]
        problems += [_differs(number, line, each, found) for each, found in differing if found != each.count]
    return Table(
        number,
        found.title,
        found.annex,
        list(notes.printed),
        list(notes.receivers),
        stated,
        body.outline.seen,
        body.rows,
        [
            heading
            for heading, column in zip(found.headings, found.columns, strict=True)
            if column in (None, Field.OTHER) and heading
        ],
    )


def _missing_modes(number: int, body: BodyReader, notes: Notes, problems: list[Problem]) -> None:
    """Rows without a mode: undetermined where a note leaves it to the places, else reported, in bulk if all."""
    lacking = [
        row for row in body.rows if row.mode is None and not row.mode_label and row.line not in body.cut
    ]
    if notes.places_choose:
        for row in lacking:
            row.mode = Mode.UNDETERMINED
        return
    problems += _missing(number, body.rows, lacking, "mode", Code.MODE_MISSING)


def _missing_types(number: int, body: BodyReader, problems: list[Problem]) -> None:
    unknown = {problem.line for problem in body.problems if problem.code is Code.TYPE_UNKNOWN} | body.cut
    lacking = [row for row in body.rows if row.type is None and row.line not in unknown]
    problems += _missing(number, body.rows, lacking, "type", Code.TYPE_MISSING)


def _missing(number: int, rows: Sequence[Row], lacking: Sequence[Row], key: str, code: Code) -> list[Problem]:
    """One problem for the whole list when every row lacks it, else one for each row."""
    if rows and len(lacking) == len(rows) > 1:
        return [Problem(number, None, key, code)]
    return [Problem(number, row.line, key, code) for row in lacking]


def _apply_notice(reading: Reading, stated: Sequence[Stated]) -> None:
    """Give each list the totals that the notice states of it; check the others against all lists together."""
    lists = reading.tables
    annexes = {table.annex or number for number, table in enumerate(lists, start=1)}
    for total in stated:
        if total.annex is None and len(lists) == 1:
            lists[0].totals.append(total)
        elif total.annex in annexes:
            for number, table in enumerate(lists, start=1):
                if (table.annex or number) == total.annex:
                    table.totals.append(total)
        elif total.annex is None and lists:
            counted = count(total, [_counted(table) for table in lists])
            if counted != total.count:
                reading.problems.append(_differs(None, None, total, counted))


def _counted(table: Table) -> Counted:
    return Counted([row.mode for row in table.rows], [row.type for row in table.rows])


def _check_totals(table: Table, problems: list[Problem]) -> None:
    """Compare what is stated with what was read; a gap in the numbers counts where no total confirms the rows."""
    rows = _counted(table)
    confirmed = False
    once = {(total.kind, total.key, total.count): total for total in reversed(table.totals)}
    for total in reversed(once.values()):
        counted = count(total, [rows])
        if counted != total.count:
            problems.append(_differs(table.number, None, total, counted))
        elif total.kind is Kind.ALL:
            confirmed = True
    for section in table.sections:
        if section.stated is not None and section.stated != section.counted:
            total = Stated(Kind.ALL, "", section.stated, section.heading)
            problems.append(_differs(table.number, section.line, total, section.counted))
    if not confirmed:
        problems += gap_problems(table.number, table.rows)


def _differs(table: int | None, line: int | None, total: Stated, counted: int) -> Problem:
    details = {
        "source": tidy(total.source),
        "what": total.what,
        "stated": str(total.count),
        "counted": str(counted),
    }
    return Problem(table, line, "totals", Code.TOTALS_DIFFER, details)
