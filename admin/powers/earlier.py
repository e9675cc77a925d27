"""Entering an older state of a list that is public already: its working copy is founded here (补录; P-5)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin import forms
from admin.asking import asks
from admin.base import DRAFTS, Answer, StaffPage, carried_out, status
from admin.foundation.lookups import GROUPS
from admin.powers.drafts import seen_list
from admin.powers.lookups import POLICIES
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.lists import earlier
from portal.powers.lists.models import ListKind, PowerList

LIST = "<int:list_id>"


class EarlierForm(forms.StaffForm):
    """What the older document said of the list."""

    title = forms.text(_("清单名称"), longest=255, hint=_("照当时的文件写。"))
    policy = forms.LookupField(_("当时的政策文件"), POLICIES, hint=_("先在“政策文件”里登记。"))
    annex = forms.text(_("第几个附件"), longest=32, required=False, hint=_("例如 附件1。"))
    scope = forms.LookupField(
        _("当时的适用范围"),
        GROUPS,
        required=False,
        hint=_("当时包括的地方和现在不一样的，先在“地方分组”里另建一组；划转清单只管本地，不填。"),
    )


class EarlierPage(StaffPage):
    """One list's older states."""

    key = "earlier"
    title = _("补录以前的版本")
    section = "lists"
    listed = False
    access = DRAFTS

    @expose("/")
    def index(self) -> Answer:
        """Which list, is asked on the page of the lists."""
        return redirect(self.get_url("lists.index"))

    @expose(f"/{LIST}/", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS, reading=True)
    def show(self, list_id: int) -> Answer:
        """How it is done and what is public; a POST founds the working copy and goes there."""
        power_list = seen_list(list_id)
        form = EarlierForm(title=power_list.title, annex=power_list.annex, scope=_usual_scope(power_list))
        made: list[PowerList] = []
        if form.validate_on_submit() and carried_out(
            form, lambda: made.append(self._found(power_list, form))
        ):
            flash(gettext("工作稿建好了，现在可以导入当时的附件。"), "success")
            return redirect(url_for("lists.show", list_id=made[0].id))
        page = self.render(
            "staff/earlier.html",
            list=power_list,
            form=form,
            revisions=publishing.revisions(Subject.LIST, list_id),
            edits=may(self.account, Right.EDIT_LISTS, power_list.place),
        )
        return page, status()

    def _found(self, power_list: PowerList, form: Any) -> PowerList:
        return earlier.found(
            power_list,
            form.title.data,
            policy=form.policy.data,
            scope=form.scope.data,
            annex=form.annex.data,
            by=self.account,
        )


def _usual_scope(power_list: PowerList) -> Any:
    return None if power_list.kind is ListKind.TRANSFER else power_list.scope
