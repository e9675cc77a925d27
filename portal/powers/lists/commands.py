"""flask lists list and flask lists answers: what is published, for people and scripts."""

from __future__ import annotations

import csv
import sys

import click

from portal import clock
from portal.powers.lists import queries, snapshot
from portal.powers.lists.cli import lists_cli

__all__ = ["lists_cli"]


@lists_cli.command("list", help="列出清单：网址名、第几版、生效日期、事项数、名称，用制表符隔开。")
def list_lists() -> None:
    """Print every list, tab-separated: slug, revision in force (0: none yet), effective day, matters, title."""
    published = {each.power_list.id: each for each in queries.published(clock.today())}
    for power_list in queries.every():
        found = published.get(power_list.id)
        number = found.revision.number if found else 0
        day = found.revision.effective_on.isoformat() if found else ""
        size = queries.published_size(found.revision) if found else queries.size(power_list.id)
        click.echo("\t".join((power_list.slug, str(number), day, str(size), power_list.title)))


@lists_cli.command("answers", help="以 CSV 写出清单 SLUG 的每个事项在每个地方的方式：seq,name,place,mode。")
@click.argument("slug")
@click.pass_context
def answers(context: click.Context, slug: str) -> None:
    """CSV on standard output: a header line, then one line for each matter and place (D-7).

    `mode` is the canonical word (direct, entrusted, window, review, collection, undelegated, undetermined).
    Exit 1 with one line on standard error when the list is unknown or nothing of it is published.
    """
    found = queries.published_list(slug, clock.today())
    if found is None:
        known = "、".join(each.power_list.slug for each in queries.published(clock.today()))
        click.echo(f"没有已公布的清单“{slug}”。已公布的有：{known or '（还没有）'}", err=True)
        context.exit(1)
    names = {place["code"]: place["name"] for place in found.revision.content["frame"]["places"]}
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("seq", "name", "place", "mode"))
    for row in snapshot.published_rows(found.revision):
        for code, name in names.items():
            writer.writerow((row.seq, row.name, name, row.answers[code]))
