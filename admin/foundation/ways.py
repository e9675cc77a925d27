"""通知方式: by which channels a unit is told of what, and when."""

from __future__ import annotations

from typing import Any, TypeGuard

from flask import current_app, flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, SelectField, TimeField
from wtforms.validators import InputRequired, Optional

from admin import forms
from admin.asking import asks
from admin.base import Answer, StaffPage, carried_out, committed, status
from admin.foundation.lookups import ORGANISATIONS
from admin.foundation.notice_words import TAGS, reason
from admin.labels import label
from admin.proof import asked_anew
from portal import crypto
from portal.config import Settings
from portal.db import db
from portal.errors import NotFound
from portal.foundation.audit.at_once import record_now
from portal.foundation.audit.rules import Act
from portal.foundation.notifications import queries
from portal.foundation.notifications.rules import Channel, NoticeKind, Timing, masked
from portal.foundation.notifications.service import address_of
from portal.foundation.notifications.ways import service
from portal.foundation.notifications.ways.models import Way
from portal.foundation.notifications.ways.queries import Choice, choice
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right

UNIT = "<int:unit_id>"
KINDS = [each for each in NoticeKind if each is not NoticeKind.TRIAL]
SIGNED = (Channel.DINGTALK, Channel.FEISHU)
"""Robots that may ask for a signature."""

HINTS = {
    Channel.EMAIL: _("不填就发到机构资料里的邮箱。"),
    Channel.WEBHOOK: _(
        "本单位系统接收通知的网址。每条通知按 Standard Webhooks 签名，密钥保存以后在这一页显示。"
    ),
    Channel.WECOM: _("在企业微信群里添加机器人，把它的 Webhook 地址粘贴在这里。"),
    Channel.DINGTALK: _("在钉钉群里添加自定义机器人，把它的 Webhook 地址粘贴在这里。"),
    Channel.FEISHU: _("在飞书群里添加自定义机器人，把它的 Webhook 地址粘贴在这里。"),
    Channel.SMS: _("收短信的手机号，只写数字，例如 13800000000。"),
    Channel.FILE: _("演示用：通知写进数据文件夹里的 notices.jsonl。"),
}


class WayForm(forms.StaffForm):
    """Where one channel leads; its address may hold a secret."""

    drafted = False
    address = forms.text(_("送到哪里"), longest=2000, required=False)
    secret = PasswordField(
        _("签名密钥"),
        [Optional()],
        description=_("机器人的安全设置选了“加签”才填；不填就不改。"),
        render_kw={"autocomplete": "off"},
    )
    active = BooleanField(_("启用"), default=True)

    def suit(self, channel: Channel) -> None:
        """Ask for what this channel needs, and for nothing else."""
        self.address.description = HINTS[channel]
        if channel not in SIGNED:
            del self.secret
        if channel is Channel.FILE:
            del self.address

    def hide(self, address: str) -> None:
        """Ask for another address without showing the present one."""
        if request.method == "GET":
            self.address.data = ""
        self.address.description = _("现在送到 %(address)s；不填就不改。", address=masked(address))


class HabitForm(forms.StaffForm):
    """When and in which language."""

    quiet_from = TimeField(
        _("免打扰，从"), [Optional()], description=_("这段时间里不往外发，过后再发；收件箱里随时有。")
    )
    quiet_until = TimeField(_("免打扰，到"), [Optional()])
    digest_at = TimeField(_("每天汇总的时间"), [InputRequired(forms.REQUIRED)])
    language = SelectField(
        _("通知的语言"),
        [InputRequired(forms.REQUIRED)],
        choices=forms.choices([("zh_CN", "中文"), ("en", "English")]),
    )


class UnitForm(forms.StaffForm):
    """Whose ways."""

    organisation = forms.LookupField(_("单位"), ORGANISATIONS)


def offered() -> list[Channel]:
    """The channels that this installation can serve at all, by its settings."""
    settings: Settings = current_app.config["REMIT"]
    outward = bool(settings.outbound.allow)
    can = {
        Channel.EMAIL: bool(settings.mail.host),
        Channel.SMS: outward and bool(settings.sms.address),
        Channel.FILE: settings.demo,
    }
    return [each for each in Channel if can.get(each, outward)]


def hidden(way: Way | None) -> TypeGuard[Way]:
    """Whether a way leads where nobody needs to see it again: a phone, or an address that holds a secret.

    That of a unit's e-mail is public, and none means the one of its record.
    """
    return way is not None and bool(way.address) and way.channel is not Channel.EMAIL


