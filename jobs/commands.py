"""The background door for people: flask runs … and flask jobs …."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from jobs import demo as demonstrating
from jobs import notifications as notifying
from jobs import runs as running
from jobs import schedule as scheduling
from jobs import sweep as sweeping
from jobs import worker as working
from portal.foundation.runs import queries
from portal.foundation.runs.rules import percent

runs = AppGroup("runs", help="后台作业：查看、就地做完。")
jobs = AppGroup("jobs", help="后台进程：工作进程、定时进程、清扫。")


@runs.command("list", help="列出最近的后台作业。")
@click.option("--limit", default=20, show_default=True, help="最多列出多少条。")
def list_runs(limit: int) -> None:
    """Print the newest runs: id, kind, state, progress and message, tab-separated."""
    for run in queries.newest(limit=limit):
        done = f"{percent(run.done, run.total)}%"
        click.echo("\t".join((str(run.id), run.kind.value, run.state.value, done, run.message)))


@runs.command("work-off", help="在本进程里把等着的后台作业逐个做完，不需要队列服务。")
def work_off() -> None:
    """Carry out the waiting runs in this process."""
    click.echo(f"做了 {running.work_off()} 个后台作业。")


@jobs.command("worker", help="启动工作进程，直到收到停止信号。")
def worker() -> None:
    """Work until told to stop."""
    working.worker().work()


@jobs.command("schedule", help="启动定时进程，直到收到停止信号。")
def schedule() -> None:
    """Ring by the schedule until told to stop."""
    scheduling.Scheduler().keep_time()


@jobs.command("sweep", help="立刻清扫一次：没有做完的后台作业重新排队，到期的通知发出去。")
def sweep() -> None:
    """Sweep once, now."""
    sweeping.sweep()
    notifying.deliver()


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(runs)
    app.cli.add_command(jobs)
    app.cli.add_command(demonstrating.data)
    app.cli.add_command(demonstrating.demo)
