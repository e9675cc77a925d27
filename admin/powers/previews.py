"""Private links to a list's working copy: made, counted, taken back (P-1)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from admin import forms
from admin.asking import asks
from admin.base import DRAFTS, Answer, StaffPage, committed, status
from admin.powers.drafts import seen_list
from portal import clock
from portal.address import absolute
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.lists.models import PowerList
from portal.powers.lists.previews import queries, service

LIST = "<int:list_id>"
DAYS = service.LONGEST_DAYS


class PreviewForm(forms.StaffForm):
    """For whom the link is, and for how long."""

    made_for = forms.text(
        _("给谁看"),
        longest=255,
        required=False,
        hint=_("例如 市司法局、各县编办。自己记着用，打开的人看不到。"),
    )
    days = IntegerField(
        _("可以看几天"),
        [InputRequired(forms.REQUIRED), NumberRange(1, DAYS, _("请写 1 到 %(most)s 之间的数。", most=DAYS))],
        default=7,
        description=_("1 到 %(most)s 天，到最后一天结束为止。", most=DAYS),
    )


class PreviewsPage(StaffPage):
    """The links to one list's working copy."""

    key = "previews"
    title = _("预览链接")
    section = "lists"
    listed = False
    access = DRAFTS

    @expose("/")
    def index(self) -> Answer:
        """Which list, is asked on the page of the lists."""
        return redirect(self.get_url("lists.index"))

    @expose(f"/{LIST}/", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS, Right.APPROVE, reading=True)
    def show(self, list_id: int) -> Answer:
        """The links with how often each was opened; a POST makes one and shows its address this once."""
        power_list, form, address = seen_list(list_id), PreviewForm(), ""
        if form.validate_on_submit():
            address = self._made(power_list, form)
            form = PreviewForm(formdata=None)
        page = self.render(
            "staff/previews.html",
            list=power_list,
            form=form,
            address=address,
            links=queries.of_list(list_id),
            now=clock.now(),
            opens=queries.opens,
            shows=any(may(self.account, right, power_list.place) for right in queries.SHOWERS),
        )
        return page, 200 if address else status()

    def _made(self, power_list: PowerList, form: Any) -> str:
        secret = committed(
            lambda: service.make(power_list, form.days.data, form.made_for.data, by=self.account)
        )
        return absolute(url_for("site.preview_list", secret=secret, lang=None, at=None))

    @expose(f"/{LIST}/<int:link_id>/revoke", methods=("POST",))
    @asks(Right.EDIT_LISTS, Right.APPROVE)
    def revoke(self, list_id: int, link_id: int) -> Answer:
        """Take a link back at once."""
        power_list = seen_list(list_id)
        committed(lambda: service.revoke(power_list, link_id, by=self.account))
        flash(gettext("已经停用，这个链接打不开了。"), "success")
        return redirect(self.get_url(".show", list_id=list_id))
