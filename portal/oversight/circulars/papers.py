"""A circular as a paper, in the sentences of official documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.clock import HOME
from portal.oversight.circulars.models import Circular
from portal.oversight.circulars.rules import Line, Part, UnitLine, lines_of, units_of
from portal.powers.lists.exports.annex import day
from portal.powers.lists.exports.form import Column, Paper

COLUMNS = (
    Column("任务", 7, middle=True),
    Column("责任单位", 17),
    Column("要做成什么", 38),
    Column("期限", 13, middle=True),
    Column("进度", 8, middle=True),
    Column("状态", 17, middle=True),
)
NUMERALS = "一二三四五"


def sections(circular: Circular) -> list[tuple[str, str]]:
    """The circular's text: a heading and a paragraph each."""
    found, units = lines_of(circular.content), units_of(circular.content)
    said = [
        ("总体情况", _whole(circular, found)),
        ("进展较快的单位", _ahead([unit for unit in units if unit.ahead])),
        ("进展较慢的单位", _behind([unit for unit in reversed(units) if unit.behind])),
        ("逾期未办结的事项", _late([line for line in found if line.part is Part.LATE])),
    ]
    return [(f"{NUMERALS[at]}、{heading}", text) for at, (heading, text) in enumerate(said)]


def title(circular: Circular) -> str:
    """What the circular is called."""
    return f"关于{circular.policy.number}改革任务进展情况的通报"


def period(circular: Circular) -> str:
    """第2期，2026年2月1日—2026年3月1日."""
    return f"第{circular.number}期，{day(circular.begins_on)}—{day(circular.ends_on)}"


def paper(circular: Circular) -> Paper:
    """The whole paper: text, table, and where it comes from."""
    found = lines_of(circular.content)
    return Paper(
        annex="",
        title=title(circular),
        subtitle=f"（{period(circular)}）",
        author=circular.content["office"],
        columns=COLUMNS,
        rows=[_row(line) for line in found],
        notes=["注：逾期和提前的天数都是工作日，按国务院办公厅公布的放假安排计算。"],
        facts=[
            ("任务依据", f"《{circular.policy.title}》（{circular.policy.number}）"),
            ("编制", f"{circular.content['office']}，{day(circular.made_at.astimezone(HOME).date())}"),
        ],
        moment=circular.made_at,
        lead=sections(circular),
    ).checked(len(found))


def _row(line: Line) -> tuple[str, ...]:
    return (
        line.code,
        line.unit,
        line.text or line.title,
        day(line.due_on) if line.due_on else "没有写明",
        "未报" if line.percent is None else f"{line.percent}%",
        stands(line),
    )


def stands(line: Line) -> str:
    """What became of a part, in a few words."""
    if line.part is Part.LATE:
        return f"逾期{line.days}个工作日" if line.days else "逾期"
    if line.part is Part.DONE_LATE:
        return f"{_on(line.done_on)}办结，逾期{line.days}个工作日"
    if line.part is Part.DONE:
        early = f"，提前{line.days}个工作日" if line.days else ""
        return f"{_on(line.done_on)}办结{early}"
    return "进行中"


def _on(when: date | None) -> str:
    return day(when) if when else ""


def _within(words: str) -> str:
    """Words as they stand between quotation marks: their own become single ones (GB/T 15834)."""
    return words.translate({ord("“"): "‘", ord("”"): "’"})


def _whole(circular: Circular, found: Sequence[Line]) -> str:
    counts = {part: sum(line.part is part for line in found) for part in Part}
    done = counts[Part.DONE] + counts[Part.DONE_LATE]
    sentences = [
        f"截至{day(circular.ends_on)}，本期通报{len(found)}件，",
        f"本期办结{done}件（其中按时{counts[Part.DONE]}件、逾期办结{counts[Part.DONE_LATE]}件），",
        f"逾期未办结{counts[Part.LATE]}件，",
        f"没有到期、正在办理{counts[Part.UNDER_WAY]}件，",
        f"文件没有写明日期、持续推进{counts[Part.UNDATED]}件。",
    ]
    if history := circular.content["history"]:
        sentences.append(f"另有{history}件期限早于录入，作为历史保存，不列入通报。")
    return "".join(sentences)


def _ahead(units: Sequence[UnitLine]) -> str:
    if not units:
        return "本期没有按时办结的单位。"
    said = (
        f"{unit.name}办结{unit.done}件，全部按时{f'，合计提前{unit.days_early}个工作日' if unit.days_early else ''}"
        for unit in units
    )
    return "；".join(said) + "。"


def _behind(units: Sequence[UnitLine]) -> str:
    if not units:
        return "没有逾期的单位。"
    return "；".join(map(_slow, units)) + "。"


def _slow(unit: UnitLine) -> str:
    parts = [
        f"逾期未办结{unit.late}件" if unit.late else "",
        f"逾期办结{unit.done_late}件" if unit.done_late else "",
    ]
    return f"{unit.name}{'、'.join(filter(None, parts))}，合计逾期{unit.days_late}个工作日"


def _late(late: Sequence[Line]) -> str:
    if not late:
        return "没有逾期未办结的事项。"
    said = (
        f"{line.code}“{_within(line.title)}”（{line.unit}），期限{_on(line.due_on)}，逾期{line.days}个工作日"
        for line in late
    )
    return "；".join(said) + "。请有关单位抓紧办理，办结后及时登记。"
