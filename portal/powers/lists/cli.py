"""flask lists …: reading an annex without a database, for people and scripts."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.powers.lists.annexes.output import as_data
from portal.powers.lists.annexes.reading import read_annexes
from portal.sheets.refusals import Refused
from portal.sheets.sandbox import read_document

PROBLEMS, REFUSED = 1, 2
"""Exit codes: 0 is a clean reading."""

_REASONS: dict[type[OSError], str] = {FileNotFoundError: "没有这个文件", PermissionError: "没有读取的权限"}
_MAX_NAME = 100

lists_cli = AppGroup("lists", help="清单：读取附件、列出清单、列出答案。")


@lists_cli.command(
    "read",
    with_appcontext=False,
    help="读取附件 FILE，以 JSON 写出其中的事项清单和问题（见 docs/reading.md）。",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def read(context: click.Context, file: Path) -> None:
    """The reading of FILE as JSON on standard output, in the form of docs/reading.md.

    Exit 0 when clean, 1 with problems, 2 when the file is refused, with one line on standard error.
    """
    try:
        reading = read_annexes(read_document(file))
    except Refused as refused:
        click.echo(f"{_shown(file)}：{refused.sentence}", err=True)
        context.exit(REFUSED)
    except OSError as error:
        reason = _REASONS.get(type(error), error.strerror)
        click.echo(f"{_shown(file)}：打不开这个文件（{reason}）。", err=True)
        context.exit(REFUSED)
    click.echo(json.dumps(as_data(reading), ensure_ascii=False, indent=1))
    context.exit(PROBLEMS if reading.problems else 0)


def _shown(file: Path) -> str:
    """The file's name on one line, whatever signs it is made of, and not without end."""
    name = "".join(sign if sign.isprintable() else "\ufffd" for sign in file.name)
    return name if len(name) <= _MAX_NAME else f"{name[:_MAX_NAME]}…"
