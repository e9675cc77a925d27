"""The shipped data and the three real lists, brought in by the very path that a clerk takes; and demo accounts."""

from __future__ import annotations

import secrets
import tomllib
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from jobs import runs as running
from jobs import samples
from portal.config import ROOT
from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts import queries as accounts
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import Appointment, Person, create_account
from portal.foundation.files.service import path_of
from portal.foundation.imports import service as imports
from portal.foundation.imports.models import ImportedTable, Upload
from portal.foundation.organisations import queries as organisation_queries
from portal.foundation.organisations import service as organisations
from portal.foundation.places import queries as places
from portal.foundation.places import service as places_service
from portal.foundation.policies import service as policies
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.foundation.runs.rules import RunKind
from portal.foundation.signins.passwords.service import set_demo_password
from portal.foundation.workdays import service as workdays
from portal.oversight.tasks import shipped as tasks
from portal.powers.duties import service as duties
from portal.powers.lists import queries as lists
from portal.powers.lists import service as lists_service
from portal.powers.lists.intake import applying, settling
from portal.powers.lists.models import PowerList

DATA = ROOT / "portal" / "data"
ORDER = ("jining-2021-annex-1", "jining-2021-annex-2", "shanting-2021")

ISSUERS = (("370800", "市政府办公室"), ("370406", ""))
"""Whoever publishes the demonstration's lists has a post with each government that issued one."""

PEOPLE = (
    ("editor", "清单编辑（演示）", Role.EDITOR, ISSUERS),
    ("approver", "批准人（演示）", Role.APPROVER, ISSUERS),
    ("commerce", "市商务局经办（演示）", Role.DEPARTMENT_OFFICER, (("370800", "市商务局"),)),
    ("weishan", "微山县经办（演示）", Role.COUNTY_OFFICER, (("370826", "微山县人民政府"),)),
    ("regulator", "市生态环境局监管（演示）", Role.REGULATOR, (("370800", "市生态环境局"),)),
    ("auditor", "审计（演示）", Role.AUDITOR, (("", ""),)),
    ("admin", "系统管理员（演示）", Role.ADMINISTRATOR, (("", ""),)),
)
"""Login, name, role, and a post for each place's code and body's name."""

LEFT = {RunKind.HANDOUT}
"""A file for each list and place takes a minute in all: the worker makes them while the portal is up already."""

data = AppGroup("data", help="随项目提供的资料：地方、机构、政策文件、工作日安排。")
demo = AppGroup("demo", help="演示：三份真实清单和演示账号，只在演示环境可用。")


@data.command("load", help="装入地方、机构、政策文件、工作日安排和改革任务；再装一次什么也不会变。")
def load_data() -> None:
    """Bring places, organisations, documents, working days and tasks in, and commit."""
    counts = bring_data()
    click.echo("新装入 {} 个地方、{} 个机构、{} 个文件、{} 年的工作日安排、{} 项改革任务。".format(*counts))


@demo.command("load", help="装入资料和三份真实清单，走和经办人一样的导入、批准、公布。")
def load() -> None:
    """Bring the three lists and a sample in as the demo editor, approved by another one; again changes nothing."""
    _only_demo()
    bring_data()
    _bring_accounts()
    for name in ORDER:
        if lists.by_slug(name) is None:
            _publish(tomllib.loads((DATA / "lists" / f"{name}.toml").read_text("utf-8")))
            click.echo(f"已公布：{name}")
    if samples.publish_memorandum(_account("editor"), _account("commerce"), _account("approver")):
        db.session.commit()
        click.echo("已公布：一份备忘录（示例）")
    running.work_off(without=LEFT)


@demo.command("accounts", help="给演示账号换上新密码并列出来。")
def list_accounts() -> None:
    """Make up new passwords for the demo accounts and print login, password, role and name."""
    _only_demo()
    for account in accounts.demo_accounts():
        password = secrets.token_urlsafe(9)
        set_demo_password(account, password)
        click.echo(f"{account.login}\t{password}\t{account.name}")
    db.session.commit()


