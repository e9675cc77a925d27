"""All measurements, one after the other, and bench/RESULTS.md put together from what they wrote.

Run: .venv/bin/python bench/run.py, or some by name: bench/run.py serve search. `peers` (bench/peers) needs environments
of its own and runs only when it is named. Each script measures both sides in one run,
writes bench/results/NAME.md, and ends with an error when it misses its limit; that is said in RESULTS.md, with the
reason where bench/results/NAME.why.md gives one.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"

SCRIPTS = (
    "serve",
    "list_page",
    "search",
    "export",
    "read_annex",
    "compare_list",
    "deadlines",
    "notices",
    "staff_lists",
    "memoranda",
)
"""What `make bench` measures, in the order of RESULTS.md; each is bench/NAME.py and needs no argument."""

PEERS = ("peers",)
"""What `make bench-peers` measures: bench/peers, other projects in environments of their own."""


@dataclass(frozen=True)
class Ended:
    """How a script ended: what it said at the end is why it missed its limit, or broke."""

    name: str
    said: str
    wrote: bool

    @property
    def good(self) -> bool:
        """Whether it met its limits."""
        return not self.said


def run(name: str) -> Ended:
    """Run one script; what it prints is seen at once."""
    path = HERE / name / "__main__.py" if name in PEERS else HERE / f"{name}.py"
    target = RESULTS / f"{name}.md"
    before = target.stat().st_mtime_ns if target.exists() else 0
    print(f"== {name}", flush=True)
    done = subprocess.run([sys.executable, path], cwd=HERE.parent, stderr=subprocess.PIPE, text=True)  # noqa: PLW1510
    sys.stderr.write(done.stderr)
    wrote = target.exists() and target.stat().st_mtime_ns != before
    last = done.stderr.strip().splitlines()[-1:] or ["ended without a word"]
    return Ended(name, last[0] if done.returncode else "", wrote)


def machine() -> str:
    """What the figures were measured on, without its name."""
    model = processor()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} processors ({model}), {memory:.0f} GB, {platform.system()} {platform.machine()}"


def processor() -> str:
    """The processor's model, where the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )


def assembled(ended: Sequence[Ended]) -> Iterator[str]:
    """The text of RESULTS.md: every table there is, and what this run says of those that it made."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=True
    ).stdout.strip()
    yield "# Measured"
    yield ""
    yield f"Put together on {datetime.now(UTC):%Y-%m-%d} at commit {commit} by `bench/run.py` (`make bench`,"
    yield f"`make bench-peers`) on {machine()}, Python {platform.python_version()}. Both sides of each table were"
    yield "measured in one run; where a table names a date and a commit of its own, it is older than this page."
    yield ""
    said = {each.name: each for each in ended}
    for name in (*SCRIPTS, *PEERS):
        path = RESULTS / f"{name}.md"
        if not path.exists():
            continue
        yield path.read_text(encoding="utf-8").replace("\n# ", "\n## ").replace("# ", "## ", 1).strip()
        yield ""
        if name in said and not said[name].good:
            yield f"**A limit was missed in this run:** {said[name].said}"
            yield ""
        why = RESULTS / f"{name}.why.md"
        if why.exists():
            yield why.read_text(encoding="utf-8").strip()
            yield ""


def main(asked: Sequence[str]) -> int:
    """Measure what is asked for, everything without peers by default; 1 when a script broke without a table."""
    wanted = [*asked] or [*SCRIPTS]
    strange = [name for name in wanted if name not in (*SCRIPTS, *PEERS)]
    if strange:
        sys.stderr.write(f"no such measurement: {', '.join(strange)}\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="remit-bench-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("REMIT_BENCH", folder)
        ended = [run(name) for name in wanted]
    (HERE / "RESULTS.md").write_text("\n".join(assembled(ended)), encoding="utf-8")
    for each in ended:
        print(f"{each.name}: {each.said or 'within its limits'}")
    return int(any(not each.wrote for each in ended))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
