"""flask audit …: is the record as it was written; anchor it, prune it, take it along."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from portal import clock
from portal.db import READS, db
from portal.errors import Refused
from portal.foundation.audit import anchoring, pruning, taking
from portal.foundation.audit.anchoring import RecordBroken
from portal.foundation.audit.at_once import record_now
from portal.foundation.audit.rules import KEPT, Act
from portal.foundation.audit.verifying import Fault, Verdict, verify

audit_cli = AppGroup("audit", help="操作记录：核对、锚定、清理、导出。")

FAULTS = {
    Fault.EDITED: "第 {number} 条和写入时不一样，或者接不上前一条：内容或校验值被改过。",
    Fault.MISSING: "第 {number} 条不见了：中间有记录被删掉。",
    Fault.CUT: "第 {number} 条起不见了：末尾的记录被删掉。",
    Fault.REWRITTEN: "第 {number} 条起和留在数据库外面的锚点不符：记录被整段重写过。",
    Fault.HEAD: "末尾（第 {number} 条）和链头对不上：链头被改过。",
    Fault.STUMP: "清理到第 {number} 条时留下的封记不对：封记、锚点或清理的记录被改过，或者加密密钥换掉了。",
}


@audit_cli.command("verify", help="核对操作记录是否和写入时一样；不一样时指出第一条，并以 1 退出。")
@click.option("--anchors", type=click.Path(path_type=Path), help="锚点文件；不写就用本机的。")
@click.option("--head", "heads", multiple=True, help="自己留存的锚点，写成 序号:校验值，可以写多个。")
def verify_record(anchors: Path | None, heads: tuple[str, ...]) -> None:
    """Read the whole record against its anchors."""
    if anchors is not None and not anchors.exists():
        raise click.ClickException(f"没有这个文件：{anchors}")
    try:
        own = anchoring.heads(heads)
    except ValueError as error:
        raise click.ClickException(f"这不是锚点：{error}") from None
    kept = anchoring.read(anchors or anchoring.path())
    if kept.unreadable:
        click.echo(f"锚点文件里有 {kept.unreadable} 行读不懂，没有用上。", err=True)
    db.session.connection(execution_options=READS)
    verdict = verify([*kept.anchors, *own])
    click.echo(_said(verdict, bool(kept.anchors or own)))
    if verdict.fault is not None:
        raise SystemExit(1)


def _said(verdict: Verdict, anchored: bool) -> str:
    if verdict.fault is not None:
        return FAULTS[verdict.fault].format(number=verdict.number)
    if not verdict.entries or verdict.newest is None:
        return "操作记录里还没有内容。"
    text = f"完好：读了 {verdict.entries} 条，到第 {verdict.newest.number} 条，校验值 {verdict.newest.hash}。"
    if anchored:
        return f"{text}\n和数据库外面的 {verdict.anchors} 个锚点相符。"
    return f"{text}\n没有锚点可对：整段重写或者截掉末尾，这样查不出来。"


@audit_cli.command("anchor", help="把操作记录现在的末尾记到数据库外面（文件、日志）。")
def anchor_head() -> None:
    """Keep the head outside the database now."""
    try:
        head = anchoring.anchor()
    except RecordBroken as broken:
        raise click.ClickException(_said(broken.verdict, anchored=True)) from None
    click.echo(f"{head.number}:{head.hash}" if head else "上次锚定以后没有新的记录。")


@audit_cli.command("prune", help="删掉超过六个月的操作记录，留下封记，核对照样能做。")
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), help="删掉这一天以前的；不写就是六个月以前的。")
def prune(before: datetime | None) -> None:
    """Take away what is older than six months."""
    day = before.date() if before else clock.today() - KEPT
    try:
        count = pruning.prune(day, anchoring.read(anchoring.path()).anchors)
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    db.session.commit()
    click.echo(f"删掉了 {day} 以前的 {count} 条。")


@audit_cli.command("export", help="把操作记录存成 CSV 文件；导出本身也会记下来。")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="从这一天起。")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="到这一天为止。")
def export(file: Path, since: datetime | None, until: datetime | None) -> None:
    """Write the record to a file as CSV."""
    wanted = taking.Wanted(since=since.date() if since else None, until=until.date() if until else None)
    record_now(Act.EXPORT, about=("audit_entries", ""), name=file.name, asked=wanted.said())
    db.session.connection(execution_options=READS)
    click.echo(f"写了 {taking.write(file, wanted)} 条。")
