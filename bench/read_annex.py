"""Reading a clean workbook of 20,000 matters, beside a bare calamine read plus SQLAlchemy Core inserts.

Run: .venv/bin/python bench/read_annex.py [ROWS]
Both sides take turns in the same process; the table gives the medians, and goes to
bench/results/read_annex.md. The limit is three times the bare side, in under 300 MB.
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import python_calamine  # noqa: E402
import sqlalchemy as sa  # noqa: E402
import xlsxwriter  # noqa: E402

ROUNDS = 7
LIMIT = 3.0
LIMIT_MB = 300
HEADER = ("序号", "市级实施部门", "事项编码", "事项名称", "事项类型", "同权方式", "备注")
TYPES = (("01", "行政许可"), ("07", "行政确认"), ("10", "其他行政权力"), ("20", "公共服务"))
MODES = ("直接下放", "窗口前移", "下放实质性审核权", "委托收件、受审分离")
REMARKS = ("", "", "暂不向各功能区下放", "服务窗口前移至任城区和各功能区，向其他县（市、区）下放实质性审核权")


def write_workbook(path: Path, rows: int) -> None:
    """A clean annex: title with its total, header, rows with codes that fit their types."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 6, f"下放事项清单（{rows}项）")
        sheet.write_row(1, 0, HEADER)
        for n in range(rows):
            digits, label = TYPES[n % 4]
            remark = REMARKS[n % 4] if MODES[n % 4] != "窗口前移" else ""
            code = f"370000{digits}{n // 1000 % 100:02d}{n % 1000:03d}"
            row = (
                n + 1,
                f"市第{n % 40}局",
                code,
                f"第{n}号设施的设立、变更和注销登记",
                label,
                MODES[n % 4],
                remark,
            )
            sheet.write_row(n + 2, 0, row)


def bare(path: Path, folder: Path) -> None:
    """The yardstick: calamine alone, and one Core insert of the raw rows into SQLite."""
    rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    engine = sa.create_engine(f"sqlite:///{folder / 'bare.sqlite'}")
    metadata = sa.MetaData()
    names = ("seq", "department", "code", "name", "type", "mode", "remark")
    table = sa.Table("matter", metadata, *[sa.Column(name, sa.String) for name in names])
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        values = [dict(zip(names, map(str, row), strict=False)) for row in rows[2:]]
        connection.execute(table.insert(), values)
    engine.dispose()


def ours(path: Path, _folder: Path) -> None:
    """Our side: child process, grids, every check of an annex."""
    from portal.powers.lists.annexes.reading import read_annexes
    from portal.sheets.sandbox import read_document

    reading = read_annexes(read_document(path))
    if reading.problems:
        raise SystemExit(f"the workbook should read clean: {reading.problems[:3]}")


def medians(path: Path, folder: Path) -> tuple[float, float]:
    """Median seconds of either side over ROUNDS; the sides take turns, so that a busy moment meets both."""
    times: dict[Callable[[Path, Path], None], list[float]] = {bare: [], ours: []}
    for _ in range(ROUNDS):
        for side, taken in times.items():
            start = time.perf_counter()
            side(path, folder)
            taken.append(time.perf_counter() - start)
    return statistics.median(times[bare]), statistics.median(times[ours])


def memory(path: Path) -> tuple[int, int]:
    """Peak MB of a fresh process that reads the file, and of its child."""
    script = (
        "import resource, sys; from pathlib import Path;"
        "from portal.sheets.sandbox import read_document;"
        "from portal.powers.lists.annexes.reading import read_annexes;"
        "read_annexes(read_document(Path(sys.argv[1])));"
        "print(*[resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    parent, child = (int(part) // 1024 for part in done.stdout.split())
    return parent, child


def main() -> None:
    """Measure, print the table, write it beside this file, fail when a limit is broken."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "annex.xlsx"
        write_workbook(path, rows)
        yardstick, reading = medians(path, folder)
        parent, child = memory(path)
    table = "\n".join(
        [
            "# Reading an annex",
            "",
            f"{rows:,} rows of seven columns, Python {platform.python_version()}, {ROUNDS} rounds, medians.",
            "Written by `bench/read_annex.py`.",
            "",
            "| | seconds | × bare | limit |",
            "|---|---:|---:|---:|",
            f"| calamine and Core inserts, bare | {yardstick:.2f} | 1.0 | |",
            f"| read_document and read_annexes | {reading:.2f} | {reading / yardstick:.1f} | {LIMIT:.1f} |",
            "",
            "| peak memory | MB | limit |",
            "|---|---:|---:|",
            f"| asking process | {parent} | {LIMIT_MB} |",
            f"| reading child | {child} | {LIMIT_MB} |",
            "",
        ]
    )
    print(table)
    (Path(__file__).parent / "results" / "read_annex.md").write_text(table, encoding="utf-8")
    if reading > LIMIT * yardstick or parent + child > LIMIT_MB:
        raise SystemExit("over the limit")


if __name__ == "__main__":
    main()
