"""The verbs on what a unit has chosen: for its own people, and for the administrator, who keeps the channels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from uuid import uuid4

from sqlalchemy import delete

from portal import clock, crypto
from portal.db import db
from portal.errors import Forbidden, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.notifications import rules, service, texts
from portal.foundation.notifications.channels.webhook import new_secret
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.rules import Channel, NoticeKind, Timing
from portal.foundation.notifications.ways.models import Habit, Way, Wish
from portal.foundation.notifications.ways.queries import choice
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.i18n import TAGS, mark
from portal.outbound.errors import BadAddressError
from portal.outbound.web import split

FORMER_FOR = timedelta(days=2)
"""How long a webhook is signed with the former secret as well."""

TRIAL = texts.Text(
    NoticeKind.TRIAL,
    mark("试发一条通知"),
    mark("%(name)s在“通知方式”里点了“发一条试试”。收到这条通知，说明这种方式可以用。"),
    {"name": "张三"},
)
texts.register(TRIAL)


def may_choose(organisation: Organisation, by: Account) -> bool:
    """Whether the account may say how this unit is told: one of its own people, or the administrator."""
    return may(by, Right.KEEP_UNIT, organisation=organisation)


def set_way(
    organisation: Organisation,
    channel: Channel,
    *,
    by: Account,
    address: str,
    active: bool,
    secret: str | None = None,
) -> Way:
    """Say where a channel leads and whether it is used; `secret` None leaves the present one.

    A webhook is given a secret when it has none. Forbidden for another unit's people; Refused for an address
    that is none.
    """
    _require(organisation, by)
    address = address.strip()
    _check(channel, address, active)
    if address or secret:
        crypto.keys()  # refuses where secrets cannot be kept
    way = choice(organisation.id).ways.get(channel)
    if way is None:
        way = Way(organisation_id=organisation.id, channel=channel, address="", secret="", former_secret="")
        db.session.add(way)
    way.address, way.active = address, active
    if secret is not None:
        way.secret = secret.strip()
    if channel is Channel.WEBHOOK and not way.secret:
        way.secret = new_secret()
    db.session.flush()
    return way


def change_secret(organisation: Organisation, *, by: Account) -> Way:
    """Give the unit's webhook a new secret; for two days it is signed with the former one as well."""
    _require(organisation, by)
    way = choice(organisation.id).ways.get(Channel.WEBHOOK)
    if way is None:
        raise Refused("请先填写并保存接收地址。")
    way.former_secret, way.secret = way.secret, new_secret()
    way.former_until = clock.now() + FORMER_FOR
    db.session.flush()
    return way


def set_wishes(
    organisation: Organisation, wishes: Mapping[tuple[NoticeKind, Channel], Timing], *, by: Account
) -> None:
    """Let these be when the unit wants which kind by which channel; what is not named is wanted at once."""
    _require(organisation, by)
    db.session.execute(delete(Wish).where(Wish.organisation_id == organisation.id))
    for (kind, channel), timing in wishes.items():
        if timing is not Timing.AT_ONCE:
            db.session.add(Wish(organisation_id=organisation.id, kind=kind, channel=channel, timing=timing))
    db.session.flush()


def set_habit(
    organisation: Organisation,
    *,
    by: Account,
    quiet_from: time | None,
    quiet_until: time | None,
    digest_at: time,
    language: str,
) -> Habit:
    """Say when the unit is not to be disturbed, when its digest goes out, and in which language.

    Refused when only one end of the quiet hours is given. A digest that would fall into them waits for their end.
    """
    _require(organisation, by)
    if (quiet_from is None) != (quiet_until is None):
        raise Refused("免打扰时段要写明开始和结束两个时间，或者都不填。")
    if language not in TAGS:
        raise Refused("请选一种语言。")
    habit = db.session.get(Habit, organisation.id) or Habit(organisation_id=organisation.id)
    habit.quiet_from, habit.quiet_until = quiet_from, quiet_until
    habit.digest_at, habit.language = digest_at, language
    db.session.add(habit)
    db.session.flush()
    return habit


def try_out(organisation: Organisation, channel: Channel, *, by: Account) -> Notice:
    """Send the unit a trial by one channel, at once and also in quiet hours."""
    _require(organisation, by)
    chosen = choice(organisation.id)
    if not service.address_of(channel, organisation, chosen, None):
        raise Refused("这种方式还没有设好，或者已经关闭：请先填写、启用并保存。")
    notice = Notice(
        key=f"trial:{channel}:{uuid4().hex}",
        event=rules.TRIAL,
        kind=NoticeKind.TRIAL,
        organisation=organisation,
        organisation_id=organisation.id,
        title=TRIAL.title,
        body=TRIAL.body,
        values={"name": by.name},
    )
    db.session.add(notice)
    db.session.flush()
    service.send_out(notice, chosen, None, (channel,))
    return notice


def _require(organisation: Organisation, by: Account) -> None:
    if not may_choose(organisation, by):
        raise Forbidden("只有本单位的人和系统管理员可以改通知方式。")


def _check(channel: Channel, address: str, active: bool) -> None:
    if channel is Channel.FILE or (not address and (channel is Channel.EMAIL or not active)):
        return
    if not address:
        raise Refused("请填写地址，或者先不启用。", "address")
    if channel is Channel.EMAIL:
        _check_email(address)
    elif channel is Channel.SMS:
        if not (address.isascii() and address.lstrip("+").isdigit() and 5 <= len(address) <= 16):  # noqa: PLR2004
            raise Refused(
                "手机号写 5 到 16 位数字，最前面可以有加号，不要空格和横线，例如 13800000000。", "address"
            )
    else:
        _check_web(channel, address)


def _check_email(address: str) -> None:
    name, at, domain = address.rpartition("@")
    if not (at and name and domain) or not address.isascii() or any(each in address for each in " ,;<>\r\n"):
        raise Refused("邮箱写得不对，请再看一遍。", "address")


def _check_web(channel: Channel, address: str) -> None:
    try:
        parts = split(address)
    except BadAddressError:
        raise Refused("网址要以 https:// 或 http:// 开头，不能有空格和中文。", "address") from None
    if channel is not Channel.WEBHOOK and parts.scheme != "https":
        raise Refused("机器人的网址要以 https:// 开头。", "address")