def bring_data() -> tuple[int, int, int, int, int]:
    """Load what ships with the project; how many places, organisations, documents, years and tasks were new."""
    counts = (
        places_service.load(DATA),
        organisations.load(DATA),
        policies.load(DATA),
        workdays.load(DATA),
        tasks.load(DATA),
    )
    db.session.commit()
    return counts


def _only_demo() -> None:
    if not current_app.config["REMIT"].demo:
        raise click.ClickException("演示资料只能装在演示环境：请设 REMIT_DEMO=1（正式环境不能设）。")


def _bring_accounts() -> None:
    for login, name, role, at in PEOPLE:
        if accounts.by_login(login) is None:
            posts = [_post(role, code, body) for code, body in at]
            create_account(None, Person(login, name), *posts, demo=True)
    db.session.commit()


def _post(role: Role, place_code: str, body_name: str) -> Appointment:
    place = places.by_code(place_code)
    body = organisation_queries.named(place, body_name) if place and body_name else None
    return Appointment(role, body, place)


def _account(login: str) -> Account:
    account = accounts.by_login(login)
    if account is None:
        raise click.ClickException(f"没有演示账号 {login}。")
    return account


def _publish(plan: dict[str, Any]) -> None:
    """One list: hand the document in, aim its table at a new list, confirm, put forward, approve, publish."""
    editor, approver = _account("editor"), _account("approver")
    table = _table(plan, editor)
    place = places.by_code(plan["place"])
    policy = policies.by_number(plan["policy"])
    scope = places.group(place, plan["scope"]) if place else None
    if place is None or policy is None or scope is None:
        raise LookupError(f"{plan['slug']}: place, policy or scope is missing")
    try:
        power_list = lists_service.found(
            plan["slug"],
            plan["title"],
            policy=policy,
            place=place,
            scope=scope,
            by=editor,
            annex=plan["annex"],
            cross_border=plan.get("cross_border", ""),
        )
        lists_service.load_profile(power_list, plan["profile"], by=editor)
        applying.aim(table, power_list, by=editor)
        settling.confirm_all(table, by=editor)
        applying.apply(table, by=editor)
        proposal = publishing.propose(
            Subject.LIST, power_list.id, by=editor, effective_on=plan["effective_on"], reason=plan["policy"]
        )
        publishing.approve(proposal.id, by=approver)
    except Refused as refused:
        raise click.ClickException(f"{plan['slug']}：{refused}") from refused
    db.session.commit()
    running.work_off(without=LEFT)
    _publish_receivers(power_list, table)


def _publish_receivers(power_list: PowerList, table: ImportedTable) -> None:
    """Receivers that the list's note names are published as their places' own statements."""
    editor, approver = _account("editor"), _account("approver")
    basis = f"{power_list.policy.number}{power_list.annex}注"
    if not duties.take_from_note(power_list, settling.receivers_of(table), basis, by=editor):
        return
    for place in power_list.scope.members:
        proposal = publishing.propose(Subject.UPTAKE, place.id, by=editor, reason=basis)
        publishing.approve(proposal.id, by=approver)
    db.session.commit()
    running.work_off(without=LEFT)


def _table(plan: dict[str, Any], by: Account) -> ImportedTable:
    """The plan's table of its document; a document with two annexes is handed in once."""
    path: Path = DATA / "policies" / plan["text"]
    known = next((each for each in db.session.query(Upload) if _same(each, path)), None)
    if known is None:
        place = places.by_code(plan["place"])
        if place is None:
            raise LookupError(plan["place"])
        known = imports.receive(
            path, name=path.name, place=place, policy=policies.by_number(plan["policy"]), by=by
        )
        db.session.commit()
        running.work_off(without=LEFT)
        db.session.refresh(known)
    if known.refusal:
        raise click.ClickException(f"{path.name}：{known.refusal}")
    number: int = plan["table"]
    return known.tables[number - 1]


def _same(upload: Upload, path: Path) -> bool:
    return upload.file.size == path.stat().st_size and path_of(upload.file).read_bytes() == path.read_bytes()