class WaysPage(StaffPage):
    """How a unit is told: for its own people and for the administrator."""

    key = "ways"
    title = _("通知方式")
    section = "home"
    access = frozenset({Right.KEEP_UNIT})
    # Addresses and secrets of channels are for those alone who keep them.
    withheld = True

    def _unit(self, unit_id: int) -> Organisation:
        body = db.session.get(Organisation, unit_id)
        if body is None or not service.may_choose(body, self.account):
            raise NotFound("没有这个单位，或者您不能改它的通知方式。")
        return body

    @expose("/", methods=("GET", "POST"))
    @asks(Right.KEEP_UNIT)
    def index(self) -> Answer:
        """To one's own unit; the administrator says which."""
        own = self.account.unit
        if own is not None and request.args.get("other") != "1" and service.may_choose(own, self.account):
            return redirect(self.get_url(".show", unit_id=own.id))
        form = UnitForm()
        if form.validate_on_submit() and (body := form.organisation.data) is not None:
            return redirect(self.get_url(".show", unit_id=body.id))
        return self.render("staff/ways_unit.html", form=form), status()

    @expose(f"/{UNIT}/")
    @asks(Right.KEEP_UNIT)
    def show(self, unit_id: int) -> Answer:
        """Channels, what goes by which, and when."""
        return self._page(self._unit(unit_id))

    @expose(f"/{UNIT}/habit", methods=("POST",))
    @asks(Right.KEEP_UNIT)
    def habit(self, unit_id: int) -> Answer:
        """Save quiet hours, digest and language."""
        body, form = self._unit(unit_id), HabitForm()
        if form.validate_on_submit() and carried_out(form, lambda: self._set_habit(body, form)):
            flash(gettext("已经保存。"), "success")
            return redirect(self.get_url(".show", unit_id=unit_id))
        return self._page(body, form), status()

    @expose(f"/{UNIT}/wishes", methods=("POST",))
    @asks(Right.KEEP_UNIT)
    def wishes(self, unit_id: int) -> Answer:
        """Save what goes by which channel."""
        body = self._unit(unit_id)
        wanted = {
            (kind, channel): Timing(text)
            for kind in KINDS
            for channel in Channel
            if (text := request.form.get(f"{kind}-{channel}", "")) in list(Timing)
        }
        # What is not on the page, as a channel that is switched off, stays as it was.
        kept = dict(choice(body.id).wishes) | wanted
        committed(lambda: service.set_wishes(body, kept, by=self.account))
        flash(gettext("已经保存。"), "success")
        return redirect(self.get_url(".show", unit_id=unit_id))

    @expose(f"/{UNIT}/<channel>/", methods=("GET", "POST"))
    @asks(Right.KEEP_UNIT)
    def edit(self, unit_id: int, channel: str) -> Answer:
        """Say where one channel leads."""
        body, kind = self._unit(unit_id), self._channel(channel)
        way = choice(body.id).ways.get(kind)
        form = WayForm(obj=way)
        form.suit(kind)
        if hidden(way):
            form.hide(way.address)
        if form.validate_on_submit() and carried_out(form, lambda: self._set_way(body, kind, form)):
            flash(gettext("已经保存。"), "success")
            return redirect(self.get_url(".show", unit_id=unit_id))
        return self.render(
            "staff/way.html",
            form=form,
            body=body,
            channel=kind,
            way=way,
            hidden=hidden(way),
            ready=crypto.ready(),
        ), status()

    @expose(f"/{UNIT}/<channel>/reveal", methods=("POST",))
    @asks(Right.KEEP_UNIT)
    @asked_anew
    def reveal(self, unit_id: int, channel: str) -> Answer:
        """Show where a channel leads and what signs it: an act of its own, told before it is shown (R-2)."""
        body, kind = self._unit(unit_id), self._channel(channel)
        way = choice(body.id).ways.get(kind)
        if not hidden(way):
            raise NotFound("这里没有填过。")
        record_now(Act.REVEAL, about=("notice_ways", way.id), name=body.name, channel=str(label(kind)))
        return self.render("staff/way_revealed.html", body=body, channel=kind, way=way)

    @expose(f"/{UNIT}/<channel>/try", methods=("POST",))
    @asks(Right.KEEP_UNIT)
    def trial(self, unit_id: int, channel: str) -> Answer:
        """Send a trial."""
        body, kind = self._unit(unit_id), self._channel(channel)
        committed(lambda: service.try_out(body, kind, by=self.account))
        flash(gettext("正在用%(channel)s试发，过几秒刷新这一页看结果。", channel=label(kind)), "success")
        return redirect(self.get_url(".show", unit_id=unit_id))

    @expose(f"/{UNIT}/secret", methods=("POST",))
    @asks(Right.KEEP_UNIT)
    def secret(self, unit_id: int) -> Answer:
        """Give the webhook a new secret."""
        body = self._unit(unit_id)
        committed(lambda: service.change_secret(body, by=self.account))
        flash(gettext("密钥换好了。两天之内，新旧两个密钥的签名都会带上。"), "success")
        return redirect(self.get_url(".edit", unit_id=unit_id, channel=Channel.WEBHOOK.value))

    def _channel(self, text: str) -> Channel:
        if text not in [each.value for each in offered()]:
            raise NotFound("没有这种通知方式。")
        return Channel(text)

    def _set_way(self, body: Organisation, channel: Channel, form: WayForm) -> object:
        secret = form.secret.data if "secret" in form else None
        address = form.address.data if "address" in form else ""
        way = choice(body.id).ways.get(channel)
        if not address and hidden(way):
            address = way.address
        return service.set_way(
            body,
            channel,
            by=self.account,
            address=address,
            active=form.active.data,
            secret=secret or None,
        )

    def _set_habit(self, body: Organisation, form: HabitForm) -> object:
        return service.set_habit(
            body,
            by=self.account,
            quiet_from=form.quiet_from.data,
            quiet_until=form.quiet_until.data,
            digest_at=form.digest_at.data,
            language=form.language.data,
        )

    def _page(self, body: Organisation, form: HabitForm | None = None) -> str:
        chosen = choice(body.id)
        rows = [self._row(body, chosen, channel) for channel in offered()]
        return self.render(
            "staff/ways.html",
            body=body,
            rows=rows,
            used=[row["channel"] for row in rows if row["used"]],
            kinds=KINDS,
            timings=list(Timing),
            chosen=chosen,
            form=form or HabitForm(obj=chosen),
            tags=TAGS,
        )

    def _row(self, body: Organisation, chosen: Choice, channel: Channel) -> dict[str, Any]:
        address = address_of(channel, body, chosen, None)
        way, trial = chosen.ways.get(channel), queries.last_trial(body.id, channel)
        return {
            "channel": channel,
            "used": bool(address),
            "off": way is not None and not way.active,
            "address": masked(address) if channel is not Channel.FILE else "",
            "trial": trial,
            "error": reason(trial.error) if trial else "",
        }
