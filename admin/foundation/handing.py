"""交接: what a person who leaves has in hand passes to another person of the body."""

from __future__ import annotations

from math import ceil
from typing import Any

from flask import flash, redirect
from flask_admin import expose
from flask_babel import lazy_gettext as _
from flask_babel import ngettext

from admin import forms
from admin.asking import asks
from admin.base import Answer, StaffPage, carried_out, page_number, status
from portal.errors import NotFound
from portal.foundation.accounts.handing import queries, service
from portal.foundation.accounts.models import Account
from portal.foundation.rights.rules import Right

PEOPLE = 50
"""So many people stand on a page."""


def _number(text: Any) -> int:
    """The id that was chosen; 0, nobody's, for whatever is none."""
    return int(text) if str(text).isascii() and str(text).isdigit() else 0


class SuccessorForm(forms.StaffForm):
    """Who goes on with it."""

    to = forms.ChoiceField(_("交给谁"), coerce=_number)


class HandingPage(StaffPage):
    """People with something in hand, and handing it on."""

    key = "handing-on"
    title = _("离任交接")
    section = "bodies"
    access = frozenset({Right.HAND_ON})

    @expose("/")
    def index(self) -> Answer:
        """Everybody in reach, with how much each has in hand; those who are gone first."""
        total = queries.size(self.account)
        last = max(1, ceil(total / PEOPLE))
        page = page_number(last)
        people = queries.people(self.account, offset=(page - 1) * PEOPLE, limit=PEOPLE)
        burdens = queries.burdens(people, self.account)
        listed = [(each, burdens[each.id]) for each in people]
        return self.render("staff/handing.html", people=listed, page=page, last=last)

    @expose("/<int:account_id>/", methods=("GET", "POST"))
    @asks(Right.HAND_ON)
    def hand_on(self, account_id: int) -> Answer:
        """What one person has in hand, and to whom it goes."""
        leaver = queries.person(account_id, self.account)
        if leaver is None:
            raise NotFound("没有这个人，或者您不能办他的交接。")
        successors = {each.id: each for each in queries.successors(leaver, self.account)}
        form, counts = SuccessorForm(), []
        form.to.choices = [(key, f"{each.name}（{each.login}）") for key, each in successors.items()]
        if form.validate_on_submit() and carried_out(
            form, lambda: counts.append(self._do(leaver, successors, form))
        ):
            flash(ngettext("交接了 %(num)s 件。", "交接了 %(num)s 件。", counts[0]), "success")
            return redirect(self.get_url(".index"))
        held = queries.in_hand(leaver, self.account)
        return self.render("staff/handing_on.html", leaver=leaver, held=held, form=form), status()

    def _do(self, leaver: Account, successors: dict[int, Account], form: Any) -> int:
        return service.hand_on(leaver, successors[form.to.data], by=self.account)
